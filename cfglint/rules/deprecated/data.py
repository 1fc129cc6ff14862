"""Keys about data, and about what is measured on them."""

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


_NAMES = ('evaluation', 'eval_config')
_WORDS = dict.fromkeys(_NAMES, 'remove it: `val_evaluator` says what to measure, `train_cfg.val_interval` how often')


@rule(era='all', needs=_NAMES)
def removed_evaluation(context: Context) -> Iterable[Diagnostic]:
    """`evaluation` became `val_evaluator`, `train_cfg.val_interval` and `default_hooks.checkpoint`.

    MMEngine ignores `evaluation`: what is measured is up to `val_evaluator` (and `test_evaluator`), when is up to
    `train_cfg.val_interval`, and which checkpoint is the best up to `default_hooks.checkpoint.save_best`, where a
    metric is named with its prefix (`coco/bbox_mAP`).

    ```py title="bad"
    evaluation = dict(interval=1, metric='bbox', save_best='bbox_mAP')
    ```

    ```py title="good"
    train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=12, val_interval=1)
    val_evaluator = dict(type='CocoMetric', metric='bbox')
    default_hooks = dict(checkpoint=dict(type='CheckpointHook', save_best='coco/bbox_mAP'))
    ```
    """
    return removed_keys(context, 'what is measured is up to `val_evaluator`', _WORDS)
