"""What configs use of the libraries: from it, a run says against which releases it has checked."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from cfglint.catalog.model import Resolved


class Usage(NamedTuple):
    """What configs have used of the libraries.

    Attributes:
        scopes: The default scopes of the configs.
        libraries: The libraries of their components.
        unchecked: The components whose arguments could not be checked, with the reason.
        has_own: Whether some of them are classes of the user's.
        legacy: The same, of the configs that are for 0.x releases.
    """

    scopes: frozenset[str]
    libraries: frozenset[str]
    unchecked: dict[str, str]
    has_own: bool = False
    legacy: Usage | None = None


def usage_of(
    found: Iterable[Resolved | None], scopes: frozenset[str], legacy: Usage | None = None, *, is_cut: bool = False
) -> Usage:
    """Return what configs have used.

    Args:
        found: What their types stand for.
        scopes: Their default scopes.
        legacy: What configs for 0.x have used.
        is_cut: Whether some of the user's code was not looked into, since it is too large.
    """
    known = [resolved for resolved in found if resolved is not None]
    components = [resolved.component for resolved in known]
    has_own = any(not each.library and each.kind != 'unknown' for each in components)
    unchecked = dict(_unchecked(known, is_cut=is_cut))
    return Usage(scopes, frozenset(each.library for each in components), unchecked, has_own, legacy)


def _unchecked(found: Iterable[Resolved], *, is_cut: bool) -> Iterator[tuple[str, str]]:
    from cfglint.catalog import Extra

    reason = 'code that is too large to be indexed whole' if is_cut else 'forks, and libraries without a catalog'
    for resolved in found:
        component = resolved.component
        if resolved.extra is Extra.OPEN and component.kind != 'other':
            is_unknown = component.kind == 'unknown'
            yield component.path, reason if is_unknown else '`**kwargs` that cannot be followed'


def joined(one: Usage, other: Usage) -> Usage:
    """Return what both say."""
    legacy = joined(one.legacy, other.legacy) if one.legacy and other.legacy else one.legacy or other.legacy
    return Usage(
        one.scopes | other.scopes,
        one.libraries | other.libraries,
        {**one.unchecked, **other.unchecked},
        one.has_own or other.has_own,
        legacy,
    )
