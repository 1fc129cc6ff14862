"""When schedulers act: their windows against the length of training."""

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


@rule(
    scope='entry',
    raises='end should be larger than begin',
    reads=('param_scheduler', 'train_cfg'),
    needs=('param_scheduler',),
)
def empty_schedule(context: Context) -> Iterator[Diagnostic]:
    """A scheduler without `end` that begins when training is over.

    MMEngine fills in the length of training as `end`, and raises `ValueError: end should be larger than begin`.

    ```py title="bad"
    train_cfg = dict(by_epoch=True, max_epochs=2)
    param_scheduler = dict(type='CosineAnnealingLR', begin=2, T_max=2)
    ```

    ```py title="good"
    train_cfg = dict(by_epoch=True, max_epochs=2)
    param_scheduler = dict(type='CosineAnnealingLR', begin=1, T_max=1)
    ```
    """
    for loop, length, schedule in _windows(context):
        if schedule.is_open and schedule.begin >= length:
            item = schedule.item.get('begin') or schedule.item
            raises = 'ValueError: end should be larger than begin'
            message = _too_late(loop, length, schedule)
            yield report_between(context, item, (loop.length_item,), message, raises=raises, advice=_SOONER)


@rule(scope='entry', severity=Severity.WARNING, reads=('param_scheduler', 'train_cfg'), needs=('param_scheduler',))
def schedule_after_training(context: Context) -> Iterator[Diagnostic]:
    """A scheduler that begins when training is over: it never acts.

    ```py title="bad"
    train_cfg = dict(by_epoch=True, max_epochs=2)
    param_scheduler = dict(type='CosineAnnealingLR', begin=2, end=4, T_max=2)
    ```

    ```py title="good"
    train_cfg = dict(by_epoch=True, max_epochs=2)
    param_scheduler = dict(type='CosineAnnealingLR', begin=0, end=2, T_max=2)
    ```
    """
    for loop, length, schedule in _windows(context):
        if not schedule.is_open and schedule.begin >= length:
            item = schedule.item.get('begin') or schedule.item
            message = f'{_too_late(loop, length, schedule)}: it never acts'
            yield report_between(context, item, (loop.length_item,), message, advice=_SOONER)


_SOONER = Advice('let it begin before training ends, or train longer')


def _too_late(loop: Loop, length: float, schedule: Schedule) -> str:
    begin = show(schedule.begin)
    return f'`{schedule.name}` begins at {begin}, but training ends after {loop.counted(length)}'


@rule(scope='entry', severity=Severity.WARNING, reads=('param_scheduler', 'train_cfg'), needs=('param_scheduler',))
def schedule_ends_early(context: Context) -> Iterator[Diagnostic]:
    """The last scheduler ends before training does: the value stands still from there on.

    Mostly `max_epochs` (or `max_iters`) was raised and `end` forgotten. Not reported after a warm-up alone, nor where a
    `ConstantLR` says that the value shall stand still.

    ```py title="bad"
    train_cfg = dict(by_epoch=True, max_epochs=4)
    param_scheduler = dict(type='CosineAnnealingLR', begin=0, end=2, T_max=2)
    ```

    ```py title="good"
    train_cfg = dict(by_epoch=True, max_epochs=4)
    param_scheduler = dict(type='CosineAnnealingLR', begin=0, end=4, T_max=4)
    ```
    """
    loop = train_loop(context)
    if loop is None or loop.length is None or not schedules(context).complete:
        return
    for target, each in schedules(context).by_target().items():
        if any(
            schedule.end is None or schedule.by_epoch != loop.by_epoch for schedule in each if not schedule.is_warmup
        ):
            continue
        main = [schedule for schedule in each if not schedule.is_warmup]
        last = max(main, key=lambda schedule: schedule.end or 0, default=None)
        if last is None or last.end is None or last.end >= _ALL * loop.length or _is_held(each, last, loop):
            continue
        if _has_late_milestone(last):
            continue  # the section's model reports that the end is before the milestones
        if 'milestones' in last.item.value and last.end >= _NEARLY * loop.length:
            continue  # after the last milestone nothing changes, wherever the end is
        message = (
            f'`{last.name}` ends at {show(last.end)}, training at {loop.counted(loop.length)}: '
            f'`{target}` stays the same between'
        )
        others = next((f', with its `{name}`' for name in ('T_max', 'milestones') if name in last.item.value), '')
        advice = Advice(f'let it last as long as training{others}:', f'end={show(loop.length)}')
        item = last.item.get('end') or last.item
        yield report_between(context, item, (loop.length_item,), message, advice=advice)


_ALL = 0.99
"""The part of a run after which nobody minds whether the value stands still."""

_NEARLY = 0.8
"""The part of a run after which steps that end were made for it."""


