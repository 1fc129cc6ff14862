"""How mmseg makes images of a batch equally large."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cfglint.diagnostics import Advice
from cfglint.language.values import Unknown
from cfglint.rules.cause import report_between
from cfglint.rules.reading.types import class_name
from cfglint.rules.rule import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cfglint.diagnostics import Diagnostic
    from cfglint.rules.context import Context

NAMES: Final = frozenset({'SegDataPreProcessor', 'DualInputSegDataPreProcessor'})


@rule(
    scope='entry',
    raises='only one of size and size_divisor should be valid',
    reads=('model', 'data_preprocessor', 'train_dataloader', 'crop_size'),
    words=NAMES,
)
def unsized_seg_preprocessor(context: Context) -> Iterator[Diagnostic]:
    """A `SegDataPreProcessor` without `size` or `size_divisor` (or with both) in a config that trains.

    The first batch fails with `AssertionError: only one of size and size_divisor should be valid`. Pass the size of
    the crops.

    ```py title="bad"
    default_scope = 'mmseg'
    crop_size = (512, 512)
    model = dict(type='EncoderDecoder', data_preprocessor=dict(type='SegDataPreProcessor', bgr_to_rgb=True))
    ```

    ```py title="good"
    default_scope = 'mmseg'
    crop_size = (512, 512)
    model = dict(
        type='EncoderDecoder',
        data_preprocessor=dict(type='SegDataPreProcessor', bgr_to_rgb=True, size=crop_size))
    ```
    """
    item = context.find('model.data_preprocessor')
    if item is None and isinstance(context.value('model'), dict):
        item = context.section('data_preprocessor')
    if item is None or not isinstance(item.value, dict) or context.value('train_dataloader') is None:
        return
    known = class_name(item.value, context.given_scope)
    if known is None or known.package != 'mmseg' or known.name not in NAMES:
        return
    size, divisor = item.value.get('size'), item.value.get('size_divisor')
    raises = 'AssertionError: only one of size and size_divisor should be valid'
    if isinstance(size, Unknown) or isinstance(divisor, Unknown):
        return
    if size is None and divisor is None:
        others = (
            item.get('size'),
            item.get('size_divisor'),
            context.section('model'),
            context.section('train_dataloader'),
            context.section('crop_size'),
        )
        message = f'`{item.key}` has neither `size` nor `size_divisor`'
        advice = Advice('write the size of the crops, such as', 'size=(512, 512)')
        if _pair(context.value('crop_size')):
            advice = Advice('write the size of the crops:', 'size=crop_size')
        yield report_between(context, item, others, message, raises=raises, advice=advice)
    elif size is not None and divisor is not None:
        later = item.get('size_divisor') or item
        message = f'`{item.key}` has both `size` and `size_divisor`'
        advice = Advice('set one of them to None, such as', 'size_divisor=None')
        yield report_between(context, later, (item.get('size'),), message, raises=raises, advice=advice)


def _pair(value: object) -> bool:
    return isinstance(value, (list, tuple)) and len(value) == 2
