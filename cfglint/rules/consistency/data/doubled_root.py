"""Paths that repeat the root they are joined to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cfglint.diagnostics import Advice, Diagnostic, Severity
from cfglint.rules.cause import report_between
from cfglint.rules.reading.loaders import Section, is_new, is_remote_or_absolute, loaders
from cfglint.rules.rule import rule
from cfglint.sections.table import LOADERS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cfglint.rules.context import Context
    from cfglint.rules.reading.items import Item


@rule(scope='entry', severity=Severity.WARNING, reads=LOADERS, words=('data_root',))
def doubled_root(context: Context) -> Iterator[Diagnostic]:
    """An `ann_file` or prefix that repeats the `data_root` to which the dataset joins it.

    MMEngine's datasets join relative paths to `data_root`: `data/shelf/` and `data/shelf/val.json` become
    `data/shelf/data/shelf/val.json`, which is not found. Write them relative to `data_root`, or leave out `data_root`.

    ```py title="bad"
    train_dataloader = dict(dataset=dict(type='ToyDataset', data_root='data/shelf/', ann_file='data/shelf/train.json'))
    ```

    ```py title="good"
    train_dataloader = dict(dataset=dict(type='ToyDataset', data_root='data/shelf/', ann_file='train.json'))
    ```
    """
    seen: set[int] = set()
    for loader in loaders(context):
        for item, root in loader.find('doubled root', _doubled):
            if is_new(item, seen):
                message = 'this path repeats the `data_root` to which it is joined'
                advice = Advice('write it relative to `data_root`:', repr(_relative(item.value, root)))
                yield report_between(context, item, (root,), message, at='value', advice=advice)


def _relative(path: str, root: Item | None) -> str:
    folder = '' if root is None else root.value.removeprefix('./').rstrip('/')
    return path.removeprefix('./').removeprefix(folder).lstrip('/')


def _doubled(loader: Section) -> Iterator[tuple[Item, Item | None]]:
    for dataset in loader.leaves:
        root, prefixes = dataset.value.get('data_root'), dataset.value.get('data_prefix')
        if not isinstance(root, str) or is_remote_or_absolute(root) or root.strip('./') == '':
            continue
        root = root.removeprefix('./').rstrip('/')
        paths = (dataset.value.get('ann_file'), *(prefixes.values() if isinstance(prefixes, dict) else (prefixes,)))
        if any(_repeats_root(path, root) for path in paths):
            yield from ((item, dataset.get('data_root')) for item in _items(dataset) if _repeats_root(item.value, root))


def _items(dataset: Item) -> Iterator[Item]:
    ann_file, prefixes = dataset.get('ann_file'), dataset.get('data_prefix')
    if ann_file is not None:
        yield ann_file
    if prefixes is not None:
        yield from prefixes.items() if isinstance(prefixes.value, dict) else (prefixes,)


def _repeats_root(path: Any, root: Any) -> bool:
    """Tell whether a path begins with the folder, without `./` and `/` around it, to which it is joined."""
    if not isinstance(path, str) or not isinstance(root, str):
        return False
    path = path.removeprefix('./')
    return path == root or path.startswith(f'{root}/')