def _is_held(each: list[Schedule], last: Schedule, loop: Loop) -> bool:
    """Tell whether a scheduler says that the value shall stand still after the last that changes it.

    One that begins where the other ends says so even if it counts something else, which `epoch-numbers-in-iter-scheduler`
    reports.
    """
    return any(
        schedule.kind == 'Constant'
        and (
            (schedule.by_epoch == loop.by_epoch and (schedule.end or 0) > (last.end or 0)) or schedule.begin == last.end
        )
        for schedule in each
    )


def _has_late_milestone(schedule: Schedule) -> bool:
    milestones = schedule.item.value.get('milestones')
    if not isinstance(milestones, (list, tuple)) or schedule.end is None:
        return False
    return any(is_number(mark) and mark >= schedule.end - schedule.begin for mark in milestones)


@rule(scope='entry', severity=Severity.WARNING, reads=('param_scheduler', 'train_cfg'), needs=('param_scheduler',))
def schedule_cut_off(context: Context) -> Iterator[Diagnostic]:
    """A decay that is longer than training: it is cut off before the value is down.

    A typical reason is a schedule in iterations (`end=24000`) in a run of epochs. Not reported where nine tenths of the
    decay take place.

    ```py title="bad"
    train_cfg = dict(by_epoch=True, max_epochs=2)
    param_scheduler = dict(type='PolyLR', power=0.9, begin=0, end=24000)
    ```

    ```py title="good"
    train_cfg = dict(by_epoch=True, max_epochs=2)
    param_scheduler = dict(type='PolyLR', power=0.9, begin=0, end=2)
    ```
    """
    for loop, length, schedule in _windows(context):
        found = _decay(schedule)
        if found is None or schedule.begin >= length:
            continue
        field, steps = found
        part = (length - schedule.begin) / steps
        if part < 0.9:
            begins = f'begins at {show(schedule.begin)} and ' if schedule.begin else ''
            message = (
                f'`{schedule.name}` {begins}takes {show(steps)} {schedule.unit}, but training ends after {show(length)}'
            )
            last = length if field == 'end' else length - schedule.begin
            advice = Advice('let it end when training ends:', f'{field}={show(last)}')
            item = schedule.item.get(field) or schedule.item
            yield report_between(context, item, (loop.length_item,), message, advice=advice)


def _decay(schedule: Schedule) -> tuple[str, float] | None:
    """Return how many steps a scheduler needs for its way, and the field that says so."""
    window = None if schedule.end is None or schedule.is_open else schedule.end - schedule.begin
    if schedule.kind in ('CosineAnnealing', 'OneCycle'):
        field = 'T_max' if schedule.kind == 'CosineAnnealing' else 'total_steps'
        steps = schedule.number(field)
        if steps:
            return field, steps
        return None if field in schedule.item.value or not window else ('end', window)
    if schedule.kind == 'Poly' or (schedule.kind == 'Linear' and not schedule.is_warmup):
        return ('end', window) if window else None
    return None


@rule(scope='entry', severity=Severity.WARNING, reads=('param_scheduler', 'train_cfg'), needs=('param_scheduler',))
def endless_warmup(context: Context) -> Iterator[Diagnostic]:
    """A warm-up that lasts longer than training: the value never gets where it should.

    `LinearLR` and `ConstantLR` without `end` last all of training; with `end=500` and `by_epoch` left at its default of
    True, they last 500 epochs.

    ```py title="bad"
    train_cfg = dict(by_epoch=True, max_epochs=2)
    param_scheduler = [
        dict(type='LinearLR', start_factor=0.001, begin=0, end=500),
        dict(type='MultiStepLR', milestones=[1], end=2),
    ]
    ```

    ```py title="good"
    train_cfg = dict(by_epoch=True, max_epochs=2)
    param_scheduler = [
        dict(type='LinearLR', start_factor=0.001, by_epoch=False, begin=0, end=500),
        dict(type='MultiStepLR', milestones=[1], end=2),
    ]
    ```
    """
    loop = train_loop(context)
    for schedule in schedules(context).known if loop is not None else ():
        assert loop is not None
        if not schedule.is_warmup or _first_factor(schedule) in (None, 1) or (schedule.by_epoch and not loop.by_epoch):
            continue
        if schedule.kind == 'Constant' and schedule.begin > 0:
            continue  # the last value of others, held until the end
        if schedule.is_open and schedule.kind == 'Linear':
            message = f'`{schedule.name}` has no `end`: the warm-up lasts all of training'
        elif (
            schedule.end is None
            or loop.length is None
            or schedule.by_epoch != loop.by_epoch
            or schedule.is_open
            or schedule.end <= loop.length
            or schedule.begin >= loop.length
        ):
            continue
        else:
            message = (
                f'the warm-up of `{schedule.target}` ends at {show(schedule.end)}, '
                f'but training ends after {loop.counted(loop.length)}'
            )
        item, advice = schedule.item.get('end') or schedule.item, _short_warmup(loop, schedule)
        yield report_between(context, item, (loop.length_item,), message, advice=advice)


