"""Epochs and iterations mixed up: what counts epochs in a loop that counts iterations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cfglint.diagnostics import Advice, Applicability, Severity
from cfglint.language.numbers import is_number
from cfglint.language.values import Lazy, Unknown
from cfglint.rules.cause import insert_field, report_absent, report_between
from cfglint.rules.reading.hooks import Hook, hooks_of
from cfglint.rules.reading.lookup import Use, installation_of, resolve
from cfglint.rules.reading.loop import Loop, show, train_loop
from cfglint.rules.reading.schedules import Schedule, schedules
from cfglint.rules.reading.types import mmengine_type, type_name
from cfglint.rules.rule import rule
from cfglint.sections.table import HOOKS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cfglint.diagnostics import Diagnostic, Fix
    from cfglint.rules.context import Context
    from cfglint.rules.reading.items import Item


@rule(severity=Severity.WARNING, fixable=True, reads=('param_scheduler', 'train_cfg'), words=('max_iters',))
def epoch_scheduler_in_iter_loop(context: Context) -> Iterator[Diagnostic]:
    """A scheduler that counts epochs in an iteration-based loop: it never steps.

    `by_epoch` of a scheduler is True by default. An iteration-based loop ends its only epoch when training ends, so the
    value stays what it is at the start; a warm-up stays at `start_factor`.

    ```py title="bad"
    train_cfg = dict(by_epoch=False, max_iters=8)
    param_scheduler = dict(type='PolyLR', power=0.9, begin=0, end=8)
    log_processor = dict(by_epoch=False)
    ```

    ```py title="good"
    train_cfg = dict(by_epoch=False, max_iters=8)
    param_scheduler = dict(type='PolyLR', power=0.9, begin=0, end=8, by_epoch=False)
    log_processor = dict(by_epoch=False)
    ```
    """
    loop = _iteration_loop(context)
    if loop is None:
        return
    for schedule in schedules(context).known:
        if not schedule.by_epoch or schedule.kind == 'ReduceOnPlateau' or (schedule.converts and not schedule.is_open):
            continue
        item = schedule.item.get('by_epoch') or schedule.item
        message, advice, fix = _stuck(context, schedule)
        yield report_between(context, item, (schedule.item, loop.item), message, advice=advice, fix=fix)
    for item in schedules(context).others:
        if _counts_epochs(context, item):
            message = f'`{type_name(item.value["type"])}` counts epochs, the loop iterations: it never steps'
            place = item.get('by_epoch') or item
            yield report_between(context, place, (item, loop.item), message, advice=_BY_ITERATION)


def _counts_epochs(context: Context, item: Item) -> bool:
    """Tell whether a scheduler of a library, built on MMEngine's, counts epochs."""
    kind, given = item.get('type'), item.value.get('by_epoch', True)
    if kind is None or not isinstance(kind.value, (str, Lazy)) or given is not True:
        return False
    if item.value.get('convert_to_iter_based', False) is not False:
        return False
    resolved = resolve(context, Use(item, kind, 'PARAM_SCHEDULERS', context.scope, 'param_scheduler'))
    flag = None if resolved is None else resolved.signature.parameters.get('by_epoch')
    if resolved is None or flag is None or ('by_epoch' not in item.value and flag.default != 'True'):
        return False
    return installation_of(context).derives(resolved.component.path, 'mmengine.optim._ParamScheduler')


_BY_ITERATION = Advice('count iterations, too:', 'by_epoch=False')


def _stuck(context: Context, schedule: Schedule) -> tuple[str, Advice, Fix | None]:
    if schedule.converts:
        message = f'without `end`, `{schedule.name}` ends after the first epoch, and this loop has only one'
        return message, Advice('give it an `end`, or, without `convert_to_iter_based`, write', 'by_epoch=False'), None
    given = schedule.item.get('by_epoch')
    message = (
        f'`{schedule.name}` counts epochs{"" if given is not None else " by default"}, '
        f'the loop iterations: `{schedule.target}` {_first_value(schedule)}'
    )
    if given is not None:
        fix = context.replace_value(given, 'False', 'Write `by_epoch=False`', Applicability.UNSAFE)
        return message, _BY_ITERATION, fix
    sibling = schedule.item.get('begin') or schedule.item.get('type')
    fix = insert_field(context, sibling, 'by_epoch', 'False', Applicability.UNSAFE) if sibling else None
    return message, _BY_ITERATION, fix


