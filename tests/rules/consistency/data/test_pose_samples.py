"""Boxes and samples of mmpose's datasets: of others, of one person or of all, and what is right or not known."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.kit.complete import complete
from tests.kit.repo import diagnose

BASE = "default_scope = 'mmpose'\nval_dataloader = dict(dataset=dict(type='CocoDataset', data_root='data/coco/', ann_file='val.json', bbox_file='boxes.json'))\n"
CHILD = "_base_ = 'base.py'\nval_dataloader = dict(dataset=dict(%s))\n"
MODE = (
    "default_scope = 'mmpose'\nmodel = dict(type='%s')\n%s_dataloader = dict(dataset=dict(type='%s', ann_file='a'%s))\n"
)


def said(rule: str, files: dict[str, str], folder: Path) -> list[str | None]:
    return [each.key for each in diagnose(folder, files, 'a.py') if each.rule == rule]


@pytest.mark.parametrize(
    ('own', 'is_right'),
    [
        ("data_root='data/own/', ann_file='own.json'", False),
        ("data_root='data/own/', ann_file='own.json', bbox_file=None", True),
        ("data_root='data/own/', ann_file='own.json', bbox_file='own_boxes.json'", True),
        ("ann_file='minival.json'", True),
        ("data_root='/mnt/coco/'", True),
    ],
)
def test_boxes_are_those_of_the_annotations(own: str, is_right: bool, tmp_path: Path) -> None:
    found = said('stale-bbox-file', {'base.py': complete(BASE), 'a.py': CHILD % own}, tmp_path)
    assert (found == []) is is_right


@pytest.mark.parametrize(
    ('model', 'split', 'dataset', 'mode', 'is_right'),
    [
        ('TopdownPoseEstimator', 'train', 'CocoDataset', ", data_mode='bottomup'", False),
        ('BottomupPoseEstimator', 'val', 'CocoDataset', ", data_mode='topdown'", False),
        ('BottomupPoseEstimator', 'train', 'CrowdPoseDataset', '', False),
        ('TopdownPoseEstimator', 'train', 'CocoDataset', '', True),
        ('TopdownPoseEstimator', 'train', 'CocoDataset', ", data_mode='topdown'", True),
        ('OwnEstimator', 'train', 'CocoDataset', ", data_mode='bottomup'", True),
        ('TopdownPoseEstimator', 'train', 'OwnDataset', ", data_mode='bottomup'", True),
    ],
)
def test_samples_are_those_of_the_model(
    model: str, split: str, dataset: str, mode: str, is_right: bool, tmp_path: Path
) -> None:
    found = said('data-mode-mismatch', {'a.py': complete(MODE % (model, split, dataset, mode))}, tmp_path)
    assert (found == []) is is_right
