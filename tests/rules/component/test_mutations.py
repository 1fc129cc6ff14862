"""The script that measures what is found: each kind of fault breaks a good config, and is found where it is."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from cfglint.catalog.run_libraries import Libraries
from tests.rules.component.zoo import FILES
from tools import mutate
from tools.mutations import components, counts, data, sections, training, writing

BASE = """\
default_scope = 'mmdet'
data_root = 'data/'
train_dataloader = dict(
    batch_size=2,
    sampler=dict(type='DefaultSampler', shuffle=True),
    dataset=dict(
        type='CocoDataset',
        data_root=data_root,
        ann_file='train.json',
        data_prefix=dict(img='train/'),
        pipeline=[dict(type='LoadImageFromFile'), dict(type='Resize', scale=(8, 8)), dict(type='PackDetInputs')]))
val_dataloader = dict(batch_size=1, sampler=dict(type='DefaultSampler', shuffle=False), dataset=dict(type='CocoDataset', data_root=data_root, ann_file='val.json'))
val_evaluator = dict(type='CocoMetric', ann_file='data/val.json')
val_cfg = dict()
optim_wrapper = dict(type='OptimWrapper', optimizer=dict(type='SGD', lr=0.01, momentum=0.9))
param_scheduler = [dict(type='MultiStepLR', begin=0, end=12, by_epoch=True, milestones=[8, 11], gamma=0.1)]
train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=12)
"""
CONFIG = """\
_base_ = 'base.py'
model = dict(
    type='RetinaNet',
    data_preprocessor=dict(type='DetDataPreprocessor', pad_size_divisor=32),
    backbone=dict(type='ResNet', depth=18),
    neck=dict(type='FPN', in_channels=[64, 128, 256, 512], out_channels=64, num_outs=5),
    bbox_head=dict(type='RetinaHead', num_classes=80, in_channels=64),
    test_cfg=dict(nms_pre=1000, score_thr=0.05, nms=dict(type='nms', iou_threshold=0.5), max_per_img=100))
"""
READER = ('broken-base', 'undefined-reference')


@pytest.fixture(scope='module')
def libraries(tmp_path_factory: pytest.TempPathFactory) -> mutate.Zoo:
    folder = tmp_path_factory.mktemp('libraries')
    for name, text in FILES.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text, encoding='utf-8')
    return mutate.Zoo(folder, Libraries(roots=(folder,)))


@pytest.fixture(scope='module')
def zoo(tmp_path_factory: pytest.TempPathFactory) -> mutate.Zoo:
    folder = tmp_path_factory.mktemp('zoo')
    (folder / 'base.py').write_text(BASE, encoding='utf-8')
    (folder / 'config.py').write_text(CONFIG, encoding='utf-8')
    return mutate.Zoo(folder, Libraries())


def test_the_zoo_has_one_good_config(zoo: mutate.Zoo) -> None:
    assert [Path(path).name for path in zoo.files if zoo.subject(path) is not None] == ['config.py']


@pytest.mark.parametrize('name', [name for name in (*components.KINDS, *sections.KINDS) if name not in READER])
def test_each_kind_of_fault_is_found(zoo: mutate.Zoo, name: str) -> None:
    found = list(mutate.trials(zoo, mutate.KINDS[name], 5, random.Random(0)))
    assert found and all(trial.is_read for trial in found)
    assert [trial.mutation.what for trial in found if not trial.is_found] == []


@pytest.mark.parametrize('name', [*counts.KINDS, *data.KINDS, *training.KINDS, *writing.KINDS])
def test_each_kind_of_fault_between_parts_is_found(libraries: mutate.Zoo, name: str) -> None:
    found = list(mutate.trials(libraries, mutate.KINDS[name], 8, random.Random(0)))
    assert found and all(trial.is_read for trial in found)
    assert [trial.mutation.what for trial in found if not trial.is_found] == []


@pytest.mark.parametrize('name', READER)
def test_the_reader_refuses_what_is_broken(zoo: mutate.Zoo, name: str) -> None:
    kind = {'broken-base': mutate.sections.broken_base, 'undefined-reference': mutate.sections.undefined_reference}[
        name
    ]
    found = list(mutate.trials(zoo, kind, 5, random.Random(0)))
    assert found and not any(trial.is_read for trial in found)


def test_nothing_is_written(zoo: mutate.Zoo) -> None:
    before = {path: Path(path).read_text('utf-8') for path in zoo.files}
    for kind in (*components.KINDS.values(), *sections.KINDS.values()):
        list(mutate.trials(zoo, kind, 2, random.Random(1)))
    assert {path: Path(path).read_text('utf-8') for path in zoo.files} == before
