"""`dict()` as a way to reset what a base says."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any

from cfglint.diagnostics import Advice, Applicability, Diagnostic, Edit, Fix, Severity
from cfglint.language.values import Table
from cfglint.rules.rule import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cfglint.rules.context import Context
    from cfglint.rules.reading.items import Item


@rule(severity=Severity.WARNING, era='all', fixable=True)
def empty_dict_over_base(context: Context) -> Iterator[Diagnostic]:
    """An empty `dict()` over a dict of the base: it replaces nothing.

    Dicts are merged, so that an empty one inherits everything. `dict(_delete_=True)` replaces the base's. An empty loop
    (`val_cfg = dict()`) is left alone where it inherits no more than its `type`.

    ```py title="bad/base.py"
    optim_wrapper = dict(optimizer=dict(type='SGD', lr=0.1), clip_grad=dict(max_norm=1))
    ```

    ```py title="bad/config.py"
    _base_ = './base.py'
    optim_wrapper = dict(clip_grad=dict())
    ```

    ```py title="good/base.py"
    optim_wrapper = dict(optimizer=dict(type='SGD', lr=0.1), clip_grad=dict(max_norm=1))
    ```

    ```py title="good/config.py"
    _base_ = './base.py'
    optim_wrapper = dict(clip_grad=None)
    ```
    """
    text = context.config.source.text
    if not context.config.bases or ('dict()' not in text and '{}' not in text):
        return
    for path in _empty(context.config.own):
        item = context.find('.'.join(path)) if all(isinstance(part, str) for part in path) else None
        if item is None or item.origin is None or item.origin.source is not context.config.source:
            continue
        before = item.origin.replaced
        if isinstance(before, dict) and before.keys() - {'type'} and isinstance(item.value, dict):
            kept = ', '.join(f'`{key}`' for key in list(before)[:3]) + (', …' if len(before) > 3 else '')
            message = f'an empty dict inherits all that the base has: {kept}'
            advice = Advice("to replace the base's, write", 'dict(_delete_=True)')
            yield context.report(item, message, advice=advice, fix=_fix(context, item))


def _empty(table: Table) -> Iterator[tuple[Any, ...]]:
    """Yield the keys of empty dicts that a file writes."""
    for key, value in table.items():
        if isinstance(value, Table):
            if not value:
                yield (key,)
            else:
                yield from ((key, *path) for path in _empty(value))


def _fix(context: Context, item: Item) -> Fix | None:
    span = context.value_span(item)
    if span is None or item.origin is None or not isinstance(item.origin.value, (ast.Call, ast.Dict)):
        return None
    text = '{"_delete_": True}' if isinstance(item.origin.value, ast.Dict) else 'dict(_delete_=True)'
    return Fix('Replace what the base has', (Edit(span, text),), Applicability.UNSAFE, (item.key,))
