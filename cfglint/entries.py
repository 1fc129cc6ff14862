"""Entries of caches: written whole, and read only if they are what was written under their name.

The check tells of what is cut, damaged, or an entry of another name. It tells nothing of one that somebody made: whoever can
write into the folder could read a key that lay there, too. So it is used only if nobody but the user can write to it.
"""

from __future__ import annotations

import os
from contextlib import suppress

from cfglint import files

_CHECK = 32
"""Characters of a check."""


def digest_of(data: bytes) -> str:
    """Return a digest of data."""
    import hashlib  # takes as long as a third of all rules, and many a run asks for no answer

    return hashlib.sha256(data).hexdigest()[:_CHECK]


def load(path: str, limit: int = files.MAX_TEXT_FILE) -> bytes:
    """Return what was saved in an entry.

    Raises:
        OSError: There is none, or none that can be read.
        ValueError: It is not what was saved.
    """
    check, _, data = files.contents(path, limit, follow=False).partition(b'\n')
    if check != _check(path, data):
        raise ValueError('the entry is damaged')
    return data


def save(path: str, data: bytes) -> None:
    """Write an entry, whole or not at all.

    Raises:
        OSError: It cannot be written.
    """
    temporary = f'{path}.{os.getpid()}.tmp'
    try:
        _make_folder(os.path.dirname(path))
        with open(temporary, 'wb') as file:
            file.write(_check(path, data) + b'\n' + data)
        os.replace(temporary, path)
    except OSError:
        with suppress(OSError):
            os.unlink(temporary)
        raise


def _make_folder(path: str) -> None:
    """Make a folder, and those above it, that only the user can write to: as the specification of XDG's folders wants it."""
    if not os.path.isdir(path):
        _make_folder(os.path.dirname(path))
        with suppress(FileExistsError):
            os.mkdir(path, 0o700)


def _check(path: str, data: bytes) -> bytes:
    return digest_of(os.fsencode(os.path.basename(path)) + b'\n' + data).encode()
