"""What wants several GPUs, or one, done without.

Automatic mixed precision: MMEngine's wrapper refuses a CPU, torch does not. Synchronised batch normalisation: MMEngine
replaces it in a model on its own, but not what a model keeps from its sight, or uses while it is built.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import Any, Iterator

import torch
from mmengine.optim import AmpOptimWrapper, OptimWrapper
from mmengine.registry import OPTIM_WRAPPERS
from torch import nn


@OPTIM_WRAPPERS.register_module()
class CpuAmpOptimWrapper(AmpOptimWrapper):
    """`AmpOptimWrapper` with autocast and the loss scaler of the CPU."""

    def __init__(
        self, loss_scale: Any = 'dynamic', dtype: str | Any = None, use_fsdp: bool = False, **kwargs: Any
    ) -> None:
        OptimWrapper.__init__(self, **kwargs)
        self._scale_update_param = loss_scale if isinstance(loss_scale, float) else None
        settings = loss_scale if isinstance(loss_scale, dict) else {}
        if isinstance(loss_scale, float):
            settings = {'init_scale': loss_scale}
        if hasattr(torch.amp, 'GradScaler'):
            self.loss_scaler = torch.amp.GradScaler('cpu', **settings)
        else:
            self.loss_scaler = torch.cuda.amp.GradScaler(enabled=False)
        self.cast_dtype = getattr(torch, dtype) if isinstance(dtype, str) else dtype or torch.bfloat16

    @contextmanager
    def optim_context(self, model: Any) -> Iterator[None]:
        with OptimWrapper.optim_context(self, model), torch.autocast('cpu', dtype=self.cast_dtype):
            yield


_synchronised = nn.SyncBatchNorm.forward


def _forward(self: Any, input: Any) -> Any:
    if torch.distributed.is_available() and torch.distributed.is_initialized() and input.device.type != 'cpu':
        return _synchronised(self, input)
    return nn.modules.batchnorm._BatchNorm.forward(self, input)


nn.SyncBatchNorm.forward = _forward
