"""Colours in metainfo against its classes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cfglint.diagnostics import Advice
from cfglint.language.values import is_known
from cfglint.rules.cause import report_between
from cfglint.rules.reading.loaders import Section, is_new, loaders
from cfglint.rules.reading.parts import component_of, derives
from cfglint.rules.rule import rule
from cfglint.sections.table import LOADERS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cfglint.diagnostics import Diagnostic
    from cfglint.rules.context import Context
    from cfglint.rules.reading.items import Item

STRICT: Final = ('mmseg.datasets.basesegdataset.BaseSegDataset', 'mmseg.datasets.basesegdataset.BaseCDDataset')
"""Datasets that refuse a palette that does not fit; those of other libraries are content."""
_UPDATE: Final = frozenset({'_update_palette'})


@rule(raises='palette does not match classes', reads=LOADERS, words=('palette',))
def palette_mismatch(context: Context) -> Iterator[Diagnostic]:
    """A dataset of mmseg with fewer colours in `metainfo` than classes.

    mmseg wants a colour for each class, or no `palette` at all: it makes up colours then. A dataset that has no classes by
    itself does not take more colours either.

    Source: `_update_palette` of `mmseg/datasets/basesegdataset.py`.

    ```py title="bad"
    default_scope = 'mmseg'
    train_dataloader = dict(
        dataset=dict(type='BaseSegDataset', metainfo=dict(classes=('glass', 'scratch'), palette=[[0, 0, 0]])))
    ```

    ```py title="good"
    default_scope = 'mmseg'
    train_dataloader = dict(
        dataset=dict(
            type='BaseSegDataset', metainfo=dict(classes=('glass', 'scratch'), palette=[[0, 0, 0], [255, 255, 255]])))
    ```
    """
    seen: set[int] = set()
    for loader in loaders(context):
        for palette, classes, leaf in loader.find('palettes', _palettes):
            colours, count = len(palette.value), len(classes.value)
            if not is_new(palette, seen) or not derives(context, leaf, STRICT, _UPDATE):
                continue
            found = component_of(context, leaf)
            if colours < count or (found is not None and found.path in STRICT):
                message = f'`{palette.key}` has {colours} colours, but there are {count} classes'
                raises = 'ValueError: palette does not match classes'
                advice = Advice('give a colour for each class')
                yield report_between(context, palette, (classes,), message, raises=raises, advice=advice)


def _palettes(loader: Section) -> Iterator[tuple[Item, Item, Item]]:
    """Yield the palettes that are not as long as the classes beside them, both, with the dataset."""
    for leaf in loader.leaves if 'palette' in loader.words else ():
        metainfo = leaf.get('metainfo')
        palette, classes = (None if metainfo is None else metainfo.get(name) for name in ('palette', 'classes'))
        if palette is None or classes is None or not (is_known(palette.value) and is_known(classes.value)):
            continue
        lists = isinstance(palette.value, (list, tuple)) and isinstance(classes.value, (list, tuple))
        if lists and palette.value and len(palette.value) != len(classes.value):
            yield palette, classes, leaf
