"""`runner`, `total_epochs`, `total_iters`, `workflow` and when to validate: the loops."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cfglint.migrate.change import Change, Computed, Dict, Kept, Todo, Tree

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cfglint.migrate.items import Item
    from cfglint.migrate.mapping.old import Old

_RUNNERS = {
    'EpochBasedRunner': 'EpochBasedTrainLoop',
    'IterBasedRunner': 'IterBasedTrainLoop',
    'DynamicIterBasedRunner': 'IterBasedTrainLoop',
    'EpochBasedRunnerAmp': 'EpochBasedTrainLoop',
    'IterBasedRunnerAmp': 'IterBasedTrainLoop',
}
"""Those that end in `Amp` are in many projects: they save what apex holds, too."""
_GONE = ('is_dynamic_ddp', 'pass_training_status', 'fp16_loss_scaler')
"""Arguments of runners of which other concerns make something."""


def loops(old: Old) -> Iterator[Change]:
    """`train_cfg`, `val_cfg` and `test_cfg` (RUN-01 to RUN-12, EVL-01 to EVL-05)."""
    runner = old.get('runner')
    if old.length is not None or (runner is not None and runner.is_dict):
        yield _train(old, runner)
    elif runner is not None:
        yield Change(('runner',))
    yield from _workflow(old)
    yield from _others(old)


def _train(old: Old, runner: Item | None) -> Change:
    kind = '' if runner is None else runner.type
    reads = old.given('runner', 'total_epochs', 'total_iters')
    todos: tuple[str, ...] = ()
    if runner is not None and kind and kind not in _RUNNERS:
        if old.length is None:
            reason = f'MMEngine has no loop for `{kind}`; write `train_cfg` by hand'
            return Change(reads, {'runner': Todo(reason, runner)}, ())
        todos = (f'MMEngine has no loop for `{kind}`; write one that does the same, and name it here',)
        kind = ''
    if kind == 'DynamicIterBasedRunner' or (old.library.generative_metrics and not old.by_epoch):
        fields: dict[str, Tree] = {'by_epoch': Computed(False), 'val_begin': Computed(1)}
    else:
        fields = {'type': Computed(_RUNNERS[kind] if kind else _by_unit(old))}
    if old.length is not None:
        fields['max_epochs' if old.by_epoch else 'max_iters'] = Kept(old.length)
    fields.update(_validation(old))
    return Change(reads, {'train_cfg': Dict(fields, None, todos)})


def _by_unit(old: Old) -> str:
    return 'EpochBasedTrainLoop' if old.by_epoch else 'IterBasedTrainLoop'


def _validation(old: Old) -> dict[str, Tree]:
    """Return when the training loop validates; the defaults of mmcv are written where MMEngine's are others."""
    evaluation = old.get('evaluation')
    if evaluation is None or not evaluation.is_dict:
        return {'val_interval': Computed(1)} if old.by_epoch else {}
    found: dict[str, Tree] = {}
    start = evaluation.get('start')
    if start is not None and start.value is not None:
        found['val_begin'] = Kept(start)
    interval = evaluation.get('interval')
    if interval is not None and interval.is_dict:
        return {**found, **_steps(interval)}
    found['val_interval'] = Computed(1) if interval is None else Kept(interval)
    dynamic = evaluation.get('dynamic_intervals')
    if dynamic is not None and dynamic.is_list:
        pairs = [tuple(pair) for pair in dynamic.value]
        found['dynamic_intervals'] = Kept(dynamic) if pairs == list(dynamic.value) else Computed(pairs, dynamic)
    return found


def _steps(interval: Item) -> dict[str, Tree]:
    """MMGeneration's `interval=dict(milestones=[m], interval=[i0, i1])` (EVL-02)."""
    milestones, intervals = interval.plain('milestones'), interval.plain('interval')
    if not isinstance(milestones, (list, tuple)) or not isinstance(intervals, (list, tuple)) or not intervals:
        return {'val_interval': Todo('these intervals of validation are not understood', interval)}
    pairs = list(zip(milestones, intervals[1:], strict=False))
    return {'val_interval': Computed(intervals[0]), 'dynamic_intervals': Computed(pairs)}


def _workflow(old: Old) -> Iterator[Change]:
    workflow = old.get('workflow')
    if workflow is None:
        return
    stages = [each[0] for each in workflow.value] if isinstance(workflow.value, (list, tuple)) else ['train']
    if set(stages) <= {'train'}:
        yield Change(('workflow',))
    else:
        reason = 'MMEngine computes no losses of the validation set; remove it, or write a loop that does'
        yield Change(('workflow',), {'workflow': Todo(reason, workflow)}, ())


def _others(old: Old) -> Iterator[Change]:
    """`val_cfg` and `test_cfg` go with their evaluators."""
    evaluation, data = old.get('evaluation'), old.get('data')
    val, test = old.library.loops
    if evaluation is not None and evaluation.value is not None:
        loops = {'val': Computed(val), 'test': Computed(test)}
        yield Change(('evaluation',), {f'{stage}_cfg': tree for stage, tree in loops.items() if old.has_data(stage)})
    elif old.is_complete and data is not None:
        given = {'val': Computed(val), 'test': Computed(test)} if old.validates else {'test': Computed(test)}
        found = {name: tree for name, tree in given.items() if data.plain(name) is not None}
        yield Change((), {f'{name}_cfg': tree for name, tree in found.items()})
