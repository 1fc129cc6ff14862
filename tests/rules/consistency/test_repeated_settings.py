"""What is said twice: to parts of a model, to the model and its transforms, to datasets and their transforms."""

from __future__ import annotations

from pathlib import Path

import pytest

from cfglint.catalog.run_libraries import Libraries
from cfglint.engine import check
from cfglint.rules import all_rules
from cfglint.workspace import Workspace
from tests.kit.complete import complete

YOLO = (
    "default_scope = 'mmyolo'\nmodel = dict(type='YOLODetector', backbone=dict(type='YOLOv8CSPDarknet'{}), "
    "neck=dict(type='YOLOv8PAFPN', in_channels=[256, 512, 1024], out_channels=[256, 512, 1024]{}))\n"
)
DETR = (
    "default_scope = 'mmdet'\nmodel = dict(type='DeformableDETR', num_feature_levels={}, neck=dict(type='ChannelMapper', "
    'in_channels=[8, 8, 8], out_channels=256, num_outs={}), encoder=dict(layer_cfg=dict(self_attn_cfg=dict(num_levels={}))))\n'
)
ROTATED = (
    "default_scope = 'mmrotate'\nmodel = dict(type='mmdet.RetinaNet', bbox_head=dict(type='mmdet.RetinaHead', num_classes=2, "
    "in_channels=8, anchor_generator=dict(type='FakeRotatedAnchorGenerator', angle_version='le90'), "
    "bbox_coder=dict(type='DeltaXYWHTRBBoxCoder', angle_version='{}')))\n"
)
SEGMENTS = (
    "default_scope = 'mmaction'\nmodel = dict(type='Recognizer2D', backbone=dict(type='ResNetTSM', depth=50{}), "
    "cls_head=dict(type='TSMHead', num_classes=2, in_channels=8{}))\n"
)
ENLARGED = (
    "default_scope = 'mmagic'\nmodel = dict(type='BaseEditModel', generator=dict(type='EDSRNet', in_channels=3, "
    'out_channels=3, upscale_factor={}))\n'
    "train_dataloader = dict(dataset=dict(type='BasicImageDataset', "
    "pipeline=[dict(type='SetValues', dictionary=dict(scale=4))]))\n"
)
SHAPED = (
    "default_scope = 'mmaction'\nmodel = dict(type='Recognizer{}', data_preprocessor=dict(type='ActionDataPreprocessor'{}))\n"
    "train_dataloader = dict(dataset=dict(type='VideoDataset', ann_file='a', "
    "pipeline=[dict(type='FormatShape', input_format='{}')]))\n"
)
READ = (
    "default_scope = 'mmaction'\n"
    "train_dataloader = dict(dataset=dict(type='{}', ann_file='a', pipeline=[{}dict(type='{}')]))\n"
)
SAMPLED = (
    "default_scope = 'mmdet3d'\ntrain_dataloader = dict(dataset=dict(type='KittiDataset', ann_file='a', "
    "metainfo=dict(classes=['Car', 'Van']), "
    "pipeline=[dict(type='ObjectSample', db_sampler=dict(data_root='d', info_path='i', classes={}))]))\n"
)
TEXTS = (
    "default_scope = 'mmocr'\nmodel = dict(type='DBNet', backbone=dict(type='mmdet.ResNet', depth=18), "
    "neck=dict(type='FPNC', in_channels=[64, 128, 256, 512]), det_head=dict(type='DBHead', in_channels={}))\n"
)
CHANNELS = 'channel-mismatch'
PARTS, SETTINGS = 'repeated-setting-mismatch', 'transform-setting-mismatch'
SAMPLES, CLASSES = 'unread-samples', 'transform-classes-mismatch'


def said(tmp_path: Path, text: str, rule: str) -> list[str | None]:
    """Return the keys of what a rule says about a config."""
    (tmp_path / 'config.py').write_text(complete(text))
    result = check([str(tmp_path / 'config.py')], [all_rules()[rule]], Workspace(Libraries()))
    return [each.key for each in result.diagnostics]


@pytest.mark.parametrize(
    ('rule', 'text', 'key'),
    [
        (CHANNELS, TEXTS.format(64), 'model.det_head.in_channels'),
        (PARTS, YOLO.format(', widen_factor=0.25', ', widen_factor=0.5'), 'model.neck.widen_factor'),
        (PARTS, YOLO.format('', ', widen_factor=0.5'), 'model.neck.widen_factor'),
        (PARTS, DETR.format(5, 5, 4), 'model.encoder.layer_cfg.self_attn_cfg.num_levels'),
        (PARTS, DETR.format(3, 4, 4), 'model.num_feature_levels'),
        (PARTS, ROTATED.format('le135'), 'model.bbox_head.bbox_coder.angle_version'),
        (PARTS, SEGMENTS.format(', num_segments=16', ''), 'model.cls_head.num_segments'),
        (SETTINGS, ENLARGED.format(2), 'train_dataloader.dataset.pipeline.0.dictionary.scale'),
        (SETTINGS, SHAPED.format('3D', '', 'NCTHW'), 'train_dataloader.dataset.pipeline.0.input_format'),
        (
            SETTINGS,
            SHAPED.format('2D', ", format_shape='NCHW'", 'NCTHW'),
            'train_dataloader.dataset.pipeline.0.input_format',
        ),
        (SAMPLES, READ.format('RawframeDataset', '', 'PyAVInit'), 'train_dataloader.dataset.pipeline.0'),
        (SAMPLES, READ.format('VideoDataset', '', 'RawFrameDecode'), 'train_dataloader.dataset.pipeline.0'),
        (CLASSES, SAMPLED.format("['Van', 'Car']"), 'train_dataloader.dataset.pipeline.0.db_sampler.classes'),
        (CLASSES, SAMPLED.format("('Car', )"), 'train_dataloader.dataset.pipeline.0.db_sampler.classes'),
    ],
)
def test_what_differs_is_told(tmp_path: Path, rule: str, text: str, key: str) -> None:
    assert said(tmp_path, text, rule) == [key]


@pytest.mark.parametrize(
    ('rule', 'text'),
    [
        (CHANNELS, TEXTS.format(256)),
        (PARTS, YOLO.format(', deepen_factor=0.33', ', deepen_factor=0.67')),
        (PARTS, YOLO.format(', widen_factor=0.5', ', widen_factor=0.50')),
        (PARTS, DETR.format(5, 5, 5)),
        (PARTS, ROTATED.format('le90')),
        (PARTS, SEGMENTS.format(', num_segments=8', '')),
        (SETTINGS, ENLARGED.format(4)),
        (SETTINGS, SHAPED.format('3D', ", format_shape='NCTHW'", 'NCTHW_Heatmap')),
        (SETTINGS, SHAPED.format('Omni', ", format_shape='MIX2d3d'", 'NCTHW')),
        (SAMPLES, READ.format('RawframeDataset', "dict(type='Mine'), ", 'DecordInit')),
        (SAMPLES, READ.format('AVADataset', '', 'DecordInit')),
        (CLASSES, SAMPLED.format("('Car', 'Van')")),
        (CLASSES, SAMPLED.format('None')),
    ],
)
def test_what_is_right_is_silent(tmp_path: Path, rule: str, text: str) -> None:
    assert not said(tmp_path, text, rule)
