"""Configs with modules of the user's own behind them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cfglint.catalog.run_libraries import Libraries
from cfglint.catalog.targets import Targets
from cfglint.engine import check
from cfglint.findings import Result
from cfglint.rules import family
from cfglint.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from cfglint.diagnostics import Diagnostic
    from cfglint.language.source import SourceFile

CONFIG = "default_scope = 'mmdet'\ncustom_imports = dict(imports=['mine'])\n"


def write(folder: Path, files: Mapping[str, str]) -> None:
    """Write files below a folder."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding='utf-8')


def run(folder: Path, targets: tuple[str, ...] = (), changed: Mapping[str, SourceFile] | None = None) -> Result:
    """Ask the rules of the family about ``config.py``."""
    libraries = Libraries(Targets(targets, installed=lambda distribution: None), (folder,))
    return check([str(folder / 'config.py')], family('code'), workspace=Workspace(libraries, changed))


def diagnose(folder: Path, files: Mapping[str, str], targets: tuple[str, ...] = ()) -> list[Diagnostic]:
    """Return what the rules of the family say of ``config.py``, which imports ``mine.py`` if it is not given."""
    write(folder, {'config.py': CONFIG, **files})
    result = run(folder, targets)
    assert result.crashes == []
    return result.diagnostics
