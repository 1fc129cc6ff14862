"""What a smoke run is asked to do."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True)
class Options:
    """Of `cfglint smoke`, one field an option."""

    device: str = 'cuda'
    """`cuda`, `cuda:N`, `mps`, `cpu`, or `auto`: CUDA or Metal where there is one."""
    python: str = sys.executable
    batch_size: int | None = None
    accumulate: int | None = None
    amp: bool | None = None
    cfg_options: tuple[str, ...] = ()
    steps: int = 2
    synthetic: bool = False
    data_root: str | None = None
    val: bool = False
    until: str = 'iteration'
    """`iteration`, or `checkpoint`: the end of an epoch, with validation."""
    small: bool = False
    """Shrink the sizes of images."""
    max_memory: int | None = None
    """In bytes, of the device of the real run."""
    meta: bool = False
    """Build the model without its data, and measure it; nothing is run."""
    allow_downloads: bool = False
    allow_writes: bool = False
    timeout: float = 600.0
    time_budget: float | None = None
    """For all configs together, in seconds."""
    memory_limit: int | None = None
    """In bytes; by default, what the machine has left, shared by the jobs."""
    max_processes: int = 200
    jobs: int = 1
    nproc: int = 1
    """On each node."""
    nnodes: int = 1
    rendezvous: str | None = None
    """`HOST:PORT` of the node where the others meet."""
    fake: bool = False
    """The ranks are pretended: one process, and a group that exchanges nothing."""
    executor: str = 'local'
    """`local`, `ray`, or `ray://ADDRESS`."""
    dedupe: bool = True
    find_batch_size: bool = False
    threads: int | None = None
    folder: Path | None = None
    """Keep what the runs write in this folder, instead of a temporary one."""

    def for_worker(self, device: str) -> dict[str, Any]:
        """The part that the worker reads."""
        return {
            'device': device,
            'batch_size': self.batch_size,
            'accumulate': self.accumulate,
            'amp': self.amp,
            'cfg_options': list(self.cfg_options),
            'steps': self.steps,
            'synthetic': self.synthetic,
            'data_root': self.data_root,
            'val': self.val or self.until == 'checkpoint',
            'until': self.until,
            'small': self.small,
            'max_memory': self.max_memory,
            'fake_ranks': self.nproc * self.nnodes if self.fake else None,
            'meta': self.meta,
            'network': self.allow_downloads,
            'weights': self.allow_downloads,
            'writes': self.allow_writes,
            'threads': self.threads,
        }
