"""Faults between parts, as they are written for other libraries than the one of a rule's example, and what looks alike."""

from __future__ import annotations

from pathlib import Path

import pytest

from cfglint.catalog.run_libraries import Libraries
from cfglint.engine import check
from cfglint.rules import all_rules
from cfglint.workspace import Workspace
from tests.kit.complete import complete

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


CROSS = "type='CrossEntropyLoss', class_weight="
FOUR = 'mean=[1, 2, 3, 4], std=[1, 1, 1, 1]'
THREE = 'mean=[1, 2, 3], std=[1, 1, 1]'

WRONG = [
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
    path = folder / 'config.py'
    path.write_text(complete(text), encoding='utf-8')
    result = check([str(path)], [all_rules()[rule]], workspace=Workspace(Libraries(roots=(folder,))))
    assert result.crashes == []
    return [each.message for each in result.diagnostics]


@pytest.mark.parametrize(('rule', 'text'), WRONG)
def test_what_does_not_fit(rule: str, text: str, tmp_path: Path) -> None:
    found = said(rule, text, tmp_path)
    assert len(found) == 1
    assert len(found[0]) <= 120


@pytest.mark.parametrize(('rule', 'text'), RIGHT)
def test_what_looks_alike_and_fits(rule: str, text: str, tmp_path: Path) -> None:
    assert said(rule, text, tmp_path) == []
