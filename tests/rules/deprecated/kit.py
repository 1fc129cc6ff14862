"""What the tests of this family share: lint a few files, apply fixes."""

from __future__ import annotations

import ast
import re
from pathlib import Path

from cfglint.diagnostics import Applicability, Diagnostic, Fix, Severity
from cfglint.language.loader import Loader
from cfglint.language.values import Table
from cfglint.rules import family
from tests.kit import repo
from tests.kit.repo import write


def diagnose(folder: Path, files: dict[str, str] | str) -> list[Diagnostic]:
    """Return all that the family says about some files."""
    return repo.diagnose(folder, files, rules=family('deprecated'))


def found(diagnostics: list[Diagnostic], key: str) -> Diagnostic:
    """Return the one diagnostic of a key."""
    chosen = [each for each in diagnostics if each.key == key and each.rule != 'legacy-config']
    assert len(chosen) == 1, [(diagnostic.key, diagnostic.message) for diagnostic in diagnostics]
    return chosen[0]


def serious(diagnostics: list[Diagnostic]) -> list[tuple[str, str]]:
    """Return the rules and keys of what would fail a run."""
    return [(each.rule, each.key or '') for each in diagnostics if each.severity >= Severity.WARNING]


def fixed(
    folder: Path, files: dict[str, str] | str, trust: Applicability, rules: tuple[str, ...] = ()
) -> dict[str, str]:
    """Apply all fixes of at least `trust` (of some rules) once and return the files."""
    texts = {'config.py': files} if isinstance(files, str) else dict(files)
    diagnostics = diagnose(folder, texts)
    done: set[Fix] = set()
    for diagnostic in sorted(diagnostics, key=Diagnostic.sort_key, reverse=True):
        if diagnostic.fix is None or diagnostic.fix.applicability < trust or (rules and diagnostic.rule not in rules):
            continue
        if diagnostic.fix in done:
            continue  # two keys that become one section are rewritten at once
        done.add(diagnostic.fix)
        for edit in sorted(diagnostic.fix.edits, key=lambda edit: edit.span.start, reverse=True):
            name = str(Path(edit.span.path).relative_to(folder))
            texts[name] = texts[name][: edit.span.start] + edit.content + texts[name][edit.span.end :]
    return texts


def resolved(folder: Path, files: dict[str, str] | str, name: str = 'config.py') -> Table:
    """Return what a config resolves to."""
    write(folder, files)
    return Loader().load(str(folder / name)).table


def advised(diagnostic: Diagnostic) -> str:
    """Return what a diagnostic says to do, the code on one line; the code parses."""
    assert diagnostic.advice is not None and len(diagnostic.message) <= 120
    ast.parse(diagnostic.advice.code or '')
    code = re.sub(r'(?<=[(\[]) | (?=[)\]])|,(?= \])', '', re.sub(r'\s+', ' ', diagnostic.advice.code or ''))
    return f'{diagnostic.advice.text} {code}'
