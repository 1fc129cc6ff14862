"""The channels of pictures: what the backbone takes against what the preprocessor subtracts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from cfglint.diagnostics import Advice
from cfglint.language.numbers import is_int, is_number
from cfglint.rules.cause import report_between
from cfglint.rules.reading.parts import default_of, derives, facts_of
from cfglint.rules.rule import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cfglint.diagnostics import Diagnostic
    from cfglint.rules.context import Context
    from cfglint.rules.reading.items import Item


COLOURS: Final = 'mmengine.model.base_model.data_preprocessor.ImgDataPreprocessor'
"""The preprocessor for gray pictures and those of three colours."""


@rule(scope='entry', reads=('model', 'data_preprocessor'), words=('backbone',))
def image_channels_mismatch(context: Context) -> Iterator[Diagnostic]:
    """A backbone that takes pictures of other channels than `mean` and `std` have.

    Preprocessors subtract `mean`, which has a number for each channel, and hand the picture on to the backbone, whose
    `in_channels` are 3 if they are not given. One number alone holds for all channels. Of the two, one cannot be right: the
    first batch fails. MMEngine's `ImgDataPreprocessor`, which mmdet's, mmpose's and others inherit, takes one number or three.

    Sources: `mmseg/models/data_preprocessor.py`, `mmpretrain/models/utils/data_preprocessor.py`,
    `mmengine/model/base_model/data_preprocessor.py`.

    ```py title="bad"
    default_scope = 'mmseg'
    model = dict(
        type='EncoderDecoder',
        data_preprocessor=dict(
            type='SegDataPreProcessor', mean=[123.7, 116.3, 103.5], std=[58.4, 57.1, 57.4], size=(64, 64)),
        backbone=dict(type='ResNetV1c', depth=50, in_channels=4))
    ```

    ```py title="good"
    default_scope = 'mmseg'
    model = dict(
        type='EncoderDecoder',
        data_preprocessor=dict(
            type='SegDataPreProcessor', mean=[123.7, 116.3, 103.5, 90.0], std=[58.4, 57.1, 57.4, 50.0], size=(64, 64)),
        backbone=dict(type='ResNetV1c', depth=50, in_channels=4))
    ```
    """
    model = context.section('model')
    backbone = None if model is None else model.get('backbone')
    if model is None or backbone is None or not isinstance(backbone.value, dict):
        return
    preprocessor = model.get('data_preprocessor') or context.section('data_preprocessor')
    if preprocessor is None or not isinstance(preprocessor.value, dict):
        return
    names = [name for name in ('mean', 'std') if _length(preprocessor.value.get(name)) > 1]
    odd = next((name for name in names if _length(preprocessor.value[name]) != 3), None)
    if odd is not None and derives(context, preprocessor, (COLOURS,)):
        place = preprocessor.get(odd) or preprocessor
        message = f'`{preprocessor.type_name}` takes one number or three in `{odd}`, not {len(place.value)}'
        raises, advice = (
            f'AssertionError: `{odd}` should have 1 or 3 values',
            Advice('write one number for all channels'),
        )
        yield context.report(place, message, raises=raises, advice=advice)
        return
    channels = _channels(context, backbone) if names else None
    if channels is None or not is_for_pictures(context, model, preprocessor):
        return
    for name in names:
        item = preprocessor.get(name)
        if item is not None and len(item.value) != channels:
            yield _diagnostic(context, model, backbone, item, channels)
            return


def _diagnostic(context: Context, model: Item, backbone: Item, item: Item, channels: int) -> Diagnostic:
    given = backbone.get('in_channels')
    count = len(item.value)
    what = '`model.backbone.in_channels` is' if given is not None else f'`{backbone.type_name}` takes by default'
    message = f'{what} {channels}, but `{item.key}` has {count} values'
    advice = Advice('tell the backbone how many channels there are:', f'backbone=dict(in_channels={count})')
    if given is not None and channels != 3:
        advice = Advice(f'give {item.name} and std {channels} values, one for each channel')
    raises = 'RuntimeError: The size of tensor a must match the size of tensor b'
    others = (item,) if given is not None else (backbone.get('type'),)
    return report_between(context, given or item, others, message, raises=raises, advice=advice)


def _length(value: Any) -> int:
    return len(value) if isinstance(value, (list, tuple)) and all(map(is_number, value)) else 0


def _channels(context: Context, backbone: Item) -> int | None:
    """Return how many channels the backbone takes, None if that is not known."""
    if 'in_channels' in backbone.value:
        given = backbone.value['in_channels']
        return given if is_int(given) and facts_of(context, backbone).image_preprocessors else None
    if not facts_of(context, backbone).image_preprocessors:
        return None
    default = default_of(context, backbone, 'in_channels')
    return int(default) if default is not None and default.isdecimal() else None


def is_for_pictures(context: Context, model: Item, preprocessor: Item) -> bool:
    """Tell whether a preprocessor hands pictures on to the backbone with the channels that it gets, less one mean for each."""
    if 'type' in preprocessor.value:
        return preprocessor.type_name in facts_of(context, preprocessor).image_preprocessors
    return model.type_name in facts_of(context, model).default_preprocessors
