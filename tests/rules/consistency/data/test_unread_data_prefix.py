"""Keys of `data_prefix` that datasets do not read, in libraries and in classes of the user's own, and what is right or not known."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.kit.complete import complete
from tests.kit.repo import diagnose

CONFIG = "default_scope = '%s'\ntrain_dataloader = dict(dataset=dict(type='%s', ann_file='a', data_prefix=dict(%s)))\n"
OWN = """
from mmdet.datasets import CocoDataset
from mmdet.registry import DATASETS


@DATASETS.register_module()
class CatDataset(CocoDataset):
    METAINFO = dict(classes=('cat', ))
"""


def said(files: dict[str, str], folder: Path) -> list[str | None]:
    found = diagnose(folder, files, 'a.py')
    return [each.advice.code for each in found if each.rule == 'unread-data-prefix' and each.advice is not None]


@pytest.mark.parametrize(
    ('scope', 'dataset', 'prefixes', 'advice'),
    [
        ('mmdet', 'CocoDataset', "img_path='a'", ["img='a'"]),
        ('mmdet', 'CocoDataset', "img='a', seg_map='b'", ["seg='b'"]),
        ('mmdet', 'CocoDataset', "img='a', seg='b'", []),
        ('mmdet', 'CocoDataset', "img='a', sub_data_root='b'", []),
        ('mmdet', 'VOCDataset', "img='a'", ["sub_data_root='a'"]),
        ('mmdet', 'VOCDataset', "sub_data_root='a', img='b'", []),
        ('mmseg', 'ADE20KDataset', "img_dir='a', ann_dir='b'", ["img_path='a'", "seg_map_path='b'"]),
        ('mmseg', 'ADE20KDataset', "img_path='a', seg_map_path='b'", []),
        ('mmpretrain', 'CustomDataset', "img='a'", ["img_path='a'"]),
        ('mmaction', 'VideoDataset', "img='a'", ["video='a'"]),
        ('mmaction', 'RawframeDataset', "img='a', video='a'", []),
        ('mmpose', 'CocoDataset', "img_path='a'", ["img='a'"]),
        ('mmrotate', 'DOTADataset', "img='a'", ["img_path='a'"]),
        ('mmyolo', 'YOLOv5CocoDataset', "img_path='a'", ["img='a'"]),
        ('mmocr', 'RecogTextDataset', "img='a'", ["img_path='a'"]),
        ('mmagic', 'BasicImageDataset', "lq='a', gt='b'", []),
        ('mmdet3d', 'KittiDataset', "pts='a', CAM2='b'", []),
        ('mmdet', 'CocoDataset', '**input()', []),
    ],
)  # fmt: skip
def test_keys_of_libraries(scope: str, dataset: str, prefixes: str, advice: list[str], tmp_path: Path) -> None:
    assert said({'a.py': complete(CONFIG % (scope, dataset, prefixes))}, tmp_path) == advice


@pytest.mark.parametrize(
    ('body', 'advice'),
    [
        ('', ["img='a'"]),
        ('\n    def parse_data_info(self, info):\n        return info\n', []),
        ("\n    def filter_data(self):\n        return [self.data_prefix['img_path']]\n", []),
    ],
)
def test_classes_of_ones_own(body: str, advice: list[str], tmp_path: Path) -> None:
    imports = "custom_imports = dict(imports=['own.data'], allow_failed_imports=False)\n"
    config = complete(imports + CONFIG % ('mmdet', 'CatDataset', "img_path='a'"))
    assert said({'own/__init__.py': '', 'own/data.py': OWN + body, 'a.py': config}, tmp_path) == advice
