"""The memory of all tensors that live, and the most that it was in each stage: what a device would have to hold."""

from __future__ import annotations

import functools
import weakref
from typing import TYPE_CHECKING, Any

import torch
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_flatten

if TYPE_CHECKING:
    from .stages import Stages


class Footprint(TorchDispatchMode):
    """While it is entered, every tensor counts that an operation makes, until it is freed; a shared storage counts once.

    Before torch 2.1, storages are not followed, and nothing is known.
    """

    def __init__(self, stages: Stages) -> None:
        super().__init__()
        self.live = 0
        self.peaks: dict[str, int] = {}
        """By stage."""
        self._stages = stages
        self._held: dict[int, Any] = {}

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        result = func(*args, **(kwargs or {}))
        for value in tree_flatten(result)[0]:
            if isinstance(value, torch.Tensor) and value.layout is torch.strided:
                self._note(value)
        return result

    def start(self) -> None:
        """Forget how much there was at most until now."""
        self.peaks.clear()

    def _note(self, tensor: Any) -> None:
        storage = tensor.untyped_storage()
        address = storage._cdata
        if address not in self._held:
            size = int(storage.nbytes())
            self._held[address] = weakref.ref(storage, functools.partial(self._forget, address, size))
            self.live += size
            stage = self._stages.current
            self.peaks[stage] = max(self.peaks.get(stage, 0), self.live)

    def _forget(self, address: int, size: int, _: Any) -> None:
        self._held.pop(address, None)
        self.live -= size
