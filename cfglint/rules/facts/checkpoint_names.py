"""What the name of a file of weights says of the network that it is for.

The names are those of torchvision, of MMEngine's model zoo and of OpenMMLab's downloads; a name that tells nothing means
nothing.
"""

from __future__ import annotations

import re
from typing import Any, Final, NamedTuple

from cfglint.language.numbers import are_ints, is_int

FAMILIES: Final = {
    **dict.fromkeys(('ResNet', 'ResNetV1c', 'ResNetV1d', 'TridentResNet', 'DetectoRS_ResNet', 'SEResNet'), 'resnet'),
    **dict.fromkeys(('ResNetTSM', 'ResNet2Plus1d', 'ResNet3d', 'ResNet3dSlowOnly', 'ResNet3dCSN'), 'resnet'),
    **dict.fromkeys(('ReResNet', 'ResNetV1b'), 'resnet'),
    **dict.fromkeys(('ResNeXt', 'DetectoRS_ResNeXt', 'SEResNeXt'), 'resnext'),
    'ResNeSt': 'resnest',
    'Res2Net': 'res2net',
    'RegNet': 'regnet',
    'SwinTransformer': 'swin',
    'HRNet': 'hrnet',
    'ConvNeXt': 'convnext',
    'MixVisionTransformer': 'mit',
    'MobileNetV2': 'mobilenet_v2',
    'MobileNetV3': 'mobilenet_v3',
    'Darknet': 'darknet',
    'SSDVGG': 'vgg',
    'CSPNeXt': 'cspnext',
    'YOLOv5CSPDarknet': 'yolov5',
    'YOLOv6EfficientRep': 'yolov6',
    'YOLOv6CSPBep': 'yolov6',
    'YOLOv7Backbone': 'yolov7',
    'YOLOv8CSPDarknet': 'yolov8',
    'YOLOXCSPDarknet': 'yolox',
    'CSPDarknet': 'yolox',
    'PPYOLOECSPResNet': 'ppyoloe',
    'VisionTransformer': 'vit',
    'PyramidVisionTransformer': 'pvt',
    'PyramidVisionTransformerV2': 'pvt',
}
"""Type of a backbone → what its weights are called."""

