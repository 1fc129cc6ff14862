"""Migrated schedules are those of mmcv: its real hooks against MMEngine's real schedulers, at every iteration."""

from typing import Any

import pytest

from tests.migrate.curves import difference
from tests.migrate.kit import mapped

POLICIES = {
    'fixed': {'policy': 'fixed'},
    'steps': {'policy': 'step', 'step': [8, 11]},
    'every few steps': {'policy': 'step', 'step': 4, 'gamma': 0.5},
    'steps with a bound': {'policy': 'step', 'step': [8, 11], 'gamma': 0.5, 'min_lr': 0.007},
    'steps with a bound that never binds': {'policy': 'step', 'step': [8, 11], 'gamma': 0.5, 'min_lr': 0.004},
    'poly': {'policy': 'poly', 'power': 0.9, 'min_lr': 0},
    'exp': {'policy': 'exp', 'gamma': 0.9},
    'cosine': {'policy': 'CosineAnnealing', 'min_lr': 0},
    'flat cosine': {'policy': 'FlatCosineAnnealing', 'start_percent': 0.5, 'min_lr': 0},
    'linear': {'policy': 'LinearAnnealing', 'min_lr_ratio': 0.05},
    'linear to a rate': {'policy': 'LinearAnnealing', 'min_lr': 0.001},
}
WARMUPS = {
    'none': {},
    'linear': {'warmup': 'linear', 'warmup_iters': 30, 'warmup_ratio': 0.1},
    'linear, of several epochs': {'warmup': 'linear', 'warmup_iters': 170},
    'constant': {'warmup': 'constant', 'warmup_iters': 170, 'warmup_ratio': 0.3},
    'exp': {'warmup': 'exp', 'warmup_iters': 30, 'warmup_ratio': 0.1},
}


@pytest.mark.parametrize('warmup', WARMUPS)
@pytest.mark.parametrize('policy', POLICIES)
def test_by_epoch(policy: str, warmup: str) -> None:
    assert difference({**POLICIES[policy], **WARMUPS[warmup]}) < 1e-9


@pytest.mark.parametrize('warmup', WARMUPS)
@pytest.mark.parametrize('policy', POLICIES)
def test_by_iteration(policy: str, warmup: str) -> None:
    config: dict[str, Any] = {**POLICIES[policy], **WARMUPS[warmup], 'by_epoch': False}
    if 'step' in config:
        config['step'] = 200 if config['step'] == 4 else [400, 550]
    assert difference(config, total=1000, by_epoch=False) < 1e-9


ENDLESS = {
    'poly': {'policy': 'poly', 'power': 0.9, 'min_lr': 1e-4},
    'cosine': {'policy': 'CosineAnnealing', 'min_lr': 1e-4},
    'cosine to a ratio': {'policy': 'CosineAnnealing', 'min_lr_ratio': 0.05},
}


@pytest.mark.parametrize('policy', ENDLESS)
def test_a_bound_without_a_long_warm_up(policy: str) -> None:
    assert difference(ENDLESS[policy]) < 1e-9
    assert difference({**ENDLESS[policy], **WARMUPS['linear']}) < 1e-9
    assert difference({**ENDLESS[policy], 'by_epoch': False}, total=1000, by_epoch=False) < 1e-9


RESTARTS = {
    'restarts': {
        'policy': 'CosineRestart',
        'periods': [250] * 4,
        'restart_weights': [1] * 4,
        'min_lr': 1e-5,
        'by_epoch': False,
    },
    'weights': {
        'policy': 'CosineRestart',
        'periods': [500, 500],
        'restart_weights': [1, 0.5],
        'min_lr': 0,
        'by_epoch': False,
    },
    'one cycle': {
        'policy': 'OneCycle',
        'max_lr': 0.1,
        'total_steps': 1100,
        'pct_start': 0.05,
        'anneal_strategy': 'linear',
        'by_epoch': False,
    },
    'cyclic': {'policy': 'cyclic', 'target_ratio': (10, 1e-4), 'step_ratio_up': 0.4, 'by_epoch': False},
    'cyclic to a ratio': {'policy': 'cyclic', 'target_ratio': 6.0, 'by_epoch': False},
}


