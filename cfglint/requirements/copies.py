"""Copies of the libraries in a repository: a fork's `mmdet/version.py` says what it was forked from."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, Final

from cfglint.requirements.model import Requirement, line_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cfglint.requirements.model import Reader

_VERSION: Final = re.compile(r'^__version__\s*(?::\s*str\s*)?=\s*["\'](?P<version>\d[^"\']{0,40})["\']', re.MULTILINE)
_MODERN: Final = re.compile(r'^[ \t]*(?:from|import)[ \t]+mmengine\b', re.MULTILINE)


def copies(folder: str, reader: Reader, packages: Sequence[str]) -> Iterator[Requirement]:
    """Yield the libraries whose package lies in a folder and tells its version."""
    present = set(reader.names(folder))
    for package in packages:
        if package not in present:
            continue
        for name in ('version.py', '__init__.py'):
            path = os.path.join(folder, package, name)
            text = reader.text(path) or ''
            found = _VERSION.search(text)
            if found is not None:
                version = found['version'].strip()
                era = _era(reader.text(os.path.join(folder, package, '__init__.py')) or '')
                yield Requirement(package, f'=={version}', path, line_of(text, found[0]), is_copy=True, era=era)
                break


def _era(text: str) -> int | None:
    """Return the era of a library by its `__init__.py`, which compares the releases of what it is built on."""
    if _MODERN.search(text) is not None:
        return 1
    return 0 if 'mmcv_minimum_version' in text else None
