"""Packers and metrics of other tasks, box types of mmrotate and batches of mmyolo, and what is right or not known."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.kit.complete import complete
from tests.kit.repo import diagnose

TRAINED = "default_scope = '%s'\nmodel = dict(%s)\ntrain_dataloader = dict(%s)\n"
OCR = "dataset=dict(type='OCRDataset', pipeline=[dict(type='LoadImageFromFile'), dict(type='%s')])"
ROTATED = (
    "type='mmdet.RetinaNet', train_cfg=dict(assigner=dict(type='mmdet.MaxIoUAssigner', iou_calculator=dict(type='%s')))"
)
BOXES = (
    "dataset=dict(type='DOTADataset', pipeline=[dict(type='mmdet.LoadAnnotations', with_bbox=True%s), %s"
    "dict(type='mmdet.PackDetInputs')])"
)
TO = "dict(type='ConvertBoxType', box_type_mapping=dict(%s='%s')), "
YOLO = "type='YOLODetector', data_preprocessor=dict(type='%s')"


def said(rule: str, text: str, folder: Path) -> list[str | None]:
    return [each.key for each in diagnose(folder, complete(text)) if each.rule == rule]


@pytest.mark.parametrize(
    ('scope', 'model', 'loader', 'is_right'),
    [
        ('mmocr', "type='DBNet'", OCR % 'PackTextDetInputs', True),
        ('mmocr', "type='DBNet'", OCR % 'PackKIEInputs', False),
        ('mmocr', "type='CRNN'", OCR % 'PackTextDetInputs', False),
        ('mmocr', "type='MyDetector'", OCR % 'PackTextRecogInputs', True),
        ('mmocr', "type='DBNet'", OCR % 'PackMyInputs', True),
        ('mmaction', "type='Recognizer2D'", (OCR % 'PackLocalizationInputs').replace('OCRDataset', 'VideoDataset'), False),
        ('mmaction', "type='BMN'", (OCR % 'PackActionInputs').replace('OCRDataset', 'ActivityNetDataset'), False),
    ],
)  # fmt: skip
def test_packers(scope: str, model: str, loader: str, is_right: bool, tmp_path: Path) -> None:
    assert (said('packer-of-another-task', TRAINED % (scope, model, loader), tmp_path) == []) is is_right


@pytest.mark.parametrize(
    ('scope', 'model', 'metric', 'is_right'),
    [
        ('mmocr', 'DBNet', "dict(type='HmeanIOUMetric')", True),
        ('mmocr', 'DBNet', "[dict(type='HmeanIOUMetric'), dict(type='WordMetric')]", False),
        ('mmocr', 'CRNN', "dict(type='MyMetric')", True),
        ('mmseg', 'DepthEstimator', "dict(type='IoUMetric')", False),
        ('mmseg', 'DepthEstimator', "dict(type='DepthMetric')", True),
        ('mmseg', 'EncoderDecoder', "dict(type='DepthMetric')", False),
        ('mmseg', 'CascadeEncoderDecoder', "dict(type='IoUMetric')", True),
        ('mmaction', 'BMN', "dict(type='AccMetric')", False),
        ('mmaction', 'Recognizer3D', "dict(type='ANetMetric')", True),
    ],
)
def test_metrics(scope: str, model: str, metric: str, is_right: bool, tmp_path: Path) -> None:
    text = f"default_scope = '{scope}'\nmodel = dict(type='{model}')\nval_evaluator = {metric}\nval_cfg = dict()\n"
    text += "val_dataloader = dict(dataset=dict(type='MyDataset'))\n"
    assert (said('metric-of-another-task', text, tmp_path) == []) is is_right


@pytest.mark.parametrize(
    ('calculator', 'kind', 'step', 'is_right'),
    [
        ('RBboxOverlaps2D', ", box_type='qbox'", TO % ('gt_bboxes', 'rbox'), True),
        ('RBboxOverlaps2D', ", box_type='qbox'", TO % ('bboxes', 'rbox'), False),
        ('RBboxOverlaps2D', ", box_type='qbox'", TO % ('gt_bboxes', 'hbox'), False),
        ('RBboxOverlaps2D', '', '', False),
        ('RBboxOverlaps2D', ", box_type='rbox'", '', True),
        ('RBboxOverlaps2D', '', "dict(type='MyBoxes'), ", True),
        ('QBbox2HBboxOverlaps2D', ", box_type='qbox'", '', True),
        ('mmdet.BboxOverlaps2D', '', '', True),
        ('RBboxOverlaps2D', ', box_type=input()', '', True),
    ],
)
def test_types_of_boxes(calculator: str, kind: str, step: str, is_right: bool, tmp_path: Path) -> None:
    text = TRAINED % ('mmrotate', ROTATED % calculator, BOXES % (kind, step))
    assert (said('box-type-mismatch', text, tmp_path) == []) is is_right


@pytest.mark.parametrize(
    ('preprocessor', 'collate', 'place'),
    [
        ('YOLOv5DetDataPreprocessor', ", collate_fn=dict(type='yolov5_collate')", None),
        ('PPYOLOEDetDataPreprocessor', ", collate_fn=dict(type='yolov5_collate', use_ms_training=True)", None),
        ('mmdet.DetDataPreprocessor', ", collate_fn=dict(type='yolov5_collate')", 'model.data_preprocessor.type'),
        ('mmdet.DetDataPreprocessor', '', None),
        ('YOLOv5DetDataPreprocessor', '', 'train_dataloader'),
        ('YOLOv5DetDataPreprocessor', ", collate_fn=dict(type='pseudo_collate')", 'train_dataloader.collate_fn'),
        ('YOLOv5DetDataPreprocessor', ", collate_fn=dict(type='my_collate')", None),
        ('MyPreprocessor', ", collate_fn=dict(type='yolov5_collate')", None),
    ],
)
def test_batches(preprocessor: str, collate: str, place: str | None, tmp_path: Path) -> None:
    text = TRAINED % ('mmyolo', YOLO % preprocessor, f"dataset=dict(type='YOLOv5CocoDataset'){collate}")
    assert said('collate-mismatch', text, tmp_path) == ([] if place is None else [place])
