"""Steps of pipelines: missing, too early, too late; and what may be right although it looks wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.kit.complete import complete
from tests.kit.repo import diagnose

RULES = ['missing-transform', 'unloaded-annotations', 'annotations-out-of-step', 'transform-after-packing']
LOADER = "default_scope = '%s'\n%s_dataloader = dict(dataset=dict(type='%s', ann_file='a', pipeline=[%s]))\n"


def steps(*types: str) -> str:
    return ', '.join(f'dict(type={each})' for each in types)


def said(text: str, folder: Path) -> list[tuple[str, str | None]]:
    found = diagnose(folder, complete(text))
    return [(each.rule, each.key and each.key.partition('pipeline.')[2]) for each in found if each.rule in RULES]


def mmdet(*types: str, split: str = 'train', dataset: str = 'CocoDataset') -> str:
    return LOADER % ('mmdet', split, dataset, steps(*types))


IMAGE, BOXES, FLIP, PACK = "'LoadImageFromFile'", "'LoadAnnotations'", "'RandomFlip', prob=0.5", "'PackDetInputs'"
DECORD = (
    "'DecordInit'",
    "'SampleFrames', clip_len=1",
    "'DecordDecode'",
    "'FormatShape', input_format='NCHW'",
    "'PackActionInputs'",
)


@pytest.mark.parametrize(
    ('text', 'expected'),
    [
        (mmdet(IMAGE, FLIP, PACK), ('unloaded-annotations', '2')),
        (mmdet(IMAGE, "'LoadAnnotations', with_bbox=False", PACK), ('unloaded-annotations', '1.with_bbox')),
        (mmdet(IMAGE, FLIP, BOXES, PACK), ('annotations-out-of-step', '2')),
        (mmdet(IMAGE, BOXES, PACK, FLIP), ('transform-after-packing', '3')),
        (LOADER % ('mmseg', 'train', 'ADE20KDataset', steps(IMAGE, FLIP, BOXES, "'PackSegInputs'")), ('annotations-out-of-step', '2')),
        (LOADER % ('mmocr', 'train', 'OCRDataset', steps(IMAGE, "'PackTextRecogInputs'")), ('unloaded-annotations', '1')),
        (LOADER % ('mmaction', 'train', 'VideoDataset', steps(*DECORD[1:])), ('missing-transform', '1')),
        (LOADER % ('mmaction', 'train', 'VideoDataset', steps(*DECORD[:3], DECORD[4])), ('missing-transform', '3')),
        (LOADER % ('mmaction', 'train', 'RawframeDataset', steps("'RawFrameDecode'", *DECORD[3:])), ('missing-transform', '0')),
        (LOADER % ('mmpose', 'val', 'CocoDataset', steps("'LoadImage'", "'TopdownAffine', input_size=(8, 8)", "'PackPoseInputs'")), ('missing-transform', '1')),
    ],
)  # fmt: skip
def test_what_is_missing_or_misplaced(text: str, expected: tuple[str, str], tmp_path: Path) -> None:
    assert said(text, tmp_path) == [expected]


@pytest.mark.parametrize(
    'text',
    [
        mmdet(IMAGE, BOXES, FLIP, PACK),
        mmdet(IMAGE, PACK, split='val'),
        mmdet(IMAGE, FLIP, BOXES, PACK, split='val'),
        mmdet(IMAGE, "'OwnAnnotations'", FLIP, PACK),
        mmdet(IMAGE, PACK, dataset='OwnDataset'),
        LOADER % ('mmaction', 'train', 'VideoDataset', steps(*DECORD)),
        LOADER % ('mmaction', 'train', 'PoseDataset', steps("'UniformSampleFrames', clip_len=8", "'PoseDecode'", "'FormatGCNInput'", DECORD[4])),
        LOADER % ('mmpose', 'val', 'MpiiDataset', steps("'LoadImage'", "'TopdownAffine', input_size=(8, 8)", "'PackPoseInputs'")),
        LOADER % ('mmseg', 'val', 'ADE20KDataset', steps(IMAGE, "'Resize', scale=(8, 8)", BOXES, "'PackSegInputs'")),
        LOADER % ('mmocr', 'val', 'OCRDataset', steps(IMAGE, "'PackTextRecogInputs'")),
    ],
)  # fmt: skip
def test_what_is_right_or_not_known(text: str, tmp_path: Path) -> None:
    assert said(text, tmp_path) == []


METRIC = "val_evaluator = dict(type='IoUMetric'%s)\n"
SEG = LOADER % ('mmseg', 'val', 'ADE20KDataset', '%s')


@pytest.mark.parametrize(
    ('pipeline', 'more', 'expected'),
    [
        ((IMAGE, "'PackSegInputs'"), '', [('unloaded-annotations', '1')]),
        ((IMAGE, BOXES, "'Resize', scale=(8, 8)", "'PackSegInputs'"), '', [('annotations-out-of-step', '2')]),
        ((IMAGE, "'Resize', scale=(8, 8)", BOXES, "'PackSegInputs'"), '', []),
        ((IMAGE, "'PackSegInputs'"), ", format_only=True, output_dir='a'", []),
    ],
)  # fmt: skip
def test_what_a_metric_compares(
    pipeline: tuple[str, ...], more: str, expected: list[tuple[str, str]], tmp_path: Path
) -> None:
    assert said(SEG % steps(*pipeline) + METRIC % more, tmp_path) == expected


def test_a_wrapper_goes_on_with_what_its_dataset_has_made(tmp_path: Path) -> None:
    inner = f"dict(type='CocoDataset', ann_file='a', pipeline=[{steps(IMAGE, BOXES)}])"
    outer = "default_scope = 'mmdet'\ntrain_dataloader = dict(dataset=dict(type='MultiImageMixDataset', dataset=%s, pipeline=[%s]))\n"
    assert said(outer % (inner, steps(FLIP, PACK)), tmp_path) == []
    assert said(outer % (inner.replace(f', {steps(BOXES)}', ''), steps(FLIP, PACK)), tmp_path) == [
        ('unloaded-annotations', '1')
    ]
