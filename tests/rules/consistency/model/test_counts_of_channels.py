"""Channels of heatmaps and of the bird's eye view, and the classes of actions, in variations and lookalikes."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.kit.repo import diagnose

ACTIONS, HEATMAPS, BEV = 'action-classes-mismatch', 'heatmap-channels-mismatch', 'bev-channels-mismatch'
HEADER = "default_scope = '%s'\nval_dataloader = test_dataloader = None\n"
AVA = (
    HEADER
    % 'mmaction'
    + "model = dict(type='FastRCNN', _scope_='mmdet', roi_head=dict(type='%s', bbox_head=dict(type='%s', topk=2%s)))\n"
    "train_dataloader = dict(dataset=dict(type='%s', ann_file='a.csv', pipeline=[]%s))\n"
)
JUDGED = (
    AVA
    + "val_dataloader = dict(dataset=dict(type='AVADataset'))\nval_cfg = dict()\nval_evaluator = dict(type='AVAMetric'%s)\n"
)
POSE = (
    HEADER % 'mmaction' + "model = dict(type='Recognizer3D', backbone=dict(type='%s'%s))\n"
    "pipeline = [dict(type='Flip', left_kp=[1, 3], right_kp=[2, 18]), dict(type='%s'%s)]\n"
    "train_dataloader = dict(dataset=dict(type='PoseDataset', ann_file='a.pkl', pipeline=pipeline))\n"
)
VOXELS = (
    HEADER % 'mmdet3d' + "model = dict(type='%s', %s=dict(type='%s', in_channels=4, %s), %s=dict(type='SECOND'%s))\n"
)  # fmt: skip
NUSCENES = (
    "sparse_shape=[41, 1024, 1024], block_type='basicblock', encoder_channels=((16, 16, 32), (32, 32, 64), (64, 64, 128), (128, 128)),"
    ' encoder_paddings=((0, 0, 1), (0, 0, 1), (0, 0, [0, 1, 1]), (0, 0))'
)

BAD = [
    (ACTIONS, AVA % ('AVARoIHead', 'BBoxHeadAVA', ', num_classes=4', 'AVADataset', '')),
    (ACTIONS, AVA % ('AVARoIHead', 'BBoxHeadAVA', '', 'AVADataset', ', num_classes=4, custom_classes=[1, 2, 3]')),
    (ACTIONS, AVA % ('AVARoIHead', 'BBoxHeadAVA', ', num_classes=4', 'AVAKineticsDataset', ', num_classes=4, custom_classes=[1, 2]')),
    (ACTIONS, JUDGED % ('AVARoIHead', 'BBoxHeadAVA', ', num_classes=4', 'AVADataset', ', num_classes=4', '')),
    (HEATMAPS, POSE % ('ResNet3dSlowOnly', ', in_channels=17', 'GeneratePoseTarget', '')),
    (HEATMAPS, POSE % ('ResNet3dSlowOnly', '', 'GeneratePoseTarget', ', with_kp=False, with_limb=True')),
    (HEATMAPS, POSE % ('X3D', ', in_channels=4', 'GeneratePoseTarget', ', with_kp=False, with_limb=True, skeletons=[(0, 1)] * 3')),
    (HEATMAPS, POSE % ('ResNet3dSlowOnly', ', in_channels=19', 'GeneratePoseTarget', ', with_limb=True, skeletons=[(0, 1)] * 3')),
    (BEV, VOXELS % ('VoxelNet', 'middle_encoder', 'SparseEncoder', 'sparse_shape=[61, 9, 9]', 'backbone', ', in_channels=256')),
    (BEV, VOXELS % ('VoxelNet', 'middle_encoder', 'PointPillarsScatter', 'output_shape=[9, 9]', 'backbone', '')),
    (BEV, VOXELS % ('PartA2', 'middle_encoder', 'SparseUNet', 'sparse_shape=[41, 9, 9], output_channels=64', 'backbone', ', in_channels=256')),
    (BEV, VOXELS % ('CenterPoint', 'pts_middle_encoder', 'SparseEncoder', NUSCENES, 'pts_backbone', ', in_channels=384')),
]  # fmt: skip
GOOD = [
    (ACTIONS, AVA % ('AVARoIHead', 'BBoxHeadAVA', ', num_classes=4', 'AVADataset', ', num_classes=4, custom_classes=[1, 2, 3]')),
    (ACTIONS, AVA % ('AVARoIHead', 'BBoxHeadAVA', '', 'AVAKineticsDataset', '')),
    (ACTIONS, AVA % ('AVARoIHead', 'MyHead', ', num_classes=4', 'AVADataset', '')),
    (ACTIONS, AVA % ('AVARoIHead', 'BBoxHeadAVA', ', num_classes=4', 'MyDataset', ', num_classes=6')),
    (ACTIONS, JUDGED % ('AVARoIHead', 'BBoxHeadAVA', ', num_classes=4', 'AVADataset', ', num_classes=4', ', num_classes=4')),
    (HEATMAPS, POSE % ('ResNet3dSlowOnly', ', in_channels=19', 'GeneratePoseTarget', '')),
    (HEATMAPS, POSE % ('ResNet3dSlowOnly', ', in_channels=25', 'GeneratePoseTarget', '')),
    (HEATMAPS, POSE % ('ResNet3dSlowOnly', ', in_channels=17', 'GeneratePoseTarget', ', with_kp=False, with_limb=True')),
    (HEATMAPS, POSE % ('ResNet3dSlowOnly', '', 'FormatShape', ", input_format='NCTHW'")),
    (HEATMAPS, POSE % ('MyNet', '', 'GeneratePoseTarget', '')),
    (BEV, VOXELS % ('VoxelNet', 'middle_encoder', 'SparseEncoder', 'sparse_shape=[61, 9, 9]', 'backbone', ', in_channels=384')),
    (BEV, VOXELS % ('VoxelNet', 'middle_encoder', 'PointPillarsScatter', 'output_shape=[9, 9]', 'backbone', ', in_channels=4')),
    (BEV, VOXELS % ('CenterPoint', 'pts_middle_encoder', 'SparseEncoder', NUSCENES, 'pts_backbone', ', in_channels=256')),
    (BEV, VOXELS % ('VoxelNet', 'middle_encoder', 'MyEncoder', 'sparse_shape=[61, 9, 9]', 'backbone', ', in_channels=256')),
    (BEV, VOXELS % ('MyNet', 'middle_encoder', 'SparseEncoder', 'sparse_shape=[61, 9, 9]', 'backbone', ', in_channels=256')),
]  # fmt: skip


@pytest.mark.parametrize(('rule', 'text'), BAD)
def test_what_does_not_fit(rule: str, text: str, tmp_path: Path) -> None:
    assert len(diagnose(tmp_path, text, rules=[rule])) == 1


@pytest.mark.parametrize(('rule', 'text'), GOOD)
def test_what_fits_or_is_not_known(rule: str, text: str, tmp_path: Path) -> None:
    assert diagnose(tmp_path, text, rules=[rule]) == []
