"""Defects that are a library's own: in a config that equals the targeted release's, or lies in an installed package.

They are advice at most, since the user cannot do anything about them where they stand. That a finding stands in such a file is
not enough: the user's own lines, bases or classes may be what makes it wrong there. So a finding counts as the library's
only if the release's own configs, checked against nothing but that release, show it as well.
"""

from __future__ import annotations

import os
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from cfglint.catalog.versions import is_prerelease
from cfglint.diagnostics import Severity
from cfglint.missing_bases import is_shipped

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from cfglint.catalog.run_libraries import Libraries
    from cfglint.diagnostics import Diagnostic
    from cfglint.findings import Findings

_PACKAGES: Final = frozenset({'site-packages', 'dist-packages'})

Place = tuple[str, str, Any]
"""A rule, a file, and where."""


def place_of(diagnostic: Diagnostic) -> Place:
    """Return what makes two findings the same defect."""
    return diagnostic.rule, diagnostic.path, diagnostic.key if diagnostic.span is None else diagnostic.span


class Upstream:
    """Tells which findings are a library's.

    Args:
        libraries: The releases that configs are checked against.
        bases: Returns the bases of a config, all of them, by its path.
        text: Reads a file.
        check: Checks configs against the releases alone, without the user's code.
    """

    def __init__(
        self,
        libraries: Libraries,
        bases: Callable[[str], Sequence[str]],
        text: Callable[[str], str],
        check: Callable[[Sequence[str]], Findings],
    ) -> None:
        self._libraries = libraries
        self._bases = bases
        self._text = text
        self._check = check
        self._is_official: dict[str, bool] = {}
        self._shown: dict[str, set[Place]] = {}
        self._releases: dict[str, list[str]] = {}

    def judge(self, diagnostic: Diagnostic, configs: set[str]) -> Diagnostic:
        """Return a finding that some configs show; lowered, and without a fix, if it is the library's."""
        # A base that the release ships, and that is not there, is missing in the user's copy only.
        if not self._is_theirs(diagnostic.path) or (
            diagnostic.rule == 'missing-base' and is_shipped(diagnostic.advice)
        ):
            return diagnostic
        lineage = dict.fromkeys(each for path in sorted(configs) for each in (path, *self._bases(path)))
        official = [path for path in dict.fromkeys((diagnostic.path, *lineage)) if self._is_whole(path)]
        # Where no class of the user's took part, what such a config shows need not be looked for once more.
        is_shown = not self._uses_own and not configs.isdisjoint(official)
        if not is_shown and not any(place_of(diagnostic) in self._shown_by(path) for path in official):
            return diagnostic
        return diagnostic._replace(severity=Severity.INFO, fix=None, is_upstream=True)

    def _is_whole(self, path: str) -> bool:
        """Tell whether a config and all its bases are the library's."""
        return all(self._is_theirs(each) for each in (path, *self._bases(path)))

    def _is_theirs(self, path: str) -> bool:
        if path not in self._is_official:
            self._is_official[path] = not _PACKAGES.isdisjoint(os.path.realpath(path).split(os.sep)) or self._ships(
                path
            )
        return self._is_official[path]

    def _ships(self, path: str) -> bool:
        """Tell whether the targeted release of some library has a config like this one."""
        from cfglint.catalog.official import releases  # few runs find something

        return any(
            release in found
            for library, found in releases(self._text(path)).items()
            for release in self._targeted(library)
        )

    def _targeted(self, library: str) -> list[str]:
        if library not in self._releases:
            self._releases[library] = self._find_targeted(library)
        return self._releases[library]

    def _find_targeted(self, library: str) -> list[str]:
        """Return the releases of a library that configs are checked against.

        Of a library that never went beyond candidates, only if it is there: mmtrack 1.0.0rc1 still has configs of mmdet 2.x.
        """
        targets = self._libraries.targets
        sides = [self._libraries] if 0 not in targets.eras else [self._libraries, self._libraries.legacy]
        if (era := targets.era(library)) is not None:
            sides = [side for side in sides if side.era == era]
        found = (side.targets.installation([library], era=side.era).release(library) for side in sides)
        versions = [release.version for release in found if release is not None]
        if self._libraries.targets.known(library) is not None or library in self._used:
            return versions
        return [version for version in versions if not is_prerelease(version)]

    @cached_property
    def _uses_own(self) -> bool:
        return self._libraries.uses_own()

    @cached_property
    def _used(self) -> frozenset[str]:
        return self._libraries.used()

    def _shown_by(self, path: str) -> set[Place]:
        if path not in self._shown:
            found = self._check([path])
            defects = [
                *(each for each, _ in found.defects.values()),
                *(each for more in found.pending.values() for each in more),
            ]
            self._shown[path] = {place_of(each) for each in defects}
        return self._shown[path]
