"""What a name that does not exist may have meant."""

from __future__ import annotations

from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from cfglint.catalog import libraries
from cfglint.catalog.store import Catalog, read_json

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from cfglint.catalog.installation import Installation
    from cfglint.catalog.model import Component, Signature


class Successor(NamedTuple):
    """What became of a component that was removed or renamed."""

    name: str
    scope: str
    """The scope that it was in."""
    to: str | None
    """The new type, with a prefix when it is in another scope; None when there is none."""
    since: str
    """The release or step that changed it."""
    note: str


class RenamedArgument(NamedTuple):
    """An argument of components of some scopes, and what it is called now."""

    names: tuple[str, ...]
    scopes: tuple[str, ...]
    argument: str
    to: str


class Presence(NamedTuple):
    """The releases of a library that have a component."""

    library: str
    first: str
    last: str
    newest: bool
    """Whether the newest release still has it."""


def nearest(name: str, candidates: Iterable[str], count: int = 3) -> list[str]:
    """The candidates most like a name, best first; equal but for case and underscores comes before all."""
    import difflib  # few runs have to guess

    plain = _plain(name)
    known = list(dict.fromkeys(candidates))
    same = [candidate for candidate in known if _plain(candidate) == plain and candidate != name]
    near = difflib.get_close_matches(name, [item for item in known if abs(len(item) - len(name)) <= 5], count, 0.75)
    return list(dict.fromkeys([*same, *near]))[:count]


def is_same_word(name: str, other: str) -> bool:
    """Tell whether two names are equal but for case and underscores."""
    return _plain(name) == _plain(other)


@lru_cache(maxsize=4096)
def is_slip(name: str, meant: str) -> bool:
    """Tell whether a name is another one with a slip of the finger or two, rather than a name of its own."""
    import difflib

    same = sum(block.size for block in difflib.SequenceMatcher(None, name, meant, autojunk=False).get_matching_blocks())
    return len(name) + len(meant) - 2 * same <= _SLIP or is_same_word(name, meant)


_SLIP = 3
"""Letters that only one of two names has: a letter that was replaced is one in each."""


def _plain(name: str) -> str:
    return name.lower().replace('_', '').replace('-', '')


def nearest_types(
    installation: Installation,
    name: str,
    registry: str | None,
    scope: str,
    count: int = 3,
) -> list[str]:
    """Registered types most like a name, in the scope and in the root registry; a prefix of the name is kept.

    With the prefix of its own scope a name is not looked up in the root registry (`Registry.get`): without it, it is.
    """
    prefix, dot, rest = name.rpartition('.')
    if dot and prefix == scope and installation.find(rest, registry, scope) is not None:
        return [rest]
    if dot and installation.has_scope(prefix):
        return [f'{prefix}.{found}' for found in nearest_types(installation, rest, registry, prefix, count)]
    scopes = dict.fromkeys([scope, installation.root])
    wanted = (
        [registry]
        if registry
        else list(dict.fromkeys(found for each in scopes for found in installation.registries(each)))
    )
    names = (candidate for each in scopes for one in wanted for candidate in installation.names(one, each))
    return nearest(name, names, count)


def nearest_arguments(signature: Signature, name: str, count: int = 3) -> list[str]:
    """Parameters most like a name."""
    return nearest(name, signature.parameters, count)


def elsewhere(installation: Installation, name: str, registry: str | None = None) -> list[Component]:
    """The components of that name in other scopes; write `scope.name` to mean them (see `qualified`)."""
    name = name.rpartition('.')[2]
    found: list[Component] = []
    for scope in installation.scopes:
        release = installation.release(libraries.library_of(scope) or '')
        if release is None or scope in ('torch', 'torchvision'):
            continue
        if release.catalog.era(release.index) != installation.era:
            continue
        component = installation.find(f'{scope}.{name}', registry, installation.root)
        if component is not None and component.scope == scope:
            found.append(component)
    scopes = {component.scope for component in found}
    # What a library took over from another is meant to come from there.
    return [component for component in found if renamed_scope(component.scope) not in scopes]


def qualified(component: Component) -> str:
    """The type to write from any other scope."""
    return f'{component.scope}.{component.name}'


def other_registries(installation: Installation, name: str, scope: str) -> list[str]:
    """The registries that have the name in this scope or in the root: it may stand in the wrong place."""
    found = []
    for registry in dict.fromkeys([*installation.registries(scope), *installation.registries(installation.root)]):
        if installation.find(name, registry, scope) is not None:
            found.append(registry)
    return found


def presence(name: str, registry: str | None = None, among: Iterable[str] | None = None) -> list[Presence]:
    """The libraries (all, or those `among` which), and their releases, that have ever had a component of that name."""
    wanted = libraries.libraries() if among is None else among
    return [found for library in wanted if (found := _presence(library, name, registry)) is not None]


def _presence(library: str, name: str, registry: str | None) -> Presence | None:
    catalog = Catalog.load(library)
    ranges = [
        part
        for key in catalog.registry_keys()
        if registry in (None, key.partition('@')[0])
        for part in catalog.history(key, name)
    ]
    if not ranges:
        return None
    first, last = min(since for since, _ in ranges), max(until for _, until in ranges)
    return Presence(library, catalog.releases[first], catalog.releases[last], last == len(catalog.releases) - 1)


def successor(name: str, scope: str) -> Successor | None:
    """What a component, or its `scope.name`, became; in any scope, components of mmcv 1.x are found as well."""
    prefix, dot, rest = name.partition('.')
    if dot:
        scope, name = prefix, rest
    return _table().get((scope, name)) or _table().get(('mmengine', name))


def successors() -> Iterator[Successor]:
    """All rows of the table."""
    yield from _table().values()


def renamed_scope(scope: str) -> str | None:
    """The scope that took over (`mmcls` → `mmpretrain`)."""
    return _successors()['scopes'].get(scope)


def renamed_argument(component: Component, argument: str) -> str | None:
    """The new name of an argument that a component had in an earlier release."""
    for row in renamed_arguments():
        if row.argument == argument and component.name in row.names and component.scope in row.scopes:
            return row.to
    return None


def renamed_arguments() -> list[RenamedArgument]:
    """All rows of the table."""
    return [
        RenamedArgument(tuple(row['names']), tuple(row['scopes']), row['argument'], row['to'])
        for row in _successors()['arguments']
    ]


@cache
def _successors() -> dict[str, Any]:
    return read_json('patches', 'successors.json')


@cache
def _table() -> dict[tuple[str, str], Successor]:
    return {
        (row['scope'], name): Successor(name, row['scope'], to, row['since'], row.get('note', ''))
        for row in _successors()['components']
        for name, to in row['names'].items()
    }
