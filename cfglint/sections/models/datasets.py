"""MMEngine's dataset wrappers."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar

from pydantic import Field

from cfglint.sections.models.base import (
    Flag,
    Hint,
    Model,
    Number,
    PositiveInteger,
    Says,
    Words,
)

_OF_EACH = {
    name: Hint('write it in each of the `datasets`')
    for name in ('data_root', 'ann_file', 'metainfo', 'data_prefix', 'filter_cfg', 'test_mode', 'indices', 'pipeline')
}
_OF_INNER = {name: Hint('write it in the dataset inside, one `dataset` further down') for name in _OF_EACH}


class ConcatDataset(Model):
    """Several datasets, one after the other.

    Source: mmengine.dataset.dataset_wrapper:ConcatDataset
    """

    HINTS: ClassVar[Any] = _OF_EACH

    datasets: Any = Field(description='The datasets: the type and arguments of each.')

    lazy_init: Flag = Field(False, description='Whether annotations are loaded later.')

    ignore_keys: Annotated[
        str | list[Any] | None,
        Words('a string or a list of strings'),
        Says('TypeError: ignore_keys should be a list or str'),
    ] = Field(None, description='The keys of metainfo that may differ between the datasets.')


class RepeatDataset(Model):
    """A dataset, several times over.

    Source: mmengine.dataset.dataset_wrapper:RepeatDataset
    """

    HINTS: ClassVar[Any] = _OF_INNER

    dataset: Any = Field(description='The dataset: its type and arguments.')

    times: Annotated[
        PositiveInteger,
        Says('ZeroDivisionError', "TypeError: 'float' object cannot be interpreted as an integer"),
    ] = Field(description='How often the dataset is repeated within an epoch.')

    lazy_init: Flag = Field(False, description='Whether annotations are loaded later.')


class ClassBalancedDataset(Model):
    """A dataset in which images of rare classes are repeated.

    Source: mmengine.dataset.dataset_wrapper:ClassBalancedDataset
    """

    HINTS: ClassVar[Any] = _OF_INNER

    dataset: Any = Field(description='The dataset: its type and arguments; it must have `get_cat_ids`.')

    oversample_thr: Annotated[Number, Words('a number')] = Field(
        description='Classes that are on a smaller part of the images than this are repeated.'
    )

    lazy_init: Flag = Field(False, description='Whether annotations are loaded later.')
