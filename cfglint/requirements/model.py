"""A requirement, and the reading of files that may not be there."""

from __future__ import annotations

import os
from typing import Any, Final, NamedTuple

from cfglint import files

_MAX_SIZE: Final = 1_000_000


class Requirement(NamedTuple):
    """What one line says about a library.

    Attributes:
        name: The distribution as it is written (`mmcv-full`).
        specifier: The versions that fit (`>=3.0,<3.3`), empty for all of them.
        file: Where it is written.
        line: Its line, None where that is not known.
        is_copy: Whether the library itself lies there, in that version, rather than being required.
        era: The era of such a copy, by what it imports (0 or 1); None where that does not tell.
    """

    name: str
    specifier: str
    file: str
    line: int | None
    is_copy: bool = False
    era: int | None = None

    @property
    def words(self) -> str:
        """Return the reason to take a release: ``setup.py:12 requires mmdet>=3.0``."""
        name = os.path.basename(self.file)
        if self.is_copy:
            folder = os.path.basename(os.path.dirname(self.file))
            return f'{folder}/{name} says {self.specifier.removeprefix("==")}'
        here = os.path.join(os.getcwd(), '')
        if self.file.startswith(here):  # a repository of several projects has several files of that name
            name = self.file.removeprefix(here).replace(os.sep, '/')
        place = name if self.line is None else f'{name}:{self.line}'
        return f'{place} requires {self.name}{self.specifier}'


class Reader:
    """Reads small text files, and notes which ones were looked for.

    Attributes:
        touched: The paths that were looked for, whether they are there or not.
    """

    def __init__(self) -> None:
        self.touched: set[str] = set()

    def text(self, path: str) -> str | None:
        """Return the text of a file, None if there is none, or none that can be read."""
        self.touched.add(path)
        try:
            return files.text(path, _MAX_SIZE, 'replace')
        except OSError:
            return None

    def names(self, folder: str) -> list[str]:
        """Return what a folder holds, sorted; nothing if there is no such folder."""
        self.touched.add(folder)
        try:
            return sorted(os.listdir(folder))
        except (OSError, ValueError):
            return []


def toml(text: str) -> dict[str, Any]:
    """Return what a TOML text says, nothing if it cannot be read."""
    from cfglint.tomls import TomlError, parse

    try:
        return parse(text)
    except TomlError:
        return {}


def line_of(text: str, part: str) -> int | None:
    """Return the line in which a part of a text stands first."""
    at = text.find(part) if part else -1
    return None if at < 0 else text.count('\n', 0, at) + 1
