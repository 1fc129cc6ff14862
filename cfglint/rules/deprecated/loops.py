"""What said how long to train: ``runner``, ``total_epochs``, ``total_iters``, ``workflow``."""

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
