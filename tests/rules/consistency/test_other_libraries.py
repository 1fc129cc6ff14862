"""Faults of several libraries that rules tell of, and what looks alike and is right: three of each at least."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.kit.complete import complete
from tests.kit.repo import diagnose

URL = 'https://download.openmmlab.com'


def loaded(scope: str, backbone: str, name: str) -> str:
    """Return a config that starts from a model."""
    return f"default_scope = '{scope}'\nmodel = dict(type='Own', backbone=dict({backbone}))\nload_from = '{URL}/{name}.pth'\n"


def hooked(scope: str, hook: str) -> str:
    """Return a config with a custom hook."""
    return f"default_scope = '{scope}'\ncustom_hooks = [dict({hook})]\n"


def points(more: str, layer: str = '') -> str:
    """Return a config of mmdet3d with a voxel layer."""
    layer = layer or 'point_cloud_range=[0, -40, -3, 70.4, 40, 1], voxel_size=[0.05, 0.05, 0.1]'
    model = (
        f"model = dict(type='VoxelNet', data_preprocessor=dict(type='Det3DDataPreprocessor', voxel_layer=dict({layer}))"
    )
    return f"default_scope = 'mmdet3d'\n{model}{more}"


FILTER = (
    ")\ntrain_dataloader = dict(dataset=dict(type='KittiDataset', data_root='', ann_file='', pipeline=["
    "dict(type='{}', point_cloud_range={})]))\n"
)
WHOLE = '[0, -40, -3, 70.4, 40, 1]'
OTHER = '[0, -30, -3, 60, 30, 1]'
CYLINDER = 'point_cloud_range=[0, -3.14, -4, 50, 3.14, 2], grid_shape=[480, 360, 32]'

WRONG = [
    (
        'weights-of-another-network',
        loaded('mmdet', "type='SwinTransformer', embed_dims=96", 'faster_rcnn_r50_fpn_1x_coco'),
    ),
    ('weights-of-another-network', loaded('mmseg', "type='MobileNetV2'", 'pspnet_r101-d8_512x1024_40k_cityscapes')),
    ('weights-of-another-network', loaded('mmpose', "type='ResNet', depth=50", 'top_down/resnet/res101_coco_256x192')),
    (
        'weights-of-another-network',
        loaded('mmyolo', "type='YOLOv5CSPDarknet', widen_factor=0.75", 'yolov5_s-v61_syncbn_fast'),
    ),
    (
        'weights-of-another-network',
        loaded('mmyolo', "type='YOLOv8CSPDarknet', widen_factor=0.5", 'yolov5_s-v61_syncbn_fast'),
    ),
    ('zero-interval', hooked('mmdet', "type='CheckInvalidLossHook', interval=0")),
    ('zero-interval', hooked('mmdet', "type='MeanTeacherHook', interval=0")),
    ('zero-interval', hooked('mmdet3d', "type='Det3DVisualizationHook', draw=True, interval=0")),
    ('zero-interval', hooked('mmseg', "type='SegVisualizationHook', interval=0")),
    ('misspelt-argument', hooked('mmdet', "type='EMAHook', ema_type='ExpMomentumEMA', moemntum=0.1")),
    ('misspelt-argument', hooked('mmyolo', "type='EMAHook', ema_type='ExpMomentumEMA', update_bufers=True")),
    ('voxel-settings-mismatch', points(FILTER.format('PointsRangeFilter', OTHER))),
    ('voxel-settings-mismatch', points(FILTER.format('ObjectRangeFilter', OTHER))),
    ('voxel-settings-mismatch', points(", backbone=dict(type='Asymm3DSpconv', grid_size=[480, 360, 16]))\n", CYLINDER)),
    ('quoted-variable', "norm_cfg = dict(type='BN')\nmodel = dict(type='Own', neck=dict(norm_cfg='norm_cfg'))\n"),
    (
        'quoted-variable',
        "backend_args = None\nval_pipeline = [dict(type='LoadImageFromFile', backend_args='backend_args')]\n",
    ),
    ('quoted-variable', "fold = '1'\nwork_dir = 'out/{fold}'\n"),
    ('quoted-variable', "train_batch_size = 8\ntrain_dataloader = dict(batch_size='train_batch_size')\n"),
    (
        'typeless-item',
        "tta_pipeline = [dict(type='TestTimeAug', transforms=[[dict(type='Resize'), dict(scale=(1, 2))]])]\n",
    ),
    (
        'typeless-item',
        "test_set = dict(type='ConcatDataset', datasets=[dict(type='OCRDataset'), dict(ann_file='a')])\n",
    ),
    ('typeless-item', "val_evaluator = [dict(type='CocoMetric'), dict(metric='bbox')]\n"),
    ('overwritten-key', "keys = {'norm': dict(decay_mult=0.0), 'bias': 1, 'norm': dict(decay_mult=0.0)}\n"),
    ('misspelt-base', "_base_s = ['./a.py']\n"),
    ('misspelt-base', "_bsae_ = './a.py'\n"),
    ('misspelt-base', "_vase_ = './a.py'\n"),
]
RIGHT = [
    ('weights-of-another-network', loaded('mmdet', "type='ResNet', depth=50", 'faster_rcnn_r50_fpn_1x_coco')),
    (
        'weights-of-another-network',
        loaded('mmdet', "type='SwinTransformer', embed_dims=96, depths=[2, 2, 6, 2]", 'mask_rcnn_swin-t-p4-w7_fpn'),
    ),
    (
        'weights-of-another-network',
        loaded('mmyolo', "type='YOLOv5CSPDarknet', widen_factor=0.5", 'yolov5_s-v61_syncbn_fast'),
    ),
    ('weights-of-another-network', loaded('mmdet', "type='Own'", 'faster_rcnn_r50_fpn_1x_coco')),
    ('zero-interval', hooked('mmdet', "type='DetVisualizationHook', interval=0")),
    ('zero-interval', hooked('mmdet', "type='OwnHook', interval=0")),
    ('zero-interval', hooked('mmdet', "type='CheckInvalidLossHook', interval=50")),
    (
        'misspelt-argument',
        hooked('mmdet', "type='EMAHook', ema_type='ExpMomentumEMA', momentum=0.1, gamma=1000, priority=49"),
    ),
    ('misspelt-argument', hooked('mmdet', "type='EMAHook', ema_type='OwnAverage', moemntum=0.1")),
    ('voxel-settings-mismatch', points(FILTER.format('PointsRangeFilter', WHOLE))),
    ('voxel-settings-mismatch', points(FILTER.format('OwnFilter', OTHER))),
    ('voxel-settings-mismatch', points(", backbone=dict(type='Asymm3DSpconv', grid_size=[480, 360, 32]))\n", CYLINDER)),
    ('quoted-variable', "norm = dict(type='BN')\nmodel = dict(type='Own', layer='norm', name='norm')\n"),
    ('quoted-variable', "loss = 1\ndefault_hooks = dict(checkpoint=dict(save_best='loss', monitor='loss'))\n"),
    ('quoted-variable', "data_root = 'data_root'\ntrain_dataloader = dict(dataset=dict(data_root='data_root'))\n"),
    ('quoted-variable', "fold = '1'\nwork_dir = 'out/${fold}'\n"),
    ('typeless-item', "eval_pipelines = [dict(mode='test', data={}), dict(mode='val', type='a')]\n"),
    ('typeless-item', "train_subset = dict(transforms=[dict(class_path='a.B'), dict(class_path='a.C')])\n"),
    ('typeless-item', 'pipeline = dict(scale=(1, 2))\nmodel = dict(head=dict(num_classes=3))\n'),
    ('overwritten-key', "keys = {'norm': 1, **{'norm': 2}, 'bias': 1}\n"),
    ('misspelt-base', "case = './a.py'\n"),
    ('misspelt-base', "_base_s = ['a', 'b']\n"),
    ('misspelt-base', "_vase_ = './a.py'\nother = _vase_\n"),
]


def said(rule: str, text: str, folder: Path) -> list[str]:
    """Return what a rule says of a config at warning or above."""
    return [each.message for each in diagnose(folder, complete(text), rules=[rule])]


@pytest.mark.parametrize(('rule', 'text'), WRONG)
def test_what_is_wrong(rule: str, text: str, tmp_path: Path) -> None:
    assert len(said(rule, text, tmp_path)) == 1


@pytest.mark.parametrize(('rule', 'text'), RIGHT)
def test_what_looks_alike_and_is_right(rule: str, text: str, tmp_path: Path) -> None:
    assert said(rule, text, tmp_path) == []
