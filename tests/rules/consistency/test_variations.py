"""Faults between parts, as they are written for other libraries than the one of a rule's example, and what looks alike."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.kit.complete import complete
from tests.kit.repo import diagnose

LEVELS, WEIGHTS, PICTURES = 'level-count-mismatch', 'class-weight-mismatch', 'image-channels-mismatch'


def model(scope: str, text: str) -> str:
    """Return a config of a library with a model."""
    return f"default_scope = '{scope}'\nmodel = dict({text})\n"


def yolo(head: str = '', module: str = '', neck: str = 'YOLOv5PAFPN', inputs: int = 3) -> str:
    """Return a detector of mmyolo."""
    return model(
        'mmyolo',
        f"type='YOLODetector', neck=dict(type='{neck}', in_channels={[256, 512, 1024, 1024][:inputs]}, out_channels=[256, 512, 1024]), "
        f"bbox_head=dict(type='YOLOv5Head', head_module=dict(type='YOLOv5HeadModule', num_classes=2, in_channels=[8] * 3 {module}) {head})",
    )


def ssd(strides: int) -> str:
    """Return an SSD of mmdet, whose neck puts out six levels."""
    return model(
        'mmdet',
        "type='SingleStageDetector', neck=dict(type='SSDNeck', in_channels=(512, 1024), out_channels=(512, 1024, 512, 256, 256, 256), "
        "level_strides=(2, 2, 1, 1), level_paddings=(1, 1, 0, 0)), bbox_head=dict(type='SSDHead', num_classes=2, in_channels=(8, ) * 6, "
        f"anchor_generator=dict(type='SSDAnchorGenerator', basesize_ratio_range=(0.1, 0.9), ratios=[[2]] * 6, strides={[8] * strides}))",
    )


def fcos(outs: int, more: str = '') -> str:
    """Return an FCOS of mmdet whose strides fit its neck."""
    return model(
        'mmdet',
        f"type='FCOS', neck=dict(type='FPN', in_channels=[8] * 3, out_channels=8, num_outs={outs}), "
        f"bbox_head=dict(type='FCOSHead', num_classes=2, in_channels=8, strides={[8] * outs} {more})",
    )


def weighted(scope: str, head: str, loss: str, part: str = 'loss_cls') -> str:
    """Return a model with a head for three classes and its loss."""
    return model(scope, f"type='Own', bbox_head=dict(type='{head}', num_classes=3, {part}=dict({loss}))")


def pictures(scope: str, preprocessor: str, backbone: str) -> str:
    """Return a model with a preprocessor and a backbone."""
    return model(scope, f"type='Own', data_preprocessor=dict(type='{preprocessor}), backbone=dict(type={backbone})")


def loaded(scope: str, rest: str, weights: str) -> str:
    """Return a config that starts from published weights."""
    return model(scope, rest) + f"load_from = '{weights}_20200130-c2398f9e.pth'\n"


def initial(backbone: str, weights: str) -> str:
    """Return a detector with a backbone and its weights."""
    return model(
        'mmdet', f"type='RetinaNet', backbone=dict({backbone}, init_cfg=dict(type='Pretrained', checkpoint={weights}))"
    )


def recognizer(classes: int, metric: str = '') -> str:
    """Return a recognizer of mmaction2 and its metric."""
    head = f"cls_head=dict(type='TSNHead', num_classes={classes}, in_channels=8)"
    return model('mmaction', f"type='Recognizer2D', {head}") + (
        "val_dataloader = dict(dataset=dict(type='VideoDataset', ann_file='a'))\nval_cfg = dict(type='ValLoop')\n"
        f"val_evaluator = dict(type='AccMetric' {metric})\n"
    )


def segmentor(head: str) -> str:
    """Return a segmentor with a decode head."""
    return model('mmseg', f"type='EncoderDecoder', decode_head=dict({head})")


def pose(codec: str, head: str, cut: str = '(192, 256)') -> str:
    """Return a pose estimator whose pipeline cuts and encodes for (192, 256)."""
    targets = (
        "dict(type='GenerateTarget', encoder=dict(type='SimCCLabel', input_size=(192, 256), simcc_split_ratio=2.0))"
    )
    return model('mmpose', f"type='TopdownPoseEstimator', head=dict(type={head}, decoder=dict(type={codec}))") + (
        "train_dataloader = dict(dataset=dict(type='CocoDataset', pipeline=["
        f"dict(type='TopdownAffine', input_size={cut}), {targets}]))\n"
    )


def rates(settings: str) -> str:
    """Return an optimizer whose rate falls to a thousandth."""
    return (
        "model = dict(type='Own', backbone=dict(type='OwnNet'), decode_head=dict(type='OwnHead'))\n"
        f"optim_wrapper = dict(optimizer=dict(type='AdamW', lr=0.01, weight_decay=0.05), paramwise_cfg=dict({settings}))\n"
        "train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=12)\n"
        "param_scheduler = dict(type='CosineAnnealingLR', eta_min=0.001, T_max=12, by_epoch=True)\n"
    )


def evaluated(prefixes: int, metrics: int) -> str:
    """Return a detector that is evaluated on two sets."""
    sets = ', '.join(["dict(type='CocoDataset', ann_file='a')"] * 2)
    return (
        f"default_scope = 'mmdet'\nval_dataloader = dict(dataset=dict(type='ConcatDataset', datasets=[{sets}]))\n"
        f"val_evaluator = dict(type='MultiDatasetsEvaluator', metrics=[dict(type='CocoMetric')] * {metrics}, "
        f'dataset_prefixes={["a", "b", "c"][:prefixes]})\n'
    )


CROSS = "type='CrossEntropyLoss', class_weight="
FOUR = 'mean=[1, 2, 3, 4], std=[1, 1, 1, 1]'
THREE = 'mean=[1, 2, 3], std=[1, 1, 1]'

PLAIN, PREFIX, OTHER = 'unprefixed-checkpoint', 'prefix-of-plain-checkpoint', 'weights-of-another-network'
TOP, OUTPUTS, INPUTS = 'topk-beyond-classes', 'output-count-mismatch', 'input-count-mismatch'
DEAD, QUOTED, JOINED = 'dead-argument', 'quoted-variable', 'joined-strings'
CODEC, RISES, IDLE = 'codec-settings-mismatch', 'eta-min-above-scaled-lr', 'idle-switch'
RESNET, CLASSIFIER = "type='ResNet', depth=50", 'resnet50_8xb32_in1k_20210831-ea4938fc.pth'
URL = 'https://download.openmmlab.com/mmclassification/v0/resnet/'
SIMCC = "'RTMCCHead', in_channels=8, out_channels=17, input_size=(192, 256), in_featuremap_size=(6, 8)"
LABELS = "'SimCCLabel', input_size=(192, 256), simcc_split_ratio=2.0"

WRONG = [
    (PLAIN, initial(RESNET, f"'checkpoints/{CLASSIFIER}'")),
    (PLAIN, model('mmseg', f"type='EncoderDecoder', pretrained='{URL}{CLASSIFIER}', backbone=dict({RESNET})")),
    (PREFIX, initial(RESNET, f"'{URL}{CLASSIFIER}', prefix='model.'")),
    (PREFIX, initial(RESNET, f"'{URL}{CLASSIFIER}', prefix='backbon.'")),
    (OTHER, loaded('mmdet', f"type='FasterRCNN', backbone=dict({RESNET}), roi_head=dict()", 'retinanet_r50_fpn_1x_coco')),
    (OTHER, loaded('mmdet', f"type='RetinaNet', backbone=dict({RESNET}), bbox_head=dict()", 'faster_rcnn_r50_fpn_1x_coco')),
    (OTHER, loaded('mmseg', f"type='EncoderDecoder', backbone=dict({RESNET}), decode_head=dict(type='PSPHead')", 'deeplabv3_r50-d8')),
    (OTHER, loaded('mmdet3d', "type='VoxelNet', backbone=dict(type='SECOND'), middle_encoder=dict(type='SparseEncoder')", 'hv_pointpillars')),
    (OTHER, loaded('mmdet', "type='RTMDet', backbone=dict(type='CSPNeXt', widen_factor=0.5), bbox_head=dict()", 'rtmdet_m_8xb32-300e')),
    (OTHER, loaded('mmpretrain', f"type='ImageClassifier', backbone=dict({RESNET})", 'vit-base-p16_in21k')),
    (OTHER, initial("type='PyramidVisionTransformer', num_layers=[3, 4, 6, 3]", "'pvt_tiny.pth'")),
    (TOP, recognizer(3)),
    (TOP, recognizer(4, ', metric_options=dict(top_k_accuracy=dict(topk=(1, 5)))')),
    (OUTPUTS, segmentor("type='FCNHead', in_channels=8, channels=8, num_classes=2, out_channels=3")),
    (OUTPUTS, segmentor("type='PSPHead', in_channels=8, channels=8, num_classes=3, out_channels=1")),
    (INPUTS, segmentor("type='SegformerHead', in_channels=[8, 8], in_index=[0, 1, 2], channels=8, num_classes=2")),
    (INPUTS, segmentor("type='UPerHead', in_channels=[8, 8, 8], in_index=(0, 1), channels=8, num_classes=2")),
    (CODEC, pose(LABELS.replace('192, 256', '288, 384'), SIMCC.replace('192, 256', '288, 384'))),
    (CODEC, pose(LABELS, SIMCC.replace('192, 256', '256, 256'))),
    (CODEC, pose(LABELS, f'{SIMCC}, simcc_split_ratio=1.0')),
    (CODEC, pose(LABELS, SIMCC, '(256, 256)')),
    (RISES, rates('bias_lr_mult=0.01')),
    (RISES, rates('dcn_offset_lr_mult=0.01')),
    ('decay-mult-lost', rates("bias_decay_mult=0.0, custom_keys={'head': dict(lr_mult=2.0)}")),
    (IDLE, initial(f"{RESNET}, dcn=dict(type='DCN', deform_groups=1)", "'a.pth'")),
    (IDLE, initial(f"{RESNET}, dcn=dict(type='DCN'), stage_with_dcn=(False, ) * 4", "'a.pth'")),
    (DEAD, model('mmdet', "type='RetinaNet', bbox_head=dict(type='RetinaHead', num_classes=80)") + 'num_classes = 2\n'),
    (DEAD, 'lr = 0.1\noptim_wrapper = dict(optimizer=dict(type="SGD", lr=0.01))\n'),
    (DEAD, "max_epochs = 20\ntrain_cfg = dict(type='EpochBasedTrainLoop', max_epochs=12)\n"),
    (DEAD, 'indices = 100\ntrain_dataloader = dict(dataset=dict(type="ToyDataset"))\n'),
    (QUOTED, "weights = 'a/b.pth'\nmodel = dict(backbone=dict(type='Own', init_cfg=dict(type='Pretrained', checkpoint='weights')))\n"),
    (QUOTED, "weights = 'a/b.pth'\nload_from = 'weights'\n"),
    (QUOTED, "root = 'a/'\ntrain_dataloader = dict(dataset=dict(type='Own', ann_file='{root}b.json'))\n"),
    (JOINED, "custom_imports = dict(imports=['own.models' 'own.datasets'])\n"),
    (JOINED, "files = ['a/train.json' 'a/val.json', 'a/test.json']\n"),
    ('dataset-prefixes-mismatch', evaluated(2, 1)),
    ('unknown-architecture', model('mmpretrain', "type='ImageClassifier', backbone=dict(type='VisionTransformer', arch='b16')")),
    ('unknown-architecture', model('mmdet', "type='SingleStageDetector', backbone=dict(type='SSDVGG', depth=17)")),
    (LEVELS, yolo(module=', featmap_strides=[8, 16]')),
    (LEVELS, yolo(head=", prior_generator=dict(type='mmdet.YOLOAnchorGenerator', strides=[8, 16], base_sizes=[[(1, 1)]] * 2)")),
    (LEVELS, yolo(head=', obj_level_weights=[4.0, 1.0]')),
    (LEVELS, yolo(module=', featmap_strides=[8, 16, 32]', inputs=4)),
    (LEVELS, ssd(5)),
    (LEVELS, fcos(4)),
    (WEIGHTS, weighted('mmdet', 'YOLACTHead', f'{CROSS}[1.0] * 3')),
    (WEIGHTS, weighted('mmdet', 'DETRHead', f'{CROSS}[1.0] * 4')),
    (WEIGHTS, weighted('mmdet', 'LinearReIDHead', "type='mmpretrain.CrossEntropyLoss', class_weight=[1.0] * 4")),
    (WEIGHTS, weighted('mmseg', 'FCNHead', "type='FocalLoss', class_weight=[1.0] * 2", 'loss_decode')),
    (WEIGHTS, weighted('mmseg', 'PSPHead', "type='LovaszLoss', class_weight=[1.0] * 2", 'loss_decode')),
    (WEIGHTS, weighted('mmseg', 'PSPHead', "type='TverskyLoss', class_weight=[1.0] * 2", 'loss_decode')),
    (PICTURES, pictures('mmdet', f"DetDataPreprocessor', {THREE}", "'ResNet', depth=50, in_channels=4")),
    (PICTURES, pictures('mmdet', f"DetDataPreprocessor', {FOUR}", "'ResNet', depth=50, in_channels=4")),
    (PICTURES, pictures('mmpose', f"PoseDataPreprocessor', {THREE}", "'ResNet', depth=50, in_channels=1")),
    (PICTURES, pictures('mmdet3d', f"Det3DDataPreprocessor', {THREE}", "'mmdet.ResNet', depth=50, in_channels=1")),
]  # fmt: skip
RIGHT = [
    (PLAIN, initial(RESNET, f"'checkpoints/{CLASSIFIER}', prefix='backbone.'")),
    (PLAIN, initial(RESNET, "'pretrain/mit_b0_20220624-7e0fe6dd.pth'")),
    (PLAIN, model('mmaction', f"type='Recognizer3D', backbone=dict(type='SwinTransformer3D', pretrained='{URL}{CLASSIFIER}')")),
    (PREFIX, initial(RESNET, f"'{URL}{CLASSIFIER}', prefix='backbone'")),
    (PREFIX, initial(RESNET, "'work_dirs/a/epoch_3.pth', prefix='model.'")),
    (OTHER, loaded('mmdet', f"type='MaskRCNN', backbone=dict({RESNET}), roi_head=dict()", 'faster_rcnn_r50_fpn_1x_coco')),
    (OTHER, loaded('mmseg', f"type='EncoderDecoder', backbone=dict({RESNET}), decode_head=dict(type='OwnHead')", 'deeplabv3_r50-d8')),
    (OTHER, model('mmdet', f"type='FasterRCNN', backbone=dict({RESNET})") + "load_from = 'retinanet_best.pth'\n"),
    (OTHER, loaded('mmdet', "type='RTMDet', backbone=dict(type='CSPNeXt', widen_factor=0.75), bbox_head=dict()", 'rtmdet_m_8xb32-300e')),
    (TOP, recognizer(3, ", metric_list=('mean_class_accuracy', )")),
    (TOP, recognizer(5)),
    (OUTPUTS, segmentor("type='FCNHead', in_channels=8, channels=8, num_classes=2, out_channels=1")),
    (OUTPUTS, segmentor("type='OwnHead', num_classes=2, out_channels=3")),
    (INPUTS, segmentor("type='FCNHead', in_channels=8, in_index=2, channels=8, num_classes=2")),
    (CODEC, pose(LABELS, SIMCC)),
    (CODEC, pose("'OwnLabel', input_size=(192, 256)", SIMCC)),
    (RISES, rates('bias_lr_mult=2.0')),
    (RISES, rates('bias_lr_mult=0.0')),
    ('decay-mult-lost', rates("bias_decay_mult=0.0, custom_keys={'pos_block': dict(decay_mult=0.0)}")),
    (IDLE, initial(f"{RESNET}, dcn=dict(type='DCN'), stage_with_dcn=(False, True, True, True)", "'a.pth'")),
    (IDLE, initial("type='OwnNet', dcn=dict(type='DCN')", "'a.pth'")),
    ('dataset-prefixes-mismatch', evaluated(2, 2)),
    (DEAD, model('mmdet', "type='RetinaNet', bbox_head=dict(type='RetinaHead', num_classes=2)") + 'num_classes = 2\n'),
    (DEAD, 'lr = 0.1\noptim_wrapper = dict(optimizer=dict(type="SGD", lr=lr))\n'),
    (DEAD, "max_epochs = 20\ntrain_cfg = dict(type='EpochBasedTrainLoop', max_epochs=20)\n"),
    (QUOTED, "best = 'a/b.pth'\ndefault_hooks = dict(checkpoint=dict(type='CheckpointHook', save_best='best'))\n"),
    (QUOTED, "root = 'a/'\ntrain_dataloader = dict(dataset=dict(type='Own', filename_tmpl='{root}_{:05}.jpg'))\n"),
    (QUOTED, "root = 'a/'\ntrain_dataloader = dict(dataset=dict(type='Own', ann_file='{name}b.json'))\n"),
    (QUOTED, "root = 'a/'\ntrain_dataloader = dict(dataset=dict(type='Own', ann_file=f'{root}b.json'))\n"),
    (JOINED, "files = ['https://host.org/' 'a/val.json', 'a/test.json']\n"),
    (JOINED, "custom_imports = dict(imports=['own.mod' 'els'])\n"),
    ('unknown-architecture', model('mmpretrain', "type='ImageClassifier', backbone=dict(type='VisionTransformer', arch='Base')")),
    (LEVELS, yolo(module=', featmap_strides=[8, 16, 32]')),
    (LEVELS, yolo(head=', obj_level_weights=[4.0, 1.0, 0.4]')),
    (LEVELS, yolo(module=', featmap_strides=[8, 16, 32]', neck='YOLOv6RepBiPAFPN', inputs=4)),
    (LEVELS, yolo(module=', featmap_strides=[8, 16]', neck='OwnNeck')),
    (LEVELS, ssd(6)),
    (LEVELS, fcos(5)),
    (LEVELS, fcos(4, ', regress_ranges=((-1, 64), (64, 128), (128, 256), (256, 512))')),
    (WEIGHTS, weighted('mmdet', 'YOLACTHead', f'{CROSS}[1.0] * 4')),
    (WEIGHTS, weighted('mmdet', 'DETRHead', f'{CROSS}1.0')),
    (WEIGHTS, weighted('mmdet', 'OwnHead', f'{CROSS}[1.0] * 9')),
    (WEIGHTS, weighted('mmseg', 'FCNHead', "type='FocalLoss', class_weight=[1.0] * 3", 'loss_decode')),
    (WEIGHTS, weighted('mmseg', 'FCNHead', "type='OwnLoss', class_weight=[1.0] * 2", 'loss_decode')),
    (PICTURES, pictures('mmdet', "DetDataPreprocessor', mean=[1.0], std=[1.0]", "'ResNet', depth=50, in_channels=1")),
    (PICTURES, pictures('mmdet', f"DetDataPreprocessor', {THREE}", "'ResNet', depth=50")),
    (PICTURES, pictures('mmdet', f"DetDataPreprocessor', {THREE}", "'OwnNet', in_channels=6")),
]  # fmt: skip


def said(rule: str, text: str, folder: Path) -> list[str]:
    """Return what a rule says of a config."""
    return [each.message for each in diagnose(folder, complete(text), rules=[rule])]


@pytest.mark.parametrize(('rule', 'text'), WRONG)
def test_what_does_not_fit(rule: str, text: str, tmp_path: Path) -> None:
    found = said(rule, text, tmp_path)
    assert len(found) == 1
    assert len(found[0]) <= 120


@pytest.mark.parametrize(('rule', 'text'), RIGHT)
def test_what_looks_alike_and_fits(rule: str, text: str, tmp_path: Path) -> None:
    assert said(rule, text, tmp_path) == []


def test_variables_of_a_base_in_quotes(tmp_path: Path) -> None:
    (tmp_path / 'base.py').write_text("data_root = 'a/'\ncodec = dict(type='Own')\n", encoding='utf-8')
    child = "_base_ = './base.py'\nmodel = dict(type='Own', head=dict(decoder='codec'), path='_base_.data_root', name='data_root')\n"
    found = said(QUOTED, child, tmp_path)
    assert [each.partition(' is a variable')[0] for each in found] == ['`codec`', '`_base_.data_root`']
