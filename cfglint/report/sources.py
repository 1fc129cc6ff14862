"""The texts that diagnostics point into."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from cfglint.language.errors import ConfigError
from cfglint.language.source import Location, SourceFile, Span, read

if TYPE_CHECKING:
    from collections.abc import Sequence

_NAMED = 3
"""Paths of a list that are named before the rest is counted."""


class Sources:
    """Gives the text of a file, read once; what was changed in memory goes before what is on disk."""

    def __init__(self, changed: dict[str, SourceFile] | None = None) -> None:
        self._known: dict[str, SourceFile] = dict(changed or {})

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
