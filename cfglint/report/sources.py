"""The texts that diagnostics point into."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from cfglint.language.errors import ConfigError
from cfglint.language.files import read
from cfglint.language.source import SourceFile

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cfglint.language.places import Location, Span

_NAMED = 3
"""Paths of a list that are named before the rest is counted."""


class Sources:
    """Gives the text of a file, read once; what was changed in memory goes before what is on disk.

    Args:
        changed: Texts in memory, by path.
        root: The folder that paths in reports for other tools are relative to; the repository's if not given.
    """

    def __init__(self, changed: dict[str, SourceFile] | None = None, root: str | None = None) -> None:
        self._known: dict[str, SourceFile] = dict(changed or {})
        self._root = root

    @property
    def root(self) -> str:
        """The root of the repository that the current folder is in, without a slash at the end; else the folder itself."""
        if self._root is None:
            self._root = _repository(os.getcwd())
        return self._root

    def below_root(self, path: str) -> str | None:
        """Return a path as it is below the root, with slashes; None if it is not below."""
        prefix = self.root.rstrip(os.sep) + os.sep
        return path[len(prefix) :].replace(os.sep, '/') if path.startswith(prefix) else None

    def from_root(self, path: str) -> str:
        """Return a path as it is below the root, or the whole path."""
        return self.below_root(path) or path

    def get(self, path: str) -> SourceFile:
        """Return the text of a file; an unreadable one is empty."""
        source = self._known.get(path)
        if source is None:
            try:
                source = read(path)
            except ConfigError as error:
                source = error.source or SourceFile(path, '')
            self._known[path] = source
        return source

    def start(self, span: Span) -> Location:
        """Return where a span starts."""
        return self.get(span.path).location(span.start)

    def end(self, span: Span) -> Location:
        """Return where a span ends."""
        return self.get(span.path).location(span.end)


def shown(path: str) -> str:
    """Return a path as people read it: relative to the current folder when it is below it."""
    folder = os.getcwd()
    prefix = folder if folder.endswith(os.sep) else folder + os.sep
    return path[len(prefix) :] if path.startswith(prefix) else path


def named(paths: Sequence[str], every: bool = False) -> str:
    """Return a list of paths in words, the first three of them unless `every` is set, and how many more there are."""
    some = paths if every or len(paths) <= _NAMED + 1 else paths[:_NAMED]
    words = [f'`{shown(path)}`' for path in some]
    if len(some) < len(paths):
        words.append(f'{len(paths) - len(some)} more configs')
    return words[0] if len(words) == 1 else f'{", ".join(words[:-1])} and {words[-1]}'


def _repository(folder: str) -> str:
    place = folder
    while not os.path.exists(os.path.join(place, '.git')):
        above = os.path.dirname(place)
        if above == place:
            return folder
        place = above
    return place
