"""`--until checkpoint`: the end of an epoch."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cfglint.smoke.results import Status
from tests.smoke.conftest import run_batch

if TYPE_CHECKING:
    from pathlib import Path

GAN = """
model = dict(type='Gan')
del train_dataloader['collate_fn']
part = dict(optimizer=dict(type='Adam', lr=0.1))
optim_wrapper = dict(constructor='OnePerPart', generator=part, discriminator=part)
"""
VALIDATION = """
val_dataloader = {**train_dataloader}
del val_dataloader['batch_size']
val_cfg = dict()
val_evaluator = dict(type='RightShare')
param_scheduler = [dict(type='LinearLR', start_factor=0.1, end=3)]
custom_hooks = [dict(type='EMAHook')]
"""


def test_an_epoch_ends_with_hooks_a_checkpoint_and_validation(tmp_path: Path) -> None:
    texts = {
        'gan': GAN,
        'validation': VALIDATION,
        'forgetful': "model = dict(type='Forgetful')\n",
        'argument': "default_hooks = dict(checkpoint=dict(type='CheckpointHook', intervall=1))\n",
        'hook': "custom_hooks = [dict(type='Trouble', kind='raise', at='after_train_epoch')]\n",
    }
    results = run_batch(tmp_path, texts, until='checkpoint')
    for name in ('gan', 'validation'):
        assert results[name].status is Status.OK, results[name].failure
        assert results[name].details['checkpoint']['bytes'] > 1000
    assert results['validation'].details['metrics']['toy/count'] == 1
    failure = results['hook'].failure
    assert failure is not None and (failure.stage, failure.key) == ('hooks', 'custom_hooks[0]')
    failure = results['argument'].failure
    assert failure is not None and (failure.stage, failure.key) == ('checkpoint', 'default_hooks.checkpoint.intervall')
    failure = results['forgetful'].failure
    assert failure is not None and failure.stage == 'checkpoint'
    assert '1 parameters are not what they were before the checkpoint, such as head.bias' in failure.message