def _first_value(schedule: Schedule) -> str:
    factor = {'Linear': ('start_factor', 1 / 3), 'Constant': ('factor', 1 / 3)}.get(schedule.kind)
    if factor is None or schedule.begin > 0:
        return 'never changes'
    if not _is_plain(schedule, *factor):
        return 'stays too low'
    return f'stays at {schedule.item.value.get(*factor):g} of what it should be'


def _is_plain(schedule: Schedule, name: str, default: float) -> bool:
    return is_number(schedule.item.value.get(name, default))


@rule(severity=Severity.WARNING, reads=('param_scheduler', 'train_cfg'), needs=('param_scheduler',))
def epoch_numbers_in_iter_scheduler(context: Context) -> Iterator[Diagnostic]:
    """A scheduler that counts iterations, with numbers that look like epochs: it is soon through.

    Reported where the scheduler is through (`end`, `T_max`, the last milestone), or takes over from one that counts epochs,
    within the first iterations: as many as there are epochs, or the first hundredth of an iteration-based loop.

    ```py title="bad"
    train_cfg = dict(by_epoch=True, max_epochs=4)
    param_scheduler = dict(type='MultiStepLR', milestones=[2, 3], by_epoch=False)
    ```

    ```py title="good"
    train_cfg = dict(by_epoch=True, max_epochs=4)
    param_scheduler = dict(type='MultiStepLR', milestones=[2, 3], by_epoch=True)
    ```
    """
    loop = train_loop(context)
    if loop is None or loop.length is None or loop.length <= 0:
        return
    few = loop.length if loop.by_epoch else loop.length / 100
    for schedule in schedules(context).known:
        last = None if schedule.by_epoch or _is_first(schedule) else _last_step(context, schedule)
        if last is not None and 0 < last[1] <= few:
            field, step = last
            what = _WAYS.get(field, 'is over after')
            message = (
                f'`{schedule.name}` {what} {show(step)} iterations, but training lasts {loop.counted(loop.length)}'
            )
            advice = Advice('write iterations, not epochs')
            if loop.by_epoch:
                advice = Advice('if epochs are meant, write', 'by_epoch=True')
            item = schedule.item.get(field) or schedule.item
            others = (schedule.item.get('by_epoch'), loop.length_item)
            yield report_between(context, item, others, message, advice=advice)


_STEEP = (0.1, 0.2, 0.5)
"""Factors of a decay that takes place a few times; one near 1 may well be meant for every iteration."""
_WAYS = {'begin': 'begins after', 'step_size': 'decays after every'}


def _is_first(schedule: Schedule) -> bool:
    """Tell whether a scheduler warms up from the start: some iterations are enough for that."""
    return schedule.is_warmup and (schedule.begin == 0 or schedule.item.value.get('factor') == 1)


def _last_step(context: Context, schedule: Schedule) -> tuple[str, float] | None:
    """Return the field that says where a scheduler's way ends (or that it has another beginning), and that step."""
    milestones = schedule.item.value.get('milestones')
    if schedule.kind == 'MultiStep' and isinstance(milestones, (list, tuple)) and milestones:
        return ('milestones', schedule.begin + max(milestones)) if all(is_number(mark) for mark in milestones) else None
    if schedule.kind == 'MultiStep':
        return None
    if not schedule.is_open and schedule.end is not None:
        return 'end', schedule.end
    period, size = schedule.number('T_max'), schedule.number('step_size')
    if period is not None:
        return 'T_max', schedule.begin + period
    if size is not None and schedule.item.value.get('gamma', 0.1) in _STEEP:
        return 'step_size', size
    return ('begin', schedule.begin) if schedule.is_open and _takes_over(context, schedule) else None


def _takes_over(context: Context, schedule: Schedule) -> bool:
    """Tell whether a scheduler begins at the very number at which another ends that counts epochs."""
    others = schedules(context).by_target()[schedule.target]
    return any(other.by_epoch and not other.is_open and other.end == schedule.begin for other in others)


