"""Compare release numbers as pip does. Text that is no version (`1.x`, `dev`) is tolerated."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from packaging.version import Version

_NONE: Final = '0.dev0'
"""What text that is no version is taken for: it sorts before all versions."""


@lru_cache(maxsize=4096)
def version_key(version: str) -> Version:
    """Return a key that sorts as PEP 440 says (local parts ignored); text that is no version sorts first."""
    from packaging.version import Version

    try:
        return Version(Version(version).public)
    except ValueError:  # no version, or one of thousands of digits
        return Version(_NONE)


def is_prerelease(version: str) -> bool:
    """Tell whether pip would pass a version over unless asked."""
    return version_key(version).is_prerelease and version_key(version) != version_key(_NONE)


def matches(version: str, specifier: str) -> bool:
    """Tell whether a version satisfies `>=2.0.0rc4,<2.2.0`; a part that cannot be read is satisfied by everything."""
    return all(_matches_one(version, part.strip()) for part in specifier.split(',') if part.strip())


@lru_cache(maxsize=4096)
def _matches_one(version: str, part: str) -> bool:
    from packaging.specifiers import Specifier

    try:
        return Specifier(part).contains(version, prereleases=True)
    except ValueError:  # no specifier, or one with a number of thousands of digits
        return True
