"""``data`` became three dataloaders."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cfglint.rules.deprecated.keys import removed_keys
from cfglint.rules.rule import rule

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cfglint.diagnostics import Diagnostic
    from cfglint.rules.context import Context


@rule(era='all', needs=('data',))
def removed_data(context: Context) -> Iterable[Diagnostic]:
    """`data` became `train_dataloader`, `val_dataloader` and `test_dataloader`.

    MMEngine ignores `data`: without dataloaders there is nothing to train on. Each dataloader is complete in itself:
    `batch_size`, `num_workers`, a `sampler` that shuffles or not, and the `dataset`.

    ```py title="bad"
    data = dict(
        samples_per_gpu=2,
        workers_per_gpu=2,
        train=dict(type='CocoDataset', ann_file='train.json'),
        val=dict(type='CocoDataset', ann_file='val.json'))
    ```

    ```py title="good"
    train_dataloader = dict(
        batch_size=2,
        num_workers=2,
        sampler=dict(type='DefaultSampler', shuffle=True),
        dataset=dict(type='CocoDataset', ann_file='train.json'))
    val_dataloader = dict(
        batch_size=1,
        num_workers=2,
        sampler=dict(type='DefaultSampler', shuffle=False),
        dataset=dict(type='CocoDataset', ann_file='val.json', test_mode=True))
    ```
    """
    return removed_keys(context, 'data comes from `train_dataloader`, `val_dataloader` and `test_dataloader`')
