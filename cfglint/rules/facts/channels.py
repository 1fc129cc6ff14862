"""How many channels the stock backbones and necks put out."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final

from cfglint.catalog.model_facts import model_facts
from cfglint.language.numbers import are_ints, is_int, is_number
from cfglint.rules.facts.backbones import shape_arguments

if TYPE_CHECKING:
    from cfglint.rules.reading.types import ClassName

Channels = tuple[int, ...]

_PACKAGES: Final = frozenset({'mmdet', 'mmseg', 'mmpretrain', 'mmpose', 'mmdet3d', 'mmaction'})
_WIDTHS: Final = {18: 64, 34: 64, 50: 256, 101: 256, 152: 256}
_DEEP_ONLY: Final = frozenset({'ResNeXt', 'ResNeSt', 'Res2Net', 'SEResNeXt', 'DetectoRS_ResNeXt'})
_RESNETS: Final = _DEEP_ONLY | {'ResNet', 'ResNetV1c', 'ResNetV1d', 'SEResNet', 'DetectoRS_ResNet'}
_CLIP_RESNETS: Final = frozenset({'ResNet', 'ResNetTSM', 'ResNet3d', 'ResNet3dSlowOnly', 'ResNet2Plus1d'})
"""Those of mmaction, for frames and for clips."""
_LAST_STAGE_ONLY: Final = frozenset({'mmpretrain', 'mmpose', 'mmaction'})
"""Packages whose ResNet puts out its last stage, unless told otherwise."""
_SWIN_ARCHES: Final = {
    **dict.fromkeys(('t', 'tiny', 's', 'small'), 96),
    **dict.fromkeys(('b', 'base'), 128),
    **dict.fromkeys(('l', 'large'), 192),
}
_CONVNEXT_ARCHES: Final = {
    'atto': 40, 'femto': 48, 'pico': 64, 'nano': 80, 'tiny': 96, 'small': 96, 'base': 128, 'large': 192, 'xlarge':
    256, 'huge': 352,
}  # fmt: skip
_MAX_STAGES: Final = 64
"""No real network has as many stages, or outputs."""
_EXPANSIONS: Final = {'BASIC': 1, 'BOTTLENECK': 4}

_CSP_WIDTHS: Final = {'P5': (64, 128, 256, 512, 1024), 'P6': (64, 128, 256, 512, 768, 1024)}
"""`arch` of CSPDarknet and CSPNeXt → the channels of the stem and of each stage, before they are widened."""

UNIFORM_NECKS: Final = frozenset({
    'FPN', 'PAFPN', 'NASFPN', 'FPN_CARAFE', 'FPN_DropBlock', 'FPG', 'ChannelMapper', 'HRFPN', 'YOLOXPAFPN',
    'CSPNeXtPAFPN',
    'MultiLevelNeck',
})  # fmt: skip
"""Necks that take a list of channels, one for each input, and give all outputs `out_channels`."""
TAKING_NECKS: Final = UNIFORM_NECKS | {'SECONDFPN', 'FPNC', 'FPEM_FFM', 'FPNF', 'FPN_UNet'}
"""Necks that take a list of channels, one for each input."""
AS_MANY_NECKS: Final = frozenset({'ChannelMapper', 'YOLOXPAFPN', 'CSPNeXtPAFPN'})
"""Those that put out as many levels as they have `in_channels`, unless told otherwise."""


def of_backbone(value: dict[Any, Any], known: ClassName) -> Channels | None:
    """Return the channels of each output of a stock backbone, None where they are not certain."""
    if known.package not in _PACKAGES:
        return None
    if known.name in (_CLIP_RESNETS if known.package == 'mmaction' else _RESNETS):
        return _of_resnet(value, known)
    if known.name == 'SwinTransformer':
        return _of_swin(value, known)
    if known.name == 'ConvNeXt' and known.package == 'mmpretrain':
        arch = value.get('arch', 'tiny')
        first = _CONVNEXT_ARCHES.get(arch) if isinstance(arch, str) else None
        return None if first is None else _chosen(_doubling(first), value.get('out_indices', -1))
    if known.name == 'HRNet' and known.package in ('mmdet', 'mmseg', 'mmpose'):
        return _of_hrnet(value, known)
    if known.name in ('CSPDarknet', 'CSPNeXt') and known.package == 'mmdet':
        return _of_csp(value)
    if known.name == 'SECOND' and known.package == 'mmdet3d':
        return _listed(value.get('out_channels', (128, 128, 256)))
    return _of_measured(value, known)


def _of_measured(value: dict[Any, Any], known: ClassName) -> Channels | None:
    """Return what the real backbone gave with the same arguments (`tools/build_outputs.py`)."""
    outputs = model_facts(known.package).backbone_outputs.get(known.name)
    arguments = None if outputs is None else shape_arguments(value)
    channels = None if outputs is None or arguments is None else outputs.channels.get(arguments)
    if outputs is None or channels is None:
        return None
    if outputs.default is None:
        return None if 'out_indices' in value else channels
    return _chosen(channels, value.get('out_indices', outputs.default))


def _of_resnet(value: dict[Any, Any], known: ClassName) -> Channels | None:
    depth, base, stages = value.get('depth'), value.get('base_channels', 64), value.get('num_stages', 4)
    if not (is_int(depth) and is_int(base) and is_int(stages)) or depth not in _WIDTHS or 'expansion' in value:
        return None
    if known.name in _DEEP_ONLY and depth < 50:
        return None
    default = (3,) if known.package in _LAST_STAGE_ONLY else (0, 1, 2, 3)
    return _chosen(_doubling(_WIDTHS[depth] * base // 64, stages), value.get('out_indices', default))


def _of_swin(value: dict[Any, Any], known: ClassName) -> Channels | None:
    if known.package == 'mmpretrain':
        arch = value.get('arch', 'tiny')
        first = _SWIN_ARCHES.get(arch) if isinstance(arch, str) else None
        default: tuple[int, ...] = (3,)
    else:
        first = value.get('embed_dims', 96)
        default = (0, 1, 2, 3)
    depths = value.get('depths', (2, 2, 6, 2))
    if not is_int(first) or not isinstance(depths, (list, tuple)):
        return None
    return _chosen(_doubling(first, len(depths)), value.get('out_indices', default))


def _of_hrnet(value: dict[Any, Any], known: ClassName) -> Channels | None:
    extra = value.get('extra')
    stage = extra.get('stage4') if isinstance(extra, dict) else None
    if not isinstance(stage, dict) or value.get('multiscale_output', True) is not True:
        return None
    # In mmpose, it is the last stage that says whether all branches are put out, or the first only.
    gives_all = stage.get('multiscale_output', False) if known.package == 'mmpose' else True
    if not isinstance(gives_all, bool):
        return None
    channels, factor = stage.get('num_channels'), _EXPANSIONS.get(str(stage.get('block')))
    if not isinstance(channels, (list, tuple)) or not are_ints(channels) or factor is None:
        return None
    return tuple(each * factor for each in (channels if gives_all else channels[:1]))


def _of_csp(value: dict[Any, Any]) -> Channels | None:
    arch, factor = value.get('arch', 'P5'), value.get('widen_factor', 1.0)
    widths = _CSP_WIDTHS.get(arch) if isinstance(arch, str) else None
    if widths is None or not is_number(factor) or not math.isfinite(factor) or value.get('arch_ovewrite') is not None:
        return None
    return _chosen(tuple(int(width * factor) for width in widths), value.get('out_indices', (2, 3, 4)))


def _listed(channels: Any) -> Channels | None:
    return tuple(channels) if isinstance(channels, (list, tuple)) and are_ints(channels) else None


def _doubling(first: int, stages: int = 4) -> Channels | None:
    return None if stages > _MAX_STAGES else tuple(first * 2**stage for stage in range(stages))


def _chosen(channels: Channels | None, indices: Any) -> Channels | None:
    """Return the channels of the stages that are put out, in the order of the stages."""
    wanted = (indices,) if is_int(indices) else indices
    if channels is None or not isinstance(wanted, (list, tuple)) or not are_ints(wanted):
        return None
    stages = sorted(each % len(channels) for each in wanted if -len(channels) <= each < len(channels))
    return tuple(channels[stage] for stage in stages) if len(stages) == len(wanted) else None


def of_neck(value: dict[Any, Any], known: ClassName) -> Channels | None:
    """Return the channels of each output of a stock neck, None where they are not certain."""
    out = value.get('out_channels')
    if known.name == 'SECONDFPN' and known.package == 'mmdet3d':
        listed = _listed(value.get('out_channels', (256, 256, 256)))
        return None if listed is None else (sum(listed),)
    if known.name == 'FPNC' and known.package == 'mmocr':  # what it puts out is joined
        inputs, each = _listed(value.get('in_channels')), value.get('out_channels', 64)
        return (each * len(inputs),) if inputs is not None and is_int(each) else None
    if known.name not in UNIFORM_NECKS or known.package not in _PACKAGES or not is_int(out):
        return None
    count = outputs_of(value, known.name)
    return (out,) * count if count is not None and count <= _MAX_STAGES else None


def outputs_of(neck: dict[Any, Any], name: str) -> int | None:
    """Return how many outputs a stock neck has, None where that is not certain."""
    inputs = neck.get('in_channels')
    default = len(inputs) if isinstance(inputs, (list, tuple)) and name in AS_MANY_NECKS else _DEFAULT_OUTS.get(name)
    if name == 'MultiLevelNeck' and 'scales' in neck:
        scales = neck['scales']
        return len(scales) if isinstance(scales, (list, tuple)) else None
    count = neck.get('num_outs', default)
    return count if is_int(count) and name in UNIFORM_NECKS else None


_DEFAULT_OUTS: Final = {'HRFPN': 5, 'MultiLevelNeck': 4}
"""Necks with a number of outputs by default."""
