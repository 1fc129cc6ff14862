"""One rank of a distributed run: the process group, and what a CPU needs for it."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

from . import stages
from .failure import Unhealthy

if TYPE_CHECKING:
    from .observe import Observer


def join(job: dict[str, Any]) -> None:
    """Join the group that torchrun has prepared. On CUDA, the Runner does it by itself."""
    if job['options']['device'] == 'cpu':
        import torch.distributed

        torch.distributed.init_process_group('gloo')
        _accept_cpu_modules()


def _accept_cpu_modules() -> None:
    """MMEngine always names a GPU for DistributedDataParallel, which then refuses a module on the CPU."""
    from torch.nn.parallel import DistributedDataParallel

    original = DistributedDataParallel.__init__

    @functools.wraps(original)
    def __init__(self: Any, module: Any, device_ids: Any = None, *args: Any, **kwargs: Any) -> None:
        original(self, module, None, *args, **kwargs)

    DistributedDataParallel.__init__ = __init__


def without_sync_batchnorm(model: Any) -> Any:
    """Synchronised batch normalisation has no CPU version."""
    from mmengine.model import revert_sync_batchnorm

    return revert_sync_batchnorm(model)


def check_ranks(observer: Observer) -> None:
    """Raise if the ranks have not got the same parameters after the step."""
    import torch.distributed

    own = [record.snapshot.sums for record in observer.records if record.snapshot is not None]
    everyone: list[Any] = [None] * torch.distributed.get_world_size()
    torch.distributed.all_gather_object(everyone, own)
    for record, digests in zip(observer.records, zip(*everyone)):
        if any(digest != digests[0] for digest in digests):
            raise Unhealthy('after the step, the ranks have different parameters', stages.STEP, record.name)
