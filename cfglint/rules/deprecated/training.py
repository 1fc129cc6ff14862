"""Keys about training: how long, by which optimizer, and with which learning rates."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cfglint.rules.deprecated.keys import removed_keys
from cfglint.rules.rule import rule

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cfglint.diagnostics import Diagnostic
    from cfglint.rules.context import Context


@rule(era='all', needs=('runner',))
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
    return removed_keys(context, 'how long to train is up to `train_cfg`')


@rule(era='all', needs=('total_epochs', 'total_iters'))
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
    return removed_keys(context, 'how long to train is up to `train_cfg`')


@rule(era='all', needs=('workflow',))
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
    return removed_keys(context, 'it trains, and validates as `train_cfg` says')


@rule(era='all', needs=('optimizer', 'optimizers'))
def removed_optimizer(context: Context) -> Iterable[Diagnostic]:
    """`optimizer` became `optim_wrapper`.

    MMEngine's `Runner` reads `optim_wrapper`; a top-level `optimizer` (`optimizers` in MMEditing) that nothing reads is
    ignored. What 0.x wrote into it beside the arguments of the optimizer (`paramwise_cfg`, `constructor`) moves into
    `optim_wrapper` itself. A variable that the config reads, as in `optim_wrapper = dict(optimizer=optimizer)`, is
    fine.

    ```py title="bad"
    optimizer = dict(type='SGD', lr=0.02)
    ```

    ```py title="good"
    optim_wrapper = dict(type='OptimWrapper', optimizer=dict(type='SGD', lr=0.02))
    ```
    """
    if 'optim_wrapper' in context and context.value('optim_wrapper') is None:
        return ()  # no optimizer is asked for; where one is needed, `incomplete-section-group` says what to write
    return removed_keys(context, 'the optimizer is that of `optim_wrapper`')


@rule(era='all', needs=('optimizer_config', 'optimizer_cfg'))
def removed_optimizer_config(context: Context) -> Iterable[Diagnostic]:
    """`optimizer_config` became fields of `optim_wrapper`.

    Gradient clipping, accumulation and loss scaling were hooks; now the optimizer wrapper does them. MMEngine ignores
    `optimizer_config`: gradients are neither clipped nor accumulated.

    ```py title="bad"
    optimizer_config = dict(grad_clip=dict(max_norm=35, norm_type=2))
    ```

    ```py title="good"
    optim_wrapper = dict(
        type='OptimWrapper',
        optimizer=dict(type='SGD', lr=0.02),
        clip_grad=dict(max_norm=35, norm_type=2))
    ```
    """
    return removed_keys(context, 'clipping and accumulation are up to `optim_wrapper`')


@rule(era='all', needs=('fp16', 'apex_amp'))
def removed_fp16(context: Context) -> Iterable[Diagnostic]:
    """`fp16` became `AmpOptimWrapper`.

    MMEngine ignores `fp16`: training stays fp32, without a word. Mixed precision is a kind of `optim_wrapper`. The
    default of 0.x was a static scale of 512; that of `AmpOptimWrapper` is dynamic, so `fp16 = dict()` needs the number.

    ```py title="bad"
    fp16 = dict(loss_scale='dynamic')
    ```

    ```py title="good"
    optim_wrapper = dict(
        type='AmpOptimWrapper',
        optimizer=dict(type='SGD', lr=0.02),
        loss_scale='dynamic')
    ```
    """
    return removed_keys(context, 'training stays fp32')


@rule(era='all', needs=('lr_config',))
def removed_lr_config(context: Context) -> Iterable[Diagnostic]:
    """`lr_config` became `param_scheduler`.

    MMEngine ignores `lr_config`: the learning rate never changes. The policy and the warm-up are entries of a list now,
    the warm-up first; `end` may be left out where it is the length of training. Lists do not merge: a child that
    changed one field of `lr_config` has to write the whole list.

    ```py title="bad"
    lr_config = dict(policy='step', warmup='linear', warmup_iters=500, warmup_ratio=0.001, step=[8, 11])
    ```

    ```py title="good"
    param_scheduler = [
        dict(type='LinearLR', start_factor=0.001, by_epoch=False, begin=0, end=500),
        dict(type='MultiStepLR', by_epoch=True, milestones=[8, 11]),
    ]
    ```
    """
    return removed_keys(context, 'the learning rate stays as it is without `param_scheduler`')


@rule(era='all', needs=('momentum_config',))
def removed_momentum_config(context: Context) -> Iterable[Diagnostic]:
    """`momentum_config` became entries of `param_scheduler`.

    MMEngine ignores `momentum_config`: the momentum never changes. For Adam the "momentum" is `betas[0]`.

    ```py title="bad"
    momentum_config = dict(policy='CosineAnnealing', min_momentum=0.85)
    ```

    ```py title="good"
    param_scheduler = [dict(type='CosineAnnealingMomentum', by_epoch=True, eta_min=0.85)]
    ```
    """
    return removed_keys(context, 'the momentum stays as it is without `param_scheduler`')
