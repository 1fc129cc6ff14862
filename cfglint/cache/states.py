"""What files hold, told without reading those that look as they did: by their times and sizes, else by their content."""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING

from cfglint import files
from cfglint.entries import digest_of

if TYPE_CHECKING:
    from collections.abc import Iterable

State = tuple[str | None, str]
"""What the system says of a path, None where that cannot be trusted; and a digest of what is there, empty for nothing."""

NAMES = 'names '
"""How a digest of names begins."""
_CONFIGS = ('.py', '.json')
_SETTLED = 2 * 10**9
"""Nanoseconds after which a change of a file is sure to show in its times."""
_TICK = 10**7
"""How much earlier than a change the time may be that most systems note for it, in nanoseconds."""
_SECOND = 10**9
_MAX_BYTES = 64_000_000
"""What is larger is no config: only its times tell of it."""


class States:
    """The states of paths, each looked up once.

    Args:
        began: When the run began, in nanoseconds since the epoch.
    """

    def __init__(self, began: int) -> None:
        self._began = began
        self._contents: dict[str, str] = {}
        self._same: dict[tuple[str, str], bool] = {}

    def take(self, path: str) -> State | None:
        """Return the state of a path, None if it has changed since the run began: nobody knows what the run has read."""
        status = _status(path)
        if status is None:
            return None, ''
        latest = max(status.st_mtime_ns, status.st_ctime_ns)
        tick = _SETTLED if latest % _SECOND == 0 else _TICK  # some systems note whole seconds, or every other one
        if latest > self._began - tick:
            return None
        return _stamp(status) if latest < self._began - _SETTLED else None, self.content(path)

    def is_same(self, path: str, told: str | None, content: str) -> bool:
        """Tell whether a path has the state that it had."""
        known = self._same.get((path, content))
        if known is None:
            status = _status(path)
            known = (status is not None and told == _stamp(status)) or self.content(path) == content
            self._same[path, content] = known
        return known

    def names(self, folder: str) -> str:
        """Return a digest of the names in a folder, but for those of Python files, which may be configs."""
        try:
            names = [name for name in os.listdir(folder) if name != '__pycache__' and not name.endswith(_CONFIGS)]
        except OSError:
            return NAMES
        return f'{NAMES}{digest(sorted(names))}'

    def content(self, path: str) -> str:
        """Return a digest of what a file holds, or of the names in a folder; empty if there is neither."""
        known = self._contents.get(path)
        if known is None:
            known = self._contents[path] = _content(path)
        return known


def digest(parts: Iterable[object]) -> str:
    """Return a digest of what `repr` says of some objects."""
    return digest_of(repr([*parts]).encode('utf-8', 'backslashreplace'))


def _status(path: str) -> os.stat_result | None:
    try:
        return os.stat(path)
    except (OSError, ValueError):  # what cannot be a path is no file
        return None


def _stamp(status: os.stat_result) -> str:
    return f'{status.st_mtime_ns} {status.st_ctime_ns} {status.st_size} {status.st_ino}'


def _content(path: str) -> str:
    status = _status(path)
    if status is None:
        return ''
    try:
        if stat.S_ISDIR(status.st_mode):
            return f'folder {digest(sorted({*os.listdir(path)} - {"__pycache__"}))}'
        if not stat.S_ISREG(status.st_mode) or status.st_size > _MAX_BYTES:
            return f'other {_stamp(status)}'
        return digest_of(files.contents(path, _MAX_BYTES))
    except OSError:
        return 'unreadable'
