"""Accumulated gradients against the length of training."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cfglint.diagnostics import Advice, Severity
from cfglint.language.numbers import is_number
from cfglint.rules.cause import report_between
from cfglint.rules.reading.loop import Loop, show, train_loop
from cfglint.rules.rule import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cfglint.diagnostics import Diagnostic
    from cfglint.rules.context import Context
    from cfglint.rules.reading.items import Item


@rule(scope='entry', severity=Severity.WARNING, reads=('optim_wrapper', 'train_cfg'), words=('accumulative_counts',))
def accumulation_never_completes(context: Context) -> Iterator[Diagnostic]:
    """More batches to accumulate than training has: the optimizer steps once, at the very end.

    ```py title="bad"
    train_cfg = dict(by_epoch=False, max_iters=8)
    log_processor = dict(by_epoch=False)
    optim_wrapper = dict(optimizer=dict(type='SGD', lr=0.01), accumulative_counts=16)
    ```

    ```py title="good"
    train_cfg = dict(by_epoch=False, max_iters=8)
    log_processor = dict(by_epoch=False)
    optim_wrapper = dict(optimizer=dict(type='SGD', lr=0.01), accumulative_counts=2)
    ```
    """
    for loop, length, item in _counted(context):
        if item.value > length:
            message = (
                f'`accumulative_counts` is {show(item.value)}, training has {show(length)} iterations: '
                'the optimizer steps once'
            )
            advice = Advice('accumulate fewer batches, such as', f'accumulative_counts={show(max(1, length // 10))}')
            yield report_between(context, item, (loop.length_item,), message, advice=advice)


@rule(scope='entry', severity=Severity.INFO, reads=('optim_wrapper', 'train_cfg'), words=('accumulative_counts',))
def incomplete_last_accumulation(context: Context) -> Iterator[Diagnostic]:
    """Training that ends in the middle of an accumulation: the last step averages fewer batches.

    ```py title="bad"
    train_cfg = dict(by_epoch=False, max_iters=8)
    log_processor = dict(by_epoch=False)
    optim_wrapper = dict(optimizer=dict(type='SGD', lr=0.01), accumulative_counts=3)
    ```

    ```py title="good"
    train_cfg = dict(by_epoch=False, max_iters=9)
    log_processor = dict(by_epoch=False)
    optim_wrapper = dict(optimizer=dict(type='SGD', lr=0.01), accumulative_counts=3)
    ```
    """
    for loop, length, item in _counted(context):
        rest = length % item.value
        if item.value <= length and rest:
            message = f'training ends before the last step is complete: it averages {show(rest)} of {show(item.value)} batches'
            whole = show(length - rest + item.value)
            advice = Advice('to complete it, write in `train_cfg`', f'max_iters={whole}')
            yield report_between(context, item, (loop.length_item,), message, advice=advice)


@rule(scope='entry', severity=Severity.INFO, reads=('optim_wrapper', 'train_cfg'), words=('accumulative_counts',))
def iterations_count_batches(context: Context) -> Iterator[Diagnostic]:
    """Accumulated gradients in an iteration-based loop: `max_iters` counts batches, not optimizer steps.

    Intervals and schedules count batches too. To keep the number of steps, multiply all of them.

    ```py title="bad"
    train_cfg = dict(by_epoch=False, max_iters=8)
    log_processor = dict(by_epoch=False)
    optim_wrapper = dict(optimizer=dict(type='SGD', lr=0.01), accumulative_counts=4)
    ```

    ```py title="good"
    train_cfg = dict(by_epoch=False, max_iters=8)
    log_processor = dict(by_epoch=False)
    optim_wrapper = dict(optimizer=dict(type='SGD', lr=0.01))
    ```
    """
    for loop, length, item in _counted(context):
        if item.value <= length:
            steps = show(-(-length // item.value))
            message = f'`max_iters` counts batches: the optimizer steps {steps} times in {show(length)} iterations'
            factor = show(item.value)
            advice = Advice(f'to keep the number of steps, multiply `max_iters`, intervals and schedules by {factor}')
            yield report_between(context, item, (loop.length_item,), message, advice=advice)


def _counted(context: Context) -> Iterator[tuple[Loop, float, Item]]:
    """Yield where batches are accumulated in a number of iterations that is known."""
    loop = train_loop(context)
    if loop is None or loop.by_epoch or loop.length is None or loop.length <= 0:
        return
    item = context.find('optim_wrapper.accumulative_counts')
    if item is not None and is_number(item.value) and item.value > 1 and item.value == int(item.value):
        yield loop, loop.length, item
