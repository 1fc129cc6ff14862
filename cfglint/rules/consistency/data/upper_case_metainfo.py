"""Names of metainfo that were written in capitals once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cfglint.diagnostics import Advice, Applicability, Diagnostic, Severity
from cfglint.rules.reading.loaders import Section, is_new, loaders
from cfglint.rules.rule import rule
from cfglint.sections.table import LOADERS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cfglint.rules.context import Context
    from cfglint.rules.reading.items import Item

NAMES: Final = {'CLASSES': 'classes', 'PALETTE': 'palette'}
CAPITALS: Final = frozenset({'mmtrack'})
"""Scopes whose last release still reads the names in capitals."""


@rule(severity=Severity.WARNING, fixable=True, reads=LOADERS, words=NAMES.keys())
def upper_case_metainfo(context: Context) -> Iterator[Diagnostic]:
    """`CLASSES` or `PALETTE` in `metainfo`.

    Early release candidates wrote them in capitals. Since then the libraries read `classes` and `palette`: the dataset
    keeps the classes that it has by itself, and the config's are ignored without a message.

    ```py title="bad"
    train_dataloader = dict(dataset=dict(type='ToyDataset', metainfo=dict(CLASSES=('can', 'bottle'))))
    ```

    ```py title="good"
    train_dataloader = dict(dataset=dict(type='ToyDataset', metainfo=dict(classes=('can', 'bottle'))))
    ```
    """
    seen: set[int] = set()
    for loader in loaders(context):
        for item in loader.find('capitals', _capitals) if loader.scope not in CAPITALS else ():
            if is_new(item, seen):
                new = NAMES[item.name]
                fix = context.replace_key(item, new, f'Rename to `{new}`', Applicability.UNSAFE)
                message, advice = f'datasets read `{new}`, not `{item.name}`', Advice(f'rename it to `{new}`')
                yield context.report(item, message, ignored=True, advice=advice, fix=fix)


def _capitals(loader: Section) -> Iterator[Item]:
    for dataset in loader.datasets if not NAMES.keys().isdisjoint(loader.words) else ():
        metainfo = dataset.get('metainfo')
        if metainfo is not None and isinstance(metainfo.value, dict):
            for old, new in NAMES.items():
                item = metainfo.get(old)
                if item is not None and new not in metainfo.value:
                    yield item
