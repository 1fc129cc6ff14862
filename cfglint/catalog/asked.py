"""The releases that a person asks for, by options or in the settings: one (`mmdet==3.3.0`), or a range (`mmdet>=3.1,<3.4`)."""

from __future__ import annotations

import re
from enum import Enum
from itertools import islice, product
from typing import TYPE_CHECKING, Final, NamedTuple

from cfglint.catalog import libraries
from cfglint.catalog.releases import accepts
from cfglint.catalog.stated import eras_of, nearest
from cfglint.catalog.store import Catalog
from cfglint.catalog.versions import matches, version_key

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

_TARGET: Final = re.compile(r'\s*([\w.-]+)\s*([<>=!~].*)')
_MAX_TRIED: Final = 1000


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


class Asked(NamedTuple):
    """What a person asks for.

    Attributes:
        targets: Library → its release; of a range, the newest one that fits.
        ranges: Library → the releases of its range, oldest first.
    """

    targets: dict[str, Target]
    ranges: dict[str, tuple[str, ...]]


def asked(options: Iterable[str] = (), settings: Mapping[str, str] | None = None) -> Asked:
    """Return what options (`mmdet==3.3.0`) and settings (library → release) ask for; options go first.

    Raises:
        TargetError: One is no target, there is no catalog of it, or they cannot be installed together.
    """
    wanted = {
        library_of(name): (text.strip(), Origin.SETTINGS, f'settings say {text}')
        for name, text in (settings or {}).items()
    }
    for option in options:
        name, specifier = split(option)
        wanted[library_of(name)] = specifier, Origin.OPTION, f'asked for {option}'
    candidates = {library: _candidates(library, *each) for library, each in wanted.items()}
    ranges = {
        library: tuple(each.release for each in found)
        for library, found in candidates.items()
        if is_range(wanted[library][0])
    }
    newest_first = [list(reversed(found)) for found in candidates.values()]
    refused: TargetError | None = None
    for targets in islice(product(*newest_first), _MAX_TRIED):
        try:
            require_fit(targets)
            return Asked({each.library: each for each in targets}, ranges)
        except TargetError as error:
            refused = refused or error
    assert refused is not None
    raise refused


def split(target: str) -> tuple[str, str]:
    """Return the name and the specifier of a target such as `mmdet>=3.1`.

    Raises:
        TargetError: It has none.
    """
    match = _TARGET.fullmatch(target)
    if match is None:
        raise TargetError(f'`{target}` is no target: write `library==release`, or a range such as `mmdet>=3.1,<3.4`')
    return match[1], match[2].strip()


def is_range(specifier: str) -> bool:
    """Tell whether a specifier (`>=3.1`, `==3.*`), or a bare release, may stand for several releases."""
    exact = specifier.startswith('==') and ',' not in specifier
    return '*' in specifier or (specifier[:1] in tuple('<>=!~') and not exact)


def releases_in(library: str, specifier: str) -> list[str]:
    """Return the releases of a library in a range, oldest first.

    Raises:
        TargetError: None is in there, or it is no range.
    """
    from packaging.specifiers import InvalidSpecifier, SpecifierSet

    try:
        SpecifierSet(specifier)
    except InvalidSpecifier:
        raise TargetError(
            f'`{library}{specifier}` is no target: write `library==release`, or a range such as `mmdet>=3.1,<3.4`'
        ) from None
    found = [release for release in libraries.releases(library) if matches(release, specifier)]
    if not found:
        raise TargetError(f'the catalog has no release of {library} in `{specifier}`')
    return found


def library_of(name: str) -> str:
    """Return the library of a distribution, package or scope.

    Raises:
        TargetError: There is no catalog of it.
    """
    library = libraries.library_of(name.strip())
    if library is None:
        raise TargetError(f'there is no catalog of `{name.strip()}`; there are: {", ".join(libraries.libraries())}')
    return library


def target(name: str, release: str, origin: Origin, why: str) -> Target:
    """Return a release of a library as a target.

    Raises:
        TargetError: There is no catalog of it.
    """
    library = library_of(name)
    known = libraries.releases(library)
    if release not in known:
        near = nearest(library, release)
        if version_key(near) != version_key(release):
            # Of each minor version of 0.x, the catalogs hold the last patch.
            if version_key(near).release[:2] != version_key(release).release[:2] or libraries.era(library, near) == 1:
                raise TargetError(f'the catalog has no release {release} of {library}; it has {_listed(known)}')
            why = f'{why}; {near} is the nearest release in the catalog'
        release = near
    return Target(library, release, origin, why)


def _candidates(library: str, wanted: str, origin: Origin, why: str) -> list[Target]:
    if not is_range(wanted):
        return [target(library, wanted.removeprefix('==').strip(), origin, why)]
    releases = releases_in(library, wanted)
    if len(releases) > 1:
        why = f'{why}; the newest that fits of {len(releases)} releases'
    return [Target(library, release, origin, why) for release in releases]


def require_fit(targets: Sequence[Target]) -> None:
    """Refuse targets that cannot live together.

    Raises:
        TargetError: One asserts that another is not there, or they belong to different eras.
    """
    for each in targets:
        catalog = Catalog.load(each.library)
        index = catalog.index(each.release)
        windows = {} if index is None else catalog.windows(index)
        for other in targets:
            window = windows.get(other.library)
            if window is not None and not accepts(other.release, *window):
                raise TargetError(
                    f'{each.library} {each.release} and {other.library} {other.release} cannot be installed together: '
                    f'{each.library} asserts {other.library}{window.specifier}'
                )
    by_era = {era: each for each in targets for era in eras_of(each.library, [each.release])}
    if len(by_era) > 1:
        old, new = (f'{by_era[era].library} {by_era[era].release}' for era in (0, 1))
        raise TargetError(f'{old} and {new} cannot be installed together: {old} is of 0.x (mmcv 1.x), {new} of 1.x')


def _listed(releases: Sequence[str]) -> str:
    """Return releases for a message: long lists by their ends."""
    return ', '.join(releases) if len(releases) < 15 else f'{", ".join(releases[:2])} … {", ".join(releases[-10:])}'