_NAMES: Final = (
    ('resnext', re.compile(r'(?<![a-z])resnext[-_]?(\d+)(?:[-_](\d+)x(\d+)d)?')),
    ('resnest', re.compile(r'(?<![a-z])resnest[-_]?(\d+)')),
    ('res2net', re.compile(r'(?<![a-z])res2net[-_]?(\d+)')),
    ('resnet', re.compile(r'(?<![a-z])resnet[-_]?(18|34|50|101|152|200|269)(?!\d)')),
    ('regnet', re.compile(r'(?<![a-z])(regnet[xy][-_][\d.]+[mg]f)')),
    ('swin', re.compile(r'(?<![a-z])swin[-_](tiny|small|base|large)(?![a-z])')),
    ('hrnet', re.compile(r'(?<![a-z])hrnet(?:v2)?[-_]w(\d+)')),
    ('convnext', re.compile(r'(?<![a-z])convnext[-_](atto|femto|pico|nano|tiny|small|base|large|xlarge)(?![a-z])')),
    ('mit', re.compile(r'(?<![a-z])mit[-_](b[0-5])(?!\d)')),
    ('cspnext', re.compile(r'(?<![a-z])cspnext[-_](tiny|[smlx])(?![a-z0-9])')),
    ('pvt', re.compile(r'(?<![a-z])pvt[-_](v2[-_]b[0-5]|tiny|small|medium|large)(?![a-z0-9])')),
)
_ODD: Final = re.compile(r'wide|csp|unet|clip|dino|vit|distill')
"""Words of names that may mean another network than the rest of the name."""
_SWIN: Final = {'tiny': (96, 6), 'small': (96, 18), 'base': (128, 18), 'large': (192, 18)}
_SWIN_ARCHES: Final = {'t': 'tiny', 's': 'small', 'b': 'base', 'l': 'large'}
_DEPTHS: Final = frozenset({18, 34, 50, 101, 152, 200, 269})
"""Others exist nowhere: that is another mistake."""
_CONVNEXTS: Final = frozenset({'atto', 'femto', 'pico', 'nano', 'tiny', 'small', 'base', 'large', 'xlarge', 'huge'})
_PVT: Final = {
    **dict.fromkeys(('tiny', 'v2_b0', 'v2_b1'), (2, 2, 2, 2)),
    **dict.fromkeys(('small', 'v2_b2'), (3, 4, 6, 3)),
    **dict.fromkeys(('medium', 'v2_b3'), (3, 4, 18, 3)),
    **dict.fromkeys(('large', 'v2_b4'), (3, 8, 27, 3)),
    'v2_b5': (3, 6, 40, 3),
}
_MIT: Final = {
    'b0': (32, (2, 2, 2, 2)),
    'b1': (64, (2, 2, 2, 2)),
    'b2': (64, (3, 4, 6, 3)),
    'b3': (64, (3, 4, 18, 3)),
    'b4': (64, (3, 8, 27, 3)),
    'b5': (64, (3, 6, 40, 3)),
}
_WHOLE: Final = (
    ('resnet', re.compile(r'(?<![a-z0-9])r(?:es(?:net)?)?[-_]?(18|34|50|101|152)(?![0-9a-z.])')),
    ('resnext', re.compile(r'(?<![a-z0-9])x(50|101|152)[-_](\d+)x(\d+)d')),
    ('swin', re.compile(r'(?<![a-z])swin[-_](tiny|small|base|large|t|s|b|l)(?![a-z0-9])')),
    ('hrnet', re.compile(r'(?<![a-z])hr(?:net(?:v2p?)?[-_]w)?(18|32|40|48)(?![0-9a-z])')),
    ('convnext', re.compile(r'(?<![a-z])convnext[-_](tiny|small|base|large|xlarge)(?![a-z])')),
    ('regnet', re.compile(r'(?<![a-z])(regnet[xy][-_][\d.]+[mg]f)')),
    ('mit', re.compile(r'(?<![a-z])mit[-_](b[0-5])(?!\d)')),
    ('mobilenet_v2', re.compile(r'mobilenet[-_]?v2()')),
    ('vit', re.compile(r'(?<![a-z])vit[-_](tiny|small|base|large|huge)(?![a-z])')),
    ('cspnext', re.compile(r'(?<![a-z])(?:rtmdet|rtmpose)(?:-(?:ins|r2?))?[-_](tiny|[tsmlx])(?![a-z0-9])')),
    *(
        (family, re.compile(rf'(?<![a-z]){family}[-_](?:plus[-_])?(nano|tiny|[ntsmlx])(?![a-z0-9])'))
        for family in ('yolov5', 'yolov6', 'yolov7', 'yolov8', 'yolox', 'ppyoloe')
    ),
)
"""How OpenMMLab's names of whole models call their backbone: `faster_rcnn_r50_fpn`, `yolov5_s-v61`."""
_WIDTHS: Final = {
    'n': 0.25, 'nano': 0.25, 't': 0.375, 'tiny': 0.375, 's': 0.5, 'm': 0.75, 'l': 1.0, 'x': 1.25
}  # fmt: skip
"""Size of a YOLO → its `widen_factor`."""


class Named(NamedTuple):
    """What a name says: the family, and the groups of its pattern."""

    family: str
    sizes: tuple[str | None, ...]

    @property
    def shown(self) -> str:
        """The network, in words."""
        first, *rest = self.sizes if self.sizes != ('',) else ('',)
        more = f' {rest[0]}x{rest[1]}d' if rest and rest[0] is not None else ''
        return str(first) if self.family == 'regnet' else f'{self.family} {first}{more}'


def network(name: str) -> Named | None:
    """Return what a name or address of weights says of their network, None if it says nothing for sure."""
    base = name.rpartition('/')[2].lower()
    if _ODD.search(base):
        return None
    found = [(family, match) for family, pattern in _NAMES if (match := pattern.search(base)) is not None]
    return Named(found[0][0], found[0][1].groups()) if len(found) == 1 else None


def backbone_of(name: str) -> Named | None:
    """Return what the name of a whole model says of its backbone, None if it says nothing or several things."""
    base = name.rpartition('/')[2].lower()
    found = {(family, match.groups()) for family, pattern in _WHOLE for match in pattern.finditer(base)}
    return Named(*found.pop()) if len(found) == 1 else None


def differs(named: Named, kind: str, part: dict[Any, Any]) -> str | None:
    """Return the dotted argument that says otherwise than the name of the weights; `type` if it is another family."""
    family = FAMILIES.get(kind)
    if family is None:
        return None
    if family != named.family:
        return 'type'
    check = _CHECKS.get(family)
    return None if check is None else check(named.sizes, part)


