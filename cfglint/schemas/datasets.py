"""The dataset of a dataloader: MMEngine's wrappers, and what holds for any dataset."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from pydantic import Field

from cfglint.language.values import Opaque
from cfglint.schemas import Path, Violation
from cfglint.schemas.base import Dict, Flag, Hint, Model, Number, Says, Words, found, undecided
from cfglint.schemas.slots import Component, Many

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator


def _any_dataset(value: Dict, path: Path, shadowed: Collection[str]) -> Iterator[Violation]:
    """`metainfo` means the same in every dataset of the libraries."""
    metainfo = value.get('metainfo')
    if metainfo is None or undecided(metainfo):
        return
    if not isinstance(metainfo, dict):
        if not isinstance(metainfo, (str, Opaque)):  # some datasets read a file here
            from cfglint.schemas.errors import show

            message = f'`metainfo` must be a dict, got {show(metainfo)}'
            said = 'TypeError: metainfo should be a Mapping or Config'
            yield Violation((*path, 'metainfo'), 'wrong-type', f'{message}; MMEngine raises {said}')
        return
    for key in ('classes', 'CLASSES'):
        names = metainfo.get(key)
        # A string is the path of a file with a name on each line.
        if isinstance(names, str) and not any(mark in names for mark in './\\'):
            from cfglint.schemas.errors import show

            message = (
                f'`{key}` must be a list or tuple of names, got {show(names)}: '
                'a tuple of one name is written with a comma, `(name,)`'
            )
            yield Violation((*path, 'metainfo', key), 'wrong-type', message, severity='warning')


DATASET = Component(
    '`dataset`',
    {name: f'datasets:{name}' for name in ('ConcatDataset', 'RepeatDataset', 'ClassBalancedDataset')},
    always=_any_dataset,
)
_PIPELINE = {'pipeline': Hint('transforms belong in the inner dataset')}


class ConcatDataset(Model):
    """Several datasets, one after the other.

    Source: mmengine.dataset.dataset_wrapper:ConcatDataset
    """

    HINTS: ClassVar = _PIPELINE
    SLOTS: ClassVar = {
        'datasets': Many('`datasets`', DATASET, says='TypeError: elements in datasets sequence should be config')
    }

    datasets: Any = Field(description='The datasets: the type and arguments of each.')
    lazy_init: Flag = Field(False, description='Whether annotations are loaded later.')
    ignore_keys: Annotated[
        str | list[Any] | None,
        Words('a string or a list of strings'),
        Says('TypeError: ignore_keys should be a list or str'),
    ] = Field(None, description='The keys of metainfo that may differ between the datasets.')

    @classmethod
    def relations(cls, given: Dict, name: str) -> Iterator[Violation]:
        if isinstance(given.get('datasets'), (list, tuple)) and not given['datasets']:
            message = '`datasets` must have at least one dataset; MMEngine raises IndexError: list index out of range'
            yield found('out-of-range', message, 'datasets')


class RepeatDataset(Model):
    """A dataset, several times over.

    Source: mmengine.dataset.dataset_wrapper:RepeatDataset
    """

    HINTS: ClassVar = _PIPELINE
    SLOTS: ClassVar = {'dataset': DATASET}

    dataset: Any = Field(description='The dataset: its type and arguments.')
    times: Annotated[
        int | bool,
        Field(gt=0),
        Words('a positive integer'),
        Says('ZeroDivisionError', "TypeError: 'float' object cannot be interpreted as an integer"),
    ] = Field(description='How often the dataset is repeated within an epoch.')
    lazy_init: Flag = Field(False, description='Whether annotations are loaded later.')


class ClassBalancedDataset(Model):
    """A dataset in which images of rare classes are repeated.

    Source: mmengine.dataset.dataset_wrapper:ClassBalancedDataset
    """

    HINTS: ClassVar = _PIPELINE
    SLOTS: ClassVar = {'dataset': DATASET}

    dataset: Any = Field(description='The dataset: its type and arguments; it must have `get_cat_ids`.')
    oversample_thr: Annotated[Number, Words('a number')] = Field(
        description='Classes that are on a smaller part of the images than this are repeated.'
    )
    lazy_init: Flag = Field(False, description='Whether annotations are loaded later.')
