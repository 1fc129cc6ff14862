"""Schedule keys: ``lr_config`` and ``momentum_config`` became the list ``param_scheduler``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cfglint.rules.deprecated.keys import removed_keys
from cfglint.rules.rule import rule

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cfglint.diagnostics import Diagnostic
    from cfglint.rules.context import Context


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
