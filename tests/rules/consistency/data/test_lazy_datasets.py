"""Datasets of one's own that a pure-Python config imports."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.kit.repo import diagnose

if TYPE_CHECKING:
    from pathlib import Path

CODE = """\
from mmdet.datasets import CocoDataset
from mmdet.registry import DATASETS


@DATASETS.register_module()
class ShipDataset(CocoDataset):
    METAINFO = dict(classes=('tanker', 'ferry', 'tug'))
"""
CONFIG = """\
from mmdet.models import RetinaHead, RetinaNet
from mine import ShipDataset

model = dict(type=RetinaNet, bbox_head=dict(type=RetinaHead, num_classes={}, in_channels=8))
train_dataloader = dict(dataset=dict(type=ShipDataset))
"""


def test_its_classes_are_counted(tmp_path: Path) -> None:
    def found(count: int) -> list[str]:
        files = {'mine.py': CODE, 'config.py': CONFIG.format(count)}
        return [each.message for each in diagnose(tmp_path, files, 'config.py', rules=['num-classes-mismatch'])]

    assert found(3) == []
    assert found(80) == ['`model.bbox_head.num_classes` is 80, but `ShipDataset` of `train_dataloader` has 3 by itself']
