"""When checkpoints are saved."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cfglint.diagnostics import Advice, Severity
from cfglint.rules.cause import report_between
from cfglint.rules.reading.hooks import hooks_of
from cfglint.rules.reading.loop import has_stage, show, train_loop
from cfglint.rules.rule import rule
from cfglint.sections.table import HOOKS, STAGES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cfglint.diagnostics import Diagnostic
    from cfglint.rules.context import Context
    from cfglint.rules.reading.hooks import Hook

_OFTEN = 1000
"""More checkpoints than that in one run are hardly meant."""


@rule(scope='entry', severity=Severity.WARNING, reads=(*HOOKS, 'train_cfg'), words=('CheckpointHook',))
def checkpoint_without_interval(context: Context) -> Iterator[Diagnostic]:
    """A CheckpointHook without `interval`: only the last checkpoint is saved.

    The hook that MMEngine adds when the config has none saves after each epoch; one that is written replaces it
    entirely, and its own default is -1. If training breaks off, nothing is left. `interval=-1` says that it is meant.

    ```py title="bad"
    default_hooks = dict(checkpoint=dict(type='CheckpointHook', max_keep_ckpts=3))
    ```

    ```py title="good"
    default_hooks = dict(checkpoint=dict(type='CheckpointHook', interval=1, max_keep_ckpts=3))
    ```
    """
    if train_loop(context) is None:
        return
    others = [hook for hook in hooks_of(context, 'CheckpointHook') if 'interval' in hook.value]
    for hook in hooks_of(context, 'CheckpointHook'):
        if hook.item is None or 'interval' in hook.value or others:
            continue
        saved, best = _saved(hook)
        message = f'without `interval` (-1 by default), only the {saved} saved'
        often = 1000 if hook.value.get('by_epoch') is False else 1
        advice = Advice('say how often to save, such as', f'interval={often}')
        yield context.report(hook.item, message, severity=Severity.INFO if best else None, advice=advice)


def _saved(hook: Hook) -> tuple[str, bool]:
    """Return what is saved where the interval saves nothing, and whether that is the best as well."""
    best = hook.value.get('save_best') is not None
    return 'best and the last checkpoint are' if best else 'last checkpoint is', best


@rule(scope='entry', severity=Severity.WARNING, reads=(*HOOKS, 'train_cfg'), words=('CheckpointHook',))
def checkpoint_after_training(context: Context) -> Iterator[Diagnostic]:
    """A checkpoint interval, or `save_begin`, beyond the end of training: only the last checkpoint is saved.

    In an epoch-based loop, the interval is mostly meant in iterations. In an iteration-based one it may be meant, as it
    may where `save_best` keeps the best: that is only worth an `info`.

    ```py title="bad"
    train_cfg = dict(by_epoch=True, max_epochs=2)
    default_hooks = dict(checkpoint=dict(type='CheckpointHook', interval=5000))
    ```

    ```py title="good"
    train_cfg = dict(by_epoch=True, max_epochs=2)
    default_hooks = dict(checkpoint=dict(type='CheckpointHook', interval=1))
    ```
    """
    loop = train_loop(context)
    if loop is None or loop.length is None or loop.length <= 0:
        return
    for hook in hooks_of(context, 'CheckpointHook'):
        if hook.value.get('by_epoch', True) is not loop.by_epoch:
            continue
        for name in ('interval', 'save_begin'):
            item, value = hook.field(name), hook.number(name)
            if item is not None and value is not None and value > loop.length:
                saved, best = _saved(hook)
                message = (
                    f'`{name}` is {show(value)}, but training has {loop.counted(loop.length)}: only the {saved} saved'
                )
                severity = Severity.INFO if best or (name == 'interval' and not loop.by_epoch) else None
                advice = Advice('save on the way, such as', f'{name}={show(max(1, loop.length // 10))}')
                yield report_between(context, item, (loop.length_item,), message, severity=severity, advice=advice)
                break


@rule(scope='entry', severity=Severity.WARNING, reads=(*HOOKS, 'train_cfg'), words=('CheckpointHook',))
def checkpoint_too_often(context: Context) -> Iterator[Diagnostic]:
    """An interval in epochs, left in a CheckpointHook that counts iterations: a checkpoint every few iterations.

    ```py title="bad"
    train_cfg = dict(by_epoch=True, max_epochs=2)
    default_hooks = dict(checkpoint=dict(type='CheckpointHook', by_epoch=False, interval=1))
    ```

    ```py title="good"
    train_cfg = dict(by_epoch=True, max_epochs=2)
    default_hooks = dict(checkpoint=dict(type='CheckpointHook', by_epoch=True, interval=1))
    ```
    """
    loop = train_loop(context)
    if loop is None or loop.length is None:
        return
    for hook in hooks_of(context, 'CheckpointHook'):
        item, interval = hook.field('interval'), hook.number('interval')
        if item is None or interval is None or interval <= 0 or hook.value.get('by_epoch') is not False:
            continue
        if interval <= loop.length if loop.by_epoch else loop.length / interval > _OFTEN:
            message = f'`interval={show(interval)}` counts iterations: {_often(interval)}'
            advice = Advice('if epochs are meant, write', 'by_epoch=True')
            if not loop.by_epoch:
                advice = Advice('save less often, such as', f'interval={show(loop.length // 10)}')
            yield report_between(context, item, (hook.field('by_epoch'), loop.length_item), message, advice=advice)


def _often(interval: float) -> str:
    return (
        f'a checkpoint is saved after every {show(interval)} of them'
        if interval > 1
        else 'a checkpoint is saved after each'
    )


@rule(scope='entry', severity=Severity.WARNING, reads=(*HOOKS, 'train_cfg', *STAGES['val']), words=('save_best',))
def save_best_without_validation(context: Context) -> Iterator[Diagnostic]:
    """A `save_best` in a run that never validates: the best checkpoint is never saved.

    ```py title="bad"
    default_hooks = dict(checkpoint=dict(type='CheckpointHook', interval=1, save_best='auto'))
    val_dataloader = None
    val_cfg = None
    val_evaluator = None
    ```

    ```py title="good"
    default_hooks = dict(checkpoint=dict(type='CheckpointHook', interval=1))
    val_dataloader = None
    val_cfg = None
    val_evaluator = None
    ```
    """
    if train_loop(context) is None or has_stage(context, 'val') is not False:
        return
    for hook in hooks_of(context, 'CheckpointHook'):
        item = hook.field('save_best')
        if item is not None and item.value:
            message = '`save_best` has no effect: without validation, there is no metric'
            advice = Advice('set `val_dataloader`, `val_cfg` and `val_evaluator`, or write', 'save_best=None')
            val = context.section('val_cfg')
            yield report_between(context, item, (val,), message, ignored=True, advice=advice)


@rule(scope='entry', severity=Severity.WARNING, reads=HOOKS, words=('published_keys',))
def nothing_to_publish(context: Context) -> Iterator[Diagnostic]:
    """`published_keys` where neither the last nor the best checkpoint is saved: nothing is published.

    ```py title="bad"
    default_hooks = dict(
        checkpoint=dict(type='CheckpointHook', interval=1, published_keys='state_dict', save_last=False),
    )
    ```

    ```py title="good"
    default_hooks = dict(checkpoint=dict(type='CheckpointHook', interval=1, save_last=True))
    ```
    """
    for hook in hooks_of(context, 'CheckpointHook'):
        item = hook.field('published_keys')
        if (
            item is not None
            and item.value
            and hook.value.get('save_last') is False
            and hook.value.get('save_best') is None
        ):
            message = '`published_keys` has no effect: neither the last nor the best checkpoint is saved'
            others = (hook.field('save_last'), hook.field('save_best'))
            advice = Advice('write', 'save_last=True')
            yield report_between(context, item, others, message, ignored=True, advice=advice)
