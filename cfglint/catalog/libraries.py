"""Libraries, their packages and scopes, and which of them have a catalog. Small, and loaded for every config."""

from __future__ import annotations

from functools import cache
from typing import Any, Final

from cfglint.catalog.store import read_json
from cfglint.catalog.versions import is_prerelease, version_key

SCOPE_PACKAGES: Final = {'mmseg': 'mmsegmentation', 'mmaction': 'mmaction2'}
"""Scopes (and packages) whose distribution has another name."""

ROOT_SCOPES: Final = ('mmcv', 'mmengine')
"""The scope of the root registries, by era."""


@cache
def _index() -> dict[str, Any]:
    index: dict[str, Any] = read_json('index.json')
    return index


def libraries() -> tuple[str, ...]:
    """The distributions that have a catalog."""
    return tuple(_index()['libraries'])


@cache
def library_of(name: str) -> str | None:
    """The distribution of a scope, a package, or of itself (`mmseg` → `mmsegmentation`, `mmcv-lite` → `mmcv`)."""
    name = name.replace('_', '-').lower()
    if name in ('mmcv-lite', 'mmcv-full'):
        return 'mmcv'
    if name == 'mmengine-lite':
        return 'mmengine'
    name = SCOPE_PACKAGES.get(name, name)
    return name if name in _index()['libraries'] else None


def scope_of(library: str) -> str:
    """The scope of a library's registries, which is its package (`mmaction2` → `mmaction`)."""
    return str(_index()['libraries'][library]['package'])


def releases(library: str) -> tuple[str, ...]:
    """The releases that the catalog of a library holds, oldest first."""
    return tuple(_index()['libraries'][library]['releases'])


@cache
def era(library: str, release: str) -> int:
    """0 when the release belongs to the mmcv 1.x world, 1 when it is built on MMEngine."""
    entry = _index()['libraries'][library]
    key = version_key(release)
    older = [era_ for known, era_ in zip(entry['releases'], entry['eras'], strict=True) if version_key(known) <= key]
    return int(older[-1] if older else entry['eras'][0])


def newest(library: str, of_era: int = 1) -> str | None:
    """The newest release of an era: a final one where there is one."""
    found = [release for release in releases(library) if era(library, release) == of_era]
    final = [release for release in found if not is_prerelease(release)]
    return next(reversed(final or found), None)


def contributors(scope: str) -> tuple[str, ...]:
    """The libraries that register something in a scope: `mmdet` has components of mmaction2, too."""
    return tuple(_index()['scopes'].get(scope, ()))
