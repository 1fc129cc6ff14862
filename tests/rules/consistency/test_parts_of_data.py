"""Pipelines, hooks, evaluators, skeletons, grids and optimizer settings that do not fit each other."""

from __future__ import annotations

from pathlib import Path

import pytest

from cfglint.catalog.data_facts import DataFacts, data_facts
from cfglint.catalog.library_file import library_names
from tests.rules.consistency.test_model_parts import messages

LOADER = (
    "default_scope = '%s'\ntrain_dataloader = dict(batch_size=2, num_workers=2, sampler=dict(type='DefaultSampler',"
    ' shuffle=True), dataset=%s)\n'
)
INNER = "dict(type='mmdet.CocoDataset', ann_file='a.json', pipeline=[%s])"
MOSAIC = "dict(type='mmdet.Mosaic', img_scale=(64, 64))"
MIXED = "dict(type='mmdet.MultiImageMixDataset', dataset=" + INNER % '' + ', pipeline=[%s])'
HOOK = "train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=20)\ncustom_hooks = [dict(type='mmdet.%s', %s)]\n"
SWITCH = HOOK % ('PipelineSwitchHook', 'switch_epoch=15, switch_pipeline=[]')
YOLOX = HOOK % ('YOLOXModeSwitchHook', 'num_last_epochs=5')
REPEATED = "dict(type='RepeatDataset', times=2, dataset=" + INNER % '' + ')'
GCN = (
    "default_scope = 'mmaction'\nmodel = dict(type='RecognizerGCN', backbone=dict(type='%s', graph_cfg=dict(%s)))\n"
    "train_dataloader = dict(dataset=dict(type='RepeatDataset', times=2, dataset=dict(type='PoseDataset', ann_file='a.pkl',"
    ' pipeline=[dict(%s)])))\n'
)
CUSTOM = "layout=dict(num_node=21, inward=[(1, 0)], center=0), mode='spatial'"
FORMAT = "default_scope = '%s'\ntest_evaluator = [dict(type='%s', %s)]\n"
ADAM = (
    "model = dict(type='ToyModel', backbone=dict(type='A'), neck=dict(type='B'))\noptim_wrapper = dict(optimizer=dict("
    "type='AdamW', lr=0.001, weight_decay=%s), paramwise_cfg=dict(%s))\n"
)
POSE = (
    "default_scope = 'mmpose'\ncodec = dict(type='UDPHeatmap', input_size=(192, 256), heatmap_size=%s, sigma=2)\n"
    "model = dict(type='TopdownPoseEstimator', backbone=dict(type='%s'), head=dict(type='HeatmapHead', in_channels=32,"
    ' out_channels=17, deconv_out_channels=%s, decoder=codec))\n'
)
POINTS = (
    "default_scope = 'mmdet3d'\nmodel = dict(type='VoxelNet', data_preprocessor=dict(type='Det3DDataPreprocessor',"
    ' voxel_layer=dict(point_cloud_range=[0, -40, -3, 80, 40, 1], voxel_size=%s)), middle_encoder=dict(type=%s))\n'
)
CRATE = (
    "default_scope = 'mmpose'\ntrain_dataloader = dict(dataset=dict(type='CocoDataset', metainfo=dict(dataset_name='crate',"
    " keypoint_info={0: dict(name='a', swap='%s'), 1: dict(name='b', swap='%s')}, skeleton_info={0: dict(link=('a', '%s'))},"
    ' joint_weights=[1.0, 1.0], sigmas=[0.1] * %s)))\n'
)
DATASETS = (
    "default_scope = 'mmocr'\nval_evaluator = dict(type='MultiDatasetsEvaluator', dataset_prefixes=['one', 'two'],"
    " metrics=[dict(type='WordMetric', mode=['exact'])])\ndefault_hooks = dict(checkpoint=dict(type='CheckpointHook',"
    " interval=1, save_best='%s', rule='greater'))\n"
)

