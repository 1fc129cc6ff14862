"""Learning rates and momenta, step by step: as mmcv 1.7 sets them, and as MMEngine does.

The hooks in `mmcv_1_7` are those of mmcv 1.7.2, unchanged (Apache License 2.0).
"""

from __future__ import annotations

import importlib
import sys
from copy import deepcopy
from types import ModuleType, SimpleNamespace
from typing import Any

import mmengine.optim  # noqa: F401  (registers the schedulers)
import torch
from mmengine.registry import PARAM_SCHEDULERS, Registry

from tests.migrate.kit import mapped

_FAMILY = {
    'lr': ('lr_config', 'lr_updater', 'LrUpdaterHook'),
    'momentum': ('momentum_config', 'momentum_updater', 'MomentumUpdaterHook'),
}


def optimizer(rate: float = 0.02) -> torch.optim.Optimizer:
    return torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=rate, momentum=0.95)


def _hooks(module: str) -> ModuleType:
    """Import hooks of mmcv with as much of mmcv as they use."""
    mmcv = ModuleType('mmcv')
    mmcv.is_list_of = lambda value, kind: isinstance(value, list) and all(isinstance(each, kind) for each in value)
    mmcv.runner = ModuleType('mmcv.runner')
    mmcv.runner.BaseRunner = object
    utils = ModuleType('mmcv.utils')
    utils.Registry = Registry
    utils.is_method_overridden = lambda *_: False
    stubs = {'mmcv': mmcv, 'mmcv.runner': mmcv.runner, 'mmcv.utils': utils}
    saved = {name: sys.modules.get(name) for name in stubs}
    sys.modules.update(stubs)
    try:
        return importlib.import_module(f'tests.migrate.mmcv_1_7.{module}')
    finally:
        for name, each in saved.items():
            if each is None:
                del sys.modules[name]
            else:
                sys.modules[name] = each


def before(config: dict[str, Any], family: str, total: int, length: int, *, by_epoch: bool) -> list[float]:
    """Return what mmcv's hook sets at each iteration."""
    _, module, suffix = _FAMILY[family]
    config = deepcopy(config)
    policy = config.pop('policy')
    name = (policy.title() if policy == policy.lower() else policy) + suffix
    hooks = _hooks(module)
    hook = getattr(hooks if hasattr(hooks, name) else _hooks('libraries'), name)(**config)
    runner = SimpleNamespace(
        optimizer=optimizer(), epoch=0, iter=0, data_loader=range(length),
        max_epochs=total if by_epoch else None, max_iters=total * length if by_epoch else total,
    )  # fmt: skip
    runner.current_lr = lambda: [group['lr'] for group in runner.optimizer.param_groups]
    runner.current_momentum = lambda: [group['momentum'] for group in runner.optimizer.param_groups]
    found = []
    hook.before_run(runner)
    while runner.iter < runner.max_iters:
        if runner.iter % length == 0 and (by_epoch or runner.iter == 0):
            hook.before_train_epoch(runner)
        hook.before_train_iter(runner)
        found.append(runner.optimizer.param_groups[0][family])
        runner.iter += 1
        if by_epoch and runner.iter % length == 0:
            runner.epoch += 1
    return found


def schedulers(config: dict[str, Any], family: str, total: int, *, by_epoch: bool) -> list[dict[str, Any]]:
    """Return the parameter schedulers that a config of mmcv becomes."""
    kind, unit = ('EpochBasedRunner', 'max_epochs') if by_epoch else ('IterBasedRunner', 'max_iters')
    text = f'{_FAMILY[family][0]} = {config!r}\nrunner = dict(type={kind!r}, {unit}={total})\n'
    found = mapped(text + "optimizer = dict(type='SGD', lr=0.02, momentum=0.95)")
    assert found.todos() == []
    return found.value()['param_scheduler'] or []


def after(configs: list[dict[str, Any]], family: str, total: int, length: int, *, by_epoch: bool) -> list[float]:
    """Return what MMEngine's schedulers set at each iteration."""
    sgd = optimizer()
    iterations = total * length if by_epoch else total
    built = []
    for config in deepcopy(configs):
        config.setdefault('end', total if config['by_epoch'] and by_epoch else iterations)
        built.append(PARAM_SCHEDULERS.build(config, default_args={'optimizer': sgd, 'epoch_length': length}))
    found = []
    for index in range(iterations):
        found.append(sgd.param_groups[0][family])
        for scheduler in built:
            if not scheduler.by_epoch:
                scheduler.step()
        if (index + 1) % length == 0:
            for scheduler in built:
                if scheduler.by_epoch:
                    scheduler.step()
    return found


def difference(
    config: dict[str, Any], family: str = 'lr', total: int = 20, length: int = 50, *, by_epoch: bool = True
) -> float:
    """Return the largest difference at any iteration, relative to the value that the optimizer starts with."""
    old = before(config, family, total, length, by_epoch=by_epoch)
    new = after(schedulers(config, family, total, by_epoch=by_epoch), family, total, length, by_epoch=by_epoch)
    start = 0.02 if family == 'lr' else 0.95
    return max(abs(first - second) for first, second in zip(old, new, strict=True)) / start
