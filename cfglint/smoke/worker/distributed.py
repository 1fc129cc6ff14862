"""One rank of a distributed run: the process group, and what a CPU needs for it."""

from __future__ import annotations

import contextlib
import functools
import os
from typing import TYPE_CHECKING, Any, Iterator

import torch.distributed

from . import stages
from .failure import Unhealthy, Unsupported

if TYPE_CHECKING:
    from .observe import Observer


def join(options: dict[str, Any]) -> None:
    """Join the group that torchrun has prepared, or a pretended one. On CUDA, the Runner joins a real one by itself."""
    on_cpu = options['device'] == 'cpu'
    if options.get('fake_ranks'):
        _pretend(int(options['fake_ranks']))
    elif on_cpu:
        torch.distributed.init_process_group('gloo')
    if on_cpu:
        _accept_cpu_modules()


def _pretend(ranks: int) -> None:
    """Be the first of many ranks, in a group whose exchanges do nothing.

    Raises:
        Unsupported: This torch has no such group.
    """
    try:
        from torch.testing._internal.distributed.fake_pg import FakeStore
    except ImportError:
        raise Unsupported('--fake needs torch 2.1 or newer') from None
    os.environ.update(RANK='0', LOCAL_RANK='0', WORLD_SIZE=str(ranks), LOCAL_WORLD_SIZE=str(ranks))
    os.environ.update(MASTER_ADDR='127.0.0.1', MASTER_PORT='29500')
    torch.distributed.init_process_group('fake', rank=0, world_size=ranks, store=FakeStore())
    _exchange_nothing()


def _accept_cpu_modules() -> None:
    """MMEngine always names a GPU for DistributedDataParallel, which then refuses a module on the CPU; and none for shards."""
    from torch.distributed.fsdp import FullyShardedDataParallel
    from torch.nn.parallel import DistributedDataParallel

    _give(DistributedDataParallel, device_ids=None)
    _give(FullyShardedDataParallel, device_id=torch.device('cpu'))


def _give(wrapper: Any, **arguments: Any) -> None:
    """Let a class be built with some arguments, whatever else is given for them."""
    original = wrapper.__init__

    @functools.wraps(original)
    def __init__(self: Any, module: Any, **kwargs: Any) -> None:
        original(self, module, **{**kwargs, **arguments})

    wrapper.__init__ = __init__


def _exchange_nothing() -> None:
    """Let gradients be as they are: what a pretended group answers is nothing that DistributedDataParallel takes."""
    from torch.distributed.algorithms.ddp_comm_hooks.debugging_hooks import noop_hook
    from torch.nn.parallel import DistributedDataParallel

    original = DistributedDataParallel.__init__

    @functools.wraps(original)
    def __init__(self: Any, *args: Any, **kwargs: Any) -> None:
        original(self, *args, **kwargs)
        self.register_comm_hook(None, noop_hook)

    DistributedDataParallel.__init__ = __init__


def without_sync_batchnorm(model: Any) -> Any:
    """Synchronised batch normalisation has no CPU version."""
    from mmengine.model import revert_sync_batchnorm

    return revert_sync_batchnorm(model)


@contextlib.contextmanager
def unequal_shards_kept(model: Any) -> Iterator[None]:
    """Let no rank send its shards to the others: MMEngine does after the weights are made, and gloo ends a rank for it.

    The shards of a parameter are of different sizes, and none of them is what another rank has to hold.
    """
    from mmengine.runner import runner

    original = runner.broadcast
    if is_sharded(model):
        runner.broadcast = lambda *args, **kwargs: None
    try:
        yield
    finally:
        runner.broadcast = original


def check_ranks(observer: Observer, model: Any) -> None:
    """Raise if the ranks have not got the same parameters after the step; shards differ by nature."""
    if is_sharded(model):
        return
    own = [record.snapshot.sums for record in observer.records if record.snapshot is not None]
    everyone: list[Any] = [None] * torch.distributed.get_world_size()
    torch.distributed.all_gather_object(everyone, own)
    for record, digests in zip(observer.records, zip(*everyone)):
        if any(digest != digests[0] for digest in digests):
            raise Unhealthy('after the step, the ranks have different parameters', stages.STEP, record.name)


def is_sharded(model: Any) -> bool:
    """Whether ranks hold parts of the parameters: FullyShardedDataParallel's, or distributed tensors."""
    from torch.distributed.fsdp import FullyShardedDataParallel

    wrapped = any(isinstance(module, FullyShardedDataParallel) for module in model.modules())
    return wrapped or any(hasattr(parameter, 'to_local') for parameter in model.parameters())
