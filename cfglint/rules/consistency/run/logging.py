"""What is logged, and where it goes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cfglint.diagnostics import Advice, Severity
from cfglint.rules.cause import report_between
from cfglint.rules.reading.hooks import hooks_of
from cfglint.rules.reading.loop import is_whole, show, train_loop
from cfglint.rules.rule import rule
from cfglint.sections.table import HOOKS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cfglint.diagnostics import Diagnostic
    from cfglint.rules.context import Context


@rule(scope='entry', severity=Severity.WARNING, needs=('vis_backends',))
def unused_vis_backends(context: Context) -> Iterator[Diagnostic]:
    """`vis_backends` at the top level that the visualizer does not use.

    MMEngine does not read that key: only what stands in `visualizer.vis_backends` counts.

    ```py title="bad"
    vis_backends = [dict(type='LocalVisBackend'), dict(type='TensorboardVisBackend')]
    visualizer = dict(type='Visualizer', vis_backends=[dict(type='LocalVisBackend')])
    ```

    ```py title="good"
    vis_backends = [dict(type='LocalVisBackend')]
    visualizer = dict(type='Visualizer', vis_backends=vis_backends)
    ```
    """
    item = context.section('vis_backends')
    if item is None or not item.value or not is_whole(context):
        return
    if context.value('visualizer.vis_backends') == item.value or 'vis_backends' in context.loads:
        return
    message = 'nothing reads `vis_backends` at the top level'
    advice = Advice('write in `visualizer`', 'vis_backends=vis_backends')
    yield report_between(context, item, (), message, ignored=True, advice=advice)


@rule(scope='entry', severity=Severity.WARNING, reads=(*HOOKS, 'train_cfg'), words=('logger', 'LoggerHook'))
def logger_silent(context: Context) -> Iterator[Diagnostic]:
    """A LoggerHook that is removed, or whose interval is longer than training: losses are not logged.

    At most one line appears, where the first pass over the dataset ends.

    ```py title="bad"
    train_cfg = dict(by_epoch=False, max_iters=8)
    log_processor = dict(by_epoch=False)
    default_hooks = dict(logger=dict(type='LoggerHook', interval=50, log_metric_by_epoch=False))
    ```

    ```py title="good"
    train_cfg = dict(by_epoch=False, max_iters=8)
    log_processor = dict(by_epoch=False)
    default_hooks = dict(logger=dict(type='LoggerHook', interval=2, log_metric_by_epoch=False))
    ```
    """
    loop = train_loop(context)
    if loop is None:
        return
    slot = context.find('default_hooks.logger')
    if slot is not None and slot.value is None and not context.value('custom_hooks'):
        advice = Advice('write', "logger=dict(type='LoggerHook')")
        yield context.report(slot, 'without `LoggerHook`, neither losses nor metrics are logged', advice=advice)
    if loop.by_epoch or loop.length is None or loop.length <= 0:
        return
    for hook in hooks_of(context, 'LoggerHook'):
        item, interval = hook.field('interval'), hook.number('interval')
        if item is not None and interval is not None and interval > loop.length:
            message = (
                f'`interval` is {show(interval)}, but training has only {show(loop.length)} iterations: '
                'losses are not logged'
            )
            advice = Advice('log more often, such as', f'interval={show(max(1, loop.length // 10))}')
            yield report_between(context, item, (loop.length_item,), message, advice=advice)
