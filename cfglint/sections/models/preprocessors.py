"""data_preprocessor."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from cfglint.sections.models.base import (
    Flag,
    Model,
    Number,
    OptionalFlag,
    Says,
    Sequence,
    Words,
)

Channels = Annotated[
    Sequence[Number],
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
