"""The temporary folder of a run; and those that nobody could remove, because all processes of a run were killed at once."""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import tempfile
from pathlib import Path

PREFIX = 'cfglint-smoke-'
_OWNER = 'owner'
"""A file that the process which made the folder keeps locked as long as it lives. It holds the name of its machine."""


class TemporaryFolder:
    """A folder that this process owns. What runs on this machine left behind goes first."""

    def __init__(self) -> None:
        remove_abandoned()
        self.path = Path(tempfile.mkdtemp(prefix=PREFIX))
        self._lock: int | None = None
        with contextlib.suppress(OSError):  # where nothing can be locked, nobody takes the folder for abandoned
            self._own()

    def _own(self) -> None:
        # It gets its name when it is locked: nobody shall find it before.
        new = self.path / f'{_OWNER}.new'
        self._lock = os.open(new, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
        fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        os.write(self._lock, _machine())
        new.rename(self.path / _OWNER)

    def remove(self) -> None:
        """Remove the folder, as far as possible."""
        shutil.rmtree(self.path, ignore_errors=True)
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None


def remove_abandoned() -> None:
    """Remove the folders of this user whose owner was a process of this machine, and has gone."""
    with contextlib.suppress(OSError):
        for entry in list(os.scandir(tempfile.gettempdir())):
            if entry.name.startswith(PREFIX) and entry.is_dir(follow_symlinks=False):
                with contextlib.suppress(OSError):
                    _remove_if_abandoned(entry.path)


def _remove_if_abandoned(folder: str) -> None:
    """Remove a folder, unless it has an owner.

    Raises:
        OSError: It has one, or never had.
    """
    if os.lstat(folder).st_uid != os.getuid():
        return
    lock = os.open(os.path.join(folder, _OWNER), os.O_RDWR | os.O_NOFOLLOW | os.O_NONBLOCK)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        # Machines may share the folder, and know nothing of each other's locks.
        if os.read(lock, 1024) == _machine():
            shutil.rmtree(folder, ignore_errors=True)
    finally:
        os.close(lock)


def _machine() -> bytes:
    return os.fsencode(os.uname().nodename)
