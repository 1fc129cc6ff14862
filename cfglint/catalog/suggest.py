"""What a name that does not exist may have meant."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple

from cfglint.catalog import libraries
from cfglint.catalog.library_index import taken_over
from cfglint.catalog.store import Catalog

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cfglint.catalog.installation import Installation
    from cfglint.catalog.model import Component, Signature


class Presence(NamedTuple):
    """The releases of a library that have a component."""

    library: str
    first: str
    last: str
    newest: bool
    """Whether the newest release still has it."""


def nearest(name: str, candidates: Iterable[str], count: int = 3) -> list[str]:
    """The candidates of which a name is a slip, nearest first; equal but for case and underscores comes before all."""
    shortest, longest = len(name) - _SLIPS - 2, len(name) + _SLIPS + 2
    near = [
        candidate
        for candidate in dict.fromkeys(candidates)
        if shortest <= len(candidate) <= longest and is_slip(name, candidate)
    ]
    return sorted(
        near, key=lambda candidate: (not is_same_word(name, candidate), _distance(name, candidate, _MORE * 9))
    )[:count]


def is_same_word(name: str, other: str) -> bool:
    """Tell whether two names are equal but for case and underscores."""
    return _plain(name) == _plain(other)


@lru_cache(maxsize=4096)
def is_slip(name: str, meant: str) -> bool:
    """Tell whether a name is another one with a slip of the finger, rather than a name of its own.

    Case and underscores do not count; nor is `L1Loss` a slip for `L2Loss`, or `MyResNet` for `ResNet`.
    """
    if name == meant or abs(len(name) - len(meant)) > _SLIPS + 2:
        return False
    one, other = _plain(name), _plain(meant)
    if one == other:
        return True
    shorter, longer = (other, one) if len(one) > len(other) else (one, other)
    if len(shorter) < _SHORT or len(longer) - len(shorter) > _SLIPS or not _begin_alike(one, other):
        return False
    if one.translate(_NO_DIGITS) == other.translate(_NO_DIGITS):
        return False
    if len(longer) - len(shorter) > 1 and shorter in longer:
        return False
    if _differ_in_acronym(name, meant):
        return False
    allowed = _MORE + _WRONG if len(shorter) >= _LONG else _WRONG
    return _distance(one, other, allowed) <= allowed


def _differ_in_acronym(name: str, meant: str) -> bool:
    """Tell whether an acronym differs (`DRN`, `DCN`), for which each letter counts: but for swapped or doubled ones."""
    pairs = list(zip(_WORDS.findall(name), _WORDS.findall(meant), strict=False))
    if len(pairs) != len(_WORDS.findall(name)) or len(pairs) != len(_WORDS.findall(meant)):
        return False
    return any(
        (one.isupper() or other.isupper())
        and min(len(one), len(other)) <= _ACRONYM
        and sorted(one.upper()) != sorted(other.upper())
        and _DOUBLED.sub(r'\1', one.upper()) != other.upper()
        for one, other in pairs
    )


def _begin_alike(one: str, other: str) -> bool:
    """Tell whether two words have the same first letter, but for one that is swapped, too many or too few."""
    return one[0] == other[0] or other[0] == one[1] or one[0] == other[1]


_SLIPS: Final = 2
"""Letters that may be too many, or too few, in a name."""
_MORE: Final = 3
"""What a letter too many or too few costs."""
_WRONG: Final = 4
"""What a wrong letter, or two that are swapped, cost: one such slip and a letter more is allowed, two such are not."""
_LONG: Final = 6
"""Length from which a name may have more than one slip."""
_SHORT: Final = 3
"""Length below which no letter may be wrong."""
_ACRONYM: Final = 4
"""Length up to which a word in capitals is an acronym, rather than a name that somebody shouts."""
_WORDS: Final = re.compile(r'[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+')
_DOUBLED: Final = re.compile(r'(.)\1+')
_NO_DIGITS: Final = str.maketrans('', '', '0123456789')


def _distance(one: str, other: str, limit: int) -> int:
    """What it costs to make one word of another; more than `limit` is not counted out."""
    before: list[int] = []
    row = [_MORE * place for place in range(len(other) + 1)]
    for at, letter in enumerate(one, 1):
        earlier, before, row = before, row, [_MORE * at]
        for place, wanted in enumerate(other, 1):
            cost = min(row[-1] + _MORE, before[place] + _MORE, before[place - 1] + _WRONG * (letter != wanted))
            if at > 1 and place > 1 and letter == other[place - 2] and one[at - 2] == wanted:
                cost = min(cost, earlier[place - 2] + _WRONG)
            row.append(cost)
        if min(row) > limit:
            return limit + 1
    return row[-1]


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
    return [component for component in found if taken_over().get(component.scope) not in scopes]


def scope_meant(installation: Installation, name: str, registry: str | None) -> str | None:
    """Return what ``mmdett.RetinaNet`` should have been, None where the prefix is no misspelt scope."""
    prefix, _, rest = name.partition('.')
    if not rest or '.' in rest or prefix in installation.scopes or installation.has_scope(prefix):
        return None
    near = (f'{scope}.{rest}' for scope in nearest(prefix, installation.scopes, 2))
    return next((each for each in near if installation.find(each, registry) is not None), None)


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
