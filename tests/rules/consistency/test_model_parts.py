"""Counts inside a model that have to agree: class weights, things and stuff, assigners, outputs and channels."""

from __future__ import annotations

from pathlib import Path

import pytest

from cfglint.catalog.library_file import library_names
from cfglint.catalog.model_facts import ModelFacts, model_facts
from tests.kit.complete import complete
from tests.kit.repo import diagnose

M2F = (
    "default_scope = 'mmdet'\nmodel = dict(type='Mask2Former', panoptic_head=dict(type='Mask2FormerHead', %s,"
    " loss_cls=dict(type='CrossEntropyLoss', class_weight=%s)))\n"
)
ROI = (
    "default_scope = '%s'\nmodel = dict(type='mmdet.FasterRCNN', roi_head=dict(type='mmdet.StandardRoIHead',"
    " bbox_head=dict(type='mmdet.Shared2FCBBoxHead', num_classes=2, loss_cls=dict(type='mmdet.CrossEntropyLoss',"
    ' class_weight=%s))))\n'
)
SEG = (
    "default_scope = 'mmseg'\nmodel = dict(type='EncoderDecoder', auxiliary_head=[dict(type='FCNHead', in_channels=8, channels=8,"
    " num_classes=%s, loss_decode=[dict(type='%s', %s)])])\n"
)
CLS = (
    "default_scope = 'mmpretrain'\nmodel = dict(type='ImageClassifier', head=dict(type='%s', in_channels=8, num_classes=%s,"
    ' %s))\n'
)
PANOPTIC = (
    "default_scope = 'mmdet'\nmodel = dict(type='PanopticFPN', semantic_head=dict(type='PanopticFPNHead', %s),"
    " roi_head=dict(type='StandardRoIHead', bbox_head=dict(type='Shared2FCBBoxHead', num_classes=%s)),"
    " panoptic_fusion_head=dict(type='HeuristicFusionHead', %s))\n"
)
YOLO = (
    "default_scope = 'mmyolo'\nmodel = dict(type='YOLODetector', bbox_head=dict(type='PPYOLOEHead', head_module=dict("
    "type='PPYOLOEHeadModule', num_classes=2, in_channels=[8])), train_cfg=dict(initial_assigner=dict("
    "type='BatchATSSAssigner', num_classes=%s), assigner=dict(type='%s', num_classes=%s)))\n"
)
AVA = (
    "default_scope = 'mmaction'\nmodel = dict(_scope_='mmdet', type='FastRCNN', roi_head=dict(type='AVARoIHead', bbox_head=dict("
    "type='BBoxHeadAVA', in_channels=8, num_classes=%s)))\n"
)
TOP = (
    'val_cfg = dict()\nval_dataloader = dict(dataset=dict(type="CustomDataset"))\n'
    "val_evaluator = [dict(type='Accuracy', topk=%s)]\n"
)
BANDS = (
    "default_scope = 'mmseg'\nmodel = dict(type='EncoderDecoder', data_preprocessor=dict(type='%s', mean=%s, std=%s,"
    " size=(64, 64)), backbone=dict(type='%s', depth=50%s))\n"
)
GRAY = (
    "default_scope = 'mmpretrain'\ndata_preprocessor = dict(mean=%s, std=[1.0])\nmodel = dict(type='ImageClassifier',"
    " backbone=dict(type='%s'%s))\n"
)
MIXED = (
    "default_scope = 'mmpretrain'\nmodel = dict(type='ImageClassifier', head=dict(type='LinearClsHead', in_channels=8,"
    " num_classes=%s), train_cfg=dict(augments=[dict(type='Mixup', alpha=0.8)]))\ndata_preprocessor = dict(num_classes=%s)\n"
)
MASKS = (
    "default_scope = 'mmdet'\nmodel = dict(type='Mask2Former', panoptic_head=dict(type='Mask2FormerHead', %s))\n"
    'train_dataloader = dict(dataset=dict(type=%r, %s))\nval_dataloader = test_dataloader = None\n'
)
THREE = "metainfo=dict(classes=('a', 'b', 'c'), thing_classes=('a', 'b'), stuff_classes=('c', ))"
LEVELS = (
    "default_scope = 'mmdet'\nmodel = dict(type='FasterRCNN', neck=%s, rpn_head=dict(type='RPNHead', in_channels=8,"
    " anchor_generator=dict(type='AnchorGenerator', scales=[8], ratios=[1.0], strides=%s)),"
    " roi_head=dict(type='StandardRoIHead', bbox_roi_extractor=dict(type='SingleRoIExtractor', featmap_strides=[4, 8])))\n"
)
FPN = "dict(type='FPN', in_channels=[8, 8, 8, 8], out_channels=8, num_outs=%s)"
FCOS = (
    "default_scope = 'mmrotate'\nmodel = dict(type='mmdet.FCOS', neck=dict(type='mmdet.FPN', in_channels=[8, 8, 8],"
    " out_channels=8, num_outs=%s), bbox_head=dict(type='RotatedFCOSHead', num_classes=15, in_channels=8,"
    ' strides=[8, 16, 32, 64, 128]))\n'
)
CASCADE = (
    "default_scope = 'mmdet'\nmodel = dict(type='CascadeRCNN', roi_head=dict(type='%s', num_stages=%s,"
    " stage_loss_weights=[1] * %s, bbox_head=[dict(type='Shared2FCBBoxHead')] * %s), train_cfg=dict(rcnn=[dict()] * %s))\n"
)
ANCHORS = (
    "default_scope = 'mmdet3d'\nmodel = dict(type='VoxelNet', bbox_head=dict(type='Anchor3DHead', num_classes=%s,"
    " assign_per_class=True, anchor_generator=dict(type='Anchor3DRangeGenerator', ranges=[[0] * 6] * %s,"
    " sizes=[[1, 1, 1]] * %s)), train_cfg=dict(assigner=[dict(type='mmdet.MaxIoUAssigner')] * %s))\n"
)
TASKS = (
    "default_scope = 'mmdet3d'\nmodel = dict(type='CenterPoint', pts_bbox_head=dict(type='CenterHead', tasks=%s))\n"
    "train_dataloader = dict(dataset=dict(type='CBGSDataset', dataset=dict(type='NuScenesDataset',"
    " metainfo=dict(classes=['car', 'bus', 'barrier']))))\n"
)

