"""Paths that are put together without a separator."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, Final

from cfglint.diagnostics import Advice, Diagnostic, Severity
from cfglint.language.values import Table
from cfglint.rules.reading.loaders import EVALUATORS, Section, evaluators, is_new, loaders
from cfglint.rules.rule import rule
from cfglint.sections.table import LOADERS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from cfglint.rules.context import Context
    from cfglint.rules.reading.items import Item

ROOT: Final = re.compile(r'(?:.*_)?(?:root|dir|folder|base_path|data_path)', re.IGNORECASE)
FIELDS: Final = ('ann_file', 'data_root', 'seg_prefix', 'gt_folder', 'data_prefix')


@rule(scope='entry', severity=Severity.WARNING, reads=(*LOADERS, *EVALUATORS))
def unjoined_path(context: Context) -> Iterator[Diagnostic]:
    """A root folder and a file name that are joined without a `/` between them.

    Datasets join `data_root` and `ann_file` as paths. In an expression such as `data_root + 'val.json'` nobody does:
    evaluators get `data/shelfval.json`, and only the first validation fails.

    ```py title="bad"
    data_root = 'data/shelf'
    val_evaluator = dict(type='ToyMetric', ann_file=data_root + 'val.json')
    ```

    ```py title="good"
    data_root = 'data/shelf/'
    val_evaluator = dict(type='ToyMetric', ann_file=data_root + 'val.json')
    ```
    """
    seen: set[int] = set()
    for section in (*loaders(context), *evaluators(context)):
        for item, folder in section.find('unjoined', _unjoined):
            if is_new(item, seen):
                name, advice = folder
                message = f'`{name}` does not end with `/`: there is none in this path'
                yield context.report(item, message, at='value', advice=advice)


def _unjoined(section: Section) -> Iterator[tuple[Item, tuple[str, Advice]]]:
    judges = section.item.key in EVALUATORS
    for place in section.metrics if judges else section.datasets:
        for item in _paths(place):
            joint = _join(item)
            if joint is not None:
                name, folder, file = joint
                is_root = not judges and item.name != 'data_root' and place.value.get('data_root') == folder
                advice = Advice('leave it to `data_root`, which datasets put before it:', repr(file))
                yield item, (name, advice if is_root else Advice('write a `/` between them:', repr(f'{folder}/{file}')))


def _paths(place: Item) -> Iterator[Item]:
    """Yield the paths that are put together."""
    prefixes = place.get('data_prefix') if isinstance(place.value.get('data_prefix'), dict) else None
    yield from _put_together(place, FIELDS)
    if prefixes is not None:
        yield from _put_together(prefixes, prefixes.value)


def _put_together(place: Item, names: Iterable[str]) -> Iterator[Item]:
    origins = place.value.origins if isinstance(place.value, Table) else {}
    for name in names:
        if name in origins and isinstance(origins[name].value, (ast.BinOp, ast.JoinedStr)):
            item = place.get(name)
            if item is not None and isinstance(item.value, str):
                yield item


def _join(item: Item) -> tuple[str, str, str] | None:
    """Return the name of the folder that a path starts with, the folder and the rest, if there is no separator."""
    node = None if item.origin is None else item.origin.value
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        first, rest = node.left, node.right
    elif isinstance(node, ast.JoinedStr) and len(node.values) > 1 and isinstance(node.values[0], ast.FormattedValue):
        first, rest = node.values[0].value, node.values[1]
    else:
        return None
    if not isinstance(rest, ast.Constant) or not isinstance(rest.value, str) or not re.match(r'\w', rest.value):
        return None
    if isinstance(node, ast.JoinedStr) and len(node.values) > 2:
        return None  # what follows is not known here
    name = first.id if isinstance(first, ast.Name) else first.attr if isinstance(first, ast.Attribute) else None
    folder = item.value[: -len(rest.value)]
    if name is None or not ROOT.fullmatch(name) or not item.value.endswith(rest.value):
        return None
    is_joined = not folder or folder.endswith(('/', '\\', ':')) or rest.value.startswith('_')
    return None if is_joined else (name, folder, rest.value)
