"""Channels are only compared where all that the features go through is a library's."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.kit.repo import diagnose, write

if TYPE_CHECKING:
    from pathlib import Path

CODE = """\
from mmdet.models import {base}
from mmdet.registry import MODELS


@MODELS.register_module({flag})
class {name}({base}):
    def {method}(self, inputs, *args):
        return inputs
"""
CONFIG = """\
default_scope = 'mmdet'
custom_imports = dict(imports=['own'])
model = dict(
    type='{detector}',
    backbone=dict(type='{backbone}', depth=18),
    neck=dict(type='{neck}', in_channels=[256, 512, 1024, 2048], out_channels=256, num_outs=5),
    bbox_head=dict(type='RetinaHead', in_channels=256, num_classes=80))
train_dataloader = dict(dataset=dict(type='CocoDataset'))
"""
STOCK = {'detector': 'RetinaNet', 'backbone': 'ResNet', 'neck': 'FPN'}


def said(folder: Path, code: str, **parts: str) -> int:
    files = {'own.py': code, 'config.py': CONFIG.format(**{**STOCK, **parts})}
    return len(diagnose(folder, files, 'config.py', rules=['channel-mismatch']))


def test_a_model_of_the_library_is_judged(tmp_path: Path) -> None:
    assert said(tmp_path, '') == 1


@pytest.mark.parametrize(('base', 'method', 'part', 'flag'), [
    ('RetinaNet', 'extract_feat', 'detector', ''),
    ('RetinaNet', 'forward', 'detector', ''),
    ('ResNet', 'forward', 'backbone', ''),
    ('FPN', 'forward', 'neck', ''),
])  # fmt: skip
def test_a_part_of_ones_own_is_not(tmp_path: Path, base: str, method: str, part: str, flag: str) -> None:
    code = CODE.format(base=base, name=f'My{base}', method=method, flag=flag)
    assert said(tmp_path, code, **{part: f'My{base}'}) == 0


@pytest.mark.parametrize('base', ['RetinaNet', 'ResNet', 'FPN'])
def test_nor_one_that_replaces_the_librarys(tmp_path: Path, base: str) -> None:
    code = CODE.format(base=base, name=base, method='forward', flag='force=True')
    assert said(tmp_path, code) == 0


def test_nor_one_of_a_copy_of_the_library(tmp_path: Path) -> None:
    """Not even one that is called as the library's is: the copy may be changed."""
    classes = [
        f'@MODELS.register_module()\nclass {name}:\n    def __init__(self, **kwargs):\n        print(kwargs)\n'
        for name in ('RetinaNet', 'ResNet', 'FPN', 'RetinaHead')
    ]
    write(tmp_path, {
        'mmdet/__init__.py': "__version__ = '3.3.0'\n",
        'mmdet/models/__init__.py': 'from mmdet.registry import MODELS\n' + '\n'.join(classes),
        'mmdet/registry.py': "from mmengine.registry import MODELS as ROOT, Registry\nMODELS = Registry('model', parent=ROOT, locations=['mmdet.models'])\n",
    })  # fmt: skip
    assert said(tmp_path, '') == 0