RATE = (
    "optim_wrapper = dict(optimizer=dict(type='AdamW', lr=0.01), paramwise_cfg=dict(custom_keys={'backbone': dict(%s)}))\n"
    "param_scheduler = dict(type='CosineAnnealingLR', %s)\n"
)
LEVELS = (
    "default_scope = 'mmpose'\nmodel = dict(type='TopdownPoseEstimator', head=dict(type='%s', decoder=dict(type='MegviiHeatmap',"
    " input_size=(64, 64), heatmap_size=(16, 16), kernel_size=3)))\ntrain_dataloader = dict(dataset=dict(type='CocoDataset',"
    " pipeline=[dict(type='GenerateTarget', encoder=[], %s)]))\n"
)
PREFIXES = (
    "default_scope = '%s'\nval_dataloader = dict(dataset=dict(type='ConcatDataset', datasets=[dict(type='A'), dict(type='B')]))\n"
    "val_evaluator = dict(type='MultiDatasetsEvaluator', metrics=[], dataset_prefixes=%s)\n"
)
SET = "train_dataloader = dict(%s, dataset=dict(type='ToyDataset', %s))\n"

COLUMNS = """
default_scope = 'mmdet3d'
train_dataloader = dict(
    dataset=dict(
        type='KittiDataset',
        ann_file='a.pkl',
        pipeline=[dict(type='LoadPointsFromFile', coord_type='LIDAR', load_dim=4, use_dim=%s)]))
"""
PICTURES = """
default_scope = 'mmagic'
val_cfg = dict(type='MultiValLoop')
val_evaluator = dict(type=%s, metrics=[%s])
default_hooks = dict(checkpoint=dict(type='CheckpointHook', save_best='%s', rule='less'))
"""
BAD = [
    ('eta-min-above-scaled-lr', RATE % ('lr_mult=0.1', 'eta_min=0.002')),
    ('multilevel-target', LEVELS % ('CPMHead', 'multilevel=True')),
    ('multilevel-target', LEVELS % ('MSPNHead', 'target_type=None')),
    ('dataset-prefixes-mismatch', PREFIXES % ('mmdet', "['a', 'b', 'c']")),
    ('dataset-prefixes-mismatch', PREFIXES % ('mmocr', "['a']")),
    ('quoted-variable', "my_type = 'ToyDataset'\n" + "train_dataloader = dict(dataset=dict(type='my_type'))\n"),
    ('quoted-variable', "meta = dict(classes=('a', ))\n" + SET % ('batch_size=1', "metainfo='meta'")),
    ('dead-argument', "METAINFO = dict(classes=('a', ))\n" + SET % ('batch_size=1', "ann_file='a'")),
    ('dead-argument', 'batch_size = 4\n' + SET % ('batch_size=1', "ann_file='a'")),
    ('idle-switch', "default_scope = 'mmseg'\nmodel = dict(type='EncoderDecoder', backbone=dict(type='ResNetV1c', depth=50,"
     ' stage_with_dcn=(False, True, True, True)))\n'),
    ('overwritten-key', "a = dict(b={'c': 1, 'd': 2, 'c': 3})\n"),
    ('overwritten-key', 'a = {0: [1], 1: [2], 0: [3]}\n'),
    ('joined-strings', "metainfo = dict(classes=['car', 'traffic light' 'bus', 'van'])\n"),
    ('joined-strings', "a = [dict(type='PackDetInputs', meta_keys=('img_id' 'img_path'))]\n"),
    ('joined-strings', "classes = (\n    'car'  # the first\n    'bus',\n    'van')\n"),
    ('misspelt-base', "_bases_ = ['./a.py']\n"),
    ('misspelt-base', "__base__ = './a.yml'\n"),
    ('misspelt-base', "_base = ['../b/a.py', './c.py']\n"),
    ('zero-interval', "default_hooks = dict(logger=dict(type='LoggerHook', interval=0))\n"),
    ('unknown-architecture', "default_scope = 'mmpretrain'\nmodel = dict(type='ImageClassifier', backbone=dict(type='SwinTransformer', arch='tinny'))\n"),
    ('unknown-architecture', "default_scope = 'mmaction'\nmodel = dict(type='Recognizer3D', backbone=dict(type='ResNet3dSlowOnly', depth=60))\n"),
    ('conflicting-fields', "visualizer = dict(type='DetLocalVisualizer', vis_backends=[dict(type='LocalVisBackend')] * 2)\n"),
    ('mixing-outside-wrapper', LOADER % ('mmdet', INNER % MOSAIC)),
    ('mixing-outside-wrapper', LOADER % ('mmrotate', MIXED % f"dict(type='RandomApply', transforms=[{MOSAIC}])")),
    ('mixing-outside-wrapper', LOADER % ('mmseg', "dict(type='ADE20KDataset', pipeline=[dict(type='RandomMosaic', prob=1.0)])")),
    ('unreached-pipeline-switch', LOADER % ('mmdet', REPEATED) + SWITCH),
    ('unreached-pipeline-switch', LOADER % ('mmrotate', f"dict(type='ConcatDataset', datasets=[{INNER % ''}])") + SWITCH),
    ('unreached-pipeline-switch', LOADER % ('mmdet', INNER % '') + YOLOX),
    ('skeleton-layout-mismatch', GCN % ('AAGCN', "mode='spatial'", "type='GenSkeFeat', dataset='openpose'")),
    ('skeleton-layout-mismatch', GCN % ('STGCN', CUSTOM, "type='GenSkeFeat', dataset='coco'")),
    ('skeleton-layout-mismatch', GCN % ('STGCN', "layout='openpose'", "type='JointToBone'")),
    ('format-only-without-path', FORMAT % ('mmseg', 'IoUMetric', 'format_only=True')),
    ('format-only-without-path', FORMAT % ('mmpose', 'CocoMetric', "ann_file='a.json', format_only=True")),
    ('format-only-without-path', FORMAT % ('mmrotate', 'DOTAMetric', 'format_only=True, outfile_prefix=None')),
    ('decay-mult-lost', ADAM % (0.1, "norm_decay_mult=0.0, custom_keys={'neck': dict(lr_mult=2.0)}")),
    ('shadowed-custom-key', ADAM % (0.1, "custom_keys={'backbone': dict(lr_mult=0.1), 'bias': dict(decay_mult=0.0)}")),
    ('shadowed-custom-key', ADAM % (0.1, "custom_keys={'backbone': dict(lr_mult=0.1), 'backbone.norm': dict(decay_mult=0.0)}")),
    ('heatmap-size-mismatch', POSE % ('(48, 64)', 'ResNet', '(256, 256)')),
    ('heatmap-size-mismatch', POSE % ('(48, 64)', 'HRNet', '(256,)')),
    ('heatmap-size-mismatch', POSE % ('(96, 128)', 'SwinTransformer', '(256, 256, 256)')),
    ('voxel-grid-mismatch', POINTS % ('[0.1, 0.1, 4]', "'PointPillarsScatter', in_channels=64, output_shape=[400, 400]")),
    ('voxel-grid-mismatch', POINTS % ('[0.1, 0.1, 0.1]', "'SparseEncoder', in_channels=4, sparse_shape=[21, 800, 800]")),
    ('inconsistent-keypoints', CRATE % ('b', 'a', 'b', 3)),
    ('inconsistent-keypoints', CRATE % ('c', '', 'b', 2)),
    ('inconsistent-keypoints', CRATE % ('b', '', 'b', 2)),
    ('inconsistent-keypoints', CRATE % ('b', 'a', 'c', 2)),
    ('unknown-best-metric', DATASETS % 'recog/word_acc'),
    ('invalid-transform-argument', COLUMNS % '5'),
    ('invalid-transform-argument', COLUMNS % '[0, 1, 2, 4]'),
    ('unknown-best-metric', PICTURES % ("'Evaluator'", "dict(type='PSNR', prefix='Set5')", 'Set5/psnr')),
    ('unknown-best-metric', PICTURES % ("'Evaluator'", "dict(type='FrechetInceptionDistance', prefix='FID-50k')", 'FID/fid')),
]  # fmt: skip
GOOD = [
    ('zero-interval', "default_hooks = dict(checkpoint=dict(type='CheckpointHook', interval=-1))\n"),
    ('zero-interval', "custom_hooks = [dict(type='MyHook', interval=0)]\n"),
    ('unknown-architecture', "default_scope = 'mmpretrain'\nmodel = dict(type='ImageClassifier', backbone=dict(type='SwinTransformer', arch='Tiny'))\n"),
    ('unknown-architecture', "default_scope = 'mmpretrain'\nmodel = dict(type='ImageClassifier', backbone=dict(type='MyNet', arch='x', depth=7))\n"),
    ('unknown-architecture', "default_scope = 'mmpretrain'\nmodel = dict(type='ImageClassifier', backbone=dict(type='SwinTransformer', arch=dict(embed_dims=8)))\n"),
    ('eta-min-above-scaled-lr', RATE % ('lr_mult=0.1', 'eta_min=0.0002')),
    ('eta-min-above-scaled-lr', RATE % ('lr_mult=0.0', 'eta_min=0.0002')),
    ('eta-min-above-scaled-lr', RATE % ('decay_mult=0.1', 'eta_min=0.002')),
    ('multilevel-target', LEVELS % ('MSPNHead', 'multilevel=True')),
    ('multilevel-target', LEVELS % ('HeatmapHead', 'multilevel=False')),
    ('multilevel-target', LEVELS % ('MyHead', 'multilevel=True')),
    ('dataset-prefixes-mismatch', PREFIXES % ('mmdet', "['a', 'b']")),
    ('dataset-prefixes-mismatch', PREFIXES % ('mmseg', "['a']")),
    ('quoted-variable', "lr = 0.1\nparam_scheduler = dict(type='StepParamScheduler', param_name='lr', step_size=1)\n"),
    ('quoted-variable', "bbox = [1]\nval_evaluator = dict(type='ToyMetric', metric='bbox')\n"),
    ('quoted-variable', 'train = dict()\n' + SET % ('batch_size=1', "split='train'")),
    ('dead-argument', 'batch_size = 1\n' + SET % ('batch_size=1', "ann_file='a'")),
    ('dead-argument', "img_suffix = '.png'\n" + SET % ('batch_size=1', 'img_suffix=img_suffix')),
    ('idle-switch', "default_scope = 'mmseg'\nmodel = dict(type='EncoderDecoder', backbone=dict(type='ResNetV1c', depth=50,"
     ' stage_with_dcn=(False, False, False, False)))\n'),
    ('overwritten-key', "a = {'c': 1, **dict(c=2), 'c': 3}\n"),
    ('overwritten-key', "a = {'c': 1, 'd': {'c': 3}}\n"),
    ('joined-strings', "a = ['https://host/'\n     'file.pth', 'other']\n"),
    ('joined-strings', "a = ['a long text '\n     'in two lines']\n"),
    ('joined-strings', "a = ('swin-tiny_'\n     'ade20k')\n"),
    ('misspelt-base', "base = './a.py'\nb = [base]\n"),
    ('misspelt-base', "_base_ = './c.py'\nbase = './a.py'\n"),
    ('misspelt-base', "base = 'resnet50'\n"),
    ('mixing-outside-wrapper', LOADER % ('mmdet', MIXED % MOSAIC)),
    ('mixing-outside-wrapper', LOADER % ('mmdet', INNER % "dict(type='CachedMosaic', img_scale=(64, 64))")),
    ('mixing-outside-wrapper', LOADER % ('mmdet', f"dict(type='MyMixingDataset', pipeline=[{MOSAIC}])")),
    ('unreached-pipeline-switch', LOADER % ('mmdet', INNER % '') + SWITCH),
    ('unreached-pipeline-switch', LOADER % ('mmdet', MIXED % '') + YOLOX),
    ('unreached-pipeline-switch', LOADER % ('mmdet', "dict(type='MyDataset')") + YOLOX),
    ('skeleton-layout-mismatch', GCN % ('STGCN', "layout='nturgb+d'", "type='GenSkeFeat'")),
    ('skeleton-layout-mismatch', GCN % ('STGCN', "layout='coco'", "type='GenSkeFeat', feats=['j']")),
    ('skeleton-layout-mismatch', GCN % ('MyGCN', "layout='coco'", "type='GenSkeFeat', dataset='nturgb+d'")),
    ('format-only-without-path', FORMAT % ('mmseg', 'IoUMetric', "format_only=True, output_dir='out'")),
    ('format-only-without-path', FORMAT % ('mmdet', 'YouTubeVISMetric', 'format_only=True')),
    ('format-only-without-path', FORMAT % ('mmdet', 'CocoMetric', "ann_file='a.json', format_only=False")),
    ('decay-mult-lost', ADAM % (0.1, "norm_decay_mult=0.0, custom_keys={'neck': dict(lr_mult=2.0, decay_mult=1.0)}")),
    ('decay-mult-lost', ADAM % (0.1, "norm_decay_mult=0.0, custom_keys={'relative_position': dict(lr_mult=2.0)}")),
    ('decay-mult-lost', ADAM % (0.0, "norm_decay_mult=0.0, custom_keys={'neck': dict(lr_mult=2.0)}")),
    ('shadowed-custom-key', ADAM % (0.1, "custom_keys={'backbone': dict(lr_mult=0.1), 'sampling_offsets': dict(lr_mult=0.1)}")),
    ('shadowed-custom-key', ADAM % (0.1, "custom_keys={'backbone': dict(lr_mult=0.1, decay_mult=1.0), 'norm': dict(decay_mult=0.0)}")),
    ('heatmap-size-mismatch', POSE % ('(48, 64)', 'HRNet', 'None')),
    ('heatmap-size-mismatch', POSE % ('(48, 64)', "ResNet', strides=(1, 2, 2, 1), norm_cfg='", '(256, 256)')),
    ('heatmap-size-mismatch', POSE % ('(48, 64)', 'MyNet', '(256, 256)')),
    ('voxel-grid-mismatch', POINTS % ('[0.1, 0.1, 4]', "'PointPillarsScatter', in_channels=64, output_shape=[800, 800]")),
    ('voxel-grid-mismatch', POINTS % ('[0.1, 0.1, 0.1]', "'SparseEncoder', in_channels=4, sparse_shape=[41, 800, 800]")),
    ('voxel-grid-mismatch', POINTS % ('[0.3, 0.3, 0.1]', "'SparseEncoder', in_channels=4, sparse_shape=[41, 267, 267]")),
    ('inconsistent-keypoints', CRATE % ('b', 'a', 'b', 2)),
    ('inconsistent-keypoints', CRATE % ('', 'b', 'b', 2)),
    ('unknown-best-metric', DATASETS % 'two/recog/word_acc'),
    ('invalid-transform-argument', COLUMNS % '4'),
    ('unknown-best-metric', PICTURES % ("'Evaluator'", "dict(type='PSNR', prefix='Set5')", 'Set5/PSNR')),
    ('unknown-best-metric', PICTURES % ("'Evaluator'", "dict(type='SWD', prefix='swd')", 'swd/avg')),
    ('unknown-best-metric', PICTURES % ("'MyEvaluator'", "dict(type='PSNR')", 'mine')),
]  # fmt: skip


