"""Steps of mmocr: one becomes several, or a choice; the task decides what packs and what is measured."""

from typing import Any

import pytest

from tests.migrate.kit import mapped, value


def step(text: str) -> list[Any]:
    return value(f'train_pipeline = [dict({text})]', 'mmocr')['train_pipeline']


@pytest.mark.parametrize(('text', 'expected'), [
    ("type='ResizeOCR', height=32, min_width=100, max_width=100, keep_aspect_ratio=False",
     [{'type': 'Resize', 'scale': (100, 32), 'keep_ratio': False}]),
    ("type='ResizeOCR', height=48, min_width=48, max_width=160, keep_aspect_ratio=True, width_downsample_ratio=0.25",
     [{'type': 'RescaleToHeight', 'height': 48, 'min_width': 48, 'max_width': 160, 'width_divisor': 4},
      {'type': 'PadToWidth', 'width': 160}]),
    ("type='ResizeOCR', height=32, min_width=32, max_width=None",
     [{'type': 'RescaleToHeight', 'height': 32, 'min_width': 32, 'max_width': None, 'width_divisor': 16}]),
    ("type='RandomRotatePolyInstances', rotate_ratio=0.5, max_angle=60, pad_with_fixed_color=False",
     [{'type': 'RandomApply', 'prob': 0.5, 'transforms': [
         {'type': 'RandomRotate', 'max_angle': 60, 'pad_with_fixed_color': False, 'use_canvas': True}]}]),
    ("type='RandomRotateTextDet', max_angle=10", [{'type': 'RandomRotate', 'max_angle': 10}]),
    ("type='EastRandomCrop', target_size=(640, 640)",
     [{'type': 'RandomCrop', 'min_side_ratio': 0.1}, {'type': 'Resize', 'scale': (640, 640), 'keep_ratio': True},
      {'type': 'Pad', 'size': (640, 640)}]),
    ("type='RandomScaling', size=800, scale=(0.75, 2.5)",
     [{'type': 'RandomResize', 'scale': (800, 800), 'ratio_range': (0.75, 2.5), 'keep_ratio': True}]),
    ("type='SquareResizePad', target_size=800, pad_ratio=0.6",
     [{'type': 'RandomChoice', 'prob': [0.6, 0.4], 'transforms': [
         [{'type': 'Resize', 'scale': (800, 800), 'keep_ratio': True}, {'type': 'SourceImagePad', 'target_scale': 800}],
         [{'type': 'Resize', 'scale': (800, 800), 'keep_ratio': False}]]}]),
    ("type='ScaleAspectJitter', img_scale=[(3000, 640)], ratio_range=(0.7, 1.3), aspect_ratio_range=(0.9, 1.1)",
     [{'type': 'ShortScaleAspectJitter', 'short_size': 640, 'ratio_range': (0.7, 1.3),
       'aspect_ratio_range': (0.9, 1.1), 'scale_divisor': 32}]),
    ("type='ScaleAspectJitter', img_scale=[(2560, 640)], resize_type='indep_sample_in_range'",
     [{'type': 'RandomResize', 'scale': (640, 640), 'ratio_range': (1.0, 4.0), 'keep_ratio': False}]),
    ("type='OneOfWrapper', transforms=[dict(type='RandomRotateTextDet', max_angle=5), dict(type='ColorJitter', hue=0.1)]",
     [{'type': 'RandomChoice', 'transforms': [[{'type': 'RandomRotate', 'max_angle': 5}],
                                              [{'type': 'TorchVisionWrapper', 'op': 'ColorJitter', 'hue': 0.1}]]}]),
    ("type='CustomFormatBundle', keys=['gt_shrink']", []),
])  # fmt: skip
def test_steps(text: str, expected: list[Any]) -> None:
    assert step(text) == expected


RECOGNITION = """
model = dict(type='CRNNNet')
pipeline = [
    dict(type='LoadImageFromFile'),
    dict(type='MultiRotateAugOCR', rotate_degrees=[0, 90], transforms=[
        dict(type='ToTensorOCR'),
        dict(type='NormalizeOCR', mean=[0.5, 0.5, 0.5], std=[0.5, 0.5, 0.5]),
        dict(type='Collect', keys=['img'], meta_keys=['ori_shape', 'valid_ratio'])])]
data = dict(samples_per_gpu=1, train=dict(type='UniformConcatDataset', pipeline=pipeline, datasets=[
    dict(type='OCRDataset', img_prefix='a', ann_file='b', loader=dict(type='AnnFileLoader'))]),
    val=dict(type='OCRDataset', img_prefix='a', ann_file='c'))
evaluation = dict(interval=1, metric='acc')
"""


def test_the_task_decides() -> None:
    found = mapped(RECOGNITION, 'mmocr').value()
    assert found['pipeline'] == [
        {'type': 'LoadImageFromFile'},
        {'type': 'PackTextRecogInputs', 'meta_keys': ['ori_shape', 'valid_ratio']},
    ]
    assert found['model']['data_preprocessor'] == {
        'type': 'TextRecogDataPreprocessor',
        'mean': [127.5, 127.5, 127.5],
        'std': [127.5, 127.5, 127.5],
        'bgr_to_rgb': True,
    }
    assert found['val_evaluator']['type'] == 'WordMetric'


def test_annotations_are_one_question_a_dataset() -> None:
    found = mapped(RECOGNITION, 'mmocr')
    questions = [path for path, _ in found.todos() if path.startswith('train_dataloader')]
    assert questions == ['train_dataloader.dataset.datasets.0']
    assert found.value()['train_dataloader']['dataset']['type'] == 'ConcatDataset'
