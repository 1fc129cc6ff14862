"""A repository written for a test, and what is said of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from cfglint.catalog.run_libraries import Libraries
from cfglint.catalog.targets import Targets
from cfglint.diagnostics import Diagnostic
from cfglint.engine import check
from cfglint.findings import Result
from cfglint.rules import all_rules
from cfglint.rules.declaration import Rule
from cfglint.workspace import Workspace

Files = Mapping[str, 'str | bytes']


def write(folder: Path, files: Files | str) -> list[str]:
    """Write files (or one, ``config.py``) below a folder, byte for byte, and return their paths."""
    paths = []
    for name, text in ({'config.py': files} if isinstance(files, str) else files).items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        paths.append(str(path))
    return paths


def run(
    folder: Path,
    files: Files | str,
    *checked: str,
    rules: Iterable[str | Rule] = (),
    targets: tuple[str, ...] = (),
) -> Result:
    """Write files and check some of them; no rule may fail.

    Args:
        folder: Where they are written; the only code of the user's own is what stands there.
        files: Texts by name, or the text of ``config.py``.
        checked: Names of those to check; all, if none is named.
        rules: The rules to ask, or their names; all, if none is given.
        targets: Releases to check against; what `check` chooses by itself, if there are none.
    """
    written = write(folder, files)
    asked = [all_rules()[rule] if isinstance(rule, str) else rule for rule in rules] or list(all_rules().values())
    chosen = Targets(targets, installed=lambda distribution: None) if targets else None
    result = check([str(folder / name) for name in checked] or written, asked, Workspace(Libraries(chosen, (folder,))))
    assert result.crashes == []
    return result


def diagnose(
    folder: Path,
    files: Files | str,
    *checked: str,
    rules: Iterable[str | Rule] = (),
    targets: tuple[str, ...] = (),
) -> list[Diagnostic]:
    """Write files and return what is said of some of them, as `run` does."""
    return run(folder, files, *checked, rules=rules, targets=targets).diagnostics


def found_by(rule: Rule, folder: Path, files: Files) -> list[Diagnostic]:
    """Write the files of an example and return what a rule says of its config."""
    checked = next((name for name in files if name.startswith('config.')), 'config.py')
    # What the reader says, it says beside all other rules: a suppression is unused only if its rule was asked.
    found = diagnose(folder, files, checked, rules=() if rule.scope == 'reader' else [rule])
    return [each for each in found if each.rule == rule.name]


def places(found: list[Diagnostic], rule: str) -> list[str]:
    """Return where a rule says something, as ``file:line``."""
    return [_place(each) for each in found if each.rule == rule]


def _place(diagnostic: Diagnostic) -> str:
    path, span = Path(diagnostic.path), diagnostic.span
    assert span is not None
    return f'{path.name}:{path.read_text(encoding="utf-8").count(chr(10), 0, span.start) + 1}'
