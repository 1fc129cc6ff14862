"""Which era the Python of a repository is written for: what it imports of mmcv tells, where nothing is required."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cfglint.requirements.model import Reader

_LEGACY: Final = re.compile(
    r'^[ \t]*(?:(?:from|import)[ \t]+mmcv\.(?:runner|parallel|engine)\b'
    r'|from[ \t]+mmcv(?:\.utils)?[ \t]+import[^\n#]*\b(?:Config|ConfigDict|Registry|build_from_cfg)\b)',
    re.MULTILINE,
)
"""What mmcv 2.0.0 gave up to MMEngine."""
_MODERN: Final = re.compile(r'^[ \t]*(?:from|import)[ \t]+mmengine\b', re.MULTILINE)
_MAX_FILES: Final = 2_000


def is_written_for_legacy(modules: Iterable[str], reader: Reader) -> bool:
    """Tell whether modules import what only mmcv 1.x has, and none of them imports MMEngine.

    Only modules of packages count: a config or a script imports for itself.

    Args:
        modules: The paths of Python files.
        reader: Reads files.
    """
    is_legacy, packages, left = False, dict[str, bool](), _MAX_FILES
    for path in modules:
        folder = os.path.dirname(path)
        if folder not in packages:
            packages[folder] = os.path.isfile(os.path.join(folder, '__init__.py'))
        if not packages[folder]:
            continue
        text = reader.text(path) or ''
        if 'mmengine' in text and _MODERN.search(text):
            return False
        is_legacy = is_legacy or ('mmcv' in text and bool(_LEGACY.search(text)))
        left -= 1
        if not left:
            break
    return is_legacy
