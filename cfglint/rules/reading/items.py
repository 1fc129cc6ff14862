"""The values of a config with their keys and origins: what rules look at, and report."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from cfglint.language.values import Array, Origin, Row, Table
from cfglint.rules.reading.types import type_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_new: Any = tuple.__new__  # takes a third of the time of a named tuple's own, and items are made by the thousand


class Item(NamedTuple):
    """A value in a config, with its key and where it was written.

    Attributes:
        name: The key below the parent; a number for an item of a list.
        value: The value.
        origin: Where it was written; none for what code computed.
        parent: The dict or list that holds it; none for the config itself.
    """

    name: str
    value: Any
    origin: Origin | None
    parent: Item | None

    @property
    def key(self) -> str:
        """The dotted key."""
        above = '' if self.parent is None else self.parent.key
        return f'{above}.{self.name}' if above else self.name

    @property
    def type_name(self) -> str | None:
        """The name in the `type` of a dict, without scope or module; None for anything else."""
        return type_name(self.value.get('type')) if isinstance(self.value, dict) else None

    def get(self, name: str | int) -> Item | None:
        """Return the item below a dict or list, None when there is none."""
        value = self.value
        if isinstance(value, Table):
            if name not in value:
                return None
            origin = value.origins.get(name)
        elif isinstance(value, (Array, Row)) and isinstance(name, int) and name < len(value):
            origin = value.origins[name] if name < len(value.origins) else None
        else:
            return None
        return _new(Item, (name if type(name) is str else str(name), value[name], origin, self))

    def items(self) -> Iterator[Item]:
        """Yield the items directly below."""
        value = self.value
        if isinstance(value, Table):
            origins = value.origins
            for name, item in value.items():
                yield _new(Item, (name if type(name) is str else str(name), item, origins.get(name), self))
        elif isinstance(value, (Array, Row)):
            for index in range(len(value)):
                yield self.get(index)  # type: ignore[misc]

    def walk(self) -> Iterator[Item]:
        """Yield the item itself and all below it, outer ones first."""
        yield self
        if isinstance(self.value, (Table, Array, Row)):
            for item in self.items():
                yield from item.walk()


def walk_shared(item: Item, seen: set[tuple[str, int]] | None = None) -> Iterator[Item]:
    """Yield an item and all below it as `walk` does, but a dict or list that several keys of one name share only once.

    Args:
        item: The item.
        seen: The names and identities of the dicts and lists that were walked before.
    """
    seen = set() if seen is None else seen
    yield item
    if isinstance(item.value, (Table, Array, Row)) and (place := (item.name, id(item.value))) not in seen:
        seen.add(place)
        for each in item.items():
            yield from walk_shared(each, seen)


def item_at(item: Item, path: tuple[str | int, ...]) -> Item:
    """Return the item at a path that is known to exist."""
    for part in path:
        found = item.get(part)
        assert found is not None
        item = found
    return item


def item_below(item: Item, path: str) -> Item | None:
    """Return what stands at a dotted path below an item, None if there is nothing."""
    found: Item | None = item
    for name in path.split('.'):
        found = found.get(name) if found is not None and isinstance(found.value, dict) else None
    return found


def is_beside(item: Item, name: str) -> bool:
    """Tell whether the file that writes an item writes another one of that name in the same dict."""
    other = None if item.parent is None else item.parent.get(name)
    if other is None:
        return False
    return item.origin is None or other.origin is None or item.origin.source is other.origin.source


def replaced_type(argument: Item) -> str | None:
    """Return the `type` of the base when a child replaced it and `argument`, beside it, still comes from the base."""
    kind = None if argument.parent is None else argument.parent.get('type')
    if kind is None or kind.origin is None or kind.origin.overrides is None or argument.origin is None:
        return None
    if kind.origin.replaced == kind.value or argument.origin.source is kind.origin.source:
        return None
    before = _replaced_in(argument.parent, kind.origin)
    if isinstance(before, dict) and argument.name not in before:
        return None  # a child of that child writes it
    return str(getattr(kind.origin.replaced, 'name', kind.origin.replaced))


def _replaced_in(item: Item | None, place: Origin) -> Any:
    """Return what an item was before the file of a place changed it; none if that is not known."""
    origin = None if item is None else item.origin
    while origin is not None and origin.source is not place.source:
        origin = origin.overrides
    return None if origin is None else origin.replaced


def leftovers(arguments: Iterable[Item]) -> Iterator[tuple[str, list[Item]]]:
    """Yield the arguments that a replaced `type` left over, with the old type: all those of one dict together."""
    by_dict: dict[int, tuple[str, list[Item]]] = {}
    for argument in arguments:
        old = replaced_type(argument)
        if old is not None and argument.parent is not None:
            by_dict.setdefault(id(argument.parent.value), (old, []))[1].append(argument)
    yield from by_dict.values()
