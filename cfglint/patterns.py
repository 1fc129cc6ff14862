"""Patterns of files, as in a ``.gitignore``."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable


class Patterns:
    """Patterns that are relative to a folder; the last one that matches decides."""

    def __init__(self, folder: str, lines: Iterable[str]) -> None:
        self.prefix = folder.rstrip(os.sep) + os.sep
        self._rules = list(reversed(_compile(lines)))

    def decide(self, path: str, *, is_folder: bool = False) -> bool | None:
        """Tell whether the path itself matches; None when no pattern says anything about it.

        Git looks at folders first: what lies below a folder that matches is left out whatever other patterns say.
        """
        if not self._rules or not path.startswith(self.prefix):
            return None
        relative = path[len(self.prefix) :].replace(os.sep, '/')
        as_folder = f'{relative}/' if is_folder else relative
        for matches, include, only_below in self._rules:
            if matches(relative if only_below else as_folder):
                return include
        return None

    def match(self, path: str) -> bool:
        """Tell whether the file, or a folder above it, matches."""
        if not self._rules or not path.startswith(self.prefix):
            return False
        end = path.find(os.sep, len(self.prefix))
        while end != -1:
            if self.decide(path[:end], is_folder=True):
                return True
            end = path.find(os.sep, end + 1)
        return bool(self.decide(path))


def _compile(lines: Iterable[str]) -> list[tuple[Callable[[str], Any], bool, bool]]:
    """Return each pattern's test, whether it includes, and whether (``folder/**``) it spares the folder itself."""
    meaningful = [line for line in lines if line.strip() and not line.startswith('#')]
    if not meaningful:
        return []
    # Imported late: most runs have no patterns.
    from pathspec import GitIgnoreSpec

    found = []
    for line, pattern in zip(meaningful, GitIgnoreSpec.from_lines(meaningful).patterns, strict=True):
        if pattern.include is not None and pattern.regex is not None:
            found.append((pattern.regex.match, pattern.include, line.rstrip().endswith('/**')))
    return found
