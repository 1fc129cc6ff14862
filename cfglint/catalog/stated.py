"""What a repository says about libraries, in terms of the releases that the catalogs hold."""

from __future__ import annotations

import os
import re
from functools import cached_property
from typing import TYPE_CHECKING, Final, NamedTuple

from cfglint.catalog import libraries
from cfglint.catalog.versions import is_prerelease, matches, version_key
from cfglint.requirements.lines import REPOSITORIES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from cfglint.requirements import Reader, Requirement

_VERSION: Final = re.compile(r'\d[\w.]*')
_ERALESS: Final = ('torch', 'torchvision')


class Statement(NamedTuple):
    """What is said about one library.

    Attributes:
        fitting: The releases that fit, oldest first; of what no release fits, the nearest one.
        why: Where it is said.
        is_copy: Whether the library itself lies in the repository.
        is_covered: Whether the catalog reaches back to what is asked for.
    """

    fitting: tuple[str, ...]
    why: str
    is_copy: bool = False
    is_covered: bool = True


class Stated:
    """The statements of a repository, by library. Files are read when something is asked for.

    Args:
        folders: The folders whose files count, the nearest first.

    Attributes:
        has_read_code: Whether Python files were looked into.
    """

    def __init__(self, folders: Sequence[str] = ()) -> None:
        self.has_read_code = False
        self._folders = folders
        self._touched: set[str] = set()

    @cached_property
    def by_library(self) -> dict[str, Statement]:
        """The statements."""
        found: dict[str, list[Requirement]] = {}
        for each in self._requirements:
            library = libraries.library_of(each.name)
            if library is not None and not _is_numbered_anew(library, each):
                found.setdefault(library, []).append(each)
        statements = ((library, statement_of(library, items)) for library, items in found.items())
        return {library: statement for library, statement in statements if statement is not None}

    @cached_property
    def _requirements(self) -> list[Requirement]:
        if not self._folders:
            return []
        from cfglint.requirements import Reader, read_folders

        reader = Reader()
        packages = [libraries.scope_of(library) for library in libraries.libraries()]
        found = list(read_folders(self._folders, reader, packages))
        self._touched |= reader.touched
        return found

    @cached_property
    def forks(self) -> frozenset[str]:
        """The libraries of which a fork is required, or a release after all known ones."""
        required = (forked(each.name) or _newer(each) for each in self._requirements)
        return frozenset(library for library in required if library is not None)

    @property
    def touched(self) -> set[str]:
        """The paths that were looked for."""
        _ = self.by_library
        return self._touched

    @cached_property
    def eras(self) -> frozenset[int]:
        """The eras that it is for: both, where parts of it are for one and parts for the other.

        Where it requires nothing of an era, its own Python tells whether it is for mmcv 1.x.
        """
        said = self.required_eras
        return said or (frozenset({0}) if self._is_written_for_legacy() else said)

    def eras_near(self, path: str, library: str) -> frozenset[int]:
        """Return the eras of what the requirements say about a library that lie nearest above a file; none if none do."""
        above: dict[str, list[Requirement]] = {}
        for each in self._requirements:
            folder = os.path.dirname(each.file)
            folder = os.path.dirname(folder) if os.path.basename(folder) == 'requirements' else folder
            if libraries.library_of(each.name) == library and path.startswith(os.path.join(folder, '')):
                above.setdefault(folder, []).append(each)
        found = statement_of(library, above[max(above, key=len)]) if above else None
        return frozenset() if found is None else eras_of(library, found.fitting)

    @cached_property
    def required_eras(self) -> frozenset[int]:
        """The eras of what it requires."""
        found = (eras_of(library, each.fitting) for library, each in self.by_library.items())
        return frozenset().union(*(eras for eras in found if len(eras) == 1))

    def _is_written_for_legacy(self) -> bool:
        from cfglint.requirements.own_code import is_written_for_legacy

        return self._own_code(is_written_for_legacy)

    @cached_property
    def reads_bases_itself(self) -> bool:
        """Whether the repository's own packages read `_base_`: its bases may lie elsewhere than MMEngine looks."""
        from cfglint.requirements.own_code import reads_bases_itself

        return self._own_code(reads_bases_itself)

    def _own_code(self, ask: Callable[[Iterable[str], Reader], bool]) -> bool:
        if not self._folders:
            return False
        from cfglint.catalog.walk import Walk
        from cfglint.requirements import Reader

        self.has_read_code = True
        reader = Reader()
        answer = ask(Walk(min(self._folders, key=len)).files, reader)
        self._touched |= reader.touched
        return answer


def forked(name: str) -> str | None:
    """Return the library of which a requirement names a fork: `someone/mmdetection`, or the distribution `some-mmdetection`."""
    if libraries.library_of(name) is not None:
        return None
    owner, _, repository = name.rpartition('/') if '/' in name else name.partition('-')
    return libraries.library_of(REPOSITORIES.get(repository.lower(), repository)) if owner else None


def _newer(item: Requirement) -> str | None:
    """Return the library of which a requirement pins a release after all known ones."""
    library = libraries.library_of(item.name)
    pin = _VERSION.search(item.specifier) if item.specifier.startswith(('==', '>=')) else None
    return library if library is not None and pin is not None and is_newer(library, pin[0]) else None


def is_newer(library: str, version: str) -> bool:
    """Tell whether a version is a later minor version than any release of a library in its catalog."""
    newest = version_key(libraries.releases(library)[-1])
    return version_key(version).release[:2] > newest.release[:2]


def statement_of(library: str, items: Iterable[Requirement]) -> Statement | None:
    """Join what is said about a library: what comes first counts, what follows may only narrow it."""
    releases = libraries.releases(library)
    fitting, said, note, is_covered = releases, None, '', True
    for item in items:
        narrowed = tuple(version for version in fitting if _fits(version, item))
        if not narrowed and said is None and (pin := _VERSION.search(item.specifier)) is not None:
            near = nearest(library, pin[0])
            narrowed, note = (near,), f'; {near} is the nearest release in the catalog'
            is_covered = version_key(pin[0]) >= version_key(releases[0])
        if narrowed and len(narrowed) < len(fitting):
            fitting, said = narrowed, item
    if said is None:
        return None
    return Statement(fitting, said.words + note, said.is_copy, is_covered)


def _is_numbered_anew(library: str, item: Requirement) -> bool:
    """Tell whether a fork counts its own releases: by its number it is of one era, by its code of the other."""
    return item.era is not None and libraries.era(library, item.specifier.removeprefix('==')) != item.era


def _fits(version: str, item: Requirement) -> bool:
    if item.name.lower().replace('_', '-') == 'mmcv-full' and libraries.era('mmcv', version) == 1:
        return False  # the distribution ended with 1.x
    return matches(version, item.specifier)


def eras_of(library: str, releases: Iterable[str]) -> frozenset[int]:
    """Return the eras of releases; none for libraries that belong to both."""
    if library in _ERALESS:
        return frozenset()
    return frozenset(libraries.era(library, release) for release in releases)


def nearest(library: str, version: str) -> str:
    """Return the release of a catalog that a version is taken for: of the same minor version, or else the last before it."""
    known, key = libraries.releases(library), version_key(version)
    older = [release for release in known if version_key(release) <= key]
    if older and version_key(older[-1]) == key:
        return older[-1]
    same = [release for release in known if version_key(release).release[:2] == key.release[:2]]
    return (same or older or known)[-1] if same or older else known[0]


def preferred(releases: Sequence[str]) -> str:
    """Return the newest of some releases: a final one where there is one."""
    final = [release for release in releases if not is_prerelease(release)]
    return (final or releases)[-1]
