"""The channels of the bird's eye view that an encoder of mmdet3d makes of voxels against those that the network takes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from cfglint.diagnostics import Advice
from cfglint.language.numbers import is_int
from cfglint.rules.cause import report_between
from cfglint.rules.reading.lookup import is_stock
from cfglint.rules.reading.parts import inherited, literal_default
from cfglint.rules.rule import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cfglint.diagnostics import Diagnostic
    from cfglint.rules.context import Context
    from cfglint.rules.reading.items import Item

_BRANCHES: Final = ('', 'pts_')
_KERNEL: Final = 3


@rule(
    scope='entry',
    raises='RuntimeError: Given groups=1',
    reads=('model',),
    words=('middle_encoder', 'pts_middle_encoder'),
)
def bev_channels_mismatch(context: Context) -> Iterator[Diagnostic]:
    """A network for the bird's eye view of mmdet3d that takes other channels than the encoder in the middle makes.

    `PointPillarsScatter` puts out its `in_channels`. A sparse encoder puts out `output_channels` for each level of height that
    is left: `sparse_shape` begins with the height, which each stage, but for one, and the last convolution halve. `41` becomes
    21, 11, 5 and 2 with the default `encoder_paddings`: 128 channels twice are the 256 that `SECOND` has to take.

    Source: `mmdet3d/models/middle_encoders/sparse_encoder.py`, `spatial_features.view(N, C * D, H, W)`, and `pillar_scatter.py`.

    ```py title="bad"
    default_scope = 'mmdet3d'
    model = dict(
        type='VoxelNet',
        middle_encoder=dict(type='SparseEncoder', in_channels=4, sparse_shape=[61, 1600, 1408]),
        backbone=dict(type='SECOND', in_channels=256))
    ```

    ```py title="good"
    default_scope = 'mmdet3d'
    model = dict(
        type='VoxelNet',
        middle_encoder=dict(type='SparseEncoder', in_channels=4, sparse_shape=[61, 1600, 1408]),
        backbone=dict(type='SECOND', in_channels=384))
    ```
    """
    model = context.section('model')
    if model is None or not isinstance(model.value, dict) or not is_stock(context, model):
        return
    for branch in _BRANCHES:
        encoder, backbone = model.get(f'{branch}middle_encoder'), model.get(f'{branch}backbone')
        if encoder is None or backbone is None or 'fusion_layer' in model.value:
            continue
        made = _made(context, encoder)
        if not is_stock(context, backbone) or backbone.type_name != 'SECOND' or made is None:
            continue
        given = backbone.get('in_channels')
        taken = literal_default(context, backbone, 'in_channels') if given is None else given.value
        if is_int(taken) and taken != made:
            yield _report(context, encoder, backbone, taken, made)


def _made(context: Context, encoder: Item) -> int | None:
    """Return how many channels an encoder puts out, None where that is not known."""
    kind = next(inherited(context, encoder, lambda facts: facts.bev_encoders), None)
    if kind == 'pillars':
        channels = _setting(context, encoder, 'in_channels')
        return channels if is_int(channels) else None
    height, channels = (
        _height(context, encoder) if kind == 'voxels' else None,
        _setting(context, encoder, 'output_channels'),
    )
    return height * channels if height is not None and is_int(channels) else None


def _height(context: Context, encoder: Item) -> int | None:
    """Return the levels of height that are left after all stages and the last convolution."""
    shape, stages, paddings = (
        _setting(context, encoder, name) for name in ('sparse_shape', 'encoder_channels', 'encoder_paddings')
    )
    by_blocks = _setting(context, encoder, 'block_type') == 'basicblock'
    if (
        not all(isinstance(each, (list, tuple)) for each in (shape, stages, paddings))
        or not shape
        or not is_int(shape[0])
    ):
        return None
    if len(stages) != len(paddings) or not all(isinstance(each, (list, tuple)) and each for each in paddings):
        return None
    height: int = shape[0]
    # A stage halves at its start, but for the first, or with `basicblock` at its end, but for the last.
    for stage in paddings[:-1] if by_blocks else paddings[1:]:
        padding = _first(stage[-1 if by_blocks else 0])
        if padding is None:
            return None
        height = _halved(height, padding)
    return max(_halved(height, 0), 0) or None


def _first(padding: Any) -> int | None:
    first = padding[0] if isinstance(padding, (list, tuple)) and padding else padding
    return first if is_int(first) else None


def _halved(height: int, padding: int) -> int:
    return (height + 2 * padding - _KERNEL) // 2 + 1


def _setting(context: Context, part: Item, name: str) -> Any:
    given = part.get(name)
    return literal_default(context, part, name) if given is None else given.value


def _report(context: Context, encoder: Item, backbone: Item, taken: int, made: int) -> Diagnostic:
    given = backbone.get('in_channels')
    place = given or backbone.get('type') or backbone
    message = f'`{backbone.name}` takes {taken} channels, but `{encoder.type_name}` makes {made}'
    others = (encoder.get('sparse_shape') or encoder.get('in_channels'), encoder.get('output_channels'))
    advice = Advice('write', f'in_channels={made}')
    raises = 'RuntimeError: Given groups=1, weight of size …, expected input … to have … channels'
    key = f'{backbone.key}.in_channels'
    return report_between(context, place, others, message, key=key, raises=raises, advice=advice)
