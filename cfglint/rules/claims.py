"""Claims: one mistake is one diagnostic.

A diagnostic claims the item that it is about, and what it says that it explains besides. A rule that declares to yield to
another (`yields_to`) says nothing about what that one has claimed: about the item itself, what is inside of it, or the dict
that directly holds it.

A misspelt name claims all that follows from it: who leaves out the `t` of `max_epochs` need not read that `max_epochs` is
missing, that the schedule ends too early and that the warm-up never does. The other rules judge the config as it was meant.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from cfglint.language.values import Array, Row, Table
from cfglint.rules.reading.items import is_beside

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Set

    from cfglint.diagnostics import Diagnostic
    from cfglint.language.config import Config
    from cfglint.rules.declaration import Rule
    from cfglint.rules.reading.items import Item

_Place = tuple[int, str]
_Names = dict[int, dict[Any, str]]
"""What the keys of dicts should have been, by the identity of the dict."""


class _Note(NamedTuple):
    rule: Rule
    item: Item
    explains: tuple[Item, ...]
    said: Diagnostic
    name: str | None
    """What the item's key should have been, where it is misspelt."""


class Claims:
    """What rules have said of one config, and what that explains."""

    def __init__(self) -> None:
        self._notes: list[_Note] = []
        self._names: _Names = {}

    def add(
        self, rule: Rule, item: Item, said: Diagnostic, explains: tuple[Item, ...] = (), name: str | None = None
    ) -> None:
        """Note what a rule says.

        Args:
            rule: The rule.
            item: What it is about.
            said: The diagnostic.
            explains: What it explains besides: an argument that is missing where another one has a wrong name.
            name: What the item's key should have been, where it is misspelt.
        """
        self._notes.append(_Note(rule, item, explains, said, name))

    def kept(self, said: Iterable[Diagnostic]) -> list[Diagnostic]:
        """Return what was said, without what rules say of what others have claimed."""
        explained = self._explained()
        return [each for each in said if _identity(each) not in explained] if explained else list(said)

    def misspelt(self) -> list[Diagnostic]:
        """Return what was said of misspelt names: all else is said of the config `as_meant`."""
        explained, found = self._explained(), []
        for note in self._notes:
            holder = None if note.item.parent is None else note.item.parent.value
            meant = self._names.get(id(holder), {})
            if note.name is None or _identity(note.said) in explained or not isinstance(holder, Table):
                continue
            if (
                not is_beside(note.item, note.name) and note.name not in meant.values()
            ):  # one of them is meant to be that
                self._names.setdefault(id(holder), {})[note.item.name] = note.name
                found.append(note.said)
        return found

    def as_meant(self, config: Config, words: Callable[[Any], Set[Any]]) -> Config:
        """Return a config with the names that were meant; what has none of them is shared with the old one.

        Args:
            config: The config.
            words: Returns what stands in a value, its keys among that: one that has none of the names is not walked.
        """
        misspelt = frozenset().union(*self._names.values())
        return config.with_table(_table(config.table, self._names, lambda value: not misspelt.isdisjoint(words(value))))

    def _explained(self) -> set[tuple[Any, ...]]:
        """Return what is explained by what other rules say."""
        yielding = [note for note in self._notes if note.rule.yields_to]
        if not yielding:
            return set()
        claimed: dict[str, set[_Place]] = {}
        for note in self._notes:
            places = claimed.setdefault(note.rule.name, set())
            for item in (note.item, *note.explains):
                places.update(_written(item))
        return {
            _identity(note.said)
            for note in yielding
            if any(_is_claimed(note.item, claimed[name]) for name in note.rule.yields_to & claimed.keys())
        }


def lacking(table: Item, name: str = '') -> Item:
    """Return what stands for something that a dict lacks; for all of that, if no name is given."""
    return table._replace(name=name, value=None, origin=None, parent=table)


def _is_claimed(item: Item, claimed: set[_Place]) -> bool:
    """Tell whether an item is claimed, or something around it, or something that stands directly in it."""
    if item.origin is None and item.parent is not None and (id(item.parent.value), '') in claimed:
        return True
    around: Item | None = item
    while around is not None and around.parent is not None:
        if not claimed.isdisjoint(_written(around)):
            return True
        around = around.parent
    inside = item.items() if isinstance(item.value, Table) else ()
    return any(not claimed.isdisjoint(_written(each)) for each in inside)


def _written(item: Item) -> Iterator[_Place]:
    """Yield what identifies where an item is written: copies of what a base says were written at one place."""
    origin = item.origin
    if origin is None:
        yield 0 if item.parent is None else id(item.parent.value), item.name
    while origin is not None:
        yield id(origin.value if origin.key is None else origin.key), ''
        origin = origin.overrides


def _identity(said: Diagnostic) -> tuple[Any, ...]:
    return said.rule, said.span, said.key, said.message


def _value(value: Any, names: _Names, has_some: Callable[[Any], bool]) -> Any:
    if not isinstance(value, (Table, Array, Row)) or not has_some(value):
        return value
    if isinstance(value, Table):
        return _table(value, names, has_some)
    items = [_value(item, names, has_some) for item in value]
    if all(new is old for new, old in zip(items, value, strict=True)):
        return value
    return Row(items, value.origins) if isinstance(value, Row) else Array(items, value.origins)


def _table(table: Table, names: _Names, has_some: Callable[[Any], bool]) -> Table:
    meant: Mapping[Any, str] = names.get(id(table), {})
    items: dict[Any, Any] = {}
    for key, item in table.items():
        name, value = meant.get(key, key), _value(item, names, has_some)
        items[name] = _merged(items[name], value) if key in meant and name in items else value
    if not meant and all(items[key] is item for key, item in table.items()):
        return table
    origins = {meant.get(key, key): origin for key, origin in table.origins.items()}
    return type(table)(items, origins)


def _merged(base: Any, child: Any) -> Any:
    """Return what a misspelt key becomes beside what a base has under its name: the one would be merged into the other."""
    if not isinstance(base, Table) or not isinstance(child, Table) or child.get('_delete_'):
        return child
    items = {**base, **{key: _merged(base.get(key), value) for key, value in child.items()}}
    return type(base)(items, {**base.origins, **child.origins})
