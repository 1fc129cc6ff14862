"""A repository written for a test, and what is said of it."""

from __future__ import annotations

from pathlib import Path

from cfglint.catalog.run_libraries import Libraries
from cfglint.diagnostics import Diagnostic
from cfglint.engine import check
from cfglint.rules import all_rules
from cfglint.workspace import Workspace

RULES = list(all_rules().values())


def diagnostics(folder: Path, files: dict[str, str], *checked: str) -> list[Diagnostic]:
    """Write files and return what is said when some of them are checked; all, if none is named."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding='utf-8')
    paths = [str(folder / name) for name in checked or files]
    result = check(paths, RULES, workspace=Workspace(Libraries(roots=(folder,))))
    assert result.crashes == []
    return result.diagnostics


def places(found: list[Diagnostic], rule: str) -> list[str]:
    """Return where a rule says something, as ``file:line``."""
    return [_place(each) for each in found if each.rule == rule]


def _place(diagnostic: Diagnostic) -> str:
    path, span = Path(diagnostic.path), diagnostic.span
    assert span is not None
    return f'{path.name}:{path.read_text(encoding="utf-8").count(chr(10), 0, span.start) + 1}'
