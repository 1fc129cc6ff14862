"""`_delete_=True` that deletes nothing."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from cfglint.diagnostics import Advice, Applicability, Diagnostic, Edit, Fix, Severity
from cfglint.language.values import Unknown
from cfglint.rules.reading.words import words_in
from cfglint.rules.rule import rule
from cfglint.sections import SECTIONS
from cfglint.sections.table import LEGACY_KEYS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cfglint.rules.context import Context
    from cfglint.rules.reading.items import Item


@rule(era='all', fixable=True)
def leaked_delete(context: Context) -> Iterator[Diagnostic]:
    """`_delete_=True` where there is nothing to delete: it stays in the config and reaches the constructor.

    MMEngine takes the key away only where the base has a value under the same key. In a new dict, in a list, under
    another `_delete_=True` or without a base it stays, and building fails with `unexpected keyword argument
    '_delete_'`. `ConfigDict.update` of a pure-Python config does not know it at all: use `merge`.

    ```py title="bad/base.py"
    model = dict(backbone=dict(type='ResNet', norm_cfg=dict(type='SyncBN')))
    ```

    ```py title="bad/config.py"
    _base_ = './base.py'
    model = dict(
        backbone=dict(
            _delete_=True, type='ResNet', norm_cfg=dict(_delete_=True, type='BN')))
    ```

    ```py title="good/base.py"
    model = dict(backbone=dict(type='ResNet', norm_cfg=dict(type='SyncBN')))
    ```

    ```py title="good/config.py"
    _base_ = './base.py'
    model = dict(
        backbone=dict(
            _delete_=True, type='ResNet', norm_cfg=dict(type='BN')))
    ```
    """
    if not any('_delete_' in each.source.text for each in context.lineage):
        return
    table = context.config.table
    names = [name for name, value in table.items() if name == '_delete_' or '_delete_' in words_in(context, value)]
    for top in [item for name in names if (item := context.section(name)) is not None]:
        if top.name == '_delete_':
            advice = Advice('remove it')
            message = 'there is nothing to delete at the top level'
            yield context.report(top, message, severity=Severity.WARNING, advice=advice)
        elif top.name in LEGACY_KEYS and top.name not in context.loads and not context.is_legacy:
            continue  # MMEngine reads nothing of it, which `removed-…` tells
        elif top.name in SECTIONS or top.name not in context.loads:  # what expressions read may be merged there
            for item in top.walk():
                if item.name == '_delete_':
                    yield _told(context, top, item)


def _told(context: Context, top: Item, item: Item) -> Diagnostic:
    assert item.parent is not None
    kind = item.parent.value.get('type')
    is_built = top.name in SECTIONS or kind is not None
    name = kind if isinstance(kind, str) else getattr(kind, 'name', None)
    if isinstance(item.value, Unknown) or not item.value:
        message = '`_delete_` has no base value to act on, and stays in the config'
    elif is_built:
        whom = f'`{name}`' if name is not None else 'whoever gets this dict'
        message = f'there is nothing to delete here: `_delete_` stays, and is passed to {whom}'
    else:
        message = 'there is nothing to delete here: `_delete_` stays in the config'
    severity = None if is_built else Severity.WARNING
    return context.report(item, message, severity=severity, advice=Advice('remove `_delete_`'), fix=_removal(item))


def _removal(item: Item) -> Fix | None:
    """Remove the key where it is written, if the dict that it stands in is written for this place alone."""
    parent, origin = item.parent, item.origin
    if parent is None or parent.origin is None or origin is None or origin.key is None:
        return None
    written = parent.origin.value
    keywords = written.keywords if isinstance(written, ast.Call) else []
    keys = written.keys if isinstance(written, ast.Dict) else []
    if not any(origin.key is node for node in (*keywords, *keys)):
        return None
    source = origin.source
    span = source.span(origin.key)
    start, end = span.start, source.span(origin.value).end
    after = re.compile(r'[ \t]*,[ \t]*(?:\r?\n[ \t]*)?').match(source.text, end)
    if after is not None:
        end = after.end()
    elif (before := source.text[:start].rstrip()).endswith(','):
        start = len(before[:-1].rstrip())
    return Fix(
        'Remove `_delete_`', (Edit(span._replace(start=start, end=end), ''),), Applicability.SAFE, ('*._delete_',)
    )
