"""Which release of each library is taken to be installed, where the project says so for some of them only."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from cfglint.catalog import libraries
from cfglint.catalog.code import Release
from cfglint.catalog.store import Catalog, Window
from cfglint.catalog.versions import is_prerelease, version_key

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


class Releases:
    """A release of each library.

    `targets` maps libraries to releases, `ranges` to those that fit. A library that is not in `targets` gets the newest
    release, of the same era and in its range, that the libraries in `used` accept.
    """

    def __init__(
        self, targets: Mapping[str, str], ranges: Mapping[str, tuple[str, ...]], used: Iterable[str], era: int
    ) -> None:
        self._targets = targets
        self._ranges = ranges
        self._used = used
        self._era = era
        self._chosen: dict[str, Release | None] = {}

    def of(self, library: str) -> Release | None:
        """Return the release taken of a library; None when there is no catalog of it."""
        if library not in self._chosen:
            self._chosen[library] = self._choose(library)
        return self._chosen[library]

    def _choose(self, library: str) -> Release | None:
        if library not in libraries.libraries():
            return None
        catalog = Catalog.load(library)
        wanted = self._targets.get(library)
        if wanted is not None and (library != 'mmcv' or libraries.era(library, wanted) == self._era):
            return Release(catalog, _nearest(catalog, wanted))
        version = self._compatible(library)
        return None if version is None else Release(catalog, catalog.releases.index(version))

    def _compatible(self, library: str) -> str | None:
        self._chosen[library] = None  # should libraries assert each other in a circle
        windows = [window for name in self._used if name != library for window in self._windows(name, library)]
        known = self._ranges.get(library) or [
            version
            for version in libraries.releases(library)
            if libraries.era(library, version) == self._era or library in ('torch', 'torchvision')
        ]
        fitting = [version for version in known if all(accepts(version, *window) for window in windows)] or known
        fitting = [version for version in fitting if self.takes(library, version)] or fitting
        final = [version for version in fitting if not is_prerelease(version)]
        chosen = final or fitting
        return chosen[-1] if chosen else libraries.newest(library, self._era)

    def takes(self, library: str, version: str) -> bool:
        """Return whether a release of a library can be imported beside the targets."""
        catalog = Catalog.load(library)
        windows = catalog.windows(catalog.releases.index(version)).items()
        return all(accepts(self._targets[other], *window) for other, window in windows if other in self._targets)

    def _windows(self, name: str, library: str) -> list[Window]:
        if name not in libraries.libraries() or not Catalog.load(name).asserts(library):
            return []
        release = self.of(name)
        window = None if release is None else release.catalog.windows(release.index).get(library)
        return [] if window is None else [window]


def era_of(targets: Mapping[str, str]) -> int:
    """Return the era of the libraries asked for; of mmcv, which exists in both, only when there is no other."""
    eras = {
        name: libraries.era(name, release)
        for name, release in targets.items()
        if name in libraries.libraries() and name not in ('torch', 'torchvision', 'mmengine')
    }
    mmcv = eras.pop('mmcv', 1)
    return min(eras.values(), default=mmcv)


@cache
def accepts(version: str, minimum: str, maximum: str, inclusive: bool) -> bool:
    """Return whether a version lies in a window that a library asserts."""
    key, top = version_key(version), version_key(maximum)
    return version_key(minimum) <= key and (key <= top if inclusive else key < top)


def _nearest(catalog: Catalog, wanted: str) -> int:
    """A release that the catalog does not hold is taken for the last one before it."""
    exact = catalog.index(wanted)
    if exact is not None:
        return exact
    older = [index for index, version in enumerate(catalog.releases) if version_key(version) <= version_key(wanted)]
    return older[-1] if older else 0
