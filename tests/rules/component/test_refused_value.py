"""Values that constructors refuse: of several libraries, computed with defaults, and what is not known."""

from __future__ import annotations

from pathlib import Path

import pytest

import cfglint
from tests.kit.repo import diagnose, write

MODEL = "default_scope = '%s'\nmodel = dict(type='%s', %s)\n"
STEP = "default_scope = '%s'\ntrain_dataloader = dict(dataset=dict(type='%s', ann_file='a', pipeline=[dict(%s)]))\n"
METRIC = "default_scope = '%s'\nval_evaluator = dict(%s)\n"

BAD = [
    (MODEL % ('mmdet', 'RetinaNet', "backbone=dict(type='ResNet', depth=50, out_indices=(1, 2, 3, 4))"), 'out_indices'),
    (MODEL % ('mmseg', 'EncoderDecoder', "backbone=dict(type='ResNetV1c', depth=50, dilations=(1, 1, 2))"), 'dilations'),
    (MODEL % ('mmpose', 'TopdownPoseEstimator', "backbone=dict(type='ResNet', depth=50, num_stages=5)"), 'num_stages'),
    (MODEL % ('mmdet', 'RetinaNet', "bbox_head=dict(anchor_generator=dict(type='AnchorGenerator', strides=[8], ratios=[1.0], scales=[8], octave_base_scale=4, scales_per_octave=3))"), 'octave_base_scale'),
    (STEP % ('mmdet', 'CocoDataset', "type='RandomCrop', crop_size=(0.5, 0.5), crop_type='relatives'"), 'crop_type'),
    (STEP % ('mmdet', 'CocoDataset', "type='RandomCrop', crop_size=(0.5, 0.5)"), 'crop_size'),
    (STEP % ('mmpretrain', 'CustomDataset', "type='RandAugment', policies='timm', num_policies=2, magnitude_level=9"), 'policies'),
    (METRIC % ('mmpose', "type='NME', norm_mode='use_norm_item'"), 'norm_mode'),
    (MODEL % ('mmseg', 'EncoderDecoder', "test_cfg=dict(mode='slide', crop_size=(8, 8), stride=(9, 9))"), 'stride'),
    (MODEL % ('mmpose', 'TopdownPoseEstimator', "backbone=dict(type='ResNet', depth=50, frozen_stages=5)"), 'frozen_stages'),
    (MODEL % ('mmpretrain', 'MAE', "backbone=dict(type='MAEViT', patch_size=14), neck=dict(patch_size=16), head=dict(patch_size=16)"), 'patch_size'),
    (MODEL % ('mmdet', 'DINO', "num_queries=10, bbox_head=dict(type='DINOHead', num_classes=1), test_cfg=dict(max_per_img=30)"), 'num_queries'),
    (MODEL % ('mmdet', 'FasterRCNN', "roi_head=dict(type='StandardRoIHead', bbox_roi_extractor=dict(roi_layer=dict(output_size=14)), bbox_head=dict(roi_feat_size=7))"), 'output_size'),
    (MODEL % ('mmdet', 'RetinaNet', "bbox_head=dict(type='RetinaHead', num_classes=2, in_channels=8, loss_bbox=dict(type='GIoULoss'))"), 'type'),
]  # fmt: skip
GOOD = [
    MODEL % ('mmdet', 'RetinaNet', "backbone=dict(type='ResNet', depth=50, out_indices=(0, 1, 2, 3))"),
    MODEL % ('mmpose', 'TopdownPoseEstimator', "backbone=dict(type='ResNeSt', depth=269)"),
    MODEL % ('mmdet', 'RetinaNet', "backbone=dict(type='ResNetOfMine', depth=50, out_indices=(1, 2, 3, 4))"),
    MODEL % ('mmocr', 'FCENet', "det_head=dict(type='FCEHead', in_channels=256, fourier_degree=5)"),
    STEP % ('mmdet', 'CocoDataset', "type='RandomCrop', crop_size=(0.5, 0.5), crop_type='relative'"),
    STEP % ('mmpretrain', 'CustomDataset', "type='RandAugment', policies='timm_increasing', num_policies=2, magnitude_level=9"),
    METRIC % ('mmpose', "type='NME', norm_mode='use_norm_item', norm_item='bbox_size'"),
    METRIC % ('mmpose', "type='NME', norm_mode='keypoint_distance'"),
    MODEL % ('mmdet', 'RetinaNet', "bbox_head=dict(type='ATSSHead', num_classes=2, in_channels=8, loss_bbox=dict(type='GIoULoss'))"),
    MODEL % ('mmdet', 'FasterRCNN', "roi_head=dict(type='StandardRoIHead', shared_head=dict(type='ResLayer', depth=50), bbox_roi_extractor=dict(roi_layer=dict(output_size=14)), bbox_head=dict(roi_feat_size=7))"),
]  # fmt: skip


@pytest.mark.parametrize(('text', 'name'), BAD)
def test_what_the_constructor_refuses(text: str, name: str, tmp_path: Path) -> None:
    (found,) = diagnose(tmp_path, text, rules=['refused-value'])
    assert found.key is not None
    assert found.key.rpartition('.')[2] == name


@pytest.mark.parametrize('text', GOOD)
def test_what_it_takes_or_is_not_known(text: str, tmp_path: Path) -> None:
    assert diagnose(tmp_path, text, rules=['refused-value']) == []


def test_a_child_that_makes_it_wrong_is_told_there(tmp_path: Path) -> None:
    base = MODEL % (
        'mmdet',
        'RetinaNet',
        "backbone=dict(type='ResNet', depth=50, num_stages=4, out_indices=(0, 1, 2, 3))",
    )
    child = "_base_ = 'base.py'\n\nmodel = dict(backbone=dict(num_stages=3, strides=(1, 2, 2), dilations=(1, 1, 1)))\n"
    (found,) = diagnose(tmp_path, {'base.py': base, 'a.py': child}, 'a.py', rules=['refused-value'])
    assert (Path(found.path).name, found.key) == ('a.py', 'model.backbone.num_stages')
    assert found.message == '`ResNet` demands `max(out_indices) < num_stages`, which does not hold'


def test_advice_is_the_nearest_value(tmp_path: Path) -> None:
    text = STEP % ('mmdet', 'CocoDataset', "type='RandomCrop', crop_size=(0.5, 0.5), crop_type='relatives'")
    (found,) = diagnose(tmp_path, text, rules=['refused-value'])
    assert found.advice is not None
    assert found.advice.code == "crop_type='relative'"


def test_lists_inside_of_lists_tell_two_configs_apart(tmp_path: Path) -> None:
    text = MODEL % (
        'mmyolo',
        'YOLODetector',
        "bbox_head=dict(type='YOLOv5Head', head_module=dict(type='YOLOv5HeadModule', num_base_priors=2), prior_generator=dict(type='mmdet.YOLOAnchorGenerator', strides=[8], base_sizes=%s))",
    )
    write(tmp_path, {'a.py': text % '[[(1, 2), (3, 4)]]', 'b.py': text % '[[(1, 2)]]'})
    found = [each for each in cfglint.check([tmp_path]) if each.rule == 'refused-value']
    assert [Path(each.path).name for each in found] == ['b.py']
