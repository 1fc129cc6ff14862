"""Hooks about memory."""

from __future__ import annotations

from pydantic import Field

from cfglint.schemas.base import Flag
from cfglint.schemas.hooks.common import Hook


class EmptyCacheHook(Hook):
    """Frees the cached memory of the device.

    Source: mmengine.hooks.empty_cache_hook:EmptyCacheHook
    """

    before_epoch: Flag = Field(False, description='Whether to do it before an epoch.')
    after_epoch: Flag = Field(True, description='Whether to do it after an epoch.')
    after_iter: Flag = Field(False, description='Whether to do it after an iteration.')
