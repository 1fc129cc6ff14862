"""Top-level keys that only some libraries, or only their scripts, read in 0.x."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cfglint.catalog.library_index import marks, questions
from cfglint.rules.deprecated.keys import removed_keys
from cfglint.rules.rule import rule

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cfglint.diagnostics import Diagnostic
    from cfglint.rules.context import Context

_SCRIPTS = {
    key: f'remove it: only the scripts of {library} 0.x read it' for key, library in marks('script_marks').items()
}
DISTINCT = questions() | _SCRIPTS
"""Names that mean nothing else, whatever the generation of the config."""
PLAIN = {
    'exp_name': 'write `experiment_name` (MMEngine appends the time)',
    'prefetch': 'remove it: normalizing on the device is up to the data preprocessor',
    'persistent_workers': 'write `persistent_workers` in `train_dataloader`, `val_dataloader` and `test_dataloader`',
    'sampler': 'write `train_dataloader.sampler`',
    'metrics': 'write `test_evaluator`',
    'data_cfg': 'write a `codec`, and give the rest to the datasets, the head and the metric',
    'channel_cfg': 'give the number of keypoints to the head as `out_channels`',
    'dataset_info': "write `metainfo=dict(from_file='…')` in each dataset",
    'img_norm_cfg': 'write `data_preprocessor` in `model`',
}
"""Names that may be anything in a 1.x config."""


@rule(era='all', needs=DISTINCT.keys() | PLAIN.keys())
def removed_library_key(context: Context) -> Iterable[Diagnostic]:
    """Top-level keys that only some libraries of 0.x read.

    MMEngine reads none of them, and the scripts of the 1.x libraries do not either.

    ```py title="bad"
    runner = dict(type='EpochBasedRunner', max_epochs=12)
    precise_bn = dict(num_iters=200, interval=3)
    ```

    ```py title="good"
    train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=12)
    custom_hooks = [dict(type='mmpretrain.PreciseBNHook', num_samples=200, interval=3)]
    ```
    """
    # Variables that other keys read are told of with these.
    read = PLAIN.keys() if context.era != '0.x' else PLAIN.keys() & context.loads
    return removed_keys(context, words=DISTINCT | PLAIN, other=read)
