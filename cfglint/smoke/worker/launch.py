"""Runs a command, and ends all that came of it once the parent is gone: a launcher of ranks would live on."""

from __future__ import annotations

import os
import select
import shutil
import subprocess
from typing import Sequence

from . import guard

POLL_SECONDS = 0.2


def launch(parent: int, folder: str | None, command: Sequence[str]) -> int:
    """Run `command` to its end, or to that of the parent; returns its exit code.

    Args:
        parent: A pipe that the parent holds open.
        folder: What to remove if the parent is gone.
        command: The command.
    """
    guard.adopt_orphans()
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL)
    gone = False
    try:
        while process.poll() is None and not gone:
            ready, _, _ = select.select([parent], [], [], POLL_SECONDS)
            gone = bool(ready) and not os.read(parent, 1)
    finally:
        guard.kill_descendants(os.getpid())
    if gone and folder is not None:
        shutil.rmtree(folder, ignore_errors=True)
    return process.returncode or 0
