"""Which release of each library a config is checked against, and why."""

from __future__ import annotations

import os
from copy import copy
from functools import cached_property
from typing import TYPE_CHECKING, Final

from cfglint.catalog import libraries
from cfglint.catalog.asked import Origin, Target, asked, target
from cfglint.catalog.distributions import version_of
from cfglint.catalog.installation import Installation
from cfglint.catalog.stated import Stated, eras_of, is_newer, nearest, preferred
from cfglint.language.bases import find_package

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterable, Mapping, Sequence

    from cfglint.catalog.local import LocalCode

VARIANTS: Final = {'mmcv': ('mmcv', 'mmcv-lite', 'mmcv-full'), 'mmengine': ('mmengine', 'mmengine-lite')}
"""The distributions that install the same package."""


def installed_version(distribution: str, version_of: Callable[[str], str | None] = version_of) -> str | None:
    """The version of an installed distribution, from its metadata; nothing is imported.

    `mmcv` stands for its variants as well; `=mmcv` is that very distribution.
    """
    names = (distribution[1:],) if distribution.startswith('=') else VARIANTS.get(distribution, (distribution,))
    return next((version for name in names if (version := version_of(name)) is not None), None)


def is_fork_installed(
    library: str, installed: Callable[[str], str | None], find_package: Callable[[str], str | None]
) -> bool:
    """Tell whether the package of a library is installed by another distribution, or in a release after all known ones."""
    version = installed(library)
    if version is not None:
        return library not in _TORCH and is_newer(library, version)
    return find_package(libraries.scope_of(library)) is not None


_TORCH: Final = ('torch', 'torchvision')
"""Their new releases take away more than they add: they are compared with the last known one."""


