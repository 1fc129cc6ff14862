"""The texts that diagnostics point into."""

from __future__ import annotations

import os

from cfglint.language.errors import ConfigError
from cfglint.language.source import Location, SourceFile, Span, read


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
