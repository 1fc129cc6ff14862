"""Paths that repeat the root they are joined to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cfglint.diagnostics import Diagnostic, Severity
from cfglint.rules.facts.data import Section, is_new, is_remote_or_absolute, loaders
from cfglint.rules.rule import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cfglint.rules.context import Context, Item


@rule(scope='entry', severity=Severity.WARNING)
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
        for item in loader.find('doubled root', _doubled):
            if is_new(item, seen):
                yield context.report(item, f'`{item.value}` repeats the `data_root` to which it is joined', at='value')


def _doubled(loader: Section) -> Iterator[Item]:
    for dataset in loader.leaves:
        root = dataset.value.get('data_root')
        if not isinstance(root, str) or is_remote_or_absolute(root) or root.strip('./') == '':
            continue
        prefixes = dataset.get('data_prefix')
        items = [dataset.get('ann_file')]
        if prefixes is not None and isinstance(prefixes.value, (dict, str)):
            items += list(prefixes.items()) if isinstance(prefixes.value, dict) else [prefixes]
        for item in items:
            if item is not None and isinstance(item.value, str) and _repeats(item.value, root):
                yield item


def _repeats(path: str, root: str) -> bool:
    path, root = path.removeprefix('./'), root.removeprefix('./').rstrip('/')
    return path == root or path.startswith(f'{root}/')
