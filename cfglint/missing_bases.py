"""What to do about a base that is missing, where a library ships a config of that path."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, Final

from cfglint.diagnostics import Advice
from cfglint.language.bases import PACKAGES
from cfglint.sections.table import LEGACY_KEYS

if TYPE_CHECKING:
    from cfglint.language.source import SourceFile

_SHIPPED: Final = 'it is a config of '
_SHOWN: Final = 3
_OTHER: Final = re.compile(
    rf'^(?:(?:{"|".join(sorted(LEGACY_KEYS - {"optimizer", "seed", "workflow"}))})\s*=|with read_base\()', re.MULTILINE
)
"""What only configs for 0.x and pure-Python ones say: there, no base of a package can be named as `'mmdet::…'`."""


def advice(path: str, source: SourceFile) -> Advice | None:
    """Return what to do about a base that `source` names and that is not at `path`; None where no library has it."""
    from cfglint.catalog.config_paths import shipped  # few configs lack a base

    found = shipped(path, source.text)
    if found is None:
        return None
    names = [f'`{name}`' for name in found.packages[:_SHOWN]]
    owners = f'{", ".join(names[:-1])} and {names[-1]}' if len(names) > 1 else names[0]
    if len(found.packages) > _SHOWN:
        owners = f'{", ".join(names)} and others'
    package = found.packages[0]
    if path.endswith(f'/{package}/configs/{found.path}'):
        return Advice(f'{_SHIPPED}{owners}: copy it there')
    usable = found.modern and package in PACKAGES and len(found.packages) == 1 and not _OTHER.search(source.text)
    code = f"'{package}::{found.path}'" if usable else None
    if _is_elsewhere(path, source):
        return Advice(f'{_SHIPPED}{owners}, on another machine; write', code) if code else None
    words = f"{_SHIPPED}{owners}: put this folder into the library's `configs/`"
    return Advice(f'{words}, or write' if code else words, code)


def is_shipped(advice: Advice | None) -> bool:
    """Tell whether advice about a missing base says that a library has it."""
    return advice is not None and advice.text.startswith(_SHIPPED)


def _is_elsewhere(path: str, source: SourceFile) -> bool:
    """Tell whether a base is at a path that has nothing to do with where its child is: it was written as absolute."""
    return path in source.text and os.path.isabs(path)
