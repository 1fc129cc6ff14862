"""`--until checkpoint`: what comes at the end of an epoch, which a run may reach only after hours."""

from __future__ import annotations

import os
import pickle
from typing import TYPE_CHECKING, Any

import torch

from . import stages
from .failure import Unhealthy
from .parameters import checksums

if TYPE_CHECKING:
    from .stages import Stages

FILE = 'smoke.pth'


def end_epoch(runner: Any, stage: Stages) -> dict[str, Any]:
    """Call the hooks after the epoch, save a checkpoint and load it again; returns what is known of it.

    Raises:
        Unhealthy: What was loaded is not what was saved.
    """
    runner.call_hook('after_train_epoch')
    with stage.within(stages.CHECKPOINT):
        by_epoch = not hasattr(runner.train_loop, 'dataloader_iterator')
        runner.save_checkpoint(runner.work_dir, FILE, by_epoch=by_epoch, **_further(runner))
    with stage.within(stages.CHECKPOINT):
        path = os.path.join(runner.work_dir, FILE)
        checkpoint, refused = _read(path)
        _load(runner, checkpoint)
    return {'bytes': os.path.getsize(path), 'refused': refused}


def _further(runner: Any) -> dict[str, Any]:
    """The arguments that `CheckpointHook` does not know, and hands on only when it saves."""
    from mmengine.hooks import CheckpointHook

    hooks = [hook for hook in runner.hooks if isinstance(hook, CheckpointHook)]
    return dict(hooks[0].args) if hooks else {}


def _read(path: str) -> tuple[dict[str, Any], bool]:
    """A checkpoint, and whether MMEngine refuses to read it: with torch >= 2.6 it does, whatever the config says."""
    from mmengine.runner.checkpoint import load_from_local

    try:
        return load_from_local(path, map_location='cpu'), False
    except pickle.UnpicklingError:
        return torch.load(path, map_location='cpu', weights_only=False), True


def _load(runner: Any, checkpoint: dict[str, Any]) -> None:
    """As resuming does."""
    from mmengine.model import is_model_wrapper

    before = checksums(runner.model.named_parameters())
    runner._resume = True  # hooks that keep an average look at it
    runner.call_hook('after_load_checkpoint', checkpoint=checkpoint)
    model = runner.model.module if is_model_wrapper(runner.model) else runner.model
    model.load_state_dict(checkpoint['state_dict'])
    runner.optim_wrapper.load_state_dict(checkpoint['optimizer'])
    schedulers, states = runner.param_schedulers, checkpoint.get('param_schedulers')
    for name, state in states.items() if isinstance(states, dict) else [('', states)]:
        for scheduler, each in zip((schedulers[name] if name else schedulers) or (), state or ()):
            scheduler.load_state_dict(each)
    after = checksums(runner.model.named_parameters())
    changed = [name for name in after if after[name] != before.get(name)]
    if changed:
        text = f'{len(changed)} parameters are not what they were before the checkpoint, such as {changed[0]}'
        raise Unhealthy(text, stages.CHECKPOINT, 'model')
