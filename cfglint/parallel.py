"""Work on many items in several processes, where that is cheap: by forking."""

from __future__ import annotations

import os
import sys
from bisect import bisect_left
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

T = TypeVar('T')
R = TypeVar('R')

MIN_ITEMS = 80
"""Items that are worth a process of their own."""


def jobs_for(count: int) -> int:
    """Return how many processes should share `count` items."""
    # Forking is safe and cheap on Linux only; elsewhere starting a process costs more than it saves.
    if sys.platform != 'linux':
        return 1
    return max(1, min(len(os.sched_getaffinity(0)), 8, count // MIN_ITEMS))


def spread(
    work: Callable[[Sequence[T]], R], items: Sequence[T], jobs: int, cost: Callable[[T], int] = lambda item: 1
) -> list[R]:
    """Call `work` with slices of `items`, all but the first in processes of their own; return the results in order.

    The slices are of about the same `cost`. A result has to be picklable. A slice whose process dies is worked on here.
    """
    slices = _slices(items, jobs, cost)
    started = [_start(work, part) for part in slices[1:]]
    results = [work(slices[0])]
    for part, (pid, reader) in zip(slices[1:], started, strict=True):
        with os.fdopen(reader, 'rb') as file:
            data = file.read()
        os.waitpid(pid, 0)
        results.append(_received(data) if data else work(part))
    return results


def _slices(items: Sequence[T], jobs: int, cost: Callable[[T], int]) -> list[Sequence[T]]:
    spent = list(accumulate(map(cost, items), initial=0))
    cuts = [bisect_left(spent, spent[-1] * index / jobs) for index in range(jobs + 1)]
    return [items[start:end] for start, end in pairwise(cuts)]


def _received(data: bytes) -> Any:
    import pickle  # a run on few files does without

    return pickle.loads(data)  # our own process wrote it: this is no data from outside


def _start(work: Callable[[Sequence[T]], R], part: Sequence[T]) -> tuple[int, int]:
    reader, writer = os.pipe()
    pid = os.fork()
    if pid:
        os.close(writer)
        return pid, reader
    try:
        import pickle

        os.close(reader)
        data = pickle.dumps(work(part), pickle.HIGHEST_PROTOCOL)
        with os.fdopen(writer, 'wb') as file:
            file.write(data)
    finally:
        os._exit(0)  # no clean-up of what belongs to the parent; without data, the parent does the work
