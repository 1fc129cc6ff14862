"""Which era the Python of a repository is written for: what it imports tells, where nothing is required."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from cfglint.requirements.model import Reader

_LEGACY: Final = re.compile(
    r'^[ \t]*(?:(?:from|import)[ \t]+mmcv\.(?:runner|parallel|engine)\b'
    r'|from[ \t]+mmcv(?:\.utils)?[ \t]+import[^\n#]*\b(?:Config|ConfigDict|Registry|build_from_cfg)\b'
    r'|(?:from|import)[ \t]+mm(?:det3d|det|seg|cls|pose|rotate|ocr|edit|track|action|gen)\.core\b'
    r'|from[ \t]+mmdet(?:3d)?\.(?:models|datasets)\.builder\b'
    r'|from[ \t]+mmdet(?:3d)?\.models[ \t]+import[^\n#]*\b(?:BACKBONES|NECKS|HEADS|LOSSES|DETECTORS)\b'
    r'|from[ \t]+mm\w+\.datasets[ \t]+import[^\n#]*\bPIPELINES\b'
    r'|from[ \t]+mm\w+\.apis[ \t]+import[^\n#]*\btrain_(?:detector|segmentor|model)\b)',
    re.MULTILINE,
)
"""What mmcv 2.0.0 gave up to MMEngine, and the libraries with it."""
_MODERN: Final = re.compile(r'^[ \t]*(?:from|import)[ \t]+mmengine\b', re.MULTILINE)
_BASE: Final = re.compile(r'=[ \t]*["\']_base_["\']|\bpop\([ \t]*["\']_base_["\']')
_TRAINS: Final = ('train',)
"""How the names of scripts begin that run what the configs say."""
_LIBRARIES: Final = frozenset({'mmcv', 'mmengine'})
_MAX_FILES: Final = 2_000


def is_written_for_legacy(modules: Iterable[str], reader: Reader) -> bool:
    """Tell whether modules import what only 0.x has, and none of them imports MMEngine.

    Only modules of packages count, and scripts that train: a config or another script imports for itself.

    Args:
        modules: The paths of Python files.
        reader: Reads files.
    """
    is_legacy = False
    for text in _texts(modules, reader, _TRAINS):
        if 'mmengine' in text and _MODERN.search(text):
            return False
        is_legacy = is_legacy or ('mm' in text and bool(_LEGACY.search(text)))
    return is_legacy


def reads_bases_itself(modules: Iterable[str], reader: Reader) -> bool:
    """Tell whether modules read `_base_`: a loader of the repository's own, which may look for bases from another folder."""
    own = (path for path in modules if _LIBRARIES.isdisjoint(path.split(os.sep)))
    return any(_BASE.search(text) for text in _texts(own, reader) if '_base_' in text)


def _texts(modules: Iterable[str], reader: Reader, scripts: tuple[str, ...] = ()) -> Iterator[str]:
    """Yield the texts of those modules that lie in packages or are called like `scripts`, up to a bound."""
    packages: dict[str, bool] = {}
    left = _MAX_FILES
    for path in modules:
        folder = os.path.dirname(path)
        if folder not in packages:
            packages[folder] = os.path.isfile(os.path.join(folder, '__init__.py'))
        if left and (packages[folder] or os.path.basename(path).startswith(scripts)):
            left -= 1
            yield reader.text(path) or ''
