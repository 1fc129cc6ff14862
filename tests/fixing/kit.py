"""What the tests of fixes share: a tree of files, fixed with all rules."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from cfglint.catalog.run_libraries import Libraries
from cfglint.diagnostics import Applicability
from cfglint.engine import Engine
from cfglint.fixing.run import Fixed, fix
from cfglint.rules import all_rules
from cfglint.workspace import Workspace
from tests.kit.repo import write

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from cfglint.rules.declaration import Rule


class Tree(NamedTuple):
    """What became of a tree."""

    folder: Path
    done: Fixed

    def text(self, name: str) -> str:
        """Return the text of a file after the fixes."""
        path = str(self.folder / name)
        return self.done.texts[path].text if path in self.done.texts else (self.folder / name).read_text()


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
    engine, workspace = Engine(rules or list(all_rules().values())), Workspace(Libraries(roots=(folder,)))
    return Tree(folder, fix(engine.check(workspace, paths), paths, engine, workspace, trust))
