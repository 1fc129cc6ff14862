"""What said how long to train: ``runner``, ``total_epochs``, ``total_iters``, ``workflow``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cfglint.language.values import Table
from cfglint.rules.deprecated.edits import remove, rewrite
from cfglint.rules.deprecated.fields import RUNNER, removed_fields
from cfglint.rules.deprecated.keys import Advice, Key, removed_keys
from cfglint.rules.deprecated.text import call
from cfglint.rules.rule import rule

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cfglint.diagnostics import Diagnostic
    from cfglint.rules.context import Context

_LOOPS = {
    'EpochBasedRunner': 'EpochBasedTrainLoop',
    'IterBasedRunner': 'IterBasedTrainLoop',
    'DynamicIterBasedRunner': 'IterBasedTrainLoop',
}
_EFFECT = ': how long to train is up to `train_cfg`'


@rule(era='all')
def removed_runner(context: Context) -> Iterable[Diagnostic]:
    """`runner` became `train_cfg`.

    MMEngine ignores `runner`: the length of training is that of `train_cfg`. With an iteration-based loop write
    `val_interval` too: its default is 1000 iterations.

    ```py title="bad"
    runner = dict(type='EpochBasedRunner', max_epochs=12)
    ```

    ```py title="good"
    train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=12)
    ```
    """
    yield from removed_keys(context, frozenset({'runner'}), _runner)
    yield from removed_fields(context, RUNNER)


def _runner(key: Key) -> Advice:
    parts = key.fields()
    if not parts:
        return Advice('', 'remove it', remove(key))
    name = parts.get('type', '').strip('\'"')
    loop: dict[str, str] = {}
    if name in _LOOPS:
        loop['type'] = repr(_LOOPS[name])
    loop.update({field: parts[field] for field in ('_delete_', 'max_epochs', 'max_iters') if field in parts})
    further = []
    if name and name not in _LOOPS:
        further.append(f'nothing in MMEngine does what `{name}` did')
    if 'is_dynamic_ddp' in parts or 'pass_training_status' in parts:
        further.append("write `model_wrapper_cfg = dict(type='MMSeparateDistributedDataParallel', …)`")
    if 'fp16_loss_scaler' in parts:
        further.append(f"give each optimizer wrapper `type='AmpOptimWrapper', loss_scale={parts['fp16_loss_scaler']}`")
    if 'use_apex_amp' in parts:
        further.append("give each optimizer wrapper `type='ApexOptimWrapper'`")
    words = [f'write `train_cfg = {call(loop)}`'] if loop else []
    fix = rewrite(key, 'train_cfg', call(loop)) if loop and not further and len(loop) == len(parts) else None
    return Advice(_EFFECT, ', '.join([*words, *further]) or 'write `train_cfg` instead', fix)


@rule(era='all')
def removed_total_epochs(context: Context) -> Iterable[Diagnostic]:
    """`total_epochs` and `total_iters` became `train_cfg`.

    MMEngine ignores them: the length of training is that of `train_cfg`. A variable of that name that the config reads,
    as in `train_cfg = dict(max_epochs=total_epochs)`, is fine.

    ```py title="bad"
    total_epochs = 210
    ```

    ```py title="good"
    train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=210)
    ```
    """
    return removed_keys(context, frozenset({'total_epochs', 'total_iters'}), _total)


_FIELDS = {'total_epochs': 'max_epochs', 'total_iters': 'max_iters'}


def _total(key: Key) -> Advice:
    if isinstance(key.own('runner'), Table):
        if key.name in key.config.loads:
            return Advice(
                _EFFECT, f'keep it for `train_cfg = dict({_FIELDS[key.name]}={key.name})`, or remove it with `runner`'
            )
        return Advice(_EFFECT, 'remove it: `runner` says the same', remove(key))
    kind = 'EpochBasedTrainLoop' if key.name == 'total_epochs' else 'IterBasedTrainLoop'
    text = call({'type': repr(kind), _FIELDS[key.name]: key.text()})
    return Advice(_EFFECT, f'write `train_cfg = {text}`', rewrite(key, 'train_cfg', text))


@rule(era='all')
def removed_workflow(context: Context) -> Iterable[Diagnostic]:
    """`workflow` is gone.

    MMEngine ignores `workflow`: it trains, and validates every `train_cfg.val_interval`. `[('train', 1)]` asked for
    nothing else; what `('val', 1)` computed, a loss on the validation set, has no counterpart in a config.

    ```py title="bad"
    workflow = [('train', 1)]
    ```

    ```py title="good"
    train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=12, val_interval=1)
    ```
    """
    return removed_keys(context, frozenset({'workflow'}), _workflow)


def _workflow(key: Key) -> Advice:
    value = key.value
    stages = (
        [step[0] for step in value if isinstance(step, (tuple, list)) and step]
        if isinstance(value, (list, tuple))
        else []
    )
    if 'val' in stages:
        remedy = (
            'remove it; when to validate is `train_cfg.val_interval`, and a loss on the validation set is not computed'
        )
        return Advice('', remedy)
    return Advice('', 'remove it: training is all that it asks for', remove(key))