class Targets:
    """Chooses a release for each library: options first, then settings, a copy in the repository, what is installed, what
    is required, newest.

    `options` are texts like `mmdet==3.3.0`, `settings` maps libraries to releases; of a range, the newest release that fits is
    taken, and `ranges` has all of them. `folders` are those of the repository
    whose files count. A library may be named by its distribution, package or scope. `installed` tells the versions of what is
    installed, `find_package` where a package is, `is_fork` whether what is installed of a library is none of its known releases.
    """

    def __init__(
        self,
        options: Sequence[str] = (),
        settings: Mapping[str, str] | None = None,
        folders: Sequence[str | os.PathLike[str]] = (),
        installed: Callable[[str], str | None] = installed_version,
        find_package: Callable[[str], str | None] = find_package,
        is_fork: Callable[[str], bool] = lambda library: False,
    ) -> None:
        self.installed = installed
        self._is_fork = is_fork
        self.find_package = find_package
        self.stated = Stated([os.fspath(folder) for folder in folders])
        self._explicit, self.ranges = asked(options, settings)
        self._found: dict[str, Target | None] = {}

    def known(self, library: str) -> Target | None:
        """The release that something says, None when it is up to the other libraries."""
        if library not in self._found:
            self._found[library] = (
                self._explicit.get(library)
                or self._from_files(library, copies=True)
                or self._from_metadata(library)
                or self._from_files(library)
            )
        return self._found[library]

    @cached_property
    def eras(self) -> frozenset[int]:
        """The eras that the targets are of: what was asked for, else what the repository says, else what is installed."""
        asked = frozenset().union(*(eras_of(name, [target.release]) for name, target in self._explicit.items()))
        if asked or self.stated.eras:
            return asked or self.stated.eras
        installed = (self._from_metadata(library) for library in libraries.libraries() if library != 'mmengine')
        return frozenset().union(*(eras_of(each.library, [each.release]) for each in installed if each is not None))

    def era(self, library: str | None = None) -> int | None:
        """The era of the target of a library, or of all; None where nothing says, or where what is said differs."""
        statement = None if library is None or self._explicit else self.stated.by_library.get(library)
        eras = frozenset() if statement is None or library is None else eras_of(library, statement.fitting)
        eras = eras if len(eras) == 1 else self.eras
        return next(iter(eras)) if len(eras) == 1 else None

    @cached_property
    def forks(self) -> Container[str]:
        """The libraries of which a fork is used whose code is not here: it may have more than any release."""
        copies = {library for library, statement in self.stated.by_library.items() if statement.is_copy}
        installed = filter(self._is_fork, libraries.libraries())
        return frozenset((*self.stated.forks, *installed)) - self._explicit.keys() - copies

    @property
    def is_for_legacy(self) -> bool:
        """Whether a 0.x release was asked for: a config of 1.x has no target."""
        return bool(self._explicit) and self.era() == 0

    @property
    def is_for_mmengine(self) -> bool:
        """Whether a release for MMEngine was asked for."""
        return bool(self._explicit) and self.era() == 1

    def is_certain(self, target: Target) -> bool:
        """Whether a release was asked for, or lies in the repository itself; a requirement may be out of date."""
        statement = self.stated.by_library.get(target.library)
        return target.library in self._explicit or (statement is not None and statement.is_copy)

    def is_covered(self, library: str) -> bool:
        """Whether the catalog reaches back to the release that the repository says."""
        statement = None if library in self._explicit else self.stated.by_library.get(library)
        return statement is None or statement.is_covered

    def _from_metadata(self, library: str) -> Target | None:
        version = self.installed(library)
        if version is None:
            return None
        release = nearest(library, version)
        statement = self.stated.by_library.get(library)
        if statement is not None and eras_of(library, [release]).isdisjoint(eras_of(library, statement.fitting)):
            return None  # what is installed is not for this repository
        note = '' if release == version else f'; {release} is the nearest release in the catalog'
        return Target(library, release, Origin.INSTALLED, f'{version} is installed{note}')

    def _from_files(self, library: str, *, copies: bool = False) -> Target | None:
        statement = self.stated.by_library.get(library)
        if statement is None or (copies and not statement.is_copy):
            return None
        return Target(library, preferred(self._ranges(library)), Origin.REQUIREMENTS, statement.why)

    def _ranges(self, library: str) -> tuple[str, ...]:
        """The releases that the repository says, those of its era where it has one."""
        fitting = self.stated.by_library[library].fitting
        era = self.era(library)
        return tuple(each for each in fitting if era is None or era in eras_of(library, [each])) or fitting

    def with_release(self, library: str, release: str) -> Targets:
        """The same, but for the release of one library."""
        other = copy(self)
        other._explicit = {**self._explicit, library: target(library, release, Origin.OPTION, f'asked for {release}')}
        other._found = {}
        return other

    def installation(
        self, wanted: Iterable[str] = (), local: LocalCode | None = None, era: int | None = None
    ) -> Installation:
        """The releases for a config that uses the libraries (or scopes) `wanted`, with what those are built on."""
        uses = [library for name in wanted if (library := libraries.library_of(name)) is not None]
        fixed: dict[str, str] = {}
        ranges: dict[str, tuple[str, ...]] = {}
        for library in libraries.libraries():
            target = self.known(library)
            if target is None or (era is not None and eras_of(library, [target.release]) - {era}):
                continue  # where a repository is for both eras, each config has the targets of its own
            if target.origin is Origin.REQUIREMENTS and len(fitting := self._ranges(library)) > 1:
                ranges[library] = fitting
            else:
                fixed[library] = target.release
        return Installation(fixed, local, era, uses, ranges, self.forks)

    def chosen(self, library: str, installation: Installation) -> Target | None:
        """The release of a library in an installation that was made here, with the reason."""
        release = installation.release(library)
        if release is None:
            return None
        target = self.known(library)
        if target is not None and target.release == release.version:
            return target
        others = [
            f'{name} {other.version}'
            for name in installation.used
            if name != library and library in _asserted(installation, name)
            if (other := installation.release(name)) is not None
        ]
        accepted = f'the newest that {", ".join(others)} accepts' if others else 'the newest release'
        if target is not None and target.origin is Origin.REQUIREMENTS:
            return Target(library, release.version, Origin.REQUIREMENTS, f'{target.why}; {accepted}')
        newest = libraries.newest(library, installation.era)
        if not others and newest is not None and not installation.takes(library, newest):
            taken = [name for name in _asserted(installation, library) if name in installation.targets]
            accepted = f'the newest that accepts {", ".join(f"{name} {installation.targets[name]}" for name in taken)}'
        elif not others and installation.era == 0 and eras_of(library, [release.version]):
            is_by_code = self.stated.eras == {0} != self.stated.required_eras
            accepted = 'the newest release of 0.x' + (', for which the code here is written' if is_by_code else '')
        return Target(library, release.version, Origin.NEWEST, accepted)


def _asserted(installation: Installation, library: str) -> Iterable[str]:
    release = installation.release(library)
    return release.catalog.windows(release.index) if release is not None else ()
