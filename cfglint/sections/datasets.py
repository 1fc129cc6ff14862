"""The dataset of a dataloader: MMEngine's wrappers, and what holds for any dataset."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cfglint.diagnostics import Advice
from cfglint.language.values import Opaque
from cfglint.sections.slots import Component, Many, Slot, Spec
from cfglint.sections.terms import Dict, found, undecided
from cfglint.sections.violations import Path, Violation

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator


def _any_dataset(value: Dict, path: Path, shadowed: Collection[str]) -> Iterator[Violation]:
    """`metainfo` means the same in every dataset of the libraries, and their wrappers hold datasets as MMEngine's do."""
    yield from _metainfo(value, path)
    if DATASET.class_name(value, shadowed) is None:
        for inner, place in _wrapped(value, path):
            if isinstance(inner, dict) and 'type' in inner:
                yield from DATASET.check(inner, place, shadowed)


def _wrapped(value: Dict, path: Path) -> Iterator[tuple[object, Path]]:
    yield value.get('dataset'), (*path, 'dataset')
    parts = value.get('datasets')
    for index, part in enumerate(parts) if isinstance(parts, (list, tuple)) else ():
        yield part, (*path, 'datasets', index)


def _metainfo(value: Dict, path: Path) -> Iterator[Violation]:
    metainfo = value.get('metainfo')
    if metainfo is None or undecided(metainfo):
        return
    if not isinstance(metainfo, dict):
        if not isinstance(metainfo, (str, Opaque)):  # some datasets read a file here
            from cfglint.sections.wording import show

            message = f'`metainfo` must be a dict, got {show(metainfo)}'
            said = 'TypeError: metainfo should be a Mapping or Config'
            yield Violation((*path, 'metainfo'), 'wrong-type', message, raises=said)
        return
    for key in ('classes', 'CLASSES'):
        names = metainfo.get(key)
        # A string is the path of a file with a name on each line.
        if isinstance(names, str) and not any(mark in names for mark in './\\'):
            from cfglint.sections.wording import show

            message = f'`{key}` must be a list or tuple of names, got {show(names)}'
            advice = Advice('write a tuple of one name with a comma', f'({names!r},)')
            yield Violation((*path, 'metainfo', key), 'wrong-type', message, severity='warning', advice=advice)


def concat_dataset_relations(given: Dict, name: str) -> Iterator[Violation]:
    if isinstance(given.get('datasets'), (list, tuple)) and not given['datasets']:
        message = '`datasets` must have at least one dataset'
        yield found('out-of-range', message, 'datasets', raises='IndexError: list index out of range')


# A wrapper's parts are datasets in their turn.
_INNER: dict[str, Slot] = {}
_PARTS: dict[str, Slot] = {}
DATASET = Component(
    '`dataset`',
    {
        'ConcatDataset': Spec('datasets:ConcatDataset', concat_dataset_relations, _PARTS),
        'RepeatDataset': Spec('datasets:RepeatDataset', slots=_INNER),
        'ClassBalancedDataset': Spec('datasets:ClassBalancedDataset', slots=_INNER),
    },
    always=_any_dataset,
)
_INNER['dataset'] = DATASET
_PARTS['datasets'] = Many('`datasets`', DATASET, says='TypeError: elements in datasets sequence should be config')
