"""The formulas against the real schedulers of MMEngine, at every iteration."""

from __future__ import annotations

import math
from typing import Any

import mmengine.optim
import pytest
import torch
from mmengine.optim.scheduler.param_scheduler import INF, _ParamScheduler
from mmengine.registry import PARAM_SCHEDULERS

from cfglint.schedules.formulas import FORMULAS
from cfglint.schedules.schedulers import NoCurve, Training, curve

STARTS = {'lr': 0.02, 'momentum': 0.95, 'weight_decay': 0.1}
TRAINING = Training(600, 50)
FULL = {'by_epoch': False, 'begin': 0, 'end': 600}


class QuadraticWarmupLR(_ParamScheduler):
    """Of mmdet 3.3.0 (Apache License 2.0)."""

    def __init__(self, optimizer: Any, begin: int = 0, end: int = INF, by_epoch: bool = True) -> None:
        self.total_iters = end - begin
        super().__init__(optimizer, 'lr', begin=begin, end=end, by_epoch=by_epoch)

    @classmethod
    def build_iter_from_epoch(
        cls, *args: Any, begin: int, end: int, by_epoch: bool, epoch_length: int, **kwargs: Any
    ) -> QuadraticWarmupLR:
        return cls(*args, begin=begin * epoch_length, end=end * epoch_length, by_epoch=False, **kwargs)

    def _get_value(self) -> list[float]:
        if self.last_step == 0:
            return [base_value * (2 * self.last_step + 1) / self.total_iters**2 for base_value in self.base_values]
        return [
            group[self.param_name] + base_value * (2 * self.last_step + 1) / self.total_iters**2
            for base_value, group in zip(self.base_values, self.optimizer.param_groups, strict=True)
        ]


class PolyLRRatio(mmengine.optim.PolyLR):
    """Of mmseg 1.2.2 (Apache License 2.0)."""

    def __init__(self, *args: Any, eta_min_ratio: float | None = None, **kwargs: Any) -> None:
        self.eta_min_ratio = eta_min_ratio
        super().__init__(*args, **kwargs)

    def _get_value(self) -> list[float]:
        if self.last_step == 0:
            return [group[self.param_name] for group in self.optimizer.param_groups]
        values = []
        for base_value, param_group in zip(self.base_values, self.optimizer.param_groups, strict=True):
            eta_min = self.eta_min if self.eta_min_ratio is None else base_value * self.eta_min_ratio
            step_ratio = (1 - 1 / (self.total_iters - self.last_step + 1)) ** self.power
            values.append((param_group[self.param_name] - eta_min) * step_ratio + eta_min)
        return values


