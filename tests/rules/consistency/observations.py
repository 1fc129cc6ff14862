"""What shows that MMEngine goes on in silence, rule by rule: each looks at the run of the rule's bad example."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable
from typing import Any

import pytest
import torch

from tests.rules.consistency.recorder import Run

Observation = Callable[[Run], bool]
"""Tells whether a run, not yet trained, goes wrong."""


def _rates(check: Callable[[list[float]], bool]) -> Observation:
    """Look at the learning rate of each epoch (of each iteration where there is no epoch)."""

    def observe(run: Run) -> bool:
        run.train()
        return check(run.epochs if run.runner.max_epochs > 1 else run.rates)

    return observe


def _trained(check: Callable[[Run], bool]) -> Observation:
    return lambda run: check(run.train())


def _metric_steps(run: Run) -> bool:
    lines = [json.loads(line) for path in run.work_dir.rglob('*.json') for line in path.read_text().splitlines()]
    steps = {line['step'] for line in lines if 'toy/zeros' in line}
    return len(run.validations) > 1 and steps == {0}


def _resumes(run: Run) -> bool:
    """With a newer checkpoint in `work_dir`, it goes on from `load_from` all the same."""
    resumed: list[str] = []
    (run.work_dir / 'last_checkpoint').write_text('newer.pth')
    run.runner.resume = resumed.append
    run.runner.load_or_resume()
    return resumed == ['pretrained.pth']


def _wrapped(run: Run) -> bool:
    from mmengine.registry import MODEL_WRAPPERS
    from mmengine.runner import runner as module

    with pytest.MonkeyPatch.context() as patch:
        given: list[Any] = []
        patch.setenv('LOCAL_RANK', '0')
        patch.setattr(module.MODEL_WRAPPERS, 'build', lambda cfg, default_args=None: given.append(cfg))
        run.runner._distributed = True
        run.runner.wrap_model(run.runner.cfg.get('model_wrapper_cfg'), run.runner.model)
    return MODEL_WRAPPERS.get('MMDistributedDataParallel') is not None and 'find_unused_parameters' not in given[0]


def _not_compiled(run: Run) -> bool:
    with pytest.MonkeyPatch.context() as patch:
        compiled: list[Any] = []
        patch.setattr(torch, 'compile', lambda model, **kwargs: compiled.append(model) or model)
        run.runner.train()
    return not compiled


def _never_ends(stage: str) -> Observation:
    def observe(run: Run) -> bool:
        loader = run.runner.build_dataloader(run.runner.cfg[f'{stage}_dataloader'])
        return len(list(itertools.islice(loader, 50))) == 50

    return observe


def _pauses(run: Run) -> bool:
    from mmengine.runner import loops

    pauses: list[float] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(loops.time, 'sleep', pauses.append)
        run.train()
    return pauses == [2]


def _stops_while_improving(run: Run) -> bool:
    hook = run.hook('EarlyStoppingHook')
    for index in range(8):
        hook.after_val_epoch(run.runner, {'PCK': 0.1 + 0.01 * index})
    return bool(run.runner.train_loop.stop_training)


def _warns(run: Run) -> bool:
    with pytest.warns(UserWarning, match='Skip early stopping process'):
        run.train()
    return not run.runner.train_loop.stop_training


def _group_rate(run: Run) -> bool:
    run.train()
    return {group['lr'] for group in run.runner.optim_wrapper.optimizer.param_groups} == {0.5, 0.01}


def _close(first: float, second: float) -> bool:
    return abs(first - second) < 1e-9


SILENT: dict[str, Observation] = {
    'resume-with-load-from': _resumes,
    'pipeline-switch-after-training': _trained(
        lambda run: [hook.has_switched for hook in run.runner.hooks if hasattr(hook, 'has_switched')] == [False]
    ),
    'benchmark-in-deterministic-run': lambda run: torch.backends.cudnn.benchmark is False,
    'auto-scale-lr-with-accumulation': _rates(lambda rates: _close(rates[0], 0.01 * 2 / 16)),
    'ignored-find-unused-parameters': _wrapped,
    'ignored-data-preprocessor': lambda run: run.runner.model.data_preprocessor._non_blocking is False,
    'ignored-by-flexible-runner': _not_compiled,
    'strategy-without-flexible-runner': lambda run: not hasattr(run.runner, 'strategy'),
    'epoch-scheduler-in-iter-loop': _rates(lambda rates: len(rates) == 8 and set(rates) == {0.01}),
    'epoch-numbers-in-iter-scheduler': _trained(lambda run: _close(run.rates[4], 0.0001) and len(run.rates) == 16),
    'epoch-checkpoint-in-iter-loop': _trained(lambda run: run.checkpoints == ['epoch_1.pth']),
    'epoch-metrics-in-iter-loop': _trained(_metric_steps),
    'epoch-log-in-iter-loop': _trained(
        lambda run: run.runner.log_processor.get_log_after_iter(run.runner, 7, 'train')[1].startswith(
            'Epoch(train) [1][8/4]'
        )
    ),
    'iter-log-in-epoch-loop': _trained(
        lambda run: run.runner.log_processor.get_log_after_iter(run.runner, 3, 'train')[1].startswith('Iter(train)')
    ),
    'infinite-sampler-in-epoch-loop': _never_ends('train'),
    'infinite-sampler-in-evaluation': _never_ends('val'),
    'finite-sampler-in-iter-loop': _pauses,
    'schedule-after-training': _rates(lambda rates: set(rates) == {0.01}),
    'schedule-ends-early': _rates(lambda rates: rates[2] == rates[3] < rates[0]),
    'schedule-cut-off': _rates(lambda rates: rates[-1] > 0.99 * 0.01),
    'endless-warmup': _rates(lambda rates: max(rates) < 0.01 * 0.01),
    'gap-between-schedules': _rates(lambda rates: rates[0] < rates[1] == rates[2]),
    'overlapping-decays': _rates(lambda rates: _close(rates[2], 0.01 / 2 / 10)),
    'milestone-after-training': _rates(lambda rates: len(set(rates)) == 2),
    'milestone-at-start': _rates(lambda rates: _close(rates[0], 0.001)),
    'cosine-rises-again': _rates(lambda rates: rates[3] < rates[4] < rates[5]),
    'restarts-end-early': _rates(lambda rates: rates[4] == rates[5] < rates[0]),
    'eta-min-above-lr': _rates(lambda rates: rates[0] < rates[1]),
    'growing-step': _rates(lambda rates: rates[0] < rates[1]),
    'one-cycle-by-epoch': _trained(lambda run: len(set(run.rates)) == 4 == run.runner.max_epochs),
    'plateau-without-validation': _trained(
        lambda run: not run.validations and run.runner.param_schedulers[0].last_step == -1
    ),
    'schedulers-never-step': _rates(lambda rates: set(rates) == {0.01}),
    'unknown-stopping-metric': _warns,
    'validation-begins-after-training': _trained(lambda run: run.validations == []),
    'validation-only-at-end': _trained(lambda run: run.validations == [2]),
    'validation-too-often': _trained(lambda run: run.validations == [1, 2, 3, 4, 5, 6, 7, 8]),
    'validation-interval-never-changes': _trained(lambda run: run.validations == [2]),
    'validation-settings-without-validation': _trained(lambda run: run.validations == []),
    'unnamed-loop': lambda run: type(run.runner.train_loop).__name__ == 'IterBasedTrainLoop',
    'accumulation-never-completes': _trained(lambda run: run.steps == 1),
    'incomplete-last-accumulation': _trained(lambda run: run.steps == 3),
    'iterations-count-batches': _trained(lambda run: run.steps == 2),
    'checkpoint-without-interval': _trained(lambda run: run.checkpoints == ['epoch_2.pth']),
    'checkpoint-after-training': _trained(lambda run: run.checkpoints == ['epoch_2.pth']),
    'checkpoint-too-often': _trained(lambda run: len(run.checkpoints) == 8),
    'save-best-without-validation': _trained(lambda run: run.checkpoints == ['epoch_1.pth', 'epoch_2.pth']),
    'nothing-to-publish': _trained(lambda run: run.checkpoints == ['epoch_1.pth', 'epoch_2.pth']),
    'repeated-hook': lambda run: [type(hook).__name__ for hook in run.runner.hooks].count('ParamSchedulerHook') == 2,
    'early-stopping-without-validation': _trained(lambda run: run.validations == [] and len(run.rates) == 8),
    'early-stopping-never-stops': _trained(lambda run: run.validations == [4, 8, 12] and run.runner.epoch == 12),
    'coarse-early-stopping': _stops_while_improving,
    'unused-vis-backends': lambda run: list(run.runner.visualizer._vis_backends) == ['LocalVisBackend'],
    'logger-silent': _trained(lambda run: len(run.logged) < 2 and len(run.rates) == 8),
    'optimizer-without-lr': _trained(lambda run: _close(run.rates[0], 0.001)),
    'ignored-custom-key': _group_rate,
}
"""The rules about what MMEngine says nothing to, with what shows it."""

SHORTER = {'validation-too-often': ('40000', '8')}
"""Numbers of examples that would take too long to run, and the ones to run instead."""