POSE = "default_scope = 'mmpose'\nmodel = dict(type='TopdownPoseEstimator', backbone=dict({}), head=dict(type='HeatmapHead', in_channels={}, out_channels=17))\n"
STAGES = ', '.join(
    f"stage{n}=dict(num_modules=1, num_branches={n}, block='BASIC', num_blocks=(4,) * {n}, num_channels={tuple(32 * 2**i for i in range(n))}{{}})"
    for n in range(1, 5)
)
SEG = "default_scope = 'mmseg'\nmodel = dict(type='EncoderDecoder', backbone=dict({}), decode_head=dict(type='SegformerHead', in_index=[0, 1, 2, 3], in_channels={}, channels=8, num_classes=2))\n"
DET = "default_scope = 'mmdet'\nmodel = dict(type='RetinaNet', backbone=dict({}), neck=dict(type='FPN', in_channels={}, out_channels=8, num_outs=5), bbox_head=dict(type='RetinaHead', in_channels=8, num_classes=80))\n"
MIT = "type='MixVisionTransformer', embed_dims=32, num_stages=4, num_layers=[2, 2, 2, 2], num_heads=[1, 2, 5, 8]"
ACTION = "default_scope = 'mmaction'\nmodel = dict(type='Recognizer3D', backbone=dict({}), cls_head=dict(type='I3DHead', in_channels={}, num_classes=4))\n"
PRETRAIN = "default_scope = 'mmpretrain'\nmodel = dict(type='ImageClassifier', backbone=dict({}), neck=None, head=dict(type='VisionTransformerClsHead', in_channels={}, num_classes=4))\n"
BACKBONES = {
    'ResNet3d of mmaction': (ACTION, "type='ResNet3d', depth=18", 512, 2048),
    'fewer stages, fewer channels': (
        ACTION, "type='ResNet3dSlowOnly', depth=50, base_channels=32, num_stages=3, out_indices=(2, )", 512, 2048,
    ),
    'RegNet': (POSE, "type='RegNet', arch='regnetx_800mf'", 672, 2048),
    'MobileNetV2 of mmpose': (POSE, "type='MobileNetV2', widen_factor=1.0, out_indices=(7, )", 1280, 320),
    'ShuffleNetV2': (POSE, "type='ShuffleNetV2', widen_factor=1.0", 1024, 464),
    'HRNet of mmpose gives its first branch': (POSE, f"type='HRNet', extra=dict({STAGES.format('', '', '', '')})", 32, 48),
    'MiT, by its heads': (SEG, MIT, [32, 64, 160, 256], [32, 64, 128, 256]),
    'RegNet of mmdet': (DET, "type='RegNet', arch='regnetx_800mf'", [64, 128, 288, 672], [256, 512, 1024, 2048]),
    'PVT': (DET, "type='PyramidVisionTransformer', num_layers=[2, 2, 2, 2]", [64, 128, 320, 512], [64, 128, 256, 512]),
    'a transformer of mmpretrain, in mmdet': (
        DET, "type='mmpretrain.VisionTransformer', arch='base', out_type='featmap', out_indices=[2, 5, 8, 11]", [768] * 4, [384] * 4,
    ),
    'a head without a neck': (PRETRAIN, "type='VisionTransformer', arch='l'", 1024, 768),
    'MobileNetV2 by its indices': (DET, "type='MobileNetV2', out_indices=(2, 4, 7)", [32, 96, 1280], [24, 32, 96]),
}  # fmt: skip


@pytest.mark.parametrize(('text', 'backbone', 'right', 'wrong'), BACKBONES.values(), ids=BACKBONES)
def test_what_the_real_backbones_gave(text: str, backbone: str, right: object, wrong: object, tmp_path: Path) -> None:
    assert diagnose(tmp_path, text.format(backbone, right), rules=['channel-mismatch']) == []
    assert len(diagnose(tmp_path, text.format(backbone, wrong), rules=['channel-mismatch'])) == 1


UNKNOWN = {
    'an argument that was not tried': (POSE, "type='RegNet', arch='regnetx_800mf', base_channels=64"),
    'an architecture of ones own': (POSE, "type='RegNet', arch=dict(w0=24, wa=36.0, wm=2.5, group_w=8, depth=8)"),
    'all branches of HRNet': (POSE, f"type='HRNet', extra=dict({STAGES.format('', '', '', ', multiscale_output=x()')})"),
}  # fmt: skip


@pytest.mark.parametrize(('text', 'backbone'), UNKNOWN.values(), ids=UNKNOWN)
def test_what_was_not_tried_is_not_known(text: str, backbone: str, tmp_path: Path) -> None:
    files = f'from os import getpid as x\n{text.format(backbone, 7)}'
    assert diagnose(tmp_path, files, rules=['channel-mismatch']) == []


HEAD = """
from mmdet.models import RetinaHead
from mmdet.registry import MODELS


@MODELS.register_module()
class Thin(RetinaHead):
{body}
"""
MODEL = """
default_scope = 'mmdet'
custom_imports = dict(imports=['thin'])
model = dict(
    type='RetinaNet',
    backbone=dict(type='ResNet', depth=18),
    neck=dict(type='FPN', in_channels=[64, 128, 256, 512], out_channels=128, num_outs=5),
    bbox_head=dict(type='Thin', in_channels=256, num_classes=80))
"""


@pytest.mark.parametrize(
    ('body', 'count'),
    [
        ('    """Nothing of its own."""', 1),
        ('    def __init__(self, *args, thin=2, **kwargs):\n        super().__init__(*args, **kwargs)', 1),
        ('    def loss_by_feat(self, *args):\n        return {}', 1),
        ('    def __init__(self, in_channels, **kwargs):\n        super().__init__(in_channels=128, **kwargs)', 0),
        ('    def _init_layers(self):\n        self.layers = None', 0),
        ('    def forward(self, feats):\n        return feats', 0),
    ],
)
def test_a_head_of_ones_own_takes_what_its_base_takes(tmp_path: Path, body: str, count: int) -> None:
    files = {'thin.py': HEAD.format(body=body), 'config.py': MODEL}
    found = diagnose(tmp_path, files, 'config.py', rules=['channel-mismatch'])
    assert [each.key for each in found] == ['model.bbox_head.in_channels'] * count
