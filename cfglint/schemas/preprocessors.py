"""data_preprocessor: what happens to a batch before the model sees it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from pydantic import Field

from cfglint.schemas.base import (
    Dict,
    Flag,
    Model,
    Number,
    OptionalFlag,
    Says,
    Sequence,
    Words,
    found,
    is_number,
    undecided,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cfglint.schemas import Violation

Channels = Annotated[
    Sequence[Number],
    Field(min_length=1, max_length=3),
    Words('a list of 1 or 3 numbers'),
    Says('AssertionError: should have 1 or 3 values, to be compatible with RGB or gray image'),
]


class BaseDataPreprocessor(Model):
    """Moves a batch to the device of the model.

    Source: mmengine.model.base_model.data_preprocessor:BaseDataPreprocessor
    """

    non_blocking: OptionalFlag = Field(False, description='Whether copying to the device does not block.')


class ImgDataPreprocessor(BaseDataPreprocessor):
    """Also normalizes images and pads them to one size.

    Source: mmengine.model.base_model.data_preprocessor:ImgDataPreprocessor
    """

    mean: Channels | None = Field(None, description='The mean of each channel, in units of pixel values.')
    std: Channels | None = Field(None, description='The standard deviation of each channel.')
    pad_size_divisor: Annotated[Number, Words('a positive integer')] = Field(
        1, description='Images are padded to a multiple of this.'
    )
    pad_value: Number = Field(0, description='The value of padded pixels.')
    bgr_to_rgb: Flag = Field(False, description='Whether channels are turned from BGR to RGB.')
    rgb_to_bgr: Flag = Field(False, description='Whether channels are turned from RGB to BGR.')

    @classmethod
    def relations(cls, given: Dict, name: str) -> Iterator[Violation]:
        mean, std = given.get('mean'), given.get('std')
        if not (undecided(mean) or undecided(std)) and (mean is None) != (std is None):
            message = '`mean` and `std` go together'
            said = 'AssertionError: mean and std should be both None or tuple'
            yield found('conflict', message, 'std' if mean is None else 'mean', says=said)
        for field, values in (('mean', mean), ('std', std)):
            if isinstance(values, (list, tuple)) and len(values) == 2:
                message = f'`{field}` must be a list of 1 or 3 numbers, got 2'
                said = 'AssertionError: should have 1 or 3 values, to be compatible with RGB or gray image'
                yield found('out-of-range', message, field, says=said)
        if isinstance(std, (list, tuple)) and is_number(*std) and 0 in std:
            message = '`std` has a 0: normalized images become infinite'
            yield found('out-of-range', message, 'std', severity='warning')
        if given.get('bgr_to_rgb') is True and given.get('rgb_to_bgr') is True:
            message = '`bgr_to_rgb` and `rgb_to_bgr` exclude each other'
            said = 'AssertionError: `bgr2rgb` and `rgb2bgr` cannot be set to True at the same time'
            yield found('conflict', message, 'rgb_to_bgr', says=said)
        if is_number(given.get('pad_size_divisor')) and given['pad_size_divisor'] == 0:
            message = '`pad_size_divisor` must be a positive integer, got `0`'
            yield found('out-of-range', message, 'pad_size_divisor', says='RuntimeError: ZeroDivisionError')
