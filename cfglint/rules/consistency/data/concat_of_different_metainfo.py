"""What joined datasets say about themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from cfglint.diagnostics import Advice
from cfglint.language.encoding import encode
from cfglint.language.values import is_known
from cfglint.rules.cause import report_between
from cfglint.rules.reading.loaders import Section, loaders
from cfglint.rules.reading.types import class_name
from cfglint.rules.rule import rule
from cfglint.sections.table import LOADERS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cfglint.diagnostics import Diagnostic
    from cfglint.rules.context import Context
    from cfglint.rules.reading.items import Item

OWN: Final = frozenset({'mmdet', 'mmyolo', 'mmrotate'})
"""mmdet, and what builds on it, has a ConcatDataset of its own, which keeps what differs."""


@rule(scope='entry', raises='meta information of the', reads=LOADERS, words=('ConcatDataset',))
def concat_of_different_metainfo(context: Context) -> Iterator[Diagnostic]:
    """Datasets in a `ConcatDataset` whose `metainfo` differs.

    MMEngine compares each key with that of the first dataset, type (list or tuple) and value, and fails with
    `ValueError: The meta information of the 1-th dataset does not match meta information of the first dataset`. Make
    them equal, or name the key in `ignore_keys`.

    ```py title="bad"
    train_dataloader = dict(
        dataset=dict(
            type='ConcatDataset',
            datasets=[
                dict(type='ToyDataset', metainfo=dict(classes=('a', 'b')), pipeline=[dict(type='ToyTransform')]),
                dict(type='ToyDataset', metainfo=dict(classes=('a', 'c')), pipeline=[dict(type='ToyTransform')]),
            ]))
    ```

    ```py title="good"
    train_dataloader = dict(
        batch_size=2,
        sampler=dict(type='DefaultSampler', shuffle=True),
        dataset=dict(
            type='ConcatDataset',
            datasets=[
                dict(type='ToyDataset', metainfo=dict(classes=('a', 'b')), pipeline=[dict(type='ToyTransform')]),
                dict(type='ToyDataset', metainfo=dict(classes=('a', 'b')), pipeline=[dict(type='ToyTransform')]),
            ]))
    ```
    """
    for loader in loaders(context):
        for item, wanted, dataset, index in loader.find('concat', _clashes):
            message = f'`{item.name}` differs from that of the first dataset'
            raises = f'ValueError: The meta information of the {index}-th dataset does not match'
            advice = Advice(f'make them equal, or write in `{dataset}`', f'ignore_keys=[{item.name!r}]')
            yield report_between(context, item, (wanted,), message, raises=raises, advice=advice)


def _clashes(loader: Section) -> Iterator[tuple[Item, Item, str, int]]:
    for dataset in loader.datasets if 'ConcatDataset' in loader.words else ():
        known = class_name(dataset.value, loader.scope)
        if known is not None and known.name == 'ConcatDataset' and known.package not in OWN:
            yield from _compare(dataset)


def _compare(dataset: Item) -> Iterator[tuple[Item, Item, str, int]]:
    """Yield what differs, that of the first dataset, the key of all of them together, and the number of the dataset."""
    members = dataset.get('datasets')
    if members is None or not isinstance(members.value, (list, tuple)) or len(members.value) < 2:
        return
    ignored = dataset.value.get('ignore_keys')
    ignored = [ignored] if isinstance(ignored, str) else ignored or []
    if not isinstance(ignored, list):
        return
    if not all(isinstance(each, dict) for each in members.value):
        return
    first, *others = members.items()
    expected = _metainfo(first)
    for index, other in enumerate(others, 1):
        if other.type_name != first.type_name:
            continue  # each may have more by itself
        given = _metainfo(other)
        for key in expected.keys() & given.keys() - {each for each in ignored if isinstance(each, str)}:
            value, wanted = given[key].value, expected[key].value
            if is_known([value, wanted]) and encode(value) != encode(wanted):
                yield given[key], expected[key], dataset.key, index


def _metainfo(dataset: Item) -> dict[Any, Item]:
    metainfo = dataset.get('metainfo')
    return (
        {each.name: each for each in metainfo.items()}
        if metainfo is not None and isinstance(metainfo.value, dict)
        else {}
    )