def _depth(sizes: tuple[str | None, ...], part: dict[Any, Any]) -> str | None:
    depth = part.get('depth')
    return 'depth' if is_int(depth) and depth in _DEPTHS and str(depth) != sizes[0] else None


def _resnext(sizes: tuple[str | None, ...], part: dict[Any, Any]) -> str | None:
    found = _depth(sizes, part)
    if found is not None or sizes[1] is None:
        return found
    given = {'groups': sizes[1], 'base_width': sizes[2], 'width_per_group': sizes[2]}
    return next((name for name, size in given.items() if is_int(part.get(name)) and str(part[name]) != size), None)


def _regnet(sizes: tuple[str | None, ...], part: dict[Any, Any]) -> str | None:
    arch: Any = part.get('arch')
    known = isinstance(arch, str) and arch.startswith('regnet')
    return 'arch' if known and arch.replace('-', '_') != str(sizes[0]).replace('-', '_') else None


def _swin(sizes: tuple[str | None, ...], part: dict[Any, Any]) -> str | None:
    arch, size = part.get('arch'), _SWIN_ARCHES.get(str(sizes[0]), str(sizes[0]))
    if isinstance(arch, str):
        return 'arch' if _SWIN_ARCHES.get(arch, arch) != size and _SWIN_ARCHES.get(arch, arch) in _SWIN else None
    if 'arch' in part:
        return None
    width, third = _SWIN[size]
    embed_dims, depths = part.get('embed_dims', 96), part.get('depths', (2, 2, 6, 2))
    if is_int(embed_dims) and embed_dims != width:
        return 'embed_dims'
    known = isinstance(depths, (list, tuple)) and len(depths) == 4 and are_ints(depths)
    return 'depths' if known and depths[2] != third else None


def _hrnet(sizes: tuple[str | None, ...], part: dict[Any, Any]) -> str | None:
    extra = part.get('extra')
    stage = extra.get('stage4') if isinstance(extra, dict) else None
    channels: Any = stage.get('num_channels') if isinstance(stage, dict) else None
    known = isinstance(channels, (list, tuple)) and bool(channels) and is_int(channels[0])
    return 'extra.stage4.num_channels' if known and str(channels[0]) != sizes[0] else None


def _convnext(sizes: tuple[str | None, ...], part: dict[Any, Any]) -> str | None:
    arch = part.get('arch', 'tiny')
    return 'arch' if isinstance(arch, str) and arch in _CONVNEXTS and arch != sizes[0] else None


def _pvt(sizes: tuple[str | None, ...], part: dict[Any, Any]) -> str | None:
    layers, given = _PVT[str(sizes[0])], part.get('num_layers')
    known = isinstance(given, (list, tuple)) and are_ints(given)
    return 'num_layers' if known and tuple(given or ()) != layers else None


def _mit(sizes: tuple[str | None, ...], part: dict[Any, Any]) -> str | None:
    width, layers = _MIT[str(sizes[0])]
    if is_int(part.get('embed_dims')) and part['embed_dims'] != width:
        return 'embed_dims'
    given: Any = part.get('num_layers')
    known = isinstance(given, (list, tuple)) and are_ints(given)
    return 'num_layers' if known and tuple(given) != layers else None


def _yolo(sizes: tuple[str | None, ...], part: dict[Any, Any]) -> str | None:
    if 'widen_factor' not in part and 'arch' in part and str(part['arch']).lower() in _WIDTHS:
        return 'arch' if str(part['arch']).lower() != sizes[0] else None
    width = part.get('widen_factor', 1.0)
    wanted = _WIDTHS[str(sizes[0])]
    return 'widen_factor' if isinstance(width, (int, float)) and abs(width - wanted) > 1e-6 else None


_CHECKS: Final = {
    'resnet': _depth,
    'resnest': _depth,
    'res2net': _depth,
    'resnext': _resnext,
    'regnet': _regnet,
    'swin': _swin,
    'hrnet': _hrnet,
    'convnext': _convnext,
    'mit': _mit,
    'pvt': _pvt,
    **dict.fromkeys(('yolov5', 'yolov6', 'yolov7', 'yolov8', 'yolox', 'ppyoloe', 'cspnext'), _yolo),
}