class CosineAnnealingWeightDecay(mmengine.optim.scheduler.CosineAnnealingParamScheduler):
    """Of mmpretrain 1.2.0, for one group with weight decay (Apache License 2.0)."""

    def __init__(self, optimizer: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(optimizer, 'weight_decay', *args, **kwargs)


class LinearLrInterval(mmengine.optim.LinearLR):
    """Of mmagic 1.2.0, told the iteration as its message hub is (Apache License 2.0)."""

    def __init__(self, *args: Any, interval: int = 1, **kwargs: Any) -> None:
        self.interval = interval
        super().__init__(*args, **kwargs)

    def _get_value(self) -> list[float]:
        if self.last_step == 0:
            return [group[self.param_name] * self.start_factor for group in self.optimizer.param_groups]
        progress = self._global_step - 1
        max_progress = self.end
        factor = max(0, progress - self.begin) // self.interval / ((max_progress - self.begin) // self.interval)
        return [
            self.start_factor + (self.end_factor - self.start_factor) * factor for group in self.optimizer.param_groups
        ]


OWN = {each.__name__: each for each in (QuadraticWarmupLR, PolyLRRatio, CosineAnnealingWeightDecay, LinearLrInterval)}


def reference(configs: list[dict[str, Any]], parameter: str, training: Training) -> list[float]:
    """Return what the real schedulers set at each iteration."""
    parameters = [torch.nn.Parameter(torch.zeros(1))]
    optimizer = torch.optim.SGD(
        parameters, lr=STARTS['lr'], momentum=STARTS['momentum'], weight_decay=STARTS['weight_decay']
    )
    built = []
    for each in configs:
        config = dict(each)
        config.setdefault('end', training.epochs if config.get('by_epoch', True) else training.iterations)
        default = {'optimizer': optimizer, 'epoch_length': training.epoch_length}
        own = OWN.get(config['type'].rpartition('.')[2])
        if own is None:
            built.append(PARAM_SCHEDULERS.build(config, default_args=default))
            continue
        del config['type']
        converts = config.pop('convert_to_iter_based', False)
        build = own.build_iter_from_epoch if converts else own
        built.append(build(optimizer, **config, **({'epoch_length': training.epoch_length} if converts else {})))
    found = []
    for index in range(training.iterations):
        found.append(optimizer.param_groups[0][parameter])
        for each in built:
            if not each.by_epoch:
                each.step()
        if (index + 1) % training.epoch_length == 0:
            for each in built:
                if each.by_epoch:
                    each.step()
    return found


CASES: dict[str, list[dict[str, Any]]] = {
    'constant': [{'type': 'ConstantLR', 'factor': 0.2, 'by_epoch': False, 'begin': 3, 'end': 40}],
    'constant, of one step': [{'type': 'ConstantLR', 'by_epoch': True, 'begin': 0, 'end': 1}],
    'step': [{'type': 'StepLR', 'step_size': 4, 'gamma': 0.5}],
    'step, converted': [{'type': 'StepLR', 'step_size': 4, 'convert_to_iter_based': True}],
    'steps': [{'type': 'MultiStepLR', 'milestones': [3, 7, 7], 'gamma': 0.3, 'begin': 1}],
    'steps, converted': [{'type': 'MultiStepLR', 'milestones': [3, 7], 'convert_to_iter_based': True, 'end': 11}],
    'exponential': [{'type': 'ExponentialLR', 'gamma': 0.99, 'by_epoch': False, 'begin': 10, 'end': 400}],
    'cosine': [{'type': 'CosineAnnealingLR', **FULL}],
    'cosine, beyond its period': [{'type': 'CosineAnnealingLR', 'T_max': 70, 'eta_min': 1e-3, **FULL}],
    'cosine, to a ratio': [{'type': 'CosineAnnealingLR', 'eta_min_ratio': 0.1, 'convert_to_iter_based': True}],
    'linear': [{'type': 'LinearLR', 'start_factor': 1e-3, 'by_epoch': False, 'begin': 0, 'end': 100}],
    'linear, downwards': [{'type': 'LinearLR', 'start_factor': 1.0, 'end_factor': 0.2}],
    'poly': [{'type': 'PolyLR', 'power': 0.9, 'eta_min': 1e-4, 'by_epoch': False, 'begin': 50, 'end': 600}],
    'poly, to a ratio': [{'type': 'mmseg.PolyLRRatio', 'power': 0.9, 'eta_min_ratio': 0.1, **FULL}],
    'one cycle': [{'type': 'OneCycleLR', 'eta_max': 0.1, 'total_steps': 600, 'by_epoch': False}],
    'one cycle of lines': [
        {'type': 'OneCycleLR', 'eta_max': 0.1, 'pct_start': 0.2, 'three_phase': True, 'anneal_strategy': 'linear', **FULL}
    ],
    'one cycle, converted, then a cosine': [
        {'type': 'OneCycleLR', 'eta_max': 0.1, 'total_steps': 12, 'convert_to_iter_based': True},
        {'type': 'CosineAnnealingLR', 'eta_min': 1e-3, **FULL},
    ],
    'restarts': [
        {'type': 'CosineRestartLR', 'periods': [150, 200], 'restart_weights': [1, 0.5], 'eta_min': 1e-4, **FULL}
    ],
    'restarts, to a ratio': [
        {'type': 'CosineRestartLR', 'periods': [5, 7], 'restart_weights': [1, 1], 'eta_min_ratio': 0.1,
         'convert_to_iter_based': True}
    ],
    'quadratic': [{'type': 'mmdet.QuadraticWarmupLR', 'by_epoch': True, 'begin': 0, 'end': 3, 'convert_to_iter_based': True}],
    'interval': [{'type': 'LinearLrInterval', 'start_factor': 0.02, 'end_factor': 0.0, 'interval': 7, **FULL, 'begin': 100}],
    'warm-up and steps': [
        {'type': 'LinearLR', 'start_factor': 1e-3, 'by_epoch': False, 'begin': 0, 'end': 500},
        {'type': 'MultiStepLR', 'milestones': [8, 11], 'by_epoch': True, 'begin': 0, 'end': 12},
        {'type': 'StepMomentum', 'step_size': 2},
    ],
    'a family of its own': [{'type': 'MultiStepParamScheduler', 'param_name': 'lr', 'milestones': [5]}],
}  # fmt: skip
MOMENTA: dict[str, list[dict[str, Any]]] = {
    'constant': [{'type': 'ConstantMomentum', 'factor': 0.5, 'by_epoch': False, 'begin': 0, 'end': 60}],
    'step': [{'type': 'StepMomentum', 'step_size': 3, 'gamma': 0.9}],
    'steps': [{'type': 'MultiStepMomentum', 'milestones': [4], 'gamma': 0.9}],
    'exponential': [{'type': 'ExponentialMomentum', 'gamma': 0.99}],
    'cosine': [{'type': 'CosineAnnealingMomentum', 'eta_min': 0.8, **FULL}],
    'linear': [{'type': 'LinearMomentum', 'start_factor': 0.5, **FULL}, {'type': 'StepLR', 'step_size': 2}],
    'poly': [{'type': 'PolyMomentum', 'eta_min': 0.5, **FULL}],
    'restarts': [
        {'type': 'CosineRestartMomentum', 'periods': [300, 300], 'restart_weights': [1, 1], 'eta_min': 0.5, **FULL}
    ],
    'a family of its own': [{'type': 'PolyParamScheduler', 'param_name': 'momentum', **FULL}],
}


def difference(configs: list[dict[str, Any]], parameter: str, training: Training = TRAINING) -> float:
    """Return the largest difference at any iteration, relative to the first value."""
    found = curve(configs, STARTS[parameter], training, parameter)
    pairs = zip(found, reference(configs, parameter, training), strict=True)
    return max(abs(first - second) for first, second in pairs) / STARTS[parameter]


@pytest.mark.parametrize('case', CASES)
def test_learning_rates(case: str) -> None:
    assert difference(CASES[case], 'lr') < 1e-9


@pytest.mark.parametrize('case', MOMENTA)
def test_momenta(case: str) -> None:
    assert difference(MOMENTA[case], 'momentum') < 1e-9


def test_weight_decay() -> None:
    assert difference([{'type': 'CosineAnnealingWeightDecay', 'eta_min': 0.2, **FULL}], 'weight_decay') < 1e-9


def test_training_that_ends_within_an_epoch() -> None:
    assert difference([{'type': 'StepLR', 'step_size': 1}], 'lr', Training(130, 50)) < 1e-9


def test_every_scheduler_of_mmengine_has_a_formula() -> None:
    names = {name.removesuffix('LR') for name in PARAM_SCHEDULERS.module_dict if name.endswith('LR')}
    assert names - {'ReduceOnPlateau'} <= FORMULAS.keys()


@pytest.mark.parametrize(
    ('config', 'words'),
    [
        ({'type': 'ReduceOnPlateauLR'}, 'depends on what validation measures'),
        ({'type': 'MyLR'}, 'the formula of `MyLR` is not known'),
        ({'type': 'MyScheduler'}, 'the formula of `MyScheduler` is not known'),
        ({'type': 'PolyLR', 'eta_min_ratio': 0.1}, 'takes no `eta_min_ratio`'),
        ({'type': 'MultiStepLR'}, 'lacks `milestones`'),
        ({'type': 'CosineAnnealingLR', 'T_max': '12'}, 'cannot be computed'),
        ({'type': 'MultiStepLR', 'milestones': 8}, 'cannot be computed'),
        ({'type': 'LinearLR', 'begin': 'x', 'convert_to_iter_based': True}, 'cannot be computed'),
        ({}, 'the formula of `None` is not known'),
    ],
)
def test_what_cannot_be_computed(config: dict[str, Any], words: str) -> None:
    with pytest.raises(NoCurve, match=words):
        list(curve([config], 0.02, TRAINING))


def test_nothing_changes_without_schedulers() -> None:
    assert list(curve([], 0.02, Training(3, 2))) == [0.02] * 3
    assert math.isclose(sum(curve([{'type': 'StepMomentum', 'step_size': 1}], 0.02, Training(3, 1))), 0.06)
