"""What git knows of a work tree: its ignore files and the files that it tracks. Read without git; nothing is run."""

from __future__ import annotations

import os
from bisect import bisect_left
from functools import cached_property

from cfglint.files import contents
from cfglint.patterns import Patterns, lines_of

_MAX_IGNORE_FILE = 4 * 1024 * 1024
_MAX_INDEX = 64 * 1024 * 1024
"""Bytes of an index: enough for half a million files."""
_EXPANDED = 8
"""How many times as long as the index its paths may be: version 4 leaves out what a path shares with the one before."""
_ENTRY = 62
"""The bytes of an entry of the index before its path, with a SHA-1."""
_EXTENDED = 0x4000
_LONG_NAME = 0xFFF


class Repository:
    """A work tree.

    Args:
        root: The folder that holds ``.git``.
    """

    def __init__(self, root: str) -> None:
        self.root = root
        self._folder = _git_folder(root)
        self._common = os.path.join(self._folder, _first_line(os.path.join(self._folder, 'commondir')) or '')

    def excludes(self) -> tuple[Patterns, ...]:
        """Return the patterns of ``.git/info/exclude``."""
        return ignore_file(self.root, os.path.join(self._common, 'info', 'exclude'), follow=True)

    def tracks(self, path: str, *, is_folder: bool = False) -> bool:
        """Tell whether git tracks a file, or something in a folder."""
        relative = os.fsencode(os.path.relpath(path, self.root).replace(os.sep, '/'))
        # Most of what is ignored is not tracked: then its name is nowhere in an index that holds names as they are.
        if self._holds_whole_names and relative not in self._index:
            return False
        at = bisect_left(self._files, relative)
        if at < len(self._files) and self._files[at] == relative:  # a submodule is an entry without files
            return True
        inside = relative + b'/'
        at = bisect_left(self._files, inside)
        return is_folder and at < len(self._files) and self._files[at].startswith(inside)

    @cached_property
    def _index(self) -> bytes:
        return _read(os.path.join(self._folder, 'index'), _MAX_INDEX, follow=True)

    @cached_property
    def _holds_whole_names(self) -> bool:
        return self._index[:8] in (b'DIRC\0\0\0\2', b'DIRC\0\0\0\3') and b'link' not in self._index

    @cached_property
    def _files(self) -> list[bytes]:
        name_size = 32 if self._uses_sha256() else 20
        found = _paths(self._index, name_size)
        shared = _shared_index(self._index, name_size)
        if shared is not None:
            base = _read(os.path.join(self._folder, f'sharedindex.{shared}'), _MAX_INDEX, follow=True)
            found += _paths(base, name_size)
        return sorted(found)

    def _uses_sha256(self) -> bool:
        settings = _read(os.path.join(self._common, 'config'), _MAX_IGNORE_FILE, follow=True).lower()
        return b'objectformat' in settings and b'sha256' in settings


def repository_of(folder: str) -> Repository | None:
    """Return the repository that a folder belongs to, None if there is none."""
    while not os.path.exists(os.path.join(folder, '.git')):
        parent = os.path.dirname(folder)
        if parent == folder:
            return None
        folder = parent
    return Repository(folder)


def ignore_file(folder: str, path: str, *, follow: bool = False) -> tuple[Patterns, ...]:
    """Return the patterns of an ignore file, relative to `folder`; none if git does not read the file either.

    Git follows no link that is named ``.gitignore``.
    """
    data = _read(path, _MAX_IGNORE_FILE, follow=follow)
    return (Patterns(folder, lines_of(data)),) if data else ()


def _git_folder(root: str) -> str:
    """Return the folder that ``.git`` is, or that it names: in a work tree of its own, or a submodule."""
    path = os.path.join(root, '.git')
    if os.path.isdir(path):
        return path
    line = _first_line(path)
    return os.path.join(root, line.removeprefix('gitdir:').strip()) if line.startswith('gitdir:') else path


def _first_line(path: str) -> str:
    return os.fsdecode(_read(path, _MAX_IGNORE_FILE, follow=True)).partition('\n')[0].strip()


def _read(path: str, limit: int, *, follow: bool) -> bytes:
    """Return what a regular file holds, nothing for all else: a pipe would block, a device would never end."""
    try:
        return contents(path, limit, follow=follow)
    except OSError:
        return b''


def _paths(index: bytes, name_size: int) -> list[bytes]:
    """Return the paths of an index (git's ``index-format``, versions 2 to 4); those before a defect, if it has one."""
    version, count = int.from_bytes(index[4:8], 'big'), int.from_bytes(index[8:12], 'big')
    if index[:4] != b'DIRC' or not 2 <= version <= 4:
        return []
    found: list[bytes] = []
    at, previous, left = 12, b'', _EXPANDED * len(index)
    for _ in range(count):
        begin, at = at, at + _ENTRY - 20 + name_size
        flags = int.from_bytes(index[at - 2 : at], 'big')
        if flags & _EXTENDED:
            at += 2
        if version == 4:
            dropped, at = _number(index, at)
            end = index.find(b'\0', at)
            path = previous[: len(previous) - dropped] + index[at:end]
        else:
            length = flags & _LONG_NAME
            end = index.find(b'\0', at) if length == _LONG_NAME else at + length
            path = index[at:end]
        left -= len(path)
        if end < 0 or end >= len(index) or left < 0:
            break
        at = end + 1 if version == 4 else begin + (end - begin + 8) // 8 * 8
        found.append(path)
        previous = path
    return found


def _number(data: bytes, at: int) -> tuple[int, int]:
    """Read a number of variable width, as in git's packs; return it, and where it ends."""
    value = 0
    for byte in data[at : at + 10]:
        at += 1
        value = (value << 7) | (byte & 0x7F)
        if not byte & 0x80:
            break
        value += 1
    return value, at


def _shared_index(index: bytes, name_size: int) -> str | None:
    """Return the name of the shared index of a split index, None if it is not split."""
    at = index.rfind(b'link')
    if at == -1:
        return None
    name = index[at + 8 : at + 8 + name_size]
    return name.hex() if any(name) else None
