"""What parts of a model hand to each other and get from pipelines: dimensions, sizes of pictures, batches for a queue."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from cfglint.rules import all_rules
from tests.kit.complete import complete
from tests.kit.repo import diagnose

if TYPE_CHECKING:
    from pathlib import Path

HEAD = "head=dict(type='LinearClsHead', num_classes=9, in_channels=8)"
POOL = "neck=dict(type='GlobalAveragePooling')"


def said(rule: str, text: str, folder: Path) -> list[str | None]:
    return [each.key for each in diagnose(folder, complete(text), rules=[all_rules()[rule]])]


@pytest.mark.parametrize(
    ('scope', 'kind', 'parts', 'key'),
    [
        ('mmpretrain', 'ImageClassifier', f"backbone=dict(type='DenseNet'), {HEAD}", 'model.head'),
        ('mmpretrain', 'ImageClassifier', f"backbone=dict(type='RegNet', arch='regnetx_1.6gf'), neck=None, {HEAD}", 'model.head'),
        ('mmpretrain', 'ImageClassifier', f"backbone=dict(type='BEiTViT', out_type='featmap'), {HEAD}", 'model.backbone.out_type'),
        ('mmpretrain', 'ImageClassifier', f"backbone=dict(type='ConvNeXt'), {POOL}, {HEAD}", 'model.neck'),
        ('mmaction', 'Recognizer2D', "backbone=dict(type='X3D')", 'model.backbone'),
        ('mmaction', 'Recognizer3D', "backbone=dict(type='ResNetTSM')", 'model.backbone'),
        ('mmaction', 'Recognizer3D', "backbone=dict(type='mmpretrain.ResNet', depth=18)", 'model.backbone'),
        ('mmaction', 'Recognizer3D', "backbone=dict(type='C2D'), cls_head=dict(type='TSNHead')", 'model.cls_head'),
    ],
)  # fmt: skip
def test_other_dimensions_are_told(scope: str, kind: str, parts: str, key: str, tmp_path: Path) -> None:
    text = f"default_scope = '{scope}'\nmodel = dict(type='{kind}', {parts})\n"
    assert said('feature-shape-mismatch', text, tmp_path) == [key]


@pytest.mark.parametrize(
    ('scope', 'kind', 'parts'),
    [
        ('mmpretrain', 'ImageClassifier', f"backbone=dict(type='DenseNet'), {POOL}, {HEAD}"),
        ('mmpretrain', 'ImageClassifier', f"backbone=dict(type='ConvNeXt'), {HEAD}"),
        ('mmpretrain', 'ImageClassifier', f"backbone=dict(type='ConvNeXt', gap_before_final_norm=False), {POOL}, {HEAD}"),
        ('mmpretrain', 'ImageClassifier', "backbone=dict(type='ResNet', depth=18), head=dict(type='CSRAClsHead')"),
        ('mmpretrain', 'ImageClassifier', f"backbone=dict(type='TIMMBackbone', model_name='resnet18'), {HEAD}"),
        ('mmpretrain', 'MyClassifier', f"backbone=dict(type='ResNet', depth=18), {HEAD}"),
        ('mmpretrain', 'ImageClassifier', f"backbone=dict(type='MlpMixer'), neck=dict(type='GlobalAveragePooling', dim=1), {HEAD}"),
        ('mmaction', 'Recognizer2D', "backbone=dict(type='mmpretrain.ResNet', depth=18), cls_head=dict(type='TSNHead')"),
        ('mmaction', 'Recognizer3D', "backbone=dict(type='C2D'), cls_head=dict(type='TSNHead', spatial_type='')"),
        ('mmaction', 'Recognizer3D', "backbone=dict(type='ResNet3dSlowFast'), cls_head=dict(type='SlowFastHead')"),
    ],
)  # fmt: skip
def test_what_fits_is_silent(scope: str, kind: str, parts: str, tmp_path: Path) -> None:
    text = f"default_scope = '{scope}'\nmodel = dict(type='{kind}', {parts})\n"
    assert said('feature-shape-mismatch', text, tmp_path) == []


@pytest.mark.parametrize(
    ('scope', 'backbone', 'steps', 'is_right'),
    [
        ('mmpretrain', "type='TNT', arch='s'", "dict(type='Resize', scale=256)", False),
        ('mmpretrain', "type='TNT', arch='s'", "dict(type='Resize', scale=256), dict(type='CenterCrop', crop_size=224)", True),
        ('mmpretrain', "type='TNT', arch='s'", "dict(type='Resize', scale=256, keep_ratio=True)", True),
        ('mmpretrain', "type='TNT', arch='s'", "dict(type='Resize', scale=256), dict(type='MyCrop')", True),
        ('mmpretrain', "type='RepMLPNet', arch='B', img_size=256", "dict(type='CenterCrop', crop_size=224)", False),
        ('mmpretrain', "type='RepMLPNet', arch='B', img_size=(224, 224)", "dict(type='CenterCrop', crop_size=224)", True),
        ('mmpretrain', "type='VisionTransformer', arch='b'", "dict(type='CenterCrop', crop_size=384)", True),
        ('mmpretrain', "type='MAEViT', arch='b'", "dict(type='CenterCrop', crop_size=384), dict(type='RandomFlip', prob=0.5)", False),
        ('mmaction', "type='TimeSformer', img_size=224", "dict(type='Resize', scale=(256, 256), keep_ratio=False)", False),
        ('mmaction', "type='TimeSformer', img_size=224", "dict(type='Resize', scale=(256, 256))", True),
    ],
)  # fmt: skip
def test_sizes_of_pictures(scope: str, backbone: str, steps: str, is_right: bool, tmp_path: Path) -> None:
    kind, dataset = ('Recognizer3D', 'VideoDataset') if scope == 'mmaction' else ('ImageClassifier', 'ImageNet')
    text = (
        f"default_scope = '{scope}'\nmodel = dict(type='{kind}', backbone=dict({backbone}))\n"
        f"train_dataloader = dict(dataset=dict(type='{dataset}', pipeline=[{steps}]))\n"
    )
    assert (said('picture-size-mismatch', text, tmp_path) == []) is is_right


@pytest.mark.parametrize(
    ('model', 'batch', 'is_right'),
    [
        ("type='DenseCL'", 96, False),
        ("type='DenseCL'", 128, True),
        ("type='MoCo', queue_len=9600", 96, True),
        ("type='MoCo', queue_len=32", 64, False),
        ("type='SimCLR'", 96, True),
        ("type='MyMoCo', queue_len=100", 96, True),
    ],
)
def test_queues(model: str, batch: int, is_right: bool, tmp_path: Path) -> None:
    text = (
        f"default_scope = 'mmpretrain'\nmodel = dict({model})\n"
        f"train_dataloader = dict(batch_size={batch}, dataset=dict(type='ImageNet'))\n"
    )
    assert (said('queue-unlike-batch', text, tmp_path) == []) is is_right
