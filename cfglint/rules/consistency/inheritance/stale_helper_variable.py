"""Helper variables of a base that a child sets again, without effect."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any, Final

from cfglint.diagnostics import Advice, Diagnostic, Severity
from cfglint.language.encoding import encode
from cfglint.language.values import Array, Row, Table
from cfglint.rules.reading.quoted import stands_in_quotes
from cfglint.rules.rule import rule
from cfglint.sections.table import LEGACY_KEYS, READ_KEYS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cfglint.language.config import Config
    from cfglint.language.places import Place
    from cfglint.rules.context import Context
    from cfglint.rules.reading.items import Item

HELPERS: Final = frozenset({'vis_backends', 'data_preprocessor'})
"""Sections that act only where another section names them."""
READ_BY_MMENGINE: Final = READ_KEYS - HELPERS
MAX_SHOWN: Final = 3


@rule(scope='entry', severity=Severity.WARNING, era='all')
def stale_helper_variable(context: Context) -> Iterator[Diagnostic]:
    """A variable of the base that is set again, while what the base made of it stays.

    A base is evaluated on its own, before the child: `dataset=dict(data_root=data_root)` holds the value that
    `data_root` had there. Setting `data_root` in the child changes a top-level name that nobody reads; MMEngine says
    nothing. Override the places where the value is used, or repeat what was made of it.

    ```py title="bad/base.py"
    data_root = 'data/old/'
    train_dataloader = dict(batch_size=2, dataset=dict(type='ToyDataset', data_root=data_root))
    ```

    ```py title="bad/config.py"
    _base_ = './base.py'
    model = dict(type='ToyModel')
    data_root = 'data/new/'
    ```

    ```py title="good/base.py"
    data_root = 'data/old/'
    train_dataloader = dict(batch_size=2, dataset=dict(type='ToyDataset', data_root=data_root))
    ```

    ```py title="good/config.py"
    _base_ = './base.py'
    model = dict(type='ToyModel')
    data_root = 'data/new/'
    train_dataloader = dict(dataset=dict(data_root=data_root))
    ```
    """
    config = context.config
    if not config.bases:
        return
    bases, is_read = context.lineage[1:], READ_BY_MMENGINE if context.era == '0.x' else READ_BY_MMENGINE - LEGACY_KEYS
    for name in config.own:
        if name in is_read or name in config.loads or not isinstance(name, str) or name.startswith('_'):
            continue
        makers = [base for base in bases if name in base.loads and name in base.own]
        item = context.section(name)
        if not makers or item is None or item.origin is None or item.origin.overrides is None:
            continue
        if _same(item.value, item.origin.replaced) or f'_base_.{name}' in config.source.text:
            continue
        if stands_in_quotes(context, name):
            continue  # it is meant to be read
        stale = _stale(context, name, makers, item.value)
        if stale:
            yield _diagnostic(context, item, stale)


def _same(first: Any, second: Any) -> bool:
    if isinstance(first, str) and isinstance(second, str):
        return first.rstrip('/') == second.rstrip('/')
    return type(first) is type(second) and encode(first) == encode(second)


def _stale(context: Context, name: str, makers: list[Config], value: Any) -> list[Item]:
    """Return where the config still holds what a base made of its variable."""
    paths = {maker.path for maker in makers}
    found: list[Item] = []
    for item in context.root.items():
        if item.name in READ_KEYS:
            found += (each for each in _made_of(item, name, paths) if not _same(each.value, value))
    return found


def _made_of(item: Item, name: str, paths: set[str]) -> Iterator[Item]:
    """Yield the outermost items at and below `item` whose expression reads `name` in one of the files."""
    origin = item.origin
    if origin is not None and origin.source.path in paths and _reads(origin.value, name):
        yield item
        return
    if isinstance(item.value, (Table, Array, Row)):
        for child in item.items():
            yield from _made_of(child, name, paths)


def _reads(node: Place, name: str) -> bool:
    if not isinstance(node, ast.AST) or _is_display(node):
        return False
    return any(isinstance(each, ast.Name) and each.id == name for each in ast.walk(node))


def _is_display(node: ast.AST) -> bool:
    """Tell whether a node only puts values together, so that each has a place of its own."""
    if isinstance(node, (ast.Dict, ast.List, ast.Tuple)):
        return True
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ('dict', 'list', 'tuple')


def _diagnostic(context: Context, item: Item, stale: list[Item]) -> Diagnostic:
    name = item.key
    shown = ', '.join(f'`{each.key}`' for each in stale[:MAX_SHOWN])
    more = f' and {len(stale) - MAX_SHOWN} more' if len(stale) > MAX_SHOWN else ''
    message = f'`{name}` has no effect: the base has used its own value already'
    advice = Advice(f'set what the base made of it as well: {shown}{more}')
    if len(stale) == 1 and _is_name(stale[0], name):
        section, *path = stale[0].key.split('.')
        if path and section not in context.config.own and not any(part.isdigit() for part in path):
            inner = f'{path[-1]}={name}'
            for part in reversed(path[:-1]):
                inner = f'{part}=dict({inner})'
            advice = Advice('set what the base made of it, too:', f'{section} = dict({inner})')
    related = tuple(context.related(each, 'made in the base') for each in stale[:MAX_SHOWN])
    return context.report(item, message, ignored=True, advice=advice, related=related)


def _is_name(item: Item, name: str) -> bool:
    """Tell whether the base writes the variable itself there, with nothing around it."""
    node = None if item.origin is None else item.origin.value
    return isinstance(node, ast.Name) and node.id == name
