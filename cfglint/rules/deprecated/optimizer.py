"""Optimizer keys: ``optimizer``, ``optimizers``, ``optimizer_config``, ``fp16``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cfglint.rules.deprecated.keys import removed_keys
from cfglint.rules.rule import rule

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cfglint.diagnostics import Diagnostic
    from cfglint.rules.context import Context


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
