"""Fixes: what a config resolves to before and after; a second time nothing is left to do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from cfglint.diagnostics import Applicability
from tests.rules.deprecated.kit import diagnose, fixed, found, resolved

if TYPE_CHECKING:
    from pathlib import Path

SGD = {'type': 'SGD', 'lr': 0.02}
MODERN = "default_scope = 'mmengine'\n"
"""What makes a config of 0.x keys one of both generations: a pure one is not fixed key by key."""
OLD = 'workflow = []\n'
TOP_LEVEL: dict[str, dict[str, Any]] = {
    "optimizer = dict(type='SGD', lr=0.02)  # tuned\n": {'optim_wrapper': {'type': 'OptimWrapper', 'optimizer': SGD}},
    'optimizer = dict(lr=0.02)\n': {'optim_wrapper': {'type': 'OptimWrapper', 'optimizer': {'lr': 0.02}}},
    "optimizer = dict(\n    type='SGD',  # plain\n    lr=0.02)\noptimizer_config = dict(grad_clip=None)\n": {
        'optim_wrapper': {'type': 'OptimWrapper', 'optimizer': SGD}
    },
    "optimizer = dict(type='SGD', lr=0.02, paramwise_cfg=dict(bias_lr_mult=2.0))\n": {
        'optim_wrapper': {'type': 'OptimWrapper', 'optimizer': SGD, 'paramwise_cfg': {'bias_lr_mult': 2.0}}
    },
    "optimizers = dict(generator=dict(type='SGD', lr=0.02))\n": {
        'optim_wrapper': {'type': 'OptimWrapper', 'optimizer': SGD}
    },
    'optimizer_config = dict(grad_clip=dict(max_norm=35))\n': {
        'optim_wrapper': {'type': 'OptimWrapper', 'clip_grad': {'max_norm': 35}}
    },
    "lr_config = dict(policy='step', step=[8, 11])\n": {
        'param_scheduler': [{'type': 'MultiStepLR', 'by_epoch': True, 'milestones': [8, 11], 'begin': 0}]
    },
    "runner = dict(type='EpochBasedRunner', max_epochs=12)\n": {
        'train_cfg': {'type': 'EpochBasedTrainLoop', 'max_epochs': 12, 'val_interval': 1}
    },
    'total_iters = 1000\n': {'train_cfg': {'type': 'IterBasedTrainLoop', 'max_iters': 1000}},
    'checkpoint_config = dict(interval=5)\n': {
        'default_hooks': {'checkpoint': {'type': 'CheckpointHook', 'interval': 5}}
    },
    "dist_params = dict(backend='nccl')\n": {'env_cfg': {'dist_cfg': {'backend': 'nccl'}}},
    "mp_start_method = 'fork'\n": {'env_cfg': {'mp_cfg': {'mp_start_method': 'fork'}}},
    'seed = 3\n': {'randomness': {'seed': 3}},
    "resume_from = 'a.pth'\n": {'load_from': 'a.pth', 'resume': True},
    'resume_from = None\ngpu_ids = [0]\n': {'resume': False},
    "custom_hooks_config = [dict(type='EMAHook')]\n": {
        'custom_hooks': [{'type': 'EMAHook', 'ema_type': 'ExponentialMovingAverage'}]
    },
}


@pytest.mark.parametrize('text', TOP_LEVEL)
def test_top_level_fixes(text: str, tmp_path: Path) -> None:
    expected = TOP_LEVEL[text]
    text = MODERN + OLD * (text.startswith('custom')) + text
    first = fixed(tmp_path, text, Applicability.UNSAFE)
    assert resolved(tmp_path, first) == {'default_scope': 'mmengine', **expected}
    assert all(comment in first['config.py'] for comment in ('# tuned', '# plain') if comment in text)
    assert fixed(tmp_path, first, Applicability.UNSAFE) == first


def test_keys_that_end_up_in_one_place_are_rewritten_together(tmp_path: Path) -> None:
    text = f"{MODERN}optimizer = dict(type='SGD', lr=0.02)\noptimizer_config = dict(grad_clip=dict(max_norm=1))\n"
    fixes = {each.fix for each in diagnose(tmp_path, text)}
    (fix,) = fixes
    assert fix is not None and fix.keys == ('optimizer', 'optimizer_config', 'optim_wrapper')


@pytest.mark.parametrize(
    'text',
    [
        "optimizer = dict(type='SGD')\noptimizer = dict(type='Adam')\n",
        "optimizer = runner = dict(type='SGD')\n",
        "data = dict()\nif True:\n    optimizer = dict(type='SGD')\n",
    ],
)
def test_no_fix_where_more_depends_on_it(text: str, tmp_path: Path) -> None:
    assert found(diagnose(tmp_path, MODERN + text), 'optimizer').fix is None


@pytest.mark.parametrize('text', TOP_LEVEL)
def test_no_half_of_a_config_of_0x_is_migrated(text: str, tmp_path: Path) -> None:
    before = f"{text}data = dict(train=dict(type='CocoDataset', file_client_args=dict(backend='petrel')))\n"
    assert diagnose(tmp_path, before)
    assert fixed(tmp_path, before, Applicability.UNSAFE) == {'config.py': before}


def test_mixed_precision_beside_an_optim_wrapper(tmp_path: Path) -> None:
    text = "optim_wrapper = dict(\n    type='OptimWrapper',\n    optimizer=dict(type='SGD', lr=0.02))\nfp16 = dict(loss_scale='dynamic')\n"
    first = fixed(tmp_path, text, Applicability.UNSAFE)
    assert resolved(tmp_path, first) == {
        'optim_wrapper': {'type': 'AmpOptimWrapper', 'loss_scale': 'dynamic', 'optimizer': SGD}
    }
    assert fixed(tmp_path, first, Applicability.UNSAFE) == first


def test_base_and_child_commute(tmp_path: Path) -> None:
    files = {
        'base.py': f"{MODERN}optimizer = dict(type='SGD', lr=0.1)\n",
        'config.py': "_base_ = './base.py'\noptimizer = dict(lr=0.02)\n",
    }
    first = fixed(tmp_path, files, Applicability.UNSAFE)
    assert resolved(tmp_path, first)['optim_wrapper'] == {'type': 'OptimWrapper', 'optimizer': SGD}


PIPELINE = "default_scope = 'mmdet'\ntrain_dataloader = dict(dataset=dict(pipeline=[{}]))\n"
COMPONENTS = {
    "dict(type='RandomFlip', flip_ratio=0.5)": {'type': 'RandomFlip', 'prob': 0.5},
    "dict(type='RandomFlip', flip_ratio=1)": {'type': 'RandomFlip', 'prob': 1.0},
    "{'type': 'RandomFlip', 'flip_ratio': 0.5}": {'type': 'RandomFlip', 'prob': 0.5},
    "dict(type='Resize', img_scale=(1333, 800), keep_ratio=True)": {
        'type': 'Resize',
        'scale': (1333, 800),
        'keep_ratio': True,
    },
    "dict(type='Resize', img_scale=(1333, 800))": {'type': 'Resize', 'scale': (1333, 800), 'keep_ratio': True},
    "dict(type='LoadImageFromWebcam')": {'type': 'LoadImageFromNDArray'},
    "dict(type='mmdet.LoadImageFromWebcam')": None,
}


@pytest.mark.parametrize('part', COMPONENTS)
def test_fixes_of_components(part: str, tmp_path: Path) -> None:
    text = PIPELINE.format(part)
    assert fixed(tmp_path, text, Applicability.SAFE) == {'config.py': text}, 'the library reads the new name'
    first = fixed(tmp_path, text, Applicability.UNSAFE)
    value = resolved(tmp_path, first)['train_dataloader']['dataset']['pipeline'][0]
    assert value == (COMPONENTS[part] or {'type': 'mmdet.LoadImageFromNDArray'})
    assert type(value.get('prob', 0.0)) is float
    assert fixed(tmp_path, first, Applicability.UNSAFE) == first


@pytest.mark.parametrize(
    'part',
    [
        "dict(type='Resize', img_scale=[(1333, 640), (1333, 800)], multiscale_mode='value')",
        "dict(type='Resize', img_scale=(1333, 800), ratio_range=(0.5, 2.0))",
        "dict(type='RandomFlip', flip_ratio=None)",
        "dict(type='RandomFlip', flip_ratio=0.5, prob=0.5)",
        "dict(type='DefaultFormatBundle')",
    ],
)
def test_no_fix_where_the_meaning_may_change(part: str, tmp_path: Path) -> None:
    text = PIPELINE.format(part)
    assert diagnose(tmp_path, text)
    assert fixed(tmp_path, text, Applicability.UNSAFE) == {'config.py': text}


def test_removing_keeps_what_else_is_on_the_line(tmp_path: Path) -> None:
    text = "work_dir = 'w'; resume_from = None\nworkflow = [('train', 1)]  # as before\noptim_wrapper = dict()\n"
    first = fixed(tmp_path, text, Applicability.SAFE)
    assert first == {'config.py': text}
    assert 'as before' not in fixed(tmp_path, text, Applicability.UNSAFE)['config.py']
