"""Names in metainfo that are nearly right."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cfglint.catalog.suggest import is_slip
from cfglint.diagnostics import Advice, Applicability, Severity
from cfglint.rules.reading.loaders import Section, is_new, loaders
from cfglint.rules.rule import rule
from cfglint.sections.table import LOADERS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cfglint.diagnostics import Diagnostic
    from cfglint.rules.context import Context
    from cfglint.rules.reading.items import Item

READ: Final = ('classes', 'palette')
"""What all libraries read of a dataset's `metainfo`."""


@rule(severity=Severity.WARNING, fixable=True, reads=LOADERS, words=('metainfo',))
def misspelt_metainfo(context: Context) -> Iterator[Diagnostic]:
    """A key of `metainfo` that is nearly `classes` or `palette`.

    A dataset takes any key into its `metainfo` and reads those that it knows: with `clases`, it keeps the classes that it
    has by itself.

    ```py title="bad"
    train_dataloader = dict(dataset=dict(type='ToyDataset', metainfo=dict(clases=('can', 'bottle'))))
    ```

    ```py title="good"
    train_dataloader = dict(dataset=dict(type='ToyDataset', metainfo=dict(classes=('can', 'bottle'))))
    ```
    """
    seen: set[int] = set()
    for item, meant in [pair for loader in loaders(context) for pair in loader.find('misspelt metainfo', _misspelt)]:
        if is_new(item, seen):
            fix = context.replace_key(item, meant, f'Rename to `{meant}`', Applicability.UNSAFE)
            message = f'no dataset reads `{item.name}` of its `metainfo`'
            advice = Advice(f'rename it to `{meant}`')
            yield context.report(item, message, ignored=True, advice=advice, fix=fix)


def _misspelt(loader: Section) -> Iterator[tuple[Item, str]]:
    for dataset in loader.datasets if 'metainfo' in loader.words else ():
        metainfo = dataset.get('metainfo')
        if metainfo is None or not isinstance(metainfo.value, dict):
            continue
        for item in metainfo.items():
            meant = next((name for name in READ if name not in metainfo.value and is_slip(item.name, name)), None)
            if meant is not None and not item.name.isupper():  # capitals are told of by `upper-case-metainfo`
                yield item, meant
