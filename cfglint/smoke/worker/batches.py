"""Whether batches come, and would come in the size that the config asks for."""

from __future__ import annotations

import contextlib
import functools
from typing import TYPE_CHECKING, Any

from . import stages
from .failure import Unhealthy

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .overrides import Changes

KEY = 'train_dataloader.batch_size'


def no_silent_end() -> None:
    """Make `StopIteration` in a dataset or a transform an error: the loop takes it for the end of the epoch."""
    from torch.utils.data._utils.fetch import _MapDatasetFetcher

    original = _MapDatasetFetcher.fetch

    @functools.wraps(original)
    def fetch(self: Any, index: Any) -> Any:
        try:
            return original(self, index)
        except StopIteration as error:
            text = 'StopIteration while a sample is read: the training loop takes it for the end of the epoch'
            raise Unhealthy(text, stages.DATASET) from error

    _MapDatasetFetcher.fetch = fetch


def as_in_worker() -> None:
    """Let datasets read as in the only worker, where the config asks for some: they may look at who they are.

    Not the function that puts samples together: torch would make its tensors in the shared memory.
    """
    from torch.utils.data._utils import fetch, worker

    def inside(method: Any) -> Any:
        @functools.wraps(method)
        def wrapper(self: Any, *args: Any) -> Any:
            dataset = args[0] if args and not hasattr(self, 'dataset') else self.dataset
            info = worker.WorkerInfo(id=0, num_workers=1, seed=0, dataset=dataset)
            with _worker_info(worker, info):
                result = method(self, *args)
            if method.__name__ == '__init__':
                self.collate_fn = outside(self.collate_fn)
            return result

        return wrapper

    def outside(collate: Any) -> Any:
        def wrapper(*args: Any) -> Any:
            with _worker_info(worker, None):
                return collate(*args)

        return wrapper

    for kind in (fetch._MapDatasetFetcher, fetch._IterableDatasetFetcher):
        kind.__init__, kind.fetch = inside(kind.__init__), inside(kind.fetch)


@contextlib.contextmanager
def _worker_info(worker: Any, info: Any) -> Iterator[None]:
    """Set who torch says that the process is, for a while."""
    before, worker._worker_info = worker._worker_info, info
    try:
        yield
    finally:
        worker._worker_info = before


def check_batches(runner: Any, changes: Changes) -> None:
    """Raise if the samples are too few for one batch of the size that the config asks for, where such are dropped.

    Raises:
        Unhealthy: They are too few.
    """
    from mmengine.dataset import DefaultSampler
    from torch.utils.data import SequentialSampler

    loader = getattr(getattr(runner, '_train_loop', None), 'dataloader', None)
    asked = next((change['old'] for change in changes.listed if change['key'] == KEY), None)
    size = asked if isinstance(asked, int) else getattr(loader, 'batch_size', None)
    sampler: Any = getattr(loader, 'sampler', None)
    if size is None or not getattr(loader, 'drop_last', False):
        return
    # Other samplers may go round endlessly.
    if type(sampler) not in (DefaultSampler, SequentialSampler):
        return
    samples = len(sampler)
    if samples < size:
        text = f'{samples} samples are no batch of {size}, and `drop_last` drops them: no iteration would run'
        raise Unhealthy(text, stages.DATALOADER, 'train_dataloader.drop_last')