@rule(scope='entry', severity=Severity.WARNING, fixable=True, reads=(*HOOKS, 'train_cfg'), words=('max_iters',))
def epoch_checkpoint_in_iter_loop(context: Context) -> Iterator[Diagnostic]:
    """A CheckpointHook that counts epochs in an iteration-based loop: no checkpoint is saved before the end.

    `by_epoch` is True by default, also in the hook that MMEngine adds when the config has none. There is one epoch,
    whose end is the end of training; what `save_best` keeps is called `epoch_0` each time.

    ```py title="bad"
    train_cfg = dict(by_epoch=False, max_iters=8)
    log_processor = dict(by_epoch=False)
    default_hooks = dict(checkpoint=dict(type='CheckpointHook', interval=4))
    ```

    ```py title="good"
    train_cfg = dict(by_epoch=False, max_iters=8)
    log_processor = dict(by_epoch=False)
    default_hooks = dict(checkpoint=dict(type='CheckpointHook', by_epoch=False, interval=4))
    ```
    """
    loop = _iteration_loop(context)
    if loop is None:
        return
    for hook in hooks_of(context, 'CheckpointHook'):
        interval = hook.number('interval', -1)
        counts = interval is not None and interval > 0
        if not _is_true(hook, 'by_epoch') or not (counts or hook.value.get('save_best') is not None):
            continue
        effect = 'it saves only at the end' if counts else 'every best checkpoint is called `epoch_0`'
        message = f'`CheckpointHook` counts epochs, the loop iterations: {effect}'
        yield _report_hook(context, hook, 'by_epoch', loop, message)


@rule(
    scope='entry',
    severity=Severity.WARNING,
    fixable=True,
    reads=(*HOOKS, 'train_cfg', 'val_evaluator'),
    words=('max_iters',),
)
def epoch_metrics_in_iter_loop(context: Context) -> Iterator[Diagnostic]:
    """A LoggerHook that records metrics by epoch in an iteration-based loop: all of them at step 0.

    `log_metric_by_epoch` is True by default. Curves of metrics (TensorBoard, Weights & Biases, `scalars.json`) then
    have a single point on the x axis. Not reported where metrics go nowhere: without validation.

    ```py title="bad"
    train_cfg = dict(by_epoch=False, max_iters=8, val_interval=4)
    default_hooks = dict(logger=dict(type='LoggerHook', interval=2))
    ```

    ```py title="good"
    train_cfg = dict(by_epoch=False, max_iters=8, val_interval=4)
    default_hooks = dict(logger=dict(type='LoggerHook', interval=2, log_metric_by_epoch=False))
    ```
    """
    loop = _iteration_loop(context)
    if loop is None or context.value('val_evaluator') is None:
        return
    for hook in hooks_of(context, 'LoggerHook'):
        if _is_true(hook, 'log_metric_by_epoch'):
            message = '`LoggerHook` counts epochs, the loop iterations: all metrics are logged at step 0'
            yield _report_hook(context, hook, 'log_metric_by_epoch', loop, message)


