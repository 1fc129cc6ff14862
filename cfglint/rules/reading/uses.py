"""The registered components that a config builds: every dict with a `type`, against what the libraries have.

Configs share most of their dicts with others, so what is found below a dict is kept for all that hold it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic, NamedTuple, TypeVar

from cfglint.catalog.conditions import demanding_names
from cfglint.catalog.framework import NAMED_PARTS, holds_plain, plain
from cfglint.era import can_run
from cfglint.language.values import Array, ConfigTable, Lazy, OpenTable, Row, Table
from cfglint.rules.reading.items import Item, item_at
from cfglint.rules.reading.legacy_scope import UNKNOWN
from cfglint.rules.reading.lookup import Use, holder_in, resolve
from cfglint.rules.reading.places import KEYS, LEGACY_SECTIONS, SECTIONS, Places, section_kind
from cfglint.rules.reading.types import type_name
from cfglint.sections.table import BUILT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from cfglint.catalog.containers import Handling
    from cfglint.rules.context import Context
    from cfglint.rules.reading.places import Place

T = TypeVar('T')
_new: Any = tuple.__new__  # takes a third of the time of a named tuple's own


_CONTAINERS = frozenset({Table, ConfigTable, OpenTable, Array, Row})


class _Found(NamedTuple):
    """What is said of a component: the way to it from where one is, and where it stands."""

    path: tuple[Any, ...]
    place: Place
    what: Any


def collect(context: Context, name: str, visit: Callable[[Use], Iterable[T]]) -> list[tuple[Use, T]]:
    """Return what `visit` says of every component of a config's sections, outer ones first, with the component.

    What it says of a dict is kept under `name` for all configs that share the dict, wherever they have it. So it must
    depend on the dict, the registry, the scope and the libraries only: the items of the use that `visit` is given know
    nothing of what is around them. A fragment without a `default_scope` has no components if its types do not tell of which
    library they are: only the configs that inherit it know. So it is where a base is not known.
    """
    sections = _sections_of(context)
    if sections is None:
        return []
    if context.is_scope_guessed:  # its variables are for the configs that inherit it
        sections = {**dict.fromkeys(_variables(context)), **sections}
    imports, scope = context.own_imports, context.scope
    walk = _Walk(context, f'{name} {imports}' if imports else name, visit)
    uses: list[tuple[Use, T]] = []
    for section, value, registry in context.present(sections):
        place = walk.places[registry, scope, section, section_kind(section, value), None]
        found = walk.below(value, place) if type(value) in _CONTAINERS else []
        uses += [(_use(context, item_at(context.root, (section, *each.path)), each.place), each.what) for each in found]
    return uses


def _variables(context: Context) -> list[str]:
    """Return the variables of a fragment, but those that are arguments of something in it: what takes them tells what they are."""
    held: set[int] = set()
    waiting = [value for value in context.config.table.values() if type(value) in _CONTAINERS]
    while waiting:
        value = waiting.pop()
        inner = [each for each in (value.values() if isinstance(value, Table) else value) if type(each) in _CONTAINERS]
        waiting += [each for each in inner if id(each) not in held]
        held.update(map(id, inner))
    return [name for name in context.variables if id(context.value(name)) not in held]


def _sections_of(context: Context) -> Mapping[str, str | None] | None:
    """Return the sections that hold components, None where it is not known what their types mean.

    Of most places in a config of 0.x it is not known in which of a library's registries is looked.
    """
    if context.is_legacy:
        return None if context.scope == UNKNOWN else LEGACY_SECTIONS
    is_known = 'default_scope' in context or context.is_scope_guessed
    if not is_known and (context.partial or not (can_run(context) or context.style == 'lazy')):
        return None
    return BUILT if context.era in ('0.x', 'mixed') else SECTIONS  # of what is migrated, the sections tell


def _use(context: Context, item: Item, place: Place) -> Use:
    kind = item.get('type')
    assert kind is not None
    handling = None if place.holder is None else context.libraries.handling(place.holder)
    return Use(item, kind, place.registry, place.scope, place.slot, handling)


class _Walk(Generic[T]):
    """Visits the components of a config; what is known of a dict is not looked at again."""

    def __init__(self, context: Context, name: str, visit: Callable[[Use], Iterable[T]]) -> None:
        self._context = context
        self.places: Places = context.shared(
            'places', context.libraries, lambda: Places({} if context.is_legacy else KEYS)
        )
        self._memo = context.memo(name)
        self._visit = visit
        self._nothing: set[Any] = context.shared((name, context.scope), context.libraries, set)
        """What kind of dicts there is nothing to say of: the type, the place, the keys and the strings; see `_kind_of`."""

    def below(self, value: Any, place: Place) -> list[_Found]:
        """Visit what is in a dict or list."""
        is_table = isinstance(value, Table)
        if not is_table and _CONTAINERS.isdisjoint(map(type, value)):
            return []  # of numbers, as most lists are: looking for what is known of it would take longer
        known = self._memo.get(place, value)
        if known is None:
            found = self._in_table(value, place) if is_table else self._in_list(value, place)
            known = self._memo.keep(place, value, found)
        return known

    def _in_list(self, values: Any, place: Place) -> list[_Found]:
        found: list[_Found] = []
        for index, value in enumerate(values):
            if type(value) in _CONTAINERS and (inner := self.below(value, place)):
                found += _from(index, inner)
        return found

    def _in_table(self, table: Table, place: Place) -> list[_Found]:
        found: list[_Found] = []
        kind = table.get('type')
        if '_scope_' in table and isinstance(table['_scope_'], str):
            # Without a type, it tells what the parts are for that get this dict.
            place = self.places[place.registry, table['_scope_'], place.slot, place.below, place.holder]
        holder = place.holder
        same = _kind_of(table, place) if holder is None and isinstance(kind, (str, Lazy)) else None
        if same not in self._nothing and isinstance(kind, (str, Lazy)):
            called = kind if isinstance(kind, str) else kind.name
            if plain(called, place.slot):
                return found
            handling = None
            if holder is not None:
                handling = self._context.libraries.handling(holder)
                place = self._built_in(place, handling)
            item = _new(Item, ('', table, None, None))
            type_ = _new(Item, ('type', kind, None, item))
            use = _new(Use, (item, type_, place.registry, place.scope, place.slot, handling))
            found += [_Found((), place, what) for what in self._visit(use)]
            if holds_plain(called):
                return found
            resolved = resolve(self._context, use)
            holder = holder_in(resolved)
            if not found and same is not None and holder is None and resolved and resolved.signature.built is None:
                self._nothing.add(same)
        if _CONTAINERS.isdisjoint(map(type, table.values())):
            return found
        slot = place.slot if kind is None and place.slot in NAMED_PARTS else None
        inside = place.inside
        for key, value in table.items():
            if type(value) not in _CONTAINERS or not value:
                continue
            at = inside[slot or key]
            if holder is not None:
                at = self.places[at.registry, at.scope, at.slot, at.below, (holder[0], (*holder[1], str(key)))]
            if inner := self.below(value, at):
                found += _from(key, inner)
        return found

    def _built_in(self, place: Place, handling: Handling) -> Place:
        """Return the place of what is built from a registry of the user's own, which has no parent."""
        key = None if handling.registry is None else self._context.libraries.own_root(handling.registry)
        if key is None:
            return place
        registry, _, scope = key.partition('@')
        return self.places[registry, scope, place.slot, place.below, place.holder]


def _from(key: Any, found: list[_Found]) -> list[_Found]:
    """Return what was found in a value, as seen from the dict or list that has it at `key`."""
    return [_Found((key, *path), place, what) for path, place, what in found]


def _kind_of(table: Table, place: Place) -> tuple[Any, ...]:
    """Return what is the same in dicts of which the same is said: configs have thousands of components of a few kinds.

    Where the constructor demands something of its arguments, their values count as well.
    """
    strings = [value if type(value) is str else None for value in table.values()]
    kind = place, table['type'], tuple(table), tuple(strings)
    is_judged = type_name(table['type']) in demanding_names()
    return (*kind, tuple(map(_value_of, table.values()))) if is_judged else kind


def _value_of(value: Any) -> Any:
    """Return what may count of a value: of lists of dicts, the length."""
    if type(value) not in _CONTAINERS:
        return value if type(value) in _HASHED else type(value)
    if isinstance(value, Table):
        return tuple([(key, _value_of(each)) for key, each in value.items()])
    return len(value) if any(isinstance(each, Table) for each in value) else repr(value)


_HASHED = frozenset({str, int, float, bool, type(None)})
