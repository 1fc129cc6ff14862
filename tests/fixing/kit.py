"""What the tests of fixes share: a tree of files, fixed with all rules."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from cfglint.check import CarefulLoader, collect, conclude
from cfglint.diagnostics import Applicability
from cfglint.fixing.run import Fixed, fix
from cfglint.fixing.verify import Checks
from cfglint.rules import all_rules
from cfglint.rules.context import Shared
from cfglint.rules.libraries import Libraries

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from cfglint.rules.rule import Rule


class Tree(NamedTuple):
    """What became of a tree."""

    folder: Path
    done: Fixed

    def text(self, name: str) -> str:
        """Return the text of a file after the fixes."""
        path = str(self.folder / name)
        return self.done.texts[path].text if path in self.done.texts else (self.folder / name).read_text()


def write(folder: Path, files: dict[str, str]) -> None:
    """Write files below a folder."""
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding='utf-8')


def checks_of(folder: Path, rules: Sequence[Rule]) -> Checks:
    """Return how to check the configs of a folder."""
    libraries = Libraries(roots=(folder,))
    return Checks(
        lambda paths, texts: collect(paths, rules, CarefulLoader(texts), shared=Shared(libraries, texts)),
        lambda collected, texts: conclude(collected, rules, CarefulLoader(texts), shared=Shared(libraries, texts)),
    )


def fixed(
    folder: Path,
    files: dict[str, str],
    trust: Applicability = Applicability.UNSAFE,
    named: Sequence[str] = (),
    rules: Sequence[Rule] = (),
) -> Tree:
    """Write files, and fix in memory those that are named, or all, with some rules, or all."""
    write(folder, files)
    paths = sorted(str(folder / name) for name in named or files)
    checks = checks_of(folder, rules or list(all_rules().values()))
    result = checks.conclude(checks.collect(paths, {}), {})
    return Tree(folder, fix(result, paths, checks, [folder], trust))
