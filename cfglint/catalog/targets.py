"""Which release of each library a config is checked against, and why."""

from __future__ import annotations

import os
from copy import copy
from enum import Enum
from functools import cached_property
from typing import TYPE_CHECKING, Final, NamedTuple

from cfglint.catalog import libraries
from cfglint.catalog.distributions import version_of
from cfglint.catalog.installation import Code, Installation
from cfglint.catalog.requirements import Requirement, requirements
from cfglint.catalog.versions import is_prerelease, matches, version_key

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

VARIANTS: Final = {'mmcv': ('mmcv', 'mmcv-lite', 'mmcv-full'), 'mmengine': ('mmengine', 'mmengine-lite')}
"""The distributions that install the same package."""


class TargetError(ValueError):
    """A target that was asked for and that there is no catalog of."""


class Origin(Enum):
    """Who chose a release."""

    OPTION = 'option'
    SETTINGS = 'settings'
    INSTALLED = 'installed'
    REQUIREMENTS = 'requirements'
    NEWEST = 'newest'


class Target(NamedTuple):
    """The release that a library is checked against."""

    library: str
    release: str
    origin: Origin
    why: str


def installed_version(distribution: str) -> str | None:
    """The version of an installed distribution, from its metadata; nothing is imported.

    `mmcv` stands for its variants as well; `=mmcv` is that very distribution.
    """
    names = (distribution[1:],) if distribution.startswith('=') else VARIANTS.get(distribution, (distribution,))
    return next((version for name in names if (version := version_of(name)) is not None), None)


class Targets:
    """Chooses a release for each library: options first, then settings, what is installed, what is required, newest.

    `options` are texts like `mmdet==3.3.0`, `settings` maps libraries to releases, `root` is the repository whose
    requirements count. A library may be named by its distribution, package or scope.
    """

    def __init__(
        self,
        options: Sequence[str] = (),
        settings: Mapping[str, str] | None = None,
        root: str | os.PathLike[str] | None = None,
        installed: Callable[[str], str | None] = installed_version,
    ) -> None:
        self._installed = installed
        self._root = root
        self._explicit: dict[str, Target] = {}
        for name, release in (settings or {}).items():
            target = _asked(name, release, Origin.SETTINGS, f'settings say {release}')
            self._explicit[target.library] = target
        for option in options:
            name, equals, release = option.partition('==')
            if not equals:
                raise TargetError(f'`{option}` is no target: write `library==release`, such as `mmdet==3.3.0`')
            target = _asked(name, release, Origin.OPTION, f'asked for {option}')
            self._explicit[target.library] = target
        self._found: dict[str, Target | None] = {}

    @cached_property
    def _required(self) -> dict[str, Requirement]:
        found: dict[str, Requirement] = {}
        for item in requirements(self._root) if self._root is not None else ():
            library = libraries.library_of(item.name)
            if library is not None and item.specifier:
                found.setdefault(library, item)
        return found

    def known(self, library: str) -> Target | None:
        """The release that something says, None when it is up to the other libraries."""
        if library not in self._found:
            self._found[library] = (
                self._explicit.get(library) or self._from_metadata(library) or self._from_files(library)
            )
        return self._found[library]

    def _from_metadata(self, library: str) -> Target | None:
        version = self._installed(library)
        if version is None:
            return None
        release = _nearest(library, version)
        note = '' if release == version else f'; {release} is the nearest release in the catalog'
        return Target(library, release, Origin.INSTALLED, f'{version} is installed{note}')

    def _from_files(self, library: str) -> Target | None:
        item = self._required.get(library)
        if item is None:
            return None
        fitting = [version for version in libraries.releases(library) if matches(version, item.specifier)]
        final = [version for version in fitting if not is_prerelease(version)]
        if not fitting:
            return None
        name = os.path.basename(item.file)
        place = name if item.line is None else f'{name}:{item.line}'
        return Target(
            library, (final or fitting)[-1], Origin.REQUIREMENTS, f'{place} requires {item.name}{item.specifier}'
        )

    def with_release(self, library: str, release: str) -> Targets:
        """The same, but for the release of one library."""
        other = copy(self)
        other._explicit = {**self._explicit, library: _asked(library, release, Origin.OPTION, f'asked for {release}')}
        other._found = {}
        return other

    def installation(
        self, wanted: Iterable[str] = (), local: Code | None = None, era: int | None = None
    ) -> Installation:
        """The releases for a config that uses the libraries (or scopes) `wanted`, with what those are built on."""
        uses = [library for name in wanted if (library := libraries.library_of(name)) is not None]
        known = {name: target.release for name in libraries.libraries() if (target := self.known(name)) is not None}
        return Installation(known, local, era, uses)

    def chosen(self, library: str, installation: Installation) -> Target | None:
        """The release of a library in an installation that was made here, with the reason."""
        release = installation.release(library)
        if release is None:
            return None
        target = self.known(library)
        if target is not None and target.release == release.version:
            return target
        others = [
            f'{name} {version}'
            for name, version in installation.targets.items()
            if name != library and library in _asserted(installation, name)
        ]
        why = f'the newest that {", ".join(others)} accepts' if others else 'the newest release'
        return Target(library, release.version, Origin.NEWEST, why)


def _asserted(installation: Installation, library: str) -> Iterable[str]:
    release = installation.release(library)
    return release.catalog.windows(release.index) if release is not None else ()


def _asked(name: str, release: str, origin: Origin, why: str) -> Target:
    library = libraries.library_of(name.strip())
    if library is None:
        raise TargetError(f'there is no catalog of `{name.strip()}`; there are: {", ".join(libraries.libraries())}')
    release = release.strip()
    known = libraries.releases(library)
    if release not in known:
        same = [version for version in known if version_key(version) == version_key(release)]
        if not same:
            raise TargetError(f'the catalog has no release {release} of {library}; it has {", ".join(known)}')
        release = same[0]
    return Target(library, release, origin, why)


def _nearest(library: str, version: str) -> str:
    """The last release of a catalog that is not newer than a version."""
    known = libraries.releases(library)
    older = [release for release in known if version_key(release) <= version_key(version)]
    return older[-1] if older else known[0]
