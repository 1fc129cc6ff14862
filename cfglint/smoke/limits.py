"""What the machine has, and what a job takes of it: memory that the kernel found short, room on the disk, shared memory."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import time
from pathlib import Path

from cfglint.smoke.worker.guard import SHARED_MEMORY, descendants

DISK_LIMIT = 10 << 30
"""Bytes that one job may write."""
LOOK_SECONDS = 2.0
_KILLS = re.compile(r'^oom_kill (\d+)$', re.MULTILINE)
_COUNTERS = ('/proc/vmstat', '/sys/fs/cgroup/memory.events')


def memory_kills() -> int | None:
    """Return how many processes the kernel has killed for lack of memory; None where it does not tell."""
    found = []
    for name in _COUNTERS:
        try:
            found += [int(number) for number in _KILLS.findall(Path(name).read_text())]
        except OSError:
            continue
    return sum(found) if found else None


class Disk:
    """Watches what a job writes into its folder.

    Args:
        folder: The folder, which need not be there yet.
    """

    def __init__(self, folder: str) -> None:
        self._folder = folder
        self.limit = min(DISK_LIMIT, shutil.disk_usage(os.path.dirname(folder)).free // 2)
        self._next = time.monotonic() + LOOK_SECONDS

    def excess(self) -> int | None:
        """Return the bytes that the job has written, if they are too many. Looks only once in a while."""
        if time.monotonic() < self._next:
            return None
        self._next = time.monotonic() + LOOK_SECONDS
        size = _size(self._folder)
        return size if size > self.limit else None


class SharedMemory:
    """Follows what the processes of a job make in the shared memory, and removes what they leave: no wall holds C code off it."""

    def __init__(self) -> None:
        self._before = _shared()
        self._made: set[str] = set()

    def look(self, pid: int) -> None:
        """See what a process and those below it have mapped that was not there before the job."""
        if new := _shared() - self._before:
            self._made |= new & set().union(*map(_mapped, [pid, *descendants(pid)]))

    def clear(self) -> None:
        """Remove what was made, once the job has ended, unless another process uses it."""
        if not self._made:
            return
        pids = [int(name) for name in os.listdir('/proc') if name.isdigit()]
        for name in self._made.difference(*map(_mapped, pids)):
            with contextlib.suppress(OSError):
                os.unlink(os.path.join(SHARED_MEMORY, name))
        self._made.clear()


def _shared() -> set[str]:
    return set(os.listdir(SHARED_MEMORY)) if os.path.isdir(SHARED_MEMORY) else set()


def _mapped(pid: int) -> set[str]:
    """The names in the shared memory that a process has mapped; none if it has ended or is not ours."""
    try:
        lines = Path(f'/proc/{pid}/maps').read_text(errors='replace').splitlines()
    except OSError:
        return set()
    return {line.partition(SHARED_MEMORY + '/')[2] for line in lines if SHARED_MEMORY + '/' in line}


def _size(folder: str) -> int:
    total = 0
    for path, _, names in os.walk(folder):
        for name in names:
            try:
                total += os.lstat(os.path.join(path, name)).st_blocks * 512
            except OSError:
                continue  # it is gone already
    return total
