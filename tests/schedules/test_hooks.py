"""The formulas of 0.x against the real hooks of mmcv 1.7 and its libraries, at every iteration."""

from __future__ import annotations

from typing import Any

import pytest

from cfglint.schedules.hooks import POLICIES, curve
from cfglint.schedules.schedulers import NoCurve, Training
from tests.migrate.curves import before

COSINE = {'policy': 'CosineAnnealing', 'min_lr': 1e-4}
BY_EPOCH: dict[str, dict[str, Any]] = {
    'Fixed': {'policy': 'fixed', 'warmup': 'constant', 'warmup_iters': 70, 'warmup_ratio': 0.3},
    'Step': {'policy': 'step', 'step': [8, 11], 'warmup': 'linear', 'warmup_iters': 70},
    'Step, bounded': {'policy': 'step', 'step': 3, 'gamma': 0.5, 'min_lr': 2e-3},
    'Exp': {'policy': 'exp', 'gamma': 0.9, 'warmup': 'exp', 'warmup_iters': 2, 'warmup_by_epoch': True},
    'Poly': {'policy': 'poly', 'power': 0.9, 'min_lr': 1e-4},
    'Poly, by iteration': {'policy': 'poly', 'by_epoch': False, 'warmup': 'linear', 'warmup_iters': 9},
    'Inv': {'policy': 'inv', 'gamma': 0.1, 'power': 0.7},
    'CosineAnnealing': {**COSINE, 'warmup': 'linear', 'warmup_iters': 170, 'warmup_ratio': 1e-3},
    'CosineAnnealing, to a ratio': {'policy': 'CosineAnnealing', 'min_lr_ratio': 0.1, 'by_epoch': False},
    'FlatCosineAnnealing': {'policy': 'FlatCosineAnnealing', 'min_lr': 0.0},
    'CosineRestart': {'policy': 'CosineRestart', 'periods': [8, 12], 'restart_weights': [1, 0.5], 'min_lr': 1e-4},
    'LinearAnnealing': {'policy': 'LinearAnnealing', 'min_lr_ratio': 0.05},
    'CosineAnnealingCooldown': {'policy': 'CosineAnnealingCooldown', 'min_lr': 1e-3, 'cool_down_time': 4},
    'StepFixCosineAnnealing': {
        'policy': 'StepFixCosineAnnealing', 'min_lr': 0.0, 'warmup': 'linear', 'warmup_iters': 4, 'warmup_by_epoch': True,
    },
    'YOLOX': {
        'policy': 'YOLOX', 'num_last_epochs': 5, 'min_lr_ratio': 0.05, 'by_epoch': False, 'warmup': 'exp',
        'warmup_iters': 3, 'warmup_by_epoch': True, 'warmup_ratio': 1,
    },
    'Cyclic': {'policy': 'cyclic', 'target_ratio': (10, 1e-4), 'cyclic_times': 2, 'gamma': 0.5},
    'Cyclic, in lines': {'policy': 'cyclic', 'target_ratio': 6.0, 'anneal_strategy': 'linear'},
    'OneCycle': {'policy': 'OneCycle', 'max_lr': 0.1, 'total_steps': 1100, 'three_phase': True},
    'OneCycle, in lines': {'policy': 'OneCycle', 'max_lr': 0.1, 'anneal_strategy': 'linear'},
    'Linear': {'policy': 'Linear', 'target_lr': 0.0, 'start': 300, 'interval': 7, 'by_epoch': False},
}  # fmt: skip
MOMENTA: dict[str, dict[str, Any]] = {
    'Step': {'policy': 'step', 'step': [8, 11], 'warmup': 'linear', 'warmup_iters': 70, 'warmup_ratio': 0.9},
    'Step, bounded': {'policy': 'step', 'step': 3, 'min_momentum': 0.3, 'warmup': 'exp', 'warmup_iters': 70},
    'CosineAnnealing': {'policy': 'CosineAnnealing', 'min_momentum': 0.5, 'by_epoch': False},
    'LinearAnnealing': {'policy': 'LinearAnnealing', 'min_momentum_ratio': 0.5},
    'Cyclic': {'policy': 'cyclic', 'target_ratio': (0.85 / 0.95, 1)},
    'OneCycle': {'policy': 'OneCycle'},
}


def difference(config: dict[str, Any], parameter: str, total: int, *, by_epoch: bool) -> float:
    """Return the largest difference at any iteration, relative to the first value."""
    start = 0.02 if parameter == 'lr' else 0.95
    training = Training(total * 50 if by_epoch else total, 50)
    found = curve(config, start, training, by_epoch=by_epoch, parameter=parameter)
    real = before(config, parameter, total, 50, by_epoch=by_epoch)
    return max(abs(first - second) for first, second in zip(found, real, strict=True)) / start


@pytest.mark.parametrize('case', BY_EPOCH)
def test_learning_rates(case: str) -> None:
    assert difference(BY_EPOCH[case], 'lr', 20, by_epoch=True) < 1e-9


@pytest.mark.parametrize('case', MOMENTA)
def test_momenta(case: str) -> None:
    assert difference(MOMENTA[case], 'momentum', 20, by_epoch=True) < 1e-9


def test_by_iteration() -> None:
    config = {**COSINE, 'by_epoch': False, 'warmup': 'linear', 'warmup_iters': 70}
    assert difference(config, 'lr', 620, by_epoch=False) < 1e-9


def test_every_policy_is_compared() -> None:
    assert {name.partition(',')[0] for name in BY_EPOCH} == POLICIES['lr'].keys()
    assert {name.partition(',')[0] for name in MOMENTA} == POLICIES['momentum'].keys()


@pytest.mark.parametrize(
    ('config', 'words'),
    [
        ({'policy': 'TIN'}, 'the formula of the policy `TIN` is not known'),
        ({'policy': 'step'}, 'the policy `Step` lacks `step`'),
        ({'policy': 'CosineAnnealing'}, 'lacks a last value'),
        ({'policy': 'CosineRestart', 'periods': [1], 'min_lr': 0.0}, 'training is longer than the periods'),
        ({'policy': 'exp', 'gamma': '0.9'}, 'cannot be computed'),
        ({'policy': 'fixed', 'warmup': 'cosine', 'warmup_iters': 3}, 'no warm-up of the kind `cosine`'),
    ],
)
def test_what_cannot_be_computed(config: dict[str, Any], words: str) -> None:
    with pytest.raises(NoCurve, match=words):
        list(curve(config, 0.02, Training(100, 10), by_epoch=True))


def test_epochs_in_a_training_that_counts_iterations() -> None:
    with pytest.raises(NoCurve, match='counts epochs'):
        list(curve({'policy': 'exp', 'gamma': 0.9, 'by_epoch': True}, 0.02, Training(100, 10), by_epoch=False))
