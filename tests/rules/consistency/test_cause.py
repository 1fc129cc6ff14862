"""A diagnostic stands at the cause: the last line that the user wrote and that makes it wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.kit.complete import complete
from tests.kit.repo import diagnose, places

DATASET = "dataset=dict(type='ToyDataset', pipeline=[dict(type='ToyTransform')])"
LOADER = f"train_dataloader = dict({{}}, sampler=dict(type='DefaultSampler', shuffle=True), {DATASET})\n"
CHECKPOINT = "default_hooks = dict(checkpoint=dict(type='CheckpointHook', {}))\n"
OPTIMIZER = "optim_wrapper = dict(type='OptimWrapper', optimizer=dict(type='SGD', lr=0.1{}))\n"
SCHEDULE = 'param_scheduler = dict({})\n'
LOOP = "train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=12)\n"

CHILDREN = [
    ('conflicting-fields', LOADER.format('num_workers=2, persistent_workers=True'), 'train_dataloader = dict(num_workers=0)'),
    ('conflicting-fields', LOADER.format('num_workers=0'), 'train_dataloader = dict(persistent_workers=True)'),
    ('conflicting-fields', LOADER.format('num_workers=2, prefetch_factor=2'), 'train_dataloader = dict(batch_size=4, num_workers=0)'),
    ('conflicting-fields', LOOP, 'train_cfg = dict(by_epoch=True)'),
    ('conflicting-fields', CHECKPOINT.format("interval=1, save_best=['a', 'b'], rule=['less', 'less']"), "default_hooks = dict(checkpoint=dict(save_best=['a', 'b', 'c']))"),
    ('conflicting-fields', OPTIMIZER.format(', momentum=0.9, nesterov=True'), 'optim_wrapper = dict(optimizer=dict(momentum=0))'),
    ('conflicting-fields', OPTIMIZER[:-2].format(', weight_decay=0.1') + ', paramwise_cfg=dict(norm_decay_mult=0))\n', "optim_wrapper = dict(optimizer=dict(_delete_=True, type='Adam', lr=0.1))"),
    ('conflicting-fields', SCHEDULE.format("type='LinearLR', start_factor=0.1, begin=0, end=5"), 'param_scheduler = dict(begin=5)'),
    ('value-out-of-range', SCHEDULE.format("type='MultiStepLR', milestones=[8], end=12"), 'param_scheduler = dict(end=6)'),
    ('schedule-after-training', SCHEDULE.format("type='MultiStepLR', milestones=[11], begin=6, end=12") + LOOP, 'train_cfg = dict(max_epochs=6)'),
    ('scheduler-without-optimizer', SCHEDULE.format("type='StepLR', step_size=3"), 'train_dataloader = train_cfg = optim_wrapper = None'),
    ('normalized-twice', "model = dict(type='ToyModel', data_preprocessor=dict(type='ImgDataPreprocessor'))\n"
     "train_dataloader = dict(dataset=dict(type='ToyDataset', pipeline=[dict(type='Normalize', mean=[0], std=[1])]))\n", 'model = dict(data_preprocessor=dict(mean=[0], std=[1]))'),
    ('flexible-runner-with-cut-epoch', LOADER.format('num_batch_per_epoch=2, batch_size=2'), "runner_type = 'FlexibleRunner'; env_cfg = dict()"),
    ('epoch-scheduler-in-iter-loop', LOOP + SCHEDULE.format("type='MultiStepLR', by_epoch=True, milestones=[8]"), "train_cfg = dict(type='IterBasedTrainLoop', max_iters=8)"),
    ('unsupported-metric-value', "default_scope = 'mmdet'\nval_evaluator = dict(type='CocoMetric', metric='bbox')\n", "val_evaluator = dict(type='VOCMetric')"),
    ('channel-mismatch', "default_scope = 'mmdet'\nmodel = dict(type='RetinaNet', backbone=dict(type='ResNet', depth=50), neck=dict(type='FPN', in_channels=[256, 512, 1024, 2048]))\n", 'model = dict(backbone=dict(depth=18))'),
    ('channel-mismatch', "default_scope = 'mmdet'\nmodel = dict(type='RetinaNet', backbone=dict(type='ResNet', depth=50), neck=dict(type='FPN', in_channels=[256, 512, 1024, 2048]))\n", "model = dict(backbone=dict(type='SwinTransformer', embed_dims=96))"),
    ('wrong-default-scope', "default_scope = 'mmseg'\nmodel = dict(type='EncoderDecoder', backbone=dict(type='ResNetV1c', depth=50))\n", "default_scope = 'mmdet'"),
    ('num-classes-mismatch', "default_scope = 'mmdet'\nmodel = dict(type='RetinaNet', bbox_head=dict(type='RetinaHead', num_classes=80))\ntrain_dataloader = dict(dataset=dict(type='CocoDataset'))\n", "train_dataloader = dict(dataset=dict(metainfo=dict(classes=('a', 'b'))))"),
    ('doubled-root', "train_dataloader = dict(dataset=dict(type='ToyDataset', ann_file='data/x/a.json'))\n", "train_dataloader = dict(dataset=dict(data_root='data/x/'))"),
    ('unknown-field', 'train_cfg = dict(by_epoch=True, max_epochs=2)\n', 'train_cfg = dict(by_epoch=False)'),
    ('missing-default-scope', "default_scope = 'mmdet'\nmodel = dict(type='RetinaNet', backbone=None, neck=None, bbox_head=None)\n", 'default_scope = None'),
    ('stale-annotations', "default_scope = 'mmdet'\nval_dataloader = dict(dataset=dict(type='CocoDataset', data_root='a/', ann_file='v.json'))\nval_evaluator = dict(type='CocoMetric', ann_file='a/v.json')\n", "val_dataloader = dict(dataset=dict(data_root='b/'))"),
    ('unknown-argument', "default_scope = 'mmdet'\nmodel = dict(type='RetinaNet', backbone=dict(depht_of_net=50))\n", "model = dict(backbone=dict(type='ResNet', depth=50))"),
    ('channel-mismatch', "default_scope = 'mmseg'\nmodel = dict(type='EncoderDecoder', backbone=dict(type='ResNet', depth=50), decode_head=dict(type='FCNHead', in_index=3, in_channels=2048, channels=8, num_classes=2))\n", 'model = dict(decode_head=dict(in_index=1))'),
]  # fmt: skip


@pytest.mark.parametrize(('rule', 'base', 'child'), CHILDREN)
def test_a_child_makes_it_wrong(rule: str, base: str, child: str, tmp_path: Path) -> None:
    files = {'base.py': complete(base), 'child.py': f"_base_ = 'base.py'\nwork_dir = 'x'\n{child}\n"}
    found = diagnose(tmp_path, files)
    assert places(found, rule) == ['child.py:3']
    first = next(each for each in found if each.rule == rule)
    assert 'base.py' in [Path(place.span.path).name for place in first.related if place.span is not None]


@pytest.mark.parametrize(
    'child',
    ['', 'train_dataloader = dict(batch_size=4)', 'train_dataloader = dict(num_workers=0)'],
    ids=['says nothing', 'says something else', 'repeats the base'],
)
def test_a_base_is_wrong(child: str, tmp_path: Path) -> None:
    base = complete(LOADER.format('num_workers=0, persistent_workers=True'))
    found = diagnose(tmp_path, {'base.py': base, 'child.py': f"_base_ = 'base.py'\n{child}\n"})
    assert places(found, 'conflicting-fields') == ['base.py:1']
    first = next(each for each in found if each.rule == 'conflicting-fields')
    assert [Path(path).name for path in first.affects] == ['child.py']


def test_two_bases_meet_in_a_child(tmp_path: Path) -> None:
    files = {
        '_base_/data.py': LOADER.format('persistent_workers=True'),
        '_base_/workers.py': 'env_cfg = dict()\n',
        'child.py': complete("_base_ = [\n    '_base_/workers.py',\n    '_base_/data.py']\n").replace(
            'train_dataloader', 'unused'
        )
        + 'train_dataloader = dict(num_workers=0)\n',
    }
    found = diagnose(tmp_path, files)
    assert places(found, 'conflicting-fields') == [f'child.py:{len(files["child.py"].splitlines())}']


def test_advice_says_for_which_dict_it_is_where_the_diagnostic_stands_elsewhere(tmp_path: Path) -> None:
    files = {
        'base.py': complete(LOOP + SCHEDULE.format("type='MultiStepLR', milestones=[8, 11], end=12")),
        'child.py': "_base_ = './base.py'\ntrain_cfg = dict(max_epochs=9)\n",
    }
    (found,) = [each for each in diagnose(tmp_path, files, 'child.py') if each.rule == 'milestone-after-training']
    assert found.advice is not None and found.advice.text.startswith('in `param_scheduler`, ')
    assert found.advice.code == 'milestones=[8]'
