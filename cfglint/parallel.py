"""Work on many items in several processes, where that is cheap: by forking."""

from __future__ import annotations

import os
import sys
from bisect import bisect_left
from contextlib import suppress
from functools import partial
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

T = TypeVar('T')
R = TypeVar('R')
S = TypeVar('S')

MIN_ITEMS = 80
"""Items that are worth a process of their own."""
_RUN = 8
"""Items that are worked on without a break: neighbours have much in common."""
_MAX_RUNS = 1000
"""Runs of a share, so that their numbers fit into the smallest pipe that a system gives."""
_NUMBER = 4


def processors() -> int:
    """Return how many processes can work at a time; 1 where starting one costs more than it saves."""
    # Forking is safe and cheap on Linux only.
    return len(os.sched_getaffinity(0)) if sys.platform == 'linux' else 1


def jobs_for(count: int) -> int:
    """Return how many processes should share `count` items."""
    return max(1, min(processors(), 8, count // MIN_ITEMS))


def spread(
    work: Callable[[Sequence[T]], R],
    tell: Callable[[], S],
    items: Sequence[T],
    jobs: int,
    cost: Callable[[T], int] = lambda item: 1,
) -> tuple[list[R], list[S]]:
    """Call `work` with runs of neighbouring items, in several processes.

    Each process has a share of about the same `cost`; one that is done with it goes on with what others have not begun.
    What a process that dies has taken is worked on here. When this one dies, the others begin nothing more.

    Args:
        work: Works on a run. What it returns has to be picklable.
        tell: Returns what a process has to tell when no work is left; picklable, too.
        items: The items.
        jobs: The number of processes, this one included.
        cost: What an item costs, in any unit.

    Returns:
        The results in the order of the items, and what the other processes told.
    """
    shares = _shares(items, jobs, cost)
    runs = [run for share in shares for run in share]
    ends = accumulate(map(len, shares), initial=0)
    queues = [_queue(range(first, end)) for first, end in pairwise(ends)]

    here = os.getpid()

    def done_from(own: int) -> dict[int, R]:
        taken = (number for queue in queues[own:] + queues[:own] for number in _drain(queue))
        return {number: work(runs[number]) for number in taken if own == 0 or os.getppid() == here}

    def share_from(own: int) -> tuple[dict[int, R], S]:
        return done_from(own), tell()

    if jobs > 1:
        import pickle  # noqa: F401 (once, for all processes; a run on few files does without)
    started = [_start(partial(share_from, own)) for own in range(1, jobs)]
    done, told = done_from(0), []
    for _, reader in filter(None, started):
        with os.fdopen(reader, 'rb') as file:
            data = file.read()
        if data:
            more, words = _received(data)
            done.update(more)
            told.append(words)
    for queue in queues:
        os.close(queue)
    for pid, _ in filter(None, started):
        with suppress(ChildProcessError):  # whoever started us may ignore SIGCHLD
            os.waitpid(pid, 0)  # not sooner: a process takes its time to end
    return [done[number] if number in done else work(run) for number, run in enumerate(runs)], told


def _shares(items: Sequence[T], jobs: int, cost: Callable[[T], int]) -> list[list[Sequence[T]]]:
    """Cut items into shares, and each share into runs."""
    spent = list(accumulate(map(cost, items), initial=0))
    cuts = [bisect_left(spent, spent[-1] * index / jobs) for index in range(jobs + 1)]
    length = max(_RUN, -(-len(items) // _MAX_RUNS))
    return [[items[at : min(at + length, end)] for at in range(start, end, length)] for start, end in pairwise(cuts)]


def _queue(numbers: Sequence[int]) -> int:
    """Return a pipe with numbers. Whoever reads one has it for itself, and a reader that dies holds up nobody."""
    reader, writer = os.pipe()
    os.write(writer, b''.join(number.to_bytes(_NUMBER, 'big') for number in numbers))
    os.close(writer)
    return reader


def _drain(queue: int) -> Iterator[int]:
    while number := os.read(queue, _NUMBER):
        yield int.from_bytes(number, 'big')


def _received(data: bytes) -> Any:
    import pickle

    return pickle.loads(data)  # our own process wrote it: this is no data from outside


def _start(work: Callable[[], Any]) -> tuple[int, int] | None:
    """Start a process; return its number, and a pipe with what `work` gives there, or with nothing.

    None where the system does not allow another process.
    """

    reader, writer = os.pipe()
    try:
        pid = os.fork()
    except OSError:
        os.close(reader)
        os.close(writer)
        return None
    if not pid:
        os.close(reader)
        _tell(work, writer)
    os.close(writer)
    return pid, reader


def _tell(work: Callable[[], Any], writer: int) -> NoReturn:
    """Write what `work` gives to a pipe, and end this process; without data, the parent does the work."""
    try:
        import pickle

        data = pickle.dumps(work(), pickle.HIGHEST_PROTOCOL)
        with os.fdopen(writer, 'wb') as file:
            file.write(data)
    finally:
        os._exit(0)  # no clean-up of what belongs to the parent
