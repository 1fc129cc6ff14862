"""Hooks against the training that they accompany."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cfglint.diagnostics import Advice, Severity
from cfglint.rules.cause import report_between
from cfglint.rules.reading.hooks import DEFAULTS, Hook, hooks, hooks_of
from cfglint.rules.reading.loop import has_stage, show, train_loop, validations
from cfglint.rules.reading.metrics import results
from cfglint.rules.rule import rule
from cfglint.sections.table import HOOKS, STAGES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cfglint.diagnostics import Diagnostic
    from cfglint.rules.context import Context

_ONLY_ONCE = {hook['type'] for hook in DEFAULTS.values()} - {'CheckpointHook'} | {'EMAHook'}


@rule(scope='entry', severity=Severity.WARNING, reads=HOOKS, needs=('custom_hooks',))
def repeated_hook(context: Context) -> Iterator[Diagnostic]:
    """A default hook that is added again: it runs twice.

    Schedulers step twice, times are wrong, lines are logged twice. Two CheckpointHooks may have different intervals and
    are not reported.

    ```py title="bad"
    custom_hooks = [dict(type='ParamSchedulerHook')]
    ```

    ```py title="good"
    default_hooks = dict(param_scheduler=dict(type='ParamSchedulerHook'))
    ```
    """
    first: dict[str, Hook] = {}
    for hook in hooks(context):
        if hook.kind is None or hook.kind not in _ONLY_ONCE:
            continue
        if hook.kind not in first or hook.item is None:
            first[hook.kind] = hook
        elif hook.slot is None:
            there = first[hook.kind]
            where = f'`{there.key}`' if there.item is not None else 'the hooks that MMEngine adds itself'
            effect = 'schedulers step twice' if hook.kind == 'ParamSchedulerHook' else 'it runs twice'
            message = f'`{hook.kind}` is already among {where}: {effect}'
            advice = Advice('remove one of the two')
            yield report_between(context, hook.item, (there.item,), message, advice=advice)


@rule(
    scope='entry',
    raises='should be smaller than or equal to',
    reads=(*HOOKS, 'train_cfg'),
    words=('begin_epoch', 'begin_iter'),
)
def ema_after_training(context: Context) -> Iterator[Diagnostic]:
    """An EMAHook that begins when training is over.

    MMEngine raises `AssertionError: self.begin_epoch should be smaller than or equal to runner.max_epochs`. In an
    iteration-based loop `max_epochs` is 1, so it needs `begin_iter`.

    ```py title="bad"
    train_cfg = dict(by_epoch=True, max_epochs=2)
    custom_hooks = [dict(type='EMAHook', begin_epoch=5)]
    ```

    ```py title="good"
    train_cfg = dict(by_epoch=True, max_epochs=2)
    custom_hooks = [dict(type='EMAHook', begin_epoch=1)]
    ```
    """
    loop = train_loop(context)
    for hook in hooks_of(context, 'EMAHook') if loop is not None else ():
        assert loop is not None
        for name, by_epoch in (('begin_epoch', True), ('begin_iter', False)):
            item, begin = hook.field(name), hook.number(name)
            last = loop.length if by_epoch == loop.by_epoch else 1 if by_epoch else None
            if item is None or begin is None or last is None or begin <= last:
                continue
            unit = 'epochs' if by_epoch else 'iters'
            counted = f'{show(last)} {"epochs" if by_epoch else "iterations"}' if last != 1 else '1'
            message = f'`{name}` is {show(begin)}, but training ends after {counted}'
            raises = f'AssertionError: self.{name} should be smaller than or equal to runner.max_{unit}'
            advice = Advice('begin earlier, such as', f'{name}={show(last // 2)}')
            if by_epoch and not loop.by_epoch:
                message = f'`{name}` is {show(begin)}, but this loop counts iterations and has only one epoch'
                advice = Advice(
                    'remove it, and count iterations, such as', f'begin_iter={show((loop.length or 0) // 2)}'
                )
            yield report_between(context, item, (loop.length_item, loop.item), message, raises=raises, advice=advice)


@rule(scope='entry', severity=Severity.WARNING, reads=(*HOOKS, 'train_cfg'), words=('switch_epoch',))
def pipeline_switch_after_training(context: Context) -> Iterator[Diagnostic]:
    """A PipelineSwitchHook of mmdet that waits for an epoch which never comes.

    RTMDet and its kind train their last epochs with a weaker pipeline: `switch_epoch` was made for the number of epochs of
    the base. With fewer of them, training ends with the strong one.

    ```py title="bad"
    default_scope = 'mmdet'
    train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=20)
    custom_hooks = [dict(type='PipelineSwitchHook', switch_epoch=280, switch_pipeline=[])]
    ```

    ```py title="good"
    default_scope = 'mmdet'
    train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=20)
    custom_hooks = [dict(type='PipelineSwitchHook', switch_epoch=15, switch_pipeline=[])]
    ```
    """
    loop = train_loop(context)
    if loop is None or loop.length is None:
        return
    last = loop.length if loop.by_epoch else 1
    for hook in hooks(context):
        item, epoch = hook.field('switch_epoch'), hook.number('switch_epoch')
        if item is None or epoch is None or epoch < last or hook.type_name != 'PipelineSwitchHook':
            continue
        message = f'`switch_epoch` is {show(epoch)}, but training ends after {show(last)}: the pipeline never switches'
        advice = Advice('switch before training ends, such as', f'switch_epoch={show(last * 3 // 4)}')
        if not loop.by_epoch:
            message = f'`switch_epoch` is {show(epoch)}, but this loop counts iterations and has only one epoch'
            advice = Advice('count epochs in `train_cfg`, or remove the hook')
        yield report_between(context, item, (loop.length_item, loop.item), message, advice=advice)


@rule(
    scope='entry', severity=Severity.WARNING, reads=(*HOOKS, 'train_cfg', *STAGES['val']), words=('EarlyStoppingHook',)
)
def early_stopping_without_validation(context: Context) -> Iterator[Diagnostic]:
    """An EarlyStoppingHook in a run that never validates: it never stops.

    ```py title="bad"
    custom_hooks = [dict(type='EarlyStoppingHook', monitor='toy/acc')]
    val_dataloader = None
    val_cfg = None
    val_evaluator = None
    ```

    ```py title="good"
    custom_hooks = [dict(type='EarlyStoppingHook', monitor='toy/acc')]
    ```
    """
    if train_loop(context) is not None and has_stage(context, 'val') is False:
        for hook in hooks_of(context, 'EarlyStoppingHook'):
            if hook.item is not None:
                message = '`EarlyStoppingHook` has no effect: without validation, there is no metric'
                advice = Advice('set `val_dataloader`, `val_cfg` and `val_evaluator`, or remove the hook')
                val = context.section('val_cfg')
                yield report_between(context, hook.item, (val,), message, ignored=True, advice=advice)


@rule(
    scope='entry', severity=Severity.WARNING, reads=(*HOOKS, 'train_cfg', *STAGES['val']), words=('EarlyStoppingHook',)
)
def early_stopping_never_stops(context: Context) -> Iterator[Diagnostic]:
    """An EarlyStoppingHook whose `patience` is as long as training.

    The first validation sets the best value; `patience` further ones without a gain stop training. Where there are not as many
    before the last one, the hook stops nothing. One with a `stopping_threshold` may stop for that, and is not reported.

    ```py title="bad"
    train_cfg = dict(by_epoch=True, max_epochs=12, val_interval=4)
    custom_hooks = [dict(type='EarlyStoppingHook', monitor='toy/zeros', rule='less', patience=5)]
    ```

    ```py title="good"
    train_cfg = dict(by_epoch=True, max_epochs=12, val_interval=1)
    custom_hooks = [dict(type='EarlyStoppingHook', monitor='toy/zeros', rule='less', patience=5)]
    ```
    """
    loop = train_loop(context)
    count = None if loop is None else validations(loop)
    if loop is None or not count or not has_stage(context, 'val'):
        return
    for hook in hooks_of(context, 'EarlyStoppingHook'):
        patience = hook.number('patience', 5)
        if hook.item is None or patience is None or hook.value.get('stopping_threshold') is not None:
            continue
        if patience >= count - 1:
            times = 'once' if count == 1 else f'{count} times'
            message = f'`patience` is {show(patience)}, but training validates only {times}: it never stops early'
            others = (loop.length_item, loop.item.get('val_interval'), loop.item.get('val_begin'))
            advice = Advice('validate more often, or remove the hook')
            if count > 2:
                advice = Advice('wait for fewer validations:', f'patience={max((count - 1) // 3, 1)}')
            yield report_between(context, hook.field('patience') or hook.item, others, message, advice=advice)


@rule(scope='entry', severity=Severity.WARNING, reads=(*HOOKS, *STAGES['val']), words=('EarlyStoppingHook',))
def coarse_early_stopping(context: Context) -> Iterator[Diagnostic]:
    """An EarlyStoppingHook with the default `min_delta` of 0.1, on a metric from 0 to 1.

    Improvements below 0.1 do not count: training stops after `patience` validations in nearly every run. Reported where the
    metric that gives the value is known for values from 0 to 1, such as `coco/bbox_mAP` of mmdet.

    ```py title="bad"
    val_evaluator = dict(type='mmpose.PCKAccuracy')
    custom_hooks = [dict(type='EarlyStoppingHook', monitor='PCK', rule='greater')]
    ```

    ```py title="good"
    val_evaluator = dict(type='mmpose.PCKAccuracy')
    custom_hooks = [dict(type='EarlyStoppingHook', monitor='PCK', rule='greater', min_delta=0.001)]
    ```
    """
    for hook in hooks_of(context, 'EarlyStoppingHook'):
        monitor = hook.value.get('monitor')
        if hook.item is None or 'min_delta' in hook.value or not isinstance(monitor, str):
            continue
        if any(keys.to_one and keys.has(monitor) for keys in results(context) or ()):
            message = f'`{monitor}` goes from 0 to 1, but gains below 0.1 (`min_delta`) do not count'
            advice = Advice('count small gains, too:', 'min_delta=0.001')
            yield context.report(hook.item, message, advice=advice)


@rule(scope='entry', raises='train_loop', reads=(*HOOKS, *STAGES['train']), words=('EarlyStoppingHook', 'ProfilerHook'))
def training_hook_in_test(context: Context) -> Iterator[Diagnostic]:
    """An EarlyStoppingHook or ProfilerHook in a config that only tests.

    Both look at the training loop before anything runs. MMEngine raises `AssertionError: `train_loop` should contain
    `stop_training` variable`, or fails to compare `max_epochs`.

    ```py title="bad"
    custom_hooks = [dict(type='EarlyStoppingHook', monitor='toy/acc')]
    train_dataloader = None
    train_cfg = None
    optim_wrapper = None
    ```

    ```py title="good"
    custom_hooks = []
    train_dataloader = None
    train_cfg = None
    optim_wrapper = None
    ```
    """
    if has_stage(context, 'train') is not False:
        return
    for kind in ('EarlyStoppingHook', 'ProfilerHook'):
        for hook in hooks_of(context, kind):
            if hook.item is not None:
                said = (
                    'AssertionError: `train_loop` should contain `stop_training` variable'
                    if kind == 'EarlyStoppingHook'
                    else 'ValueError: ``profile_times`` should not be greater than 0'
                )
                message = f'`{kind}` needs a training loop, which this config does not have'
                train, advice = context.section('train_cfg'), Advice('remove the hook')
                yield report_between(context, hook.item, (train,), message, raises=said, advice=advice)


@rule(scope='entry', raises='should not be greater than', reads=(*HOOKS, 'train_cfg'), words=('ProfilerHook',))
def profiling_longer_than_training(context: Context) -> Iterator[Diagnostic]:
    """A ProfilerHook that profiles more iterations than training has.

    MMEngine raises `ValueError: ``profile_times`` should not be greater than …`.

    ```py title="bad"
    train_cfg = dict(by_epoch=False, max_iters=4)
    custom_hooks = [dict(type='ProfilerHook', by_epoch=False, profile_times=8)]
    ```

    ```py title="good"
    train_cfg = dict(by_epoch=False, max_iters=4)
    custom_hooks = [dict(type='ProfilerHook', by_epoch=False, profile_times=2)]
    ```
    """
    loop = train_loop(context)
    if loop is None or loop.by_epoch or loop.length is None:
        return
    for hook in hooks_of(context, 'ProfilerHook'):
        item, times = hook.field('profile_times'), hook.number('profile_times')
        if item is not None and times is not None and hook.value.get('by_epoch') is False and times > loop.length:
            message = f'`profile_times` is {show(times)}, but training has only {show(loop.length)} iterations'
            raises = f'ValueError: ``profile_times`` should not be greater than {show(loop.length)}'
            advice = Advice('profile fewer, such as', f'profile_times={show(max(1, loop.length // 2))}')
            yield report_between(context, item, (loop.length_item,), message, raises=raises, advice=advice)


@rule(
    scope='entry', raises='NaiveVisualizationHook', reads=(*HOOKS, *STAGES['test']), words=('NaiveVisualizationHook',)
)
def naive_visualization_in_test(context: Context) -> Iterator[Diagnostic]:
    """A NaiveVisualizationHook in a config that tests: its drawing code does not fit today's batches.

    It takes a batch for a list of dicts and raises `TypeError` at the first one. The visualization hooks of the
    libraries work.

    ```py title="bad"
    custom_hooks = [dict(type='NaiveVisualizationHook')]
    train_dataloader = None
    train_cfg = None
    optim_wrapper = None
    ```

    ```py title="good"
    custom_hooks = []
    train_dataloader = None
    train_cfg = None
    optim_wrapper = None
    ```
    """
    if has_stage(context, 'test'):
        for hook in hooks_of(context, 'NaiveVisualizationHook'):
            if hook.item is not None:
                message = "`NaiveVisualizationHook` cannot read the batches of today's datasets"
                raises = 'TypeError: … in <mmengine.hooks.naive_visualization_hook.NaiveVisualizationHook …>'
                advice = Advice('remove it, or use the visualization hook of a library')
                yield context.report(hook.item, message, raises=raises, advice=advice)
