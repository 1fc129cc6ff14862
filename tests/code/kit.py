"""Modules of code, checked and migrated."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cfglint.given_code import GivenCode, python_files
from cfglint.language.source import SourceFile
from cfglint.migrate.code import migrate_code
from cfglint.rules import family
from tests.kit.repo import write

if TYPE_CHECKING:
    from pathlib import Path

    from cfglint.diagnostics import Diagnostic
    from cfglint.migrate.run import Migrated


def given(folder: Path, targets: tuple[str, ...] = ()) -> GivenCode:
    """Return the modules below a folder."""
    return GivenCode.of(python_files([str(folder)]), targets)


def migrated(folder: Path, text: str, targets: tuple[str, ...] = (), name: str = 'own.py') -> Migrated:
    """Return what becomes of a module."""
    write(folder, {name: text})
    results = list(migrate_code(given(folder, targets), family('code')))
    return next(each for each in results if each.path == str(folder / name))


def diagnose(folder: Path, text: str, targets: tuple[str, ...] = ()) -> list[Diagnostic]:
    """Return what is said of a module."""
    write(folder, {'own.py': text})
    path = str(folder / 'own.py')
    return given(folder, targets).diagnose(path, SourceFile(path, text), family('code'))


def rows(diagnostics: list[Diagnostic], text: str) -> set[int]:
    """Return the lines that diagnostics and their related places cover."""
    source = SourceFile('own.py', text)
    spans = [span for each in diagnostics for span in (each.span, *(other.span for other in each.related)) if span]
    return {
        row
        for span in spans
        for row in range(source.location(span.start).row, source.location(max(span.start, span.end - 1)).row + 1)
    }
