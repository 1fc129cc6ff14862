"""When validation runs, against the length of training."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cfglint.diagnostics import Advice, Severity
from cfglint.language.numbers import is_number
from cfglint.rules.cause import is_decided_above, report_between, unset
from cfglint.rules.reading.loop import has_stage, show, train_loop
from cfglint.rules.reading.types import mmengine_type
from cfglint.rules.rule import rule
from cfglint.sections.table import STAGES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cfglint.diagnostics import Diagnostic
    from cfglint.rules.context import Context

_OFTEN = 1000
"""More validations than that in one run are hardly meant."""


@rule(scope='entry', severity=Severity.WARNING, reads=('train_cfg', *STAGES['val']), words=('val_begin',))
def validation_begins_after_training(context: Context) -> Iterator[Diagnostic]:
    """A `val_begin` that is beyond the end of training: validation never runs.

    One step beyond the end says that it is meant, and is only worth an `info`.

    ```py title="bad"
    train_cfg = dict(by_epoch=True, max_epochs=2, val_begin=8)
    ```

    ```py title="good"
    train_cfg = dict(by_epoch=True, max_epochs=2, val_begin=2)
    ```
    """
    loop = train_loop(context)
    begin = None if loop is None else loop.number('val_begin')
    if loop is None or begin is None or loop.length is None or not has_stage(context, 'val'):
        return
    if begin > loop.length > 0:
        message = (
            f'`val_begin` is {show(begin)}, but training ends after {loop.counted(loop.length)}: validation never runs'
        )
        item = loop.item.get('val_begin')
        assert item is not None
        severity = Severity.INFO if begin == loop.length + 1 else None
        advice = Advice('begin earlier, such as', 'val_begin=1')
        yield report_between(context, item, (loop.length_item,), message, severity=severity, advice=advice)


@rule(scope='entry', severity=Severity.WARNING, reads=('train_cfg', *STAGES['val']), needs=('train_cfg',))
def validation_only_at_end(context: Context) -> Iterator[Diagnostic]:
    """A `val_interval` that is longer than training: validation runs once, at the end.

    Before MMEngine 0.10.4 it did not run at all. An interval in iterations, left in an epoch-based loop, is one that is
    many times longer; others may be meant, and are only worth an `info`. In an iteration-based loop, the default is
    1000.

    ```py title="bad"
    train_cfg = dict(by_epoch=True, max_epochs=2, val_interval=4000)
    ```

    ```py title="good"
    train_cfg = dict(by_epoch=True, max_epochs=2, val_interval=2)
    ```
    """
    loop = train_loop(context)
    if loop is None or not has_stage(context, 'val'):
        return
    item = loop.item.get('val_interval')
    interval = (1 if loop.by_epoch else 1000) if item is None else loop.number('val_interval')
    if interval is not None and loop.length is not None and interval > loop.length > 0:
        message = (
            f'`val_interval` is {show(interval)}{"" if item else " by default"}, '
            f'but training has {loop.counted(loop.length)}: it validates only once'
        )
        advice = Advice('to validate on the way, write in `train_cfg`', f'val_interval={_tenth(loop.length)}')
        severity = None if loop.by_epoch and interval >= 10 * loop.length else Severity.INFO
        place = item or loop.length_item
        yield report_between(context, place, (loop.length_item,), message, severity=severity, advice=advice)


def _tenth(length: float) -> str:
    """Return a tenth of training, as a number of steps."""
    return show(max(1, length // 10))


@rule(scope='entry', severity=Severity.WARNING, reads=('train_cfg', *STAGES['val']), words=('max_iters',))
def validation_too_often(context: Context) -> Iterator[Diagnostic]:
    """A `val_interval` in epochs left in an iteration-based loop: validation runs thousands of times.

    ```py title="bad"
    train_cfg = dict(by_epoch=False, max_iters=40000, val_interval=1)
    log_processor = dict(by_epoch=False)
    ```

    ```py title="good"
    train_cfg = dict(by_epoch=False, max_iters=40000, val_interval=4000)
    log_processor = dict(by_epoch=False)
    ```
    """
    loop = train_loop(context)
    if loop is None or loop.by_epoch or loop.length is None or not has_stage(context, 'val'):
        return
    item, interval = loop.item.get('val_interval'), loop.number('val_interval')
    if item is not None and interval is not None and interval > 0 and loop.length / interval > _OFTEN:
        message = (
            f'`val_interval` counts iterations here: validation runs {loop.length / interval:.0f} times '
            f'in {show(loop.length)} iterations'
        )
        advice = Advice('validate less often, such as', f'val_interval={_tenth(loop.length)}')
        others = (loop.length_item, loop.item.get('by_epoch'), loop.item.get('type'))
        yield report_between(context, item, others, message, advice=advice)


@rule(scope='entry', severity=Severity.WARNING, reads=('train_cfg',), words=('dynamic_intervals',))
def validation_interval_never_changes(context: Context) -> Iterator[Diagnostic]:
    """A milestone of `dynamic_intervals` beyond the end of training: its interval never holds.

    ```py title="bad"
    train_cfg = dict(by_epoch=True, max_epochs=2, val_interval=2, dynamic_intervals=[(8, 1)])
    ```

    ```py title="good"
    train_cfg = dict(by_epoch=True, max_epochs=2, val_interval=2, dynamic_intervals=[(2, 1)])
    ```
    """
    loop = train_loop(context)
    section = None if loop is None else loop.item.get('dynamic_intervals')
    if loop is None or loop.length is None or section is None or not isinstance(section.value, list):
        return
    for item in section.items():
        pair = item.value
        if isinstance(pair, tuple) and len(pair) > 1 and is_number(pair[0]) and pair[0] > loop.length > 0:
            message = (
                f'the interval {pair[1]} begins at {show(pair[0])}, but training ends after {loop.counted(loop.length)}'
            )
            advice = Advice('let it begin before training ends, or remove it')
            yield report_between(context, item, (loop.length_item,), message, advice=advice)


@rule(scope='entry', severity=Severity.INFO, words=('val_begin', 'dynamic_intervals'))
def validation_settings_without_validation(context: Context) -> Iterator[Diagnostic]:
    """`val_begin` or `dynamic_intervals` in a run without validation: they have no effect.

    `val_interval` is not reported: it is so common in bases that it says nothing; nor is what a child inherits that sets
    its validation to None.

    ```py title="bad"
    train_cfg = dict(by_epoch=True, max_epochs=2, val_begin=2)
    val_dataloader = None
    val_cfg = None
    val_evaluator = None
    ```

    ```py title="good"
    train_cfg = dict(by_epoch=True, max_epochs=2)
    val_dataloader = None
    val_cfg = None
    val_evaluator = None
    ```
    """
    loop = train_loop(context)
    if loop is None or has_stage(context, 'val') is not False:
        return
    for name in ('val_begin', 'dynamic_intervals'):
        item = loop.item.get(name)
        if item is None or item.value is None:
            continue
        absent = unset(context, *STAGES['val'])
        if not any(is_decided_above(context, each, item) for each in absent):
            message = f'`{name}` has no effect: the config has no validation'
            yield report_between(context, item, absent, message, ignored=True, advice=Advice('remove it'))


@rule(scope='entry', severity=Severity.INFO, reads=('train_cfg',), words=('max_iters',))
def unnamed_loop(context: Context) -> Iterator[Diagnostic]:
    """A `train_cfg` with neither `type` nor `by_epoch`: an iteration-based loop.

    ```py title="bad"
    train_cfg = dict(max_iters=8)
    log_processor = dict(by_epoch=False)
    ```

    ```py title="good"
    train_cfg = dict(by_epoch=False, max_iters=8)
    log_processor = dict(by_epoch=False)
    ```
    """
    loop = train_loop(context)
    if loop is not None and 'max_iters' in loop.item.value and not {'type', 'by_epoch'} & set(loop.item.value):
        advice = Advice('to say so, write', 'by_epoch=False')
        yield context.report(loop.item, 'without `type` and `by_epoch`, this loop counts iterations', advice=advice)


@rule(
    scope='entry',
    raises='missing 1 required positional argument',
    reads=('train_cfg', 'val_cfg', 'test_cfg'),
    words=('EpochBasedTrainLoop', 'IterBasedTrainLoop', 'ValLoop', 'TestLoop'),
)
def wrong_loop(context: Context) -> Iterator[Diagnostic]:
    """A loop for evaluation in `train_cfg`, or a training loop in `val_cfg` or `test_cfg`.

    MMEngine raises `TypeError: … missing 1 required positional argument: 'evaluator'`, or `got an unexpected keyword
    argument 'evaluator'`.

    ```py title="bad"
    train_cfg = dict(type='ValLoop')
    ```

    ```py title="good"
    train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=2)
    ```
    """
    train, evaluate = ('EpochBasedTrainLoop', 'IterBasedTrainLoop'), ('ValLoop', 'TestLoop')
    for stage in ('train', 'val', 'test'):
        section = context.section(f'{stage}_cfg')
        kind = None if section is None else mmengine_type(section.value)
        if section is None or kind not in (evaluate if stage == 'train' else train):
            continue
        item = section.get('type') or section
        if stage == 'train':
            said = f"TypeError: {kind}.__init__() missing 1 required positional argument: 'evaluator'"
            advice = Advice('write', "type='EpochBasedTrainLoop'")
            yield context.report(item, f'`{kind}` evaluates, it cannot train', raises=said, advice=advice)
        else:
            said = f"TypeError: {kind}.__init__() got an unexpected keyword argument 'evaluator'"
            right = 'ValLoop' if stage == 'val' else 'TestLoop'
            advice = Advice('write', f'type={right!r}')
            yield context.report(item, f'`{kind}` trains, it cannot evaluate', raises=said, advice=advice)
