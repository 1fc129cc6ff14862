"""What is special about mmcls: datasets that are named by their folder, names of architectures."""

from __future__ import annotations

from typing import Any

import pytest

from tests.migrate.kit import mapped, value

VOC = "type='VOC', data_prefix='data/VOC2007/', ann_file='data/VOC2007/ImageSets/Main/{split}.txt', pipeline=[]"
CUB = (
    "type='CUB', ann_file='data/cub/images.txt', image_class_labels_file='data/cub/image_class_labels.txt', "
    "train_test_split_file='data/cub/train_test_split.txt', data_prefix='data/cub/images', pipeline=[]"
)
CARS = "type='StanfordCars', data_prefix='data/cars', test_mode={test}, pipeline=[]"


def dataset(fields: str, stage: str = 'train') -> dict[str, Any]:
    found = value(f'data = dict(samples_per_gpu=1, {stage}=dict({fields}))', 'mmcls')
    result: dict[str, Any] = found[f'{stage}_dataloader']['dataset']
    return result


@pytest.mark.parametrize('split', ['trainval', 'test'])
def test_voc(split: str) -> None:
    found = {'type': 'VOC', 'data_root': 'data/VOC2007/', 'split': split, 'pipeline': []}
    assert dataset(VOC.format(split=split)) == found
    assert dataset(VOC.format(split=split), 'test') == {**found, 'test_mode': True}


def test_cub() -> None:
    assert dataset(CUB) == {'type': 'CUB', 'data_root': 'data/cub/', 'split': 'train', 'pipeline': []}
    assert dataset(CUB, 'val') == {
        'type': 'CUB', 'data_root': 'data/cub/', 'split': 'test', 'pipeline': [], 'test_mode': True,
    }  # fmt: skip


def test_cars() -> None:
    train = {'type': 'StanfordCars', 'data_root': 'data/cars', 'split': 'train', 'pipeline': []}
    assert dataset(CARS.format(test=False)) == train
    assert dataset(CARS.format(test=True), 'test') == {**train, 'split': 'test'}


@pytest.mark.parametrize(
    'fields',
    [
        "type='VOC', data_prefix='data/', ann_file='lists/mine.txt', pipeline=[]",
        CUB.replace('data/cub/images.txt', 'mine.txt'),
        "type='StanfordCars', data_prefix='data', ann_file='mine.mat', test_mode=False, pipeline=[]",
    ],
)
def test_files_of_ones_own_are_left_open(fields: str) -> None:
    assert len(mapped(f'data = dict(samples_per_gpu=1, train=dict({fields}))', 'mmcls').todos()) == 1


@pytest.mark.parametrize(('old', 'new'), [('b0', 'tiny'), ('b3', 'large'), ('tiny', 'tiny')])
def test_names_of_architectures(old: str, new: str) -> None:
    found = value(f"model = dict(type='ImageClassifier', backbone=dict(type='VAN', arch='{old}'))", 'mmcls')
    assert found['model']['backbone'] == {'type': 'VAN', 'arch': new}


def test_an_architecture_without_a_name() -> None:
    found = value("model = dict(type='ImageClassifier', backbone=dict(type='VAN', arch='b4'))", 'mmcls')
    assert found['model']['backbone']['arch']['depths'] == [3, 6, 40, 3]


def test_metrics_of_several_labels() -> None:
    data = f'data = dict(samples_per_gpu=1, val=dict({VOC.format(split="test")}, difficult_as_postive=True))\n'
    found = value(f"{data}evaluation = dict(metric=['mAP', 'CP', 'OF1'], metric_options=dict(thr=0.3))", 'mmcls')
    assert found['val_evaluator'] == [
        {'type': 'VOCAveragePrecision', 'difficult_as_positive': True},
        {'type': 'VOCMultiLabelMetric', 'difficult_as_positive': True, 'thr': 0.3},
        {'type': 'VOCMultiLabelMetric', 'difficult_as_positive': True, 'thr': 0.3, 'average': 'micro'},
    ]
    assert 'difficult_as_postive' not in found['val_dataloader']['dataset']


def test_what_voc_trained_on_is_left_open() -> None:
    data = f'data = dict(samples_per_gpu=1, train=dict({VOC.format(split="trainval")}, difficult_as_postive=True))'
    assert [path for path, _ in mapped(data, 'mmcls').todos()] == ['train_dataloader.dataset.difficult_as_postive']
