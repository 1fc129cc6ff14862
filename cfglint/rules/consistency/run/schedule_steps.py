"""Steps of schedulers that training never reaches, or reaches too often."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cfglint.diagnostics import Advice, Severity
from cfglint.language.numbers import is_number
from cfglint.rules.cause import report_between
from cfglint.rules.reading.loop import Loop, show, train_loop
from cfglint.rules.reading.schedules import Schedule, fitting, schedules
from cfglint.rules.rule import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cfglint.diagnostics import Diagnostic
    from cfglint.rules.context import Context


@rule(scope='entry', severity=Severity.WARNING, reads=('param_scheduler', 'train_cfg'), needs=('param_scheduler',))
def milestone_after_training(context: Context) -> Iterator[Diagnostic]:
    """A milestone, or a `step_size`, that training does not reach: the value does not decay there.

    Milestones count from `begin`. One at the very end of training, where it does no harm, is only worth an `info`.

    ```py title="bad"
    train_cfg = dict(by_epoch=True, max_epochs=4)
    param_scheduler = dict(type='MultiStepLR', milestones=[2, 8])
    ```

    ```py title="good"
    train_cfg = dict(by_epoch=True, max_epochs=4)
    param_scheduler = dict(type='MultiStepLR', milestones=[2, 3])
    ```
    """
    for loop, window, schedule in _windows(context):
        if schedule.kind == 'MultiStep':
            late = [mark for mark in _milestones(schedule) if mark >= window and not _is_reported(schedule, mark)]
            field, what = 'milestones', ', '.join(show(mark) for mark in late[:3]) + (', …' if len(late) > 3 else '')
        elif schedule.kind == 'Step':
            size = schedule.number('step_size')
            late = [size] if size is not None and size >= window else []
            field, what = 'step_size', show(size or 0)
        else:
            continue
        if late and schedule.begin < (loop.length or 0):
            message = (
                f'`{schedule.name}` does not decay at {what}: training ends {loop.counted(window)} after its begin'
                if schedule.begin
                else f'`{schedule.name}` does not decay at {what}: training ends after {loop.counted(window)}'
            )
            # One at the very end is a habit that does no harm.
            severity = Severity.INFO if max(late) == window else None
            item = schedule.item.get(field) or schedule.item
            advice = _reached(schedule, window)
            yield report_between(context, item, (loop.length_item,), message, severity=severity, advice=advice)


def _reached(schedule: Schedule, window: float) -> Advice:
    """Return advice with steps that training reaches."""
    if schedule.kind == 'Step':
        return Advice('decay earlier, such as after a third:', f'step_size={show(max(1, window // 3))}')
    kept = [mark for mark in _milestones(schedule) if mark < window]
    if not kept:
        early = [show(mark) for mark in sorted({window * part // 12 for part in (8, 11)} - {0})]
        return Advice('give milestones that training reaches, such as', f'milestones=[{", ".join(early)}]')
    return Advice('keep the milestones that training reaches:', f'milestones={kept}')


def _is_reported(schedule: Schedule, milestone: float) -> bool:
    """Tell whether the milestone is beyond the scheduler's own end, which the section's model reports."""
    return not (schedule.is_open or schedule.converts) and milestone >= (schedule.end or 0) - schedule.begin


def _milestones(schedule: Schedule) -> list[float]:
    given = schedule.item.value.get('milestones')
    return sorted(mark for mark in given if is_number(mark)) if isinstance(given, (list, tuple)) else []


@rule(scope='entry', severity=Severity.WARNING, reads=('param_scheduler', 'train_cfg'), needs=('param_scheduler',))
def milestone_at_start(context: Context) -> Iterator[Diagnostic]:
    """A milestone of 0: the value is decayed before the first step.

    ```py title="bad"
    param_scheduler = dict(type='MultiStepLR', milestones=[0, 1], end=2)
    ```

    ```py title="good"
    param_scheduler = dict(type='MultiStepLR', milestones=[1], end=2)
    ```
    """
    for schedule in schedules(context).known:
        if schedule.kind == 'MultiStep' and 0 in _milestones(schedule):
            message = f'the milestone 0 decays `{schedule.target}` before the first step'
            kept = [mark for mark in _milestones(schedule) if mark != 0]
            advice = Advice('leave it out:', f'milestones={kept}')
            yield context.report(schedule.item.get('milestones') or schedule.item, message, advice=advice)


@rule(scope='entry', severity=Severity.WARNING, reads=('param_scheduler', 'train_cfg'), needs=('param_scheduler',))
def cosine_rises_again(context: Context) -> Iterator[Diagnostic]:
    """A `T_max` that is shorter than the scheduler's window: after it, the value rises again.

    Without `end`, the window lasts until training ends.

    ```py title="bad"
    train_cfg = dict(by_epoch=True, max_epochs=6)
    param_scheduler = dict(type='CosineAnnealingLR', T_max=3)
    ```

    ```py title="good"
    train_cfg = dict(by_epoch=True, max_epochs=6)
    param_scheduler = dict(type='CosineAnnealingLR', T_max=6)
    ```
    """
    for loop, window, schedule in _windows(context):
        period = schedule.number('T_max')
        if schedule.kind != 'CosineAnnealing' or not period or not (schedule.is_open or schedule.converts):
            continue  # the section's model compares `T_max` with an explicit end
        if period < window - 1:
            message = (
                f'`T_max` is {show(period)}, but the scheduler acts for {show(window)} {schedule.unit}: '
                'the value rises again'
            )
            advice = Advice('let it fall to the end:', f'T_max={show(window)}')
            item = schedule.item.get('T_max') or schedule.item
            yield report_between(context, item, (loop.length_item,), message, advice=advice)


@rule(scope='entry', severity=Severity.WARNING, reads=('param_scheduler', 'train_cfg'), needs=('param_scheduler',))
def restarts_end_early(context: Context) -> Iterator[Diagnostic]:
    """The periods of a CosineRestart scheduler end before training: from there on the value stands still.

    ```py title="bad"
    train_cfg = dict(by_epoch=True, max_epochs=6)
    param_scheduler = dict(type='CosineRestartLR', periods=[2, 2], restart_weights=[1, 0.5], eta_min=0)
    ```

    ```py title="good"
    train_cfg = dict(by_epoch=True, max_epochs=6)
    param_scheduler = dict(type='CosineRestartLR', periods=[3, 3], restart_weights=[1, 0.5], eta_min=0)
    ```
    """
    for loop, window, schedule in _windows(context):
        periods = schedule.item.value.get('periods')
        if schedule.kind != 'CosineRestart' or not isinstance(periods, (list, tuple)):
            continue
        if not (schedule.is_open or schedule.converts) or not all(is_number(period) for period in periods):
            continue  # the section's model compares the periods with an explicit end
        if sum(periods) < window:
            message = (
                f'the periods end after {show(sum(periods))} of {show(window)} {schedule.unit}: '
                'then the value stays the same'
            )
            longer = [*periods[:-1], window - sum(periods[:-1])]
            advice = Advice('let the last one end when training ends:', f'periods=[{", ".join(map(show, longer))}]')
            item = schedule.item.get('periods') or schedule.item
            yield report_between(context, item, (loop.length_item,), message, advice=advice)


@rule(scope='entry', raises='Tried to step', reads=('param_scheduler', 'train_cfg'), needs=('param_scheduler',))
def one_cycle_too_short(context: Context) -> Iterator[Diagnostic]:
    """A OneCycleLR whose `total_steps` are over before training is.

    After them, MMEngine raises `ValueError: Tried to step … times. The specified number of total steps is …`.

    ```py title="bad"
    train_cfg = dict(by_epoch=False, max_iters=8)
    param_scheduler = dict(type='OneCycleLR', eta_max=0.1, total_steps=4, by_epoch=False)
    ```

    ```py title="good"
    train_cfg = dict(by_epoch=False, max_iters=8)
    param_scheduler = dict(type='OneCycleLR', eta_max=0.1, total_steps=8, by_epoch=False)
    ```
    """
    for loop, window, schedule in _windows(context):
        steps = schedule.number('total_steps')
        if schedule.kind == 'OneCycle' and steps is not None and 0 < steps < window - 1:
            message = f'`total_steps` is {show(steps)}, but the scheduler steps {show(window)} times'
            total = f'The specified number of total steps is {show(steps)}'
            raises = f'ValueError: Tried to step {show(steps + 2)} times. {total}'
            advice = Advice('write', f'total_steps={show(window)}')
            item = schedule.item.get('total_steps') or schedule.item
            yield report_between(context, item, (loop.length_item,), message, raises=raises, advice=advice)


def _windows(context: Context) -> Iterator[tuple[Loop, float, Schedule]]:
    """Yield the schedulers that count what the loop counts, with the number of steps that they take in training."""
    loop = train_loop(context)
    if loop is None or loop.length is None:
        return
    for schedule in fitting(context):
        if schedule.end is not None:
            yield loop, min(schedule.end, loop.length) - schedule.begin, schedule
