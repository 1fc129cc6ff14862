"""Files that no config of the run inherits: their types tell of which library they are, or nothing is said."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.kit.repo import diagnose

MODEL = "model = dict(type='EncoderDecoder', backbone=dict(type='ResNetV1c', depth=50, num_stags=4), decode_head=dict(type='PSPHead'))\n"

WRONG = [
    ('model.backbone.num_stags', MODEL),
    ('val_evaluator.data_rot', "val_evaluator = dict(type='NuScenesMetric', data_rot='x', ann_file='y')\n"),
    ('icdar_train.ann_fil', "icdar_train = dict(type='OCRDataset', ann_fil='a.json', pipeline=None)\n"),
    ('icdar_train.ann_fil', "from mmocr.datasets import OCRDataset\nicdar_train = dict(type='OCRDataset', ann_fil='a.json', pipeline=None)\n"),
    ('train_pipeline.1.meta_kys', "train_pipeline = [dict(type='LoadImageFromFile'), dict(type='PackSegInputs', meta_kys=('a', ))]\n"),
]  # fmt: skip
RIGHT = [
    "val_evaluator = dict(type='NuScenesMetric', ann_file='y')\n",
    "train_set = dict(type='CocoDataset', ann_fil='a.json')\n",  # mmdet's or mmpose's
    "model = dict(type='OwnModel', backbone=dict(type='OwnNet', num_stags=4))\n",
    "data = dict(type='OCRDataset', pipeline=[dict(type='PackDetInputs', meta_kys=1)])\n",  # of two libraries
    "model = dict(type='MoCo', neck=dict(type='LinearNeck', in_channels=8, out_channels=8, with_avg_pool=True))\n",
    "model = dict(type='FCOS', bbox_head=dict(type='FCOSHead'))\n",  # a child gives what is missing
    # What a transform that nothing has does with its arguments is not known, under whatever names they stand.
    "steps = [dict(type='Crop', x_min=0)]\ntrain_pipeline = [dict(type='augment', pipelines=steps)]\n",
    "steps = [dict(type='Crop', x_min=0)]\nval_dataloader = dict(dataset=dict(type='Own', pipeline=[dict(type='augment', pipelines=steps)]))\n",
]


def said(text: str, folder: Path, name: str = '_base_/part.py') -> list[str | None]:
    """Return the keys at which something is said of arguments in a file."""
    names = ('misspelt-argument', 'unknown-argument', 'missing-argument', 'unknown-type', 'swallowed-argument')
    return [each.key for each in diagnose(folder, {name: text}, rules=names)]


@pytest.mark.parametrize(('key', 'text'), WRONG)
def test_the_only_library_that_has_the_types(key: str, text: str, tmp_path: Path) -> None:
    assert said(text, tmp_path) == [key]


@pytest.mark.parametrize('text', RIGHT)
def test_what_is_ambiguous_or_right(text: str, tmp_path: Path) -> None:
    assert said(text, tmp_path) == []


def test_a_model_without_data_is_a_fragment_wherever_it_is(tmp_path: Path) -> None:
    assert said(MODEL, tmp_path, 'model.py') == ['model.backbone.num_stags']


def test_a_class_of_ones_own_may_take_the_argument(tmp_path: Path) -> None:
    own = (
        'from mmocr.registry import DATASETS\n\n\n@DATASETS.register_module(force=True)\nclass OCRDataset:\n    pass\n'
    )
    (tmp_path / 'own.py').write_text(own, encoding='utf-8')
    assert said("icdar_train = dict(type='OCRDataset', ann_fil='a.json', pipeline=None)\n", tmp_path) == []
