"""Hooks that take no arguments."""

from __future__ import annotations

from cfglint.schemas.hooks.common import Hook


class NoArgumentsHook(Hook):
    """A hook that does one thing, and takes no arguments.

    Source: mmengine.hooks:IterTimerHook, mmengine.hooks:ParamSchedulerHook, mmengine.hooks:RuntimeInfoHook,
    mmengine.hooks:DistSamplerSeedHook, mmengine.hooks:SyncBuffersHook
    """
