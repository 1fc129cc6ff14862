"""The two sizes of a codec of mmpose."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cfglint.diagnostics import Advice
from cfglint.language.numbers import are_ints
from cfglint.rules.cause import report_between
from cfglint.rules.rule import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cfglint.diagnostics import Diagnostic
    from cfglint.rules.context import Context

CODECS: Final = frozenset(
    {'MSRAHeatmap', 'UDPHeatmap', 'MegviiHeatmap', 'DecoupledHeatmap', 'AssociativeEmbedding', 'SPR'}
)
"""Codecs that make heatmaps as the head does, which keeps what is high high, and what is wide wide."""


@rule(raises='must match the size of tensor', reads=('model',), words=CODECS)
def codec_size_mismatch(context: Context) -> Iterator[Diagnostic]:
    """An `input_size` that is high and a `heatmap_size` that is wide, or the other way round, in a codec of mmpose.

    Both are (width, height), where 0.x and torch often say (height, width). The heatmaps that are made for
    training do not fit those that the head predicts.

    ```py title="bad"
    default_scope = 'mmpose'
    codec = dict(type='MSRAHeatmap', input_size=(256, 192), heatmap_size=(48, 64), sigma=2)
    model = dict(type='TopdownPoseEstimator', head=dict(type='HeatmapHead', in_channels=32, out_channels=17, decoder=codec))
    ```

    ```py title="good"
    default_scope = 'mmpose'
    codec = dict(type='MSRAHeatmap', input_size=(192, 256), heatmap_size=(48, 64), sigma=2)
    model = dict(type='TopdownPoseEstimator', head=dict(type='HeatmapHead', in_channels=32, out_channels=17, decoder=codec))
    ```
    """
    value = context.value('model.head.decoder')
    codec = context.find('model.head.decoder') if isinstance(value, dict) else None
    if codec is None or codec.type_name not in CODECS:
        return
    image, heatmap = codec.value.get('input_size'), codec.value.get('heatmap_size')
    place = codec.get('heatmap_size')
    if place is None or not (_is_size(image) and _is_size(heatmap)):
        return
    if (image[0] - image[1]) * (heatmap[0] - heatmap[1]) >= 0:
        return
    lies = 'wide' if heatmap[0] > heatmap[1] else 'high'
    message = f'`heatmap_size` {tuple(heatmap)} is {lies}, but `input_size` {tuple(image)} is not'
    raises = 'RuntimeError: The size of tensor a must match the size of tensor b'
    advice = Advice('both are (width, height): swap the numbers of one,', f'heatmap_size={tuple(heatmap)[::-1]}')
    yield report_between(context, place, (codec.get('input_size'),), message, raises=raises, advice=advice)


def _is_size(value: object) -> bool:
    return isinstance(value, (list, tuple)) and len(value) == 2 and are_ints(value)