@pytest.mark.parametrize(('rule', 'text'), BAD)
def test_what_does_not_fit_is_told_once(rule: str, text: str, tmp_path: Path) -> None:
    found = messages(rule, text, tmp_path)
    assert len(found) == 1
    assert len(found[0]) <= 120 or rule == 'unknown-best-metric'


@pytest.mark.parametrize(('rule', 'text'), GOOD)
def test_what_fits_or_is_not_known_is_right(rule: str, text: str, tmp_path: Path) -> None:
    assert messages(rule, text, tmp_path) == []


@pytest.mark.parametrize('library', library_names())
def test_the_facts_follow_their_schema(library: str) -> None:
    assert isinstance(data_facts(library), DataFacts)


def test_a_value_that_is_held_until_the_end_is_no_warm_up(tmp_path: Path) -> None:
    held = "dict(type='ConstantLR', factor=0.1, begin=%d, end=12)"
    text = 'train_cfg = dict(by_epoch=True, max_epochs=10)\nparam_scheduler = [%s]\n'
    assert messages('endless-warmup', text % (held % 5), tmp_path) == []
    assert len(messages('endless-warmup', text % (held % 0), tmp_path)) == 1


def test_nothing_is_initialized_by_an_empty_dict(tmp_path: Path) -> None:
    backbone = "dict(type='ResNet', depth=50, init_cfg=%s)"
    text = f"default_scope = 'mmpretrain'\nmodel = dict(type='ImageClassifier', backbone={backbone})\n"
    assert messages('typeless-component', text % 'dict()', tmp_path) == []
    assert len(messages('typeless-component', text % 'dict(checkpoint="a.pth")', tmp_path)) == 1


def test_there_may_be_no_sigmas(tmp_path: Path) -> None:
    info = "dict(dataset_name='own', keypoint_info={0: dict(name='a'), 1: dict(name='b')}, skeleton_info={}, joint_weights=[1, 1], sigmas=%s)"
    text = "default_scope = 'mmpose'\ntrain_dataloader = dict(dataset=dict(type='Face300WDataset', metainfo=%s))\n"
    assert messages('inconsistent-keypoints', text % (info % '[]'), tmp_path) == []
    assert len(messages('inconsistent-keypoints', text % (info % '[0.1]'), tmp_path)) == 1
