"""What packed samples lack for a model or a metric, and metrics of other datasets."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from cfglint.rules import all_rules
from tests.kit.complete import complete
from tests.kit.repo import diagnose

if TYPE_CHECKING:
    from pathlib import Path

LOAD = "dict(type='LoadImageFromFile')"
RESIZE = "dict(type='mmdet.Resize', scale=(8, 8), keep_ratio=True)"
FCOS = "type='FCOS', bbox_head=dict(type='FCOSHead')"
YOLO = "type='YOLODetector', bbox_head=dict(type='YOLOv5Head')"
LETTER = "dict(type='LetterResize', scale=(8, 8))"
POINTS = "dict(type='LoadPointsFromFile', coord_type='LIDAR')"


def said(rule: str, text: str, folder: Path) -> list[str | None]:
    return [each.key for each in diagnose(folder, complete(text), rules=[all_rules()[rule]])]


@pytest.mark.parametrize(
    ('scope', 'model', 'steps', 'is_right'),
    [
        ('mmdet', FCOS, f"{LOAD}, {RESIZE}, dict(type='PackDetInputs', meta_keys=['img_id'])", False),
        ('mmdet', FCOS, f"{LOAD}, {RESIZE}, dict(type='PackDetInputs')", True),
        ('mmdet', FCOS, f"{LOAD}, dict(type='PackDetInputs')", False),
        ('mmdet', FCOS, f"{LOAD}, dict(type='MyResize'), dict(type='PackDetInputs')", True),
        ('mmdet', FCOS, f"{LOAD}, dict(type='FixShapeResize', width=8, height=8), dict(type='PackDetInputs')", True),
        ('mmdet', "type='CenterNet', bbox_head=dict(type='CenterNetHead')", f"{LOAD}, dict(type='PackDetInputs')", True),
        ('mmdet', "type='FCOS', bbox_head=dict(type='MyHead')", f"{LOAD}, dict(type='PackDetInputs')", True),
        ('mmdet', "type='FasterRCNN', roi_head=dict(bbox_head=[dict(type='BBoxHead')])", f"{LOAD}, dict(type='PackDetInputs')", False),
        ('mmrotate', "type='mmdet.FCOS', bbox_head=dict(type='RotatedFCOSHead')", f"{LOAD}, {RESIZE}, dict(type='mmdet.PackDetInputs', meta_keys=('img_id', ))", False),
        ('mmyolo', YOLO, f"{LOAD}, {LETTER}, dict(type='mmdet.PackDetInputs')", True),
        ('mmyolo', YOLO, f"{LOAD}, {LETTER}, dict(type='mmdet.PackDetInputs', meta_keys=('img_id', 'scale_factor'))", False),
        ('mmyolo', YOLO, f"{LOAD}, {LETTER}, dict(type='mmdet.PackDetInputs', meta_keys=('scale_factor', 'pad_param'))", True),
        ('mmyolo', YOLO, f"{LOAD}, {RESIZE}, dict(type='mmdet.PackDetInputs', meta_keys=('img_id', 'scale_factor'))", True),
        ('mmseg', "type='EncoderDecoder'", f"{LOAD}, dict(type='PackSegInputs', meta_keys=('img_shape', ))", False),
        ('mmseg', "type='EncoderDecoder'", f"{LOAD}, dict(type='PackSegInputs')", True),
        ('mmpose', "type='BottomupPoseEstimator'", "dict(type='LoadImage'), dict(type='PackPoseInputs', meta_keys=('id', ))", False),
        ('mmpose', "type='PoseLifter'", "dict(type='PackPoseInputs', meta_keys=('id', ))", True),
    ],
)  # fmt: skip
def test_what_is_kept_for_models(scope: str, model: str, steps: str, is_right: bool, tmp_path: Path) -> None:
    datasets = {'mmyolo': 'YOLOv5CocoDataset', 'mmseg': 'ADE20KDataset', 'mmrotate': 'DOTADataset'}
    text = (
        f"default_scope = '{scope}'\nmodel = dict({model})\n"
        f"val_dataloader = dict(dataset=dict(type='{datasets.get(scope, 'CocoDataset')}', pipeline=[{steps}]))\n"
        "val_evaluator = dict(type='mmseg.IoUMetric')\nval_cfg = dict()\n"
    )
    assert (said('dropped-sample-key', text, tmp_path) == []) is is_right


@pytest.mark.parametrize(
    ('head', 'keys', 'is_right'),
    [
        ("bbox_head=dict(type='Anchor3DHead')", ['points', 'gt_bboxes_3d'], False),
        ("bbox_head=dict(type='Anchor3DHead')", ['points', 'gt_bboxes_3d', 'gt_labels_3d'], True),
        ("pts_bbox_head=dict(type='CenterHead')", ['points', 'gt_labels_3d'], False),
        ("decode_head=dict(type='PAConvHead')", ['points'], False),
        ("bbox_head=dict(type='FCOSMono3DHead')", ['img'], True),
    ],
)
def test_what_is_kept_for_training(head: str, keys: list[str], is_right: bool, tmp_path: Path) -> None:
    text = (
        f"default_scope = 'mmdet3d'\nmodel = dict(type='VoxelNet', {head})\n"
        f"train_dataloader = dict(dataset=dict(type='KittiDataset', pipeline=[{POINTS}, dict(type='Pack3DDetInputs', keys={keys})]))\n"
    )
    assert (said('dropped-sample-key', text, tmp_path) == []) is is_right


@pytest.mark.parametrize(
    ('scope', 'dataset', 'metric', 'is_right'),
    [
        ('mmdet', 'LVISV1Dataset', "dict(type='CocoMetric', ann_file='a.json')", False),
        ('mmdet', 'LVISV1Dataset', "dict(type='LVISMetric', ann_file='a.json')", True),
        ('mmdet', 'MyLVIS', "dict(type='CocoMetric', ann_file='a.json')", True),
        ('mmdet', 'CocoDataset', "[dict(type='CocoMetric', ann_file='a.json'), dict(type='OpenImagesMetric')]", False),
        ('mmdet', 'OpenImagesChallengeDataset', "dict(type='OpenImagesMetric')", True),
        ('mmdet', 'CocoDataset', "dict(type='CocoPanopticMetric', ann_file='a.json')", False),
        ('mmdet', 'CocoDataset', "dict(type='LVISMetric', ann_file='a.json', format_only=True, outfile_prefix='a')", True),
        ('mmdet3d', 'KittiDataset', "dict(type='NuScenesMetric', data_root='', ann_file='')", False),
        ('mmdet3d', 'WaymoDataset', "dict(type='KittiMetric', ann_file='')", True),
        ('mmpretrain', 'VOC', "dict(type='Accuracy')", False),
        ('mmpretrain', 'MultiLabelDataset', "dict(type='VOCMultiLabelMetric')", False),
        ('mmpretrain', 'MultiLabelDataset', "dict(type='AveragePrecision')", True),
        ('mmpretrain', 'CIFAR10', "dict(type='Accuracy')", True),
    ],
)  # fmt: skip
def test_metrics_of_datasets(scope: str, dataset: str, metric: str, is_right: bool, tmp_path: Path) -> None:
    text = (
        f"default_scope = '{scope}'\nval_dataloader = dict(dataset=dict(type='{dataset}', ann_file='a.json'))\n"
        f'val_evaluator = {metric}\nval_cfg = dict()\n'
    )
    assert (said('metric-of-another-dataset', text, tmp_path) == []) is is_right


@pytest.mark.parametrize(
    ('metric', 'keys', 'told'),
    [
        ("type='CocoMetric'", '', ['val_evaluator.type']),
        ("type='CocoMetric', ann_file='a.json'", '', []),
        ("type='CocoMetric'", ", meta_keys=('img_id', 'scale_factor', 'instances')", []),
        ("type='MyMetric'", '', []),
    ],
)
def test_what_is_kept_for_metrics(metric: str, keys: str, told: list[str], tmp_path: Path) -> None:
    text = (
        "default_scope = 'mmdet'\nval_dataloader = dict(dataset=dict(type='CocoDataset', "
        f"pipeline=[{LOAD}, {RESIZE}, dict(type='PackDetInputs'{keys})]))\nval_evaluator = dict({metric})\nval_cfg = dict()\n"
    )
    assert said('dropped-sample-key', text, tmp_path) == told
