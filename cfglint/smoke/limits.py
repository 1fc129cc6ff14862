"""What the machine has, and what a job takes of it: memory that the kernel found short, room on the disk."""

from __future__ import annotations

import os
import re
import shutil
import time
from pathlib import Path

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


def _size(folder: str) -> int:
    total = 0
    for path, _, names in os.walk(folder):
        for name in names:
            try:
                total += os.lstat(os.path.join(path, name)).st_blocks * 512
            except OSError:
                continue  # it is gone already
    return total