@rule(
    scope='entry', severity=Severity.WARNING, fixable=True, reads=('log_processor', 'train_cfg'), words=('max_iters',)
)
def epoch_log_in_iter_loop(context: Context) -> Iterator[Diagnostic]:
    """A log processor that prints epochs in an iteration-based loop.

    `log_processor.by_epoch` is True by default: lines read `Epoch(train) [1][50/20]`, with an iteration beyond the
    length of the dataloader.

    ```py title="bad"
    train_cfg = dict(by_epoch=False, max_iters=8)
    log_processor = dict(type='LogProcessor', window_size=50)
    ```

    ```py title="good"
    train_cfg = dict(by_epoch=False, max_iters=8)
    log_processor = dict(type='LogProcessor', window_size=50, by_epoch=False)
    ```
    """
    loop = _iteration_loop(context)
    section = context.section('log_processor')
    value = {} if section is None or section.value is None else section.value
    if loop is None or not isinstance(value, dict) or value.get('by_epoch', True) is not True:
        return
    if 'type' in value and mmengine_type(value) != 'LogProcessor':
        return
    message = '`log_processor` counts epochs, the loop iterations: the log shows wrong numbers'
    given = None if section is None or section.value is None else section.get('by_epoch')
    if given is not None:
        fix = context.replace_value(given, 'False', 'Write `by_epoch=False`', Applicability.UNSAFE)
        yield report_between(context, given, (loop.item,), message, advice=_BY_ITERATION, fix=fix)
    elif section is not None and section.value is not None:
        sibling = next(section.items(), None)
        fix = insert_field(context, sibling, 'by_epoch', 'False', Applicability.UNSAFE) if sibling is not None else None
        yield report_between(context, section, (loop.item,), message, advice=_BY_ITERATION, fix=fix)
    else:
        advice = Advice('add at the top level', 'log_processor = dict(by_epoch=False)')
        yield report_absent(context, loop.item, ('log_processor',), message, key='log_processor', advice=advice)


@rule(scope='entry', severity=Severity.INFO, reads=('log_processor', 'train_cfg'), needs=('log_processor',))
def iter_log_in_epoch_loop(context: Context) -> Iterator[Diagnostic]:
    """A log processor that prints iterations in an epoch-based loop.

    Lines read `Iter(train) [150/3000]` without the epoch. It works, but is likely left from another schedule.

    ```py title="bad"
    train_cfg = dict(by_epoch=True, max_epochs=2)
    log_processor = dict(by_epoch=False)
    ```

    ```py title="good"
    train_cfg = dict(by_epoch=True, max_epochs=2)
    log_processor = dict(by_epoch=True)
    ```
    """
    loop = train_loop(context)
    item = context.find('log_processor.by_epoch') if loop is not None and loop.by_epoch else None
    if loop is not None and item is not None and item.value is False:
        message = '`log_processor` counts iterations, the loop epochs: the log does not show the epoch'
        advice = Advice('count epochs, too:', 'by_epoch=True')
        yield report_between(context, item, (loop.item,), message, advice=advice)


def _iteration_loop(context: Context) -> Loop | None:
    loop = train_loop(context)
    return None if loop is None or loop.by_epoch else loop


def _is_true(hook: Hook, name: str) -> bool:
    """Tell whether a flag that is True by default is true."""
    value = hook.value.get(name, True)
    return not isinstance(value, Unknown) and bool(value)


def _off(context: Context, hook: Hook, name: str, loop: Loop) -> Advice:
    """Return advice to switch off what a hook does by epoch; one that MMEngine adds has to be written."""
    if hook.item is not None:
        return Advice('count iterations, too:', f'{name}=False')
    interval = show(max(1, (loop.length or 10000) // 10))
    entries = {
        'CheckpointHook': f"checkpoint=dict(type='CheckpointHook', by_epoch=False, interval={interval})",
        'LoggerHook': "logger=dict(type='LoggerHook', log_metric_by_epoch=False)",
    }
    if 'default_hooks' in context:
        return Advice('add in `default_hooks`', entries[str(hook.kind)])
    # Both hooks in one: two lines would be written one over the other.
    return Advice('add at the top level', f'default_hooks = dict({", ".join(entries.values())})')


def _set_false(context: Context, hook: Hook, name: str) -> Fix | None:
    given = hook.field(name)
    if given is not None:
        return context.replace_value(given, 'False', f'Write `{name}=False`', Applicability.UNSAFE)
    sibling: Item | None = hook.field('interval') or hook.field('type')
    return None if sibling is None else insert_field(context, sibling, name, 'False', Applicability.UNSAFE)


def _report_hook(context: Context, hook: Hook, name: str, loop: Loop, message: str) -> Diagnostic:
    item, advice = hook.field(name) or hook.item, _off(context, hook, name, loop)
    if item is None:  # a default hook, which is written nowhere
        return report_absent(context, loop.item, ('default_hooks',), message, key=hook.key, advice=advice)
    others, fix = (hook.item, loop.length_item, loop.item), _set_false(context, hook, name)
    return report_between(context, item, others, message, advice=advice, fix=fix)
