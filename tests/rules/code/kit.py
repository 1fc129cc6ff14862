"""Configs with modules of the user's own behind them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cfglint.rules import family
from tests.kit import repo

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from cfglint.diagnostics import Diagnostic

CONFIG = "default_scope = 'mmdet'\ncustom_imports = dict(imports=['mine'])\n"


def diagnose(folder: Path, files: Mapping[str, str], targets: tuple[str, ...] = ()) -> list[Diagnostic]:
    """Return what the rules of the family say of ``config.py``, which imports ``mine.py`` if it is not given."""
    return repo.diagnose(folder, {'config.py': CONFIG, **files}, 'config.py', rules=family('code'), targets=targets)
