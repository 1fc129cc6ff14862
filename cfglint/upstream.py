"""Defects that are a library's own: in a config that equals the targeted release's, or lies in an installed package.

They are advice at most, since the user cannot do anything about them where they stand. That a finding stands in such a file is
not enough: the user's own lines, bases or classes may be what makes it wrong there. So a finding counts as the library's
only if the release's own configs, checked against nothing but that release, show it as well.
"""

from __future__ import annotations

import os
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

from cfglint.catalog.versions import is_prerelease
from cfglint.diagnostics import Severity
from cfglint.missing_bases import is_shipped

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from cfglint.diagnostics import Diagnostic
    from cfglint.findings import Findings
    from cfglint.language.config import Config
    from cfglint.workspace import Workspace

_PACKAGES: Final = frozenset({'site-packages', 'dist-packages'})

Place = tuple[str, str, Any]
"""A rule, a file, and where."""


def place_of(diagnostic: Diagnostic) -> Place:
    """Return what makes two findings the same defect."""
    return diagnostic.rule, diagnostic.path, diagnostic.key if diagnostic.span is None else diagnostic.span


class Shown:
    """What configs show that are checked against the releases alone; kept as long as they, and what they read, stay the same.

    Args:
        workspace: Where they are, without the user's code.
        check: Checks configs there.
    """

    def __init__(self, workspace: Workspace, check: Callable[[Sequence[str]], Findings]) -> None:
        self.workspace = workspace
        self._check = check
        self._known: dict[str, tuple[Config, set[Place]]] = {}

    def by(self, path: str) -> set[Place]:
        """Return the defects that a config shows."""
        config = self.workspace.loader.held(path)
        known = self._known.get(path)
        if config is not None and known is not None and known[0] is config:
            return known[1]
        found = self._check([path])
        defects = [
            *(each for each, _ in found.defects.values()),
            *(each for more in found.pending.values() for each in more),
        ]
        places = {place_of(each) for each in defects}
        config = self.workspace.loader.held(path)
        if config is not None:
            self._known[path] = config, places
        return places


class Upstream:
    """Tells which findings are a library's.

    Args:
        workspace: Where the configs are, with the releases that they are checked against.
        bases: Returns the bases of a config, all of them, by its path.
        shown: Tells what configs show without the user's code.
    """

    def __init__(self, workspace: Workspace, bases: Callable[[str], Sequence[str]], shown: Shown) -> None:
        self._workspace = workspace
        self._libraries = workspace.libraries
        self._bases = bases
        self._shown = shown
        self._is_official: dict[str, bool] = {}
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
        if not is_shown and not any(place_of(diagnostic) in self._shown.by(path) for path in official):
            return diagnostic
        return diagnostic._replace(severity=Severity.INFO, fix=None, is_upstream=True)

    def _is_whole(self, path: str) -> bool:
        """Tell whether a config and all its bases are the library's."""
        return all(self._is_theirs(each) for each in (path, *self._bases(path)))

    def _is_theirs(self, path: str) -> bool:
        if path not in self._is_official:
            self._is_official[path] = self._is_installed(path) or self._ships(path)
        return self._is_official[path]

    def _is_installed(self, path: str) -> bool:
        """Tell whether a file is one of a package that is installed: anybody can call a folder as those of packages are."""
        real = os.path.realpath(path)
        parts = real.split(os.sep)
        for name in [after for each, after in pairwise(parts) if each in _PACKAGES and after.isidentifier()]:
            folder = self._libraries.targets.find_package(name)
            if folder is not None and real.startswith(os.path.join(os.path.realpath(folder), '')):
                return True
        return False

    def _ships(self, path: str) -> bool:
        """Tell whether the targeted release of some library has a config like this one."""
        config = self._workspace.loader.held(path)
        source = self._workspace.loader.source(path) if config is None else config.source
        memo = self._workspace.memos['releases that ship a text']
        found = memo.get(None, source)
        if found is None:
            from cfglint.catalog.official import releases  # few runs find something

            found = memo.keep(None, source, releases(source.text))
        return any(release in found[library] for library in found for release in self._targeted(library))

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