def _short_warmup(loop: Loop, schedule: Schedule) -> Advice:
    if loop.by_epoch and not schedule.is_open:
        default = '' if 'by_epoch' in schedule.item.value else ' by default'
        return Advice(f'it counts epochs{default}; if iterations are meant, write', 'by_epoch=False')
    length = loop.length if loop.length is not None and schedule.by_epoch == loop.by_epoch else 500
    return Advice('let it end early, such as', f'end={show(schedule.begin + max(1, length // 20))}')


def _first_factor(schedule: Schedule) -> float | None:
    name = 'factor' if schedule.kind == 'Constant' else 'start_factor'
    return schedule.number(name) if name in schedule.item.value else 1 / 3


@rule(scope='entry', severity=Severity.INFO, reads=('param_scheduler', 'train_cfg'), needs=('param_scheduler',))
def gap_between_schedules(context: Context) -> Iterator[Diagnostic]:
    """Two schedulers with time between them, in which the value stands still.

    It may be meant (a plateau before the decay), or one of the two has the wrong `begin` or `end`.

    ```py title="bad"
    train_cfg = dict(by_epoch=True, max_epochs=4)
    param_scheduler = [
        dict(type='LinearLR', start_factor=0.1, begin=0, end=2),
        dict(type='CosineAnnealingLR', T_max=1, begin=3, end=4),
    ]
    ```

    ```py title="good"
    train_cfg = dict(by_epoch=True, max_epochs=4)
    param_scheduler = [
        dict(type='LinearLR', start_factor=0.1, begin=0, end=2),
        dict(type='CosineAnnealingLR', T_max=2, begin=2, end=4),
    ]
    ```
    """
    if not schedules(context).complete:
        return
    for target, each in schedules(context).by_target().items():
        if len({schedule.by_epoch for schedule in each}) > 1 or any(schedule.end is None for schedule in each):
            continue
        reached, before = None, None
        for schedule in sorted(each, key=lambda schedule: schedule.begin):
            if reached is not None and schedule.begin > reached:
                gap = f'{show(reached)} to {show(schedule.begin)} {schedule.unit}'
                message = f'no scheduler changes `{target}` from {gap}'
                advice = Advice(
                    'if that is not meant, let this one begin where the last one ends:', f'begin={show(reached)}'
                )
                item = schedule.item.get('begin') or schedule.item
                yield report_between(context, item, (before,), message, advice=advice)
            if reached is None or (schedule.end or 0) > reached:
                reached, before = schedule.end or 0, schedule.item.get('end') or schedule.item


@rule(scope='entry', severity=Severity.WARNING, reads=('param_scheduler', 'train_cfg'), needs=('param_scheduler',))
def overlapping_decays(context: Context) -> Iterator[Diagnostic]:
    """Two decays of the same parameter at the same time: their factors multiply.

    A warm-up may overlap what follows; two decays hardly ever should. Mostly a base's scheduler was repeated in another
    form, or `begin` and `end` were forgotten.

    ```py title="bad"
    train_cfg = dict(by_epoch=True, max_epochs=4)
    param_scheduler = [
        dict(type='CosineAnnealingLR', T_max=4),
        dict(type='MultiStepLR', milestones=[2, 3]),
    ]
    ```

    ```py title="good"
    train_cfg = dict(by_epoch=True, max_epochs=4)
    param_scheduler = [
        dict(type='CosineAnnealingLR', T_max=2, end=2),
        dict(type='MultiStepLR', milestones=[1], begin=2),
    ]
    ```
    """
    for target, each in schedules(context).by_target().items():
        decays = [schedule for schedule in each if schedule.kind not in ('Linear', 'Constant', 'ReduceOnPlateau')]
        for index, later in enumerate(decays):
            for earlier in decays[:index]:
                if _overlap(earlier, later):
                    message = (
                        f'`{later.name}` and `{earlier.name}` change `{target}` at the same time: '
                        'their factors multiply'
                    )
                    advice = Advice('let one begin where the other ends (`begin`, `end`), or remove one')
                    yield report_between(context, later.item, (earlier.item,), message, advice=advice)
                    break


def _overlap(first: Schedule, second: Schedule) -> bool:
    if first.by_epoch != second.by_epoch or first.end is None or second.end is None:
        return False
    return max(first.begin, second.begin) < min(first.end, second.end)


def _windows(context: Context) -> Iterator[tuple[Loop, float, Schedule]]:
    """Yield the schedulers that count what the loop counts, where its length is known."""
    loop = train_loop(context)
    if loop is not None and loop.length is not None:
        for schedule in fitting(context):
            yield loop, loop.length, schedule
