"""Writing a migrated tree: all of its files, or none."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from cfglint import files
from cfglint.fixing.writing import write
from cfglint.language.source import SourceFile
from cfglint.report.sources import shown
from cfglint.usage import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cfglint.migrate.run import Migrated


def write_in_place(results: Sequence[Migrated], files: Sequence[str], folders: Sequence[str]) -> None:
    """Replace the files that change.

    Args:
        results: What became of the files.
        files: The files that were given, or found below the folders.
        folders: The folders that were given.

    Raises:
        UsageError: A file was changed meanwhile, cannot be written, or was not given; nothing is written.
    """
    changed = [result for result in results if result.changed]
    given = {*map(os.path.realpath, files)}
    roots = [os.path.realpath(folder) for folder in folders]
    for result in changed:
        target = os.path.realpath(result.path)
        if os.path.islink(result.path) and not any(is_within(target, root) for root in roots):
            raise UsageError(
                f'`{shown(result.path)}` is a link out of the folders that were given; nothing was written'
            )
        if target not in given and not any(is_within(target, root) for root in roots):
            raise UsageError(f'`{shown(result.path)}` would change too: name it, or its folder; nothing was written')
    write(
        {result.path: SourceFile(result.path, result.text) for result in changed},
        {result.path: SourceFile(result.path, result.before) for result in changed},
    )


def write_tree(results: Sequence[Migrated], output: str, folders: Sequence[str]) -> None:
    """Write all files that could be read below a folder, at the same places relative to each other.

    Raises:
        UsageError: There is another file at one of the places, or it cannot be written; nothing is written.
    """
    readable = [result for result in results if result.before or result.text]
    places = [*folders, *(os.path.dirname(result.path) for result in readable)]
    root = os.path.commonpath(places) if places else os.getcwd()
    inside = os.path.realpath(output)
    texts = {os.path.join(output, os.path.relpath(result.path, root)): result.text for result in readable}
    for place, text in texts.items():
        if not is_within(os.path.realpath(place), inside):
            raise UsageError(f'`{place}` is behind a link out of `{output}`; nothing was written')
        if os.path.lexists(place) and _content(place) != text.encode():
            raise UsageError(f'`{place}` is there already; choose an empty folder; nothing was written')
    made: list[str] = []
    try:
        for place, text in texts.items():
            if not os.path.lexists(place):
                _create(place, text, made)
    except OSError as error:
        for each in reversed(made):
            os.rmdir(each) if os.path.isdir(each) else os.unlink(each)
        words = (error.strerror or type(error).__name__).lower()
        raise UsageError(f'cannot write `{place}`: {words}; nothing was written') from None


def is_within(path: str, folder: str) -> bool:
    """Tell whether a path is a folder or below it; both are real paths."""
    return path == folder or path.startswith(folder.rstrip(os.sep) + os.sep)


def _content(path: str) -> bytes | None:
    try:
        return files.contents(path)
    except OSError:
        return None


def _create(place: str, text: str, made: list[str]) -> None:
    """Create a file and the folders that it needs; note each."""
    missing = []
    folder = os.path.dirname(place)
    while folder and not os.path.isdir(folder):
        missing.append(folder)
        folder = os.path.dirname(folder)
    for each in reversed(missing):
        os.mkdir(each)
        made.append(each)
    with open(place, 'x', encoding='utf-8', newline='') as file:
        made.append(place)
        file.write(text)
