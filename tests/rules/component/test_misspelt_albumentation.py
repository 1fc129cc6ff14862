"""Transforms of Albumentations: misspelt ones, those that are right, and those that only look alike."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.kit.repo import diagnose

CONFIG = "default_scope = '%s'\npipeline = [dict(type='%s', transforms=[%s])]\ntrain_dataloader = dict(dataset=dict(type='CocoDataset', pipeline=pipeline))\n"
HOOK = "default_scope = 'mmpose'\ncustom_hooks = [dict(type='mmdet.PipelineSwitchHook', switch_epoch=9, switch_pipeline=[%s])]\n"
ONE_OF = "dict(type='OneOf', transforms=[dict(type='%s', p=0.1)], p=0.5)"

BAD = [
    CONFIG % ('mmdet', 'Albu', "dict(type='MedianBlur', blur_limt=3, p=0.1)"),
    CONFIG % ('mmdet', 'Albu', ONE_OF % 'MedainBlur'),
    CONFIG % ('mmpose', 'Albumentation', "dict(type='CoarseDropout', max_holse=1, max_height=0.4)"),
    CONFIG % ('mmseg', 'Albu', "dict(type='RandomBrightnesContrast', p=0.2)"),
    CONFIG % ('mmyolo', 'mmdet.Albu', "dict(type='ToGrey', p=0.01)"),
    HOOK % "dict(type='Albumentation', transforms=[dict(type='Blur', blurlimit=3)])",
]
GOOD = [
    CONFIG % ('mmdet', 'Albu', "dict(type='MedianBlur', blur_limit=3, p=0.1)"),
    CONFIG % ('mmdet', 'Albu', ONE_OF % 'MedianBlur'),
    CONFIG % ('mmpose', 'Albumentation', "dict(type='CoarseDropout', max_holes=1, max_height=0.4)"),
    CONFIG % ('mmpose', 'Albumentation', "dict(type='CoarseDropout', num_holes_range=(1, 1))"),
    CONFIG % ('mmdet', 'Albu', "dict(type='TotallyOwn', blur_limt=3)"),
    CONFIG % ('mmdet', 'RandomApply', "dict(type='Resize', scale=(8, 8), keep_ratio=True)"),
    CONFIG % ('mmdet', 'AlbuOfMine', "dict(type='MedianBlur', blur_limt=3)"),
]


@pytest.mark.parametrize('text', BAD)
def test_what_albumentations_does_not_have(text: str, tmp_path: Path) -> None:
    assert len(diagnose(tmp_path, text, rules=['misspelt-albumentation'])) == 1


@pytest.mark.parametrize('text', GOOD)
def test_what_it_has_or_is_not_known(text: str, tmp_path: Path) -> None:
    assert diagnose(tmp_path, text, rules=['misspelt-albumentation']) == []
