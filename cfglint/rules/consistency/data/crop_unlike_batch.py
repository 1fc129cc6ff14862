"""The size of crops against the size to which mmseg pads a batch."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cfglint.diagnostics import Advice, Diagnostic, Severity
from cfglint.language.numbers import are_ints, is_int
from cfglint.rules.cause import report_between
from cfglint.rules.reading.loaders import Section, loaders
from cfglint.rules.reading.types import class_name
from cfglint.rules.rule import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cfglint.rules.context import Context
    from cfglint.rules.reading.items import Item


@rule(scope='entry', severity=Severity.WARNING, reads=('model', 'train_dataloader'), words=('RandomCrop',))
def crop_unlike_batch(context: Context) -> Iterator[Diagnostic]:
    """Crops of another size than `data_preprocessor.size` in mmseg.

    `SegDataPreProcessor` pads each image of a batch up to `size`. Where crops are smaller, most of the batch is
    padding; where they are larger, images that are smaller than a crop do not fit into the batch. A changed
    `crop_size` has to reach both.

    ```py title="bad"
    default_scope = 'mmseg'
    model = dict(type='EncoderDecoder', data_preprocessor=dict(type='SegDataPreProcessor', size=(512, 512)))
    train_dataloader = dict(
        dataset=dict(type='ADE20KDataset', pipeline=[dict(type='RandomCrop', crop_size=(256, 256))]))
    ```

    ```py title="good"
    default_scope = 'mmseg'
    model = dict(type='EncoderDecoder', data_preprocessor=dict(type='SegDataPreProcessor', size=(256, 256)))
    train_dataloader = dict(
        dataset=dict(type='ADE20KDataset', pipeline=[dict(type='RandomCrop', crop_size=(256, 256))]))
    ```
    """
    crops = [crop for loader in loaders(context, 'train_dataloader') for crop in loader.find('crops', _crops)]
    item = context.find('model.data_preprocessor') if crops else None
    known = class_name(item.value, context.given_scope) if item is not None and isinstance(item.value, dict) else None
    size = None if item is None or known is None or known.package != 'mmseg' else item.get('size')
    if size is None or _pair(size.value) is None:
        return
    if all(_pair(crop.value) != _pair(size.value) for crop in crops):
        crop = _pair(crops[0].value)
        message = f'`{size.key}` is {_pair(size.value)}, but images are cropped to {crop}'
        yield report_between(context, size, (crops[0],), message, advice=Advice('write', f'size={crop}'))


def _crops(loader: Section) -> Iterator[Item]:
    for transform in loader.transforms if 'RandomCrop' in loader.words else ():
        crop = transform.get('crop_size')
        if transform.value.get('type') == 'RandomCrop' and crop is not None and _pair(crop.value) is not None:
            yield crop


def _pair(value: Any) -> tuple[int, int] | None:
    if is_int(value):
        return value, value
    if isinstance(value, (list, tuple)) and len(value) == 2 and are_ints(value):
        return value[0], value[1]
    return None
