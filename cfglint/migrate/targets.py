"""Which library, and which release of it, the user wants to migrate to."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from cfglint.catalog import libraries
from cfglint.catalog.asked import TargetError
from cfglint.catalog.library_facts import known, library, successors
from cfglint.catalog.stated import eras_of
from cfglint.catalog.targets import Targets
from cfglint.usage import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from cfglint.catalog.library_facts import Library


class Goal(NamedTuple):
    """What configs are migrated to.

    Attributes:
        library: The library of 0.x that they are of; found out config by config if not given.
        names: The libraries of 1.x that are asked for; where there are several, the newest counts.
        releases: Their releases, such as `mmdet==3.3.0`; the newest where none is given.
        otherwise: The library of 0.x that is taken where no config tells of which it is.
    """

    library: str | None = None
    names: frozenset[str] = frozenset()
    releases: tuple[str, ...] = ()
    otherwise: str | None = None

    def facts(self, name: str) -> Library:
        """Return the facts of a library of 0.x."""
        return library(name, next((each for each in successors(name) if each in self.names), None))


def goal_of(targets: Sequence[str]) -> Goal:
    """Return what the user asks for: names of libraries, or releases such as `mmdet==3.3.0`.

    Raises:
        UsageError: There is no such library or release, or it is one of 0.x.
    """
    releases = tuple(each for each in targets if not each.replace('-', '').isalnum())
    try:
        asked = Targets(releases)
    except TargetError as error:
        raise UsageError(str(error)) from None
    if asked.is_for_legacy:
        raise UsageError(f'`{releases[0]}` is a release of 0.x: name one of 1.x, which is built on MMEngine')
    names = [each for target in targets if (each := _package(target)) not in libraries.ROOT_SCOPES]
    owners = {name: _owners(name) for name in names}
    for name, found in owners.items():
        if not found:
            raise UsageError(f'no library of 0.x became `{name}`')
    only = {each for found in owners.values() for each in found}
    own = {name for name, found in owners.items() if name in found}  # `mmdet` took mmtrack over, too
    return Goal(
        next(iter(only)) if len(only) == 1 else None,
        frozenset(names),
        releases,
        next(iter(own)) if len(own) == 1 else None,
    )


def _package(target: str) -> str:
    name = target.split('=')[0].strip(' <>!~').lower()
    distribution = libraries.library_of(name)
    return name if distribution is None else libraries.scope_of(distribution)


def _owners(name: str) -> list[str]:
    """Return the libraries of 0.x that became a library."""
    return [each for each in known() if name in (library(each).scope, each, *successors(each))]


def reason_to_stay(targets: Targets, *, by_code: bool = True, likely: Callable[[], str] = str) -> str | None:
    """Return why files belong to 0.x, as the settings or the files of a project say; none if they do not say so.

    Args:
        targets: What says so.
        by_code: Whether it counts that the code of the project is for mmcv 1.x.
        likely: Returns the scope whose types the configs have, where nothing names a library; empty if that is not known.
    """
    if targets.is_for_legacy:
        return f'the settings are for releases of 0.x: {_ASK}'
    if (targets.stated.eras if by_code else targets.stated.required_eras) != {0}:
        return None
    for name, statement in targets.stated.by_library.items():
        if eras_of(name, statement.fitting) == {0} and name not in libraries.ROOT_SCOPES:
            return f'{statement.why}: {_ASK}, such as {_example(libraries.scope_of(name), name)}'
    why = (
        'the project is for releases of 0.x'
        if targets.stated.required_eras
        else 'the code here is written for mmcv 1.x'
    )
    return f'{why}: {_ASK}, such as {_example(likely(), "mmdet")}'


def _example(package: str, otherwise: str) -> str:
    """Return how to name the newest release of what became of a library of 0.x."""
    successor = library(package).successor if package in known() else otherwise
    return f'`--target {successor}=={libraries.newest(successor)}`'


_ASK = 'name the release to migrate to'
