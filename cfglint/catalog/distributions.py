"""The versions of installed distributions, from the names of their metadata folders.

`importlib.metadata` would tell the same, but importing it costs more than checking a config.
"""

from __future__ import annotations

import os
import re
import sys
from functools import cache
from typing import TYPE_CHECKING, Final

from cfglint import files

if TYPE_CHECKING:
    from collections.abc import Iterable

_FOLDER: Final = re.compile(r'(?P<name>[^-]+)(?:-(?P<version>[^-]+)(?:-[^-]+)*)?\.(?:dist|egg)-info', re.IGNORECASE)
_VERSION: Final = re.compile(r'^Version:\s*(\S+)', re.MULTILINE)


def version_of(distribution: str) -> str | None:
    """Return the version of an installed distribution, None when it is not installed."""
    return version_in(sys.path, distribution)


def version_in(folders: Iterable[str], distribution: str) -> str | None:
    """Return the version of a distribution that is installed in one of some folders, None when it is in none."""
    name = _normal(distribution)
    return next((found[name] for folder in folders if name in (found := _installed(folder))), None)


@cache
def _installed(folder: str) -> dict[str, str]:
    """Return what a folder of `sys.path` holds: normalised names with versions."""
    try:
        entries = os.listdir(folder or '.')
    except OSError:
        return {}
    found: dict[str, str] = {}
    for entry in entries:
        match = _FOLDER.fullmatch(entry) if entry.endswith('-info') else None
        version = None if match is None else match['version'] or _written(os.path.join(folder, entry, 'PKG-INFO'))
        if match is not None and version is not None:
            found.setdefault(_normal(match['name']), version)
    return found


def _written(path: str) -> str | None:
    """Return the version that a metadata file says: the folder of a development install does not name it."""
    try:
        match = _VERSION.search(files.contents(path, 10_000, cut=True).decode('utf-8', 'replace'))
    except OSError:
        return None
    return None if match is None else match[1]


def _normal(name: str) -> str:
    return re.sub(r'[-_.]+', '-', name).lower()