@pytest.mark.parametrize('policy', RESTARTS)
def test_cycles(policy: str) -> None:
    assert difference(RESTARTS[policy], total=1000, by_epoch=False) < 1e-9


NEAREST = {
    'a warm-up by epoch is a step ahead': (
        {'policy': 'step', 'step': [8, 11], 'warmup': 'linear', 'warmup_iters': 3, 'warmup_ratio': 0.1, 'warmup_by_epoch': True}, 7e-3,
    ),
    'poly by iteration reaches its end a step early': ({'policy': 'poly', 'power': 0.9, 'min_lr': 0, 'by_epoch': False}, 3e-3),
    'cycles by iteration turn a step early': ({'policy': 'cyclic', 'target_ratio': (10, 1e-4), 'step_ratio_up': 0.4, 'by_epoch': False}, 2e-4),
    'a bound is not scaled by a warm-up of several epochs': (
        {'policy': 'CosineAnnealing', 'min_lr': 1e-4, 'warmup': 'linear', 'warmup_iters': 170, 'warmup_ratio': 0.1}, 2e-4,
    ),
}  # fmt: skip
"""What MMEngine has no equal of, with the largest difference in a training of 20 epochs of 50 iterations."""


@pytest.mark.parametrize('case', NEAREST)
def test_the_nearest_that_there_is(case: str) -> None:
    config, most = NEAREST[case]
    assert 1e-9 < difference(config) < most


MOMENTA = {
    'steps': {'policy': 'step', 'step': [8, 11]},
    'cosine': {'policy': 'CosineAnnealing', 'min_momentum': 0.5},
    'cosine to a ratio': {'policy': 'CosineAnnealing', 'min_momentum_ratio': 0.5},
    'linear': {'policy': 'LinearAnnealing', 'min_momentum': 0.5},
    'linear to a ratio': {'policy': 'LinearAnnealing', 'min_momentum_ratio': 0.5},
    'cyclic': {'policy': 'cyclic', 'target_ratio': (0.85 / 0.95, 1), 'step_ratio_up': 0.4, 'by_epoch': False},
}


@pytest.mark.parametrize('policy', MOMENTA)
def test_momentum(policy: str) -> None:
    by_epoch = MOMENTA[policy].get('by_epoch', True)
    assert difference(MOMENTA[policy], 'momentum', 20 if by_epoch else 1000, by_epoch=by_epoch) < 1e-9


@pytest.mark.parametrize(
    'config',
    [
        {'policy': 'inv', 'gamma': 0.1},
        {'policy': 'cyclic', 'cyclic_times': 2},
        {'policy': 'cyclic', 'gamma': 0.5},
        {'policy': 'cyclic', 'warmup': 'linear', 'warmup_iters': 500},
        {'policy': 'TIN', 'min_lr': 0},
        {'policy': 'step', 'step': [1], 'warmup': 'linear'},
        {'policy': 'CosineAnnealing', 'warmup': 'exp', 'warmup_iters': 2, 'warmup_by_epoch': True},
    ],
)
def test_without_a_counterpart(config: dict[str, Any]) -> None:
    runner = "runner = dict(type='EpochBasedRunner', max_epochs=20)\n"
    assert [path for path, _ in mapped(f'{runner}lr_config = {config!r}').todos()] == ['lr_config']


def test_without_a_counterpart_of_the_momentum() -> None:
    runner = "runner = dict(type='EpochBasedRunner', max_epochs=20)\n"
    assert [path for path, _ in mapped(f"{runner}momentum_config = dict(policy='OneCycle')").todos()] == [
        'momentum_config'
    ]
