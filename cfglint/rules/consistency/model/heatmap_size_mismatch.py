"""The size of heatmaps against what backbone and head of a pose model put out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from cfglint.diagnostics import Advice
from cfglint.language.numbers import is_int
from cfglint.rules.cause import report_between
from cfglint.rules.reading.official import data_facts_of
from cfglint.rules.rule import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cfglint.diagnostics import Diagnostic
    from cfglint.rules.context import Context
    from cfglint.rules.reading.items import Item

HEATMAPS: Final = ('MSRAHeatmap', 'UDPHeatmap', 'MegviiHeatmap')
DECONVOLVED: Final = frozenset({'HeatmapHead', 'ViPNASHead'})
DEFAULT_STRIDE: Final = 32
"""What three deconvolutions, the default, are for."""
SHAPING: Final = frozenset({
    'strides', 'dilations', 'num_stages', 'stem_channels', 'patch_sizes', 'patch_size', 'deep_stem',
    'downsample_times', 'num_stacks', 'overlap', 'stage_cfg', 'output_cfg', 'arch_ovewrite', 'out_type', 'extra', 'sr_ratios',
})  # fmt: skip
"""Arguments of backbones that may change the size of what they put out."""


@rule(scope='entry', raises='must match the size of tensor', reads=('model',), words=('decoder',))
def heatmap_size_mismatch(context: Context) -> Iterator[Diagnostic]:
    """A codec of mmpose whose `heatmap_size` is not what backbone and head make of `input_size`.

    ResNet and its kind put out 1/32 of the input, HRNet 1/4, and each deconvolution of `HeatmapHead` (three by default)
    doubles that. The heatmaps that are predicted have to be as large as those that the codec makes for training.
    Only models without a neck are judged, with a backbone that is known and has its default strides.

    Source: `mmpose/models/heads/heatmap_heads/heatmap_head.py`, `deconv_out_channels`; `mmpose/models/backbones/`.

    ```py title="bad"
    default_scope = 'mmpose'
    codec = dict(type='MSRAHeatmap', input_size=(192, 256), heatmap_size=(48, 64), sigma=2)
    model = dict(
        type='TopdownPoseEstimator',
        backbone=dict(type='ResNet', depth=50),
        head=dict(type='HeatmapHead', in_channels=2048, out_channels=17, deconv_out_channels=None, decoder=codec))
    ```

    ```py title="good"
    default_scope = 'mmpose'
    codec = dict(type='MSRAHeatmap', input_size=(192, 256), heatmap_size=(48, 64), sigma=2)
    model = dict(
        type='TopdownPoseEstimator',
        backbone=dict(type='ResNet', depth=50),
        head=dict(type='HeatmapHead', in_channels=2048, out_channels=17, decoder=codec))
    ```
    """
    backbone, head = context.find('model.backbone'), context.find('model.head')
    if backbone is None or head is None or not isinstance(head.value, dict) or context.value('model.neck') is not None:
        return
    codec = head.get('decoder')
    kind = head.type_name
    if codec is None or not isinstance(codec.value, dict) or not isinstance(backbone.value, dict):
        return
    size: Any = codec.value.get('input_size')
    stride = _stride(context, backbone)
    if (
        stride is None
        or not _is_size(size)
        or any(each % stride for each in size)
        or not data_facts_of(context, head).strides
    ):
        return
    features = tuple(each // stride for each in size)
    if kind in DECONVOLVED and codec.type_name in HEATMAPS:
        yield from _of_heatmaps(context, head, codec, backbone, features)
    given = head.get('in_featuremap_size')
    if given is not None and _is_size(given.value) and tuple(given.value) != features:
        message = f'`in_featuremap_size` is {tuple(given.value)}, but the backbone puts out {features} of {tuple(size)}'
        advice = Advice('write', f'head=dict(in_featuremap_size={features})')
        others = (backbone.get('type'), codec.get('input_size'))
        raises = 'RuntimeError: mat1 and mat2 shapes cannot be multiplied'
        yield report_between(context, given, others, message, raises=raises, advice=advice)


def _of_heatmaps(
    context: Context, head: Item, codec: Item, backbone: Item, features: tuple[int, ...]
) -> Iterator[Diagnostic]:
    target, steps = codec.value.get('heatmap_size'), _doublings(head.value)
    if steps is None or not _is_size(target):
        return
    made = tuple(each * 2**steps for each in features)
    if made == tuple(target):
        return
    name = backbone.type_name
    message = f'`{name}` and {steps} deconvolutions make heatmaps of {made}, but the codec makes {tuple(target)}'
    needed = next((n for n in range(6) if tuple(each * 2**n for each in features) == tuple(target)), None)
    code, given = f'codec = dict(heatmap_size={made})', head.get('deconv_out_channels')
    is_other_backbone = needed != steps and features[0] * DEFAULT_STRIDE != codec.value['input_size'][0]
    if needed is not None and (given is not None or is_other_backbone):
        code = f'head=dict(deconv_out_channels={(256,) * needed}, deconv_kernel_sizes={(4,) * needed})'
    sizes = (codec.get('heatmap_size'), codec.get('input_size'))
    others = (backbone.get('type'), *sizes, head.get('in_channels') if given is not None else None)
    yield report_between(context, given or sizes[0] or codec, others, message, advice=Advice('write', code))


def _doublings(head: dict[Any, Any]) -> int | None:
    given = head.get('deconv_out_channels', (256, 256, 256))
    return 0 if given is None else len(given) if isinstance(given, (list, tuple)) else None


def _stride(context: Context, backbone: Item) -> int | None:
    kind, facts = backbone.type_name or '', data_facts_of(context, backbone)
    if kind in facts.patches:
        size, cut = backbone.value.get('patch_size', facts.patches[kind]), backbone.value.get('patch_cfg') or {}
        whole = backbone.value.get('out_type') == 'featmap' and isinstance(cut, dict) and 'stride' not in cut
        return size if whole and is_int(size) and size > 0 else None
    extra = SHAPING - {'extra'} if kind in ('HRNet', 'HRFormer', 'LiteHRNet') else SHAPING
    stride, indices = facts.strides.get(kind), backbone.value.get('out_indices')
    if stride is None or not extra.isdisjoint(backbone.value):
        return None
    if 'out_indices' not in backbone.value:
        return stride
    last = facts.last_outputs.get(kind)
    taken = indices[-1] if isinstance(indices, (list, tuple)) and indices else None
    return None if last is None or not is_int(taken) or not 0 <= taken <= last else stride >> (last - taken)


def _is_size(value: Any) -> bool:
    return isinstance(value, (list, tuple)) and len(value) == 2 and all(is_int(each) and each > 0 for each in value)
