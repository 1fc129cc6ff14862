"""The sizes of a pose model's codec, where pipelines and head say them once more."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any, Final

from cfglint.diagnostics import Advice
from cfglint.language.numbers import is_number
from cfglint.rules.cause import report_between
from cfglint.rules.reading.loaders import loaders
from cfglint.rules.reading.official import package_of
from cfglint.rules.reading.types import type_name
from cfglint.rules.rule import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cfglint.diagnostics import Diagnostic
    from cfglint.rules.context import Context
    from cfglint.rules.reading.items import Item

SETTINGS: Final = ('input_size', 'heatmap_size', 'simcc_split_ratio')


@rule(scope='entry', raises='must match the size of tensor', reads=('model', 'train_dataloader'), words=('decoder',))
def codec_settings_mismatch(context: Context) -> Iterator[Diagnostic]:
    """A pipeline or a head of mmpose with another `input_size`, `heatmap_size` or split than the head's `decoder`.

    The targets of training are made by the codec of `GenerateTarget`, for pictures that `TopdownAffine` has cut to size;
    the head predicts what its `decoder` reads, and SimCC heads are as wide as their `input_size` times
    `simcc_split_ratio`. A child that sets `codec` anew has to hand it to the pipelines, too: those of the base were made
    with the base's. Then the targets do not fit the predictions, or what is decoded is off by a factor.

    Source: `mmpose/models/heads/coord_cls_heads/rtmcc_head.py`, `mmpose/datasets/transforms/topdown_transforms.py`,
    `mmpose/codecs/`.

    ```py title="bad"
    default_scope = 'mmpose'
    codec = dict(type='SimCCLabel', input_size=(288, 384), simcc_split_ratio=2.0)
    model = dict(
        type='TopdownPoseEstimator',
        head=dict(
            type='RTMCCHead', in_channels=768, out_channels=17, input_size=(192, 256), in_featuremap_size=(6, 8), decoder=codec))
    ```

    ```py title="good"
    default_scope = 'mmpose'
    codec = dict(type='SimCCLabel', input_size=(192, 256), simcc_split_ratio=2.0)
    model = dict(
        type='TopdownPoseEstimator',
        head=dict(
            type='RTMCCHead', in_channels=768, out_channels=17, input_size=(192, 256), in_featuremap_size=(6, 8), decoder=codec))
    ```
    """
    head = context.find('model.head')
    decoder = head.get('decoder') if head is not None and isinstance(head.value, dict) else None
    if head is None or decoder is None or not isinstance(decoder.value, dict) or package_of(context, head) != 'mmpose':
        return
    yield from islice(_differences(context, head, decoder), 1)


def _differences(context: Context, head: Item, decoder: Item) -> Iterator[Diagnostic]:
    for name in SETTINGS:
        yield from _compare(context, head, decoder, name)
    for loader in loaders(context, 'train_dataloader'):
        for transform in loader.transforms:
            kind, encoder = transform.type_name, transform.get('encoder')
            if kind == 'TopdownAffine':
                yield from _compare(context, transform, decoder, 'input_size')
            elif kind == 'GenerateTarget' and encoder is not None and _is_like(encoder.value, decoder.value):
                for name in SETTINGS:
                    yield from _compare(context, encoder, decoder, name)


def _compare(context: Context, holder: Item, decoder: Item, name: str) -> Iterator[Diagnostic]:
    item, other = holder.get(name), decoder.get(name)
    if item is None or other is None or not (_is_plain(item.value) and _is_plain(other.value)):
        return
    if _shown(item.value) != _shown(other.value):
        owner = f'`{holder.type_name}`'
        message = (
            f"`{name}` of {owner} is {_shown(item.value)}, but that of the head's `decoder` is {_shown(other.value)}"
        )
        raises = 'RuntimeError: The size of tensor a must match the size of tensor b'
        advice = Advice('say the same in both:', f'{name}={_shown(other.value)}')
        yield report_between(context, item, (other,), message, raises=raises, advice=advice)


def _is_like(encoder: Any, decoder: dict[Any, Any]) -> bool:
    return isinstance(encoder, dict) and type_name(encoder.get('type')) == type_name(decoder.get('type'))


def _is_plain(value: Any) -> bool:
    return is_number(value) or (isinstance(value, (list, tuple)) and all(is_number(each) for each in value))


def _shown(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value
