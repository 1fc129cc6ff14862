"""Opening files: without waiting, without an end in sight, and only what is a regular file."""

from __future__ import annotations

import errno
import os
import stat

_FLAGS = os.O_RDONLY | getattr(os, 'O_BINARY', 0) | getattr(os, 'O_NONBLOCK', 0) | getattr(os, 'O_NOCTTY', 0)
_NO_FOLLOW = getattr(os, 'O_NOFOLLOW', 0)
MAX_TEXT_FILE = 4 * 1024 * 1024
"""Bytes of a file that a person or a tool writes: settings, requirements, lists."""


class NotRegularError(OSError):
    """What would be read is a folder, a pipe, a device: reading it might block, or never end."""


class TooLargeError(OSError):
    """A file has more bytes than anybody wants of it.

    Attributes:
        size: How many it has, at least.
    """

    def __init__(self, size: int, limit: int) -> None:
        super().__init__(errno.EFBIG, f'it has more than {_amount(limit)}')
        self.size = size


def contents(path: str, limit: int = MAX_TEXT_FILE, *, follow: bool = True, cut: bool = False) -> bytes:
    """Return what a regular file holds.

    Args:
        path: The file.
        limit: How many bytes it may have.
        follow: Whether it may be a symbolic link.
        cut: Whether to return the beginning of a file that has more.

    Raises:
        OSError: It cannot be read (`NotRegularError`, `TooLargeError` and the system's own).
    """
    try:
        handle = os.open(path, _FLAGS if follow else _FLAGS | _NO_FOLLOW)
    except ValueError as error:  # a NUL in the path
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT)) from error
    try:
        # What is opened, not what has the name by now. The kernel's own files say that they are regular and have 0 bytes;
        # those that would block fail.
        status = os.fstat(handle)
        if not stat.S_ISREG(status.st_mode):
            raise NotRegularError(
                errno.EINVAL, f'it is {"a folder" if stat.S_ISDIR(status.st_mode) else "not a regular file"}'
            )
        if status.st_size > limit and not cut:
            raise TooLargeError(status.st_size, limit)
        wanted = min(status.st_size or limit + 1, limit + 1)
        data = os.read(handle, wanted)
        while data and len(data) < wanted and (more := os.read(handle, wanted - len(data))):
            data += more
    finally:
        os.close(handle)
    if len(data) > limit and not cut:
        raise TooLargeError(len(data), limit)
    return data[:limit]


def text(path: str, limit: int = MAX_TEXT_FILE, errors: str = 'strict') -> str:
    """Return the text of a regular file in UTF-8, line ends as `open` gives them.

    Raises:
        OSError: It cannot be read.
        UnicodeDecodeError: It is not UTF-8, and `errors` is strict.
    """
    decoded = contents(path, limit).decode('utf-8', errors)
    return decoded.replace('\r\n', '\n').replace('\r', '\n') if '\r' in decoded else decoded


def reason(error: OSError | UnicodeDecodeError) -> str:
    """Return why a file cannot be read, as the end of a sentence."""
    if isinstance(error, UnicodeDecodeError):
        return 'it is not UTF-8'
    words = error.strerror or type(error).__name__
    return words[:1].lower() + words[1:]


def _amount(size: int) -> str:
    return f'{size >> 20} MB' if size >= 1 << 20 else f'{size >> 10} kB'
