"""Time and memory of the device."""

from __future__ import annotations

import contextlib
import resource
import sys
import time
from typing import TYPE_CHECKING, Any

import torch

if TYPE_CHECKING:
    from .footprint import Footprint


class Meter:
    """Clocks and memory of one device: `cpu`, `mps`, `cuda` or `cuda:N`."""

    def __init__(self, device: str, footprint: Footprint | None) -> None:
        self.device = device
        self.on_cuda = device.startswith('cuda')
        self.footprint = footprint

    def watching(self) -> Any:
        """Around all that makes tensors."""
        return self.footprint or contextlib.nullcontext()

    def start(self) -> None:
        if self.footprint is not None:
            self.footprint.start()
        if self.on_cuda:
            torch.cuda.reset_peak_memory_stats()

    def now(self) -> float:
        """The time when all that was asked of the device is done."""
        if self.on_cuda:
            torch.cuda.synchronize()
        elif self.device == 'mps':
            torch.mps.synchronize()
        return time.perf_counter()

    def peak(self) -> dict[str, Any]:
        rss = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == 'darwin' else 1024)
        memory: dict[str, Any] = {
            'peak_rss': rss, 'peak_allocated': None, 'peak_reserved': None, 'total': None, 'name': None,
            'peak_live': None if self.footprint is None else self.footprint.peaks,
        }  # fmt: skip
        if self.on_cuda:
            with contextlib.suppress(RuntimeError, AssertionError):  # the device may be what has failed
                self._add_device(memory)
        elif self.device == 'mps':
            memory.update(peak_reserved=torch.mps.driver_allocated_memory(), name='Metal')
        return memory

    @staticmethod
    def _add_device(memory: dict[str, Any]) -> None:
        if torch.cuda.is_initialized():
            memory['peak_allocated'] = torch.cuda.max_memory_allocated()
            memory['peak_reserved'] = torch.cuda.max_memory_reserved()
            properties = torch.cuda.get_device_properties(torch.cuda.current_device())
            memory.update(total=properties.total_memory, name=properties.name)


def select_device(device: str, max_memory: int | None) -> Any:
    """Make MMEngine use `device`. Which GPU `cuda:N` is has been decided by CUDA_VISIBLE_DEVICES already.

    Args:
        device: Its name.
        max_memory: How much of CUDA's memory the run may have, in bytes.
    """
    from mmengine.device import utils

    if device in ('cpu', 'mps'):
        utils.DEVICE = device
    elif not torch.cuda.is_available():
        raise RuntimeError(f'torch {torch.__version__} sees no device any more; use --device cpu to run on the CPU')
    elif max_memory is not None:
        total = torch.cuda.get_device_properties(torch.cuda.current_device()).total_memory
        torch.cuda.set_per_process_memory_fraction(min(1.0, max_memory / total))
    return device