REGIONS = (
    "default_scope = 'mmdet3d'\nmodel = dict(type='PartA2', roi_head=dict(type='%s'%s), "
    "train_cfg=dict(rcnn=dict(assigner=[dict(type='Max3DIoUAssigner')] * %d)))\n"
)
BAD = [
    ('class-weight-mismatch', M2F % ('num_things_classes=2, num_stuff_classes=1', '[1.0] * 3')),
    ('class-weight-mismatch', M2F % ('num_things_classes=3', '[1.0] * 81')),  # 53 kinds of stuff by default
    ('class-weight-mismatch', ROI % ('mmdet', '[1.0, 2.0]')),
    ('class-weight-mismatch', ROI % ('mmrotate', '[1.0] * 16')),
    ('class-weight-mismatch', SEG % (4, 'CrossEntropyLoss', 'class_weight=[1.0] * 19')),
    ('class-weight-mismatch', SEG % (4, 'CrossEntropyLoss', 'class_weight=[1.0] * 4, use_sigmoid=True')),
    ('class-weight-mismatch', CLS % ('StackedLinearClsHead', 4, "mid_channels=[8], loss=dict(type='CrossEntropyLoss', class_weight=[1.0])")),
    ('panoptic-parts-mismatch', PANOPTIC % ('num_things_classes=3, num_stuff_classes=1', 3, 'num_things_classes=3')),
    ('panoptic-parts-mismatch', PANOPTIC % ('num_stuff_classes=1', 3, 'num_stuff_classes=1')),
    ('assigner-classes-mismatch', YOLO % (2, 'BatchTaskAlignedAssigner', 80)),
    ('assigner-classes-mismatch', YOLO % (80, 'BatchTaskAlignedAssigner', 2)),
    ('topk-beyond-classes', CLS % ('LinearClsHead', 2, "topk=(1, 5), cal_acc=True, loss=dict(type='CrossEntropyLoss')")),
    ('topk-beyond-classes', CLS % ('VisionTransformerClsHead', 3, 'topk=1') + TOP % 5),
    ('topk-beyond-classes', AVA % 5),
    ('single-output-softmax', SEG % (1, 'CrossEntropyLoss', 'loss_weight=0.4')),
    ('single-output-softmax', SEG % ('2, out_channels=1', 'OhemCrossEntropy', 'loss_weight=0.4')),
    ('single-output-softmax', CLS % ('LinearClsHead', 1, "loss=dict(type='LabelSmoothLoss', label_smooth_val=0.1)")),
    ('image-channels-mismatch', BANDS % ('SegDataPreProcessor', [1.0] * 4, [1.0] * 4, 'ResNetV1c', '')),
    ('image-channels-mismatch', BANDS % ('SegDataPreProcessor', [1.0] * 3, [1.0] * 3, 'ResNet', ', in_channels=1')),
    ('image-channels-mismatch', GRAY % ([1.0, 2.0, 3.0], 'ResNet', ', depth=18, in_channels=1')),
    ('loss-classes-mismatch', CLS % ('LinearClsHead', 4, "loss=dict(type='SeesawLoss', num_classes=1000)")),
    ('loss-classes-mismatch', CLS % ('VisionTransformerClsHead', 4, "loss=dict(type='LabelSmoothLoss', label_smooth_val=0.1, num_classes=2)")),
    ('loss-classes-mismatch', MIXED % (10, 1000)),
    ('panoptic-classes-mismatch', MASKS % ('num_things_classes=80, num_stuff_classes=53', 'CocoPanopticDataset', THREE)),
    ('panoptic-classes-mismatch', MASKS % ('num_things_classes=3', 'CocoPanopticDataset', THREE)),
    ('panoptic-classes-mismatch', MASKS % ('num_things_classes=8, num_stuff_classes=0', 'CocoDataset', 'ann_file="a.json"')),
    ('num-classes-mismatch', PANOPTIC % ('num_things_classes=2, num_stuff_classes=1', 3, 'num_things_classes=2, num_stuff_classes=1') + f"train_dataloader = dict(dataset=dict(type='CocoPanopticDataset', {THREE}))\n"),
    ('num-classes-mismatch', FCOS % 5 + "train_dataloader = dict(dataset=dict(type='DOTAv2Dataset'))\n"),
    ('level-count-mismatch', LEVELS % (FPN % 4, [4, 8, 16, 32, 64])),
    ('level-count-mismatch', LEVELS % ("[%s, dict(type='BFP', in_channels=8, num_levels=5)]" % (FPN % 5), [8, 16])),
    ('level-count-mismatch', FCOS % 3),
    ('stage-count-mismatch', CASCADE % ('CascadeRoIHead', 3, 3, 2, 3)),
    ('stage-count-mismatch', CASCADE % ('HybridTaskCascadeRoIHead', 3, 2, 3, 3)),
    ('stage-count-mismatch', CASCADE % ('CascadeRoIHead', 4, 4, 4, 3)),
    ('anchor-count-mismatch', ANCHORS % (3, 2, 3, 3)),
    ('anchor-count-mismatch', ANCHORS % (3, 3, 3, 1)),
    ('anchor-count-mismatch', ANCHORS % (3, 1, 2, 2)),
    ('anchor-count-mismatch', REGIONS % ('PartAggregationROIHead', ', num_classes=4', 3)),
    ('anchor-count-mismatch', REGIONS % ('PVRCNNRoiHead', '', 2)),
    ('task-classes-mismatch', TASKS % "[dict(class_names=['car']), dict(class_names=['barrier', 'bus'])]"),
    ('task-classes-mismatch', TASKS % "[dict(class_names=['car', 'bus'])]"),
]  # fmt: skip
GOOD = [
    ('class-weight-mismatch', M2F % ('num_things_classes=2, num_stuff_classes=1', '[1.0] * 3 + [0.1]')),
    ('class-weight-mismatch', ROI % ('mmdet', '[1.0, 2.0, 0.5]')),
    ('class-weight-mismatch', SEG % (4, 'CrossEntropyLoss', 'class_weight=[1.0] * 4')),
    ('class-weight-mismatch', SEG % (4, 'CrossEntropyLoss', "class_weight='weights.npy'")),
    ('class-weight-mismatch', SEG % (4, 'MyLoss', 'class_weight=[1.0]')),
    ('panoptic-parts-mismatch', PANOPTIC % ('num_stuff_classes=1', 80, 'num_stuff_classes=1')),
    ('panoptic-parts-mismatch', PANOPTIC % ('num_things_classes=3', 3, 'num_things_classes=3')),
    ('assigner-classes-mismatch', YOLO % (2, 'BatchTaskAlignedAssigner', 2)),
    ('assigner-classes-mismatch', YOLO % (2, 'MyAssigner', 80)),
    ('topk-beyond-classes', CLS % ('LinearClsHead', 2, 'topk=(1, 5)')),  # it does not count
    ('topk-beyond-classes', CLS % ('LinearClsHead', 5, 'topk=(1, 5)') + TOP % '(1, 5)'),
    ('topk-beyond-classes', CLS % ('MultiLabelLinearClsHead', 3, 'topk=5')),
    ('topk-beyond-classes', AVA % '6, topk=(3, 5)'),
    ('single-output-softmax', SEG % ('2, out_channels=1', 'DiceLoss', 'loss_weight=0.4')),
    ('single-output-softmax', SEG % ('2, out_channels=1', 'CrossEntropyLoss', 'use_sigmoid=True')),
    ('single-output-softmax', CLS % ('LinearClsHead', 1, "loss=dict(type='CrossEntropyLoss', use_sigmoid=True)")),
    ('image-channels-mismatch', BANDS % ('SegDataPreProcessor', [0.5], [0.5], 'ResNetV1c', ', in_channels=4')),
    ('image-channels-mismatch', BANDS % ('DualInputSegDataPreProcessor', [1.0] * 6, [1.0] * 6, 'ResNet', '')),
    ('image-channels-mismatch', GRAY % ([1.0], 'LeNet5', '')),
    ('loss-classes-mismatch', MIXED % (10, 10)),
    ('loss-classes-mismatch', MIXED.replace('augments', 'others') % (10, 1000)),
    ('loss-classes-mismatch', CLS % ('LinearClsHead', 4, "loss=dict(type='MyLoss', num_classes=1000)")),
    ('panoptic-classes-mismatch', MASKS % ('num_things_classes=2, num_stuff_classes=1', 'CocoPanopticDataset', THREE)),
    ('panoptic-classes-mismatch', MASKS % ('num_things_classes=8, num_stuff_classes=0', 'CityscapesDataset', '')),
    ('panoptic-classes-mismatch', MASKS % ('num_things_classes=2, num_stuff_classes=1', 'MyDataset', '')),
    ('num-classes-mismatch', PANOPTIC % ('num_things_classes=2, num_stuff_classes=1', 2, 'num_things_classes=2, num_stuff_classes=1') + f"train_dataloader = dict(dataset=dict(type='CocoPanopticDataset', {THREE}))\n"),
    ('num-classes-mismatch', FCOS % 5 + "train_dataloader = dict(dataset=dict(type='DOTADataset'))\n"),
    ('level-count-mismatch', LEVELS % (FPN % 5, [4, 8, 16, 32, 64])),
    ('level-count-mismatch', LEVELS % ("dict(type='HRFPN', in_channels=[8] * 4, out_channels=8)", [4, 8, 16, 32, 64])),
    ('level-count-mismatch', LEVELS % ("[%s, dict(type='MyNeck')]" % (FPN % 5), [8, 16])),
    ('level-count-mismatch', FCOS % 5),
    ('stage-count-mismatch', CASCADE % ('CascadeRoIHead', 2, 3, 2, 2)),
    ('stage-count-mismatch', CASCADE % ('MyRoIHead', 3, 2, 2, 2)),
    ('anchor-count-mismatch', ANCHORS % (3, 1, 3, 3)),
    ('anchor-count-mismatch', REGIONS % ('PVRCNNRoiHead', '', 3)),
    ('anchor-count-mismatch', ANCHORS % (2, 2, 2, 2)),
    ('task-classes-mismatch', TASKS % "[dict(class_names=['car']), dict(class_names=['bus', 'barrier'])]"),
    ('task-classes-mismatch', 'NAMES = open("names").read()\n' + TASKS % '[dict(class_names=NAMES)]'),
]  # fmt: skip


def messages(rule: str, text: str, folder: Path) -> list[str]:
    """Return what a rule says of a config."""
    return [each.message for each in diagnose(folder, complete(text), rules=[rule])]


@pytest.mark.parametrize(('rule', 'text'), BAD)
def test_what_does_not_fit_is_told_once(rule: str, text: str, tmp_path: Path) -> None:
    found = messages(rule, text, tmp_path)
    assert len(found) == 1
    assert len(found[0]) <= 120


@pytest.mark.parametrize(('rule', 'text'), GOOD)
def test_what_fits_or_is_not_known_is_right(rule: str, text: str, tmp_path: Path) -> None:
    assert messages(rule, text, tmp_path) == []


@pytest.mark.parametrize('library', library_names())
def test_the_facts_follow_their_schema(library: str) -> None:
    assert isinstance(model_facts(library), ModelFacts)


def test_libraries_without_facts_have_none() -> None:
    assert model_facts('own') == ModelFacts()
