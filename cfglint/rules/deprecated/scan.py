"""Where a config uses a registered component by a name, or with an argument, that may be one of 0.x.

Values are shared between the configs that inherit them and never change: what was found in one is remembered by its
identity, and the value is kept alive as long as that holds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from cfglint.language.values import Table
from cfglint.rules.deprecated import tables
from cfglint.rules.facts.words import words_in
from cfglint.sections.table import BUILT

if TYPE_CHECKING:
    from collections.abc import Iterator, Set

    from cfglint.rules.context import Context, Item


class Hit(NamedTuple):
    """A dict worth a look, and the way to it."""

    path: tuple[Any, ...]
    table: Table


class Scanner:
    """Finds dicts by their `type` and by the names of their fields.

    Attributes:
        types: Types that are worth a look; where names come with them, only with one of these.
        names: Names that are worth a look in any dict.
    """

    def __init__(self, types: dict[str, frozenset[str]], names: frozenset[str]) -> None:
        self.types = types
        self.names = names
        self._kinds = frozenset(types)

    def scan(self, value: Any, context: Context) -> tuple[Hit, ...]:
        """Return the dicts in a value that are worth a look, each once."""
        if not isinstance(value, (dict, list, tuple)):
            return ()
        memo = context.memo('deprecated')
        known: tuple[Hit, ...] | None = memo.get(self, value)
        if known is None:
            known = memo.keep(self, value, self._scan(value, context))
        return known

    def _scan(self, value: Any, context: Context) -> tuple[Hit, ...]:
        if not self._is_among(words_in(context, value)):
            return ()
        hits: dict[int, Hit] = {}
        if isinstance(value, Table) and self._is_worth_a_look(value):
            hits[id(value)] = Hit((), value)
        for key, child in value.items() if isinstance(value, dict) else enumerate(value):
            if isinstance(child, (dict, list, tuple)):
                for hit in self.scan(child, context):
                    if id(hit.table) not in hits:
                        hits[id(hit.table)] = Hit((key, *hit.path), hit.table)
        return tuple(hits.values())

    def _is_among(self, words: Set[Any]) -> bool:
        """Tell whether a value with these words may have something in it that is worth a look."""
        kinds = self._kinds.intersection(words)
        if any(not self.types[kind] or not self.types[kind].isdisjoint(words) for kind in kinds):
            return True
        return not self.names.isdisjoint(words)

    def _is_worth_a_look(self, table: Table) -> bool:
        kind = table.get('type')
        if type(kind) is str:
            names = self.types.get(kind)
            if names is None and '.' in kind:
                names = self.types.get(kind.rpartition('.')[2])
            if names is not None and (not names or not names.isdisjoint(table)):
                return True
        # A class that is imported is there: had it been removed, the import would fail first.
        return bool(self.names) and not self.names.isdisjoint(table)


def _removed() -> set[str]:
    """Return the types that 1.x renamed or dropped."""
    names = {*tables.HOOKS}
    for group in (tables.TRANSFORMS, tables.DATASETS, tables.MODELS, tables.COMPONENTS):
        names.update(name for table in group.values() for name in table)
    return names


def _modern() -> Scanner:
    """Return what finds names of 0.x in 1.x configs: what is certain to be wrong there, and little else."""
    types: dict[str, set[str]] = {}
    for rows in (*tables.ARGUMENTS.values(), tables.HOOK_ARGUMENTS):
        for kind, table in rows.items():
            types.setdefault(kind, set()).update(table)
    for kind, library in tables.LIBRARY_OF.items():
        types.setdefault(kind, set()).update(tables.DATASET_ARGUMENTS[library], ('pretrained',))
    for kind in tables.WARNED:
        types.setdefault(kind, set()).add('file_client_args')
    found = {kind: frozenset(names) for kind, names in types.items()}
    found.update(dict.fromkeys(_removed() | tables.GONE_IN_LIBRARIES, frozenset()))
    return Scanner(found, frozenset())


def _legacy() -> Scanner:
    """Return what finds the sizes in 0.x configs whose order changed: all else is told of with what it is a part of."""
    types: dict[str, set[str]] = {}
    for table in tables.AXES.values():
        for kind, name in table.items():
            types.setdefault(kind, set()).add(name)
    return Scanner({kind: frozenset(names) for kind, names in types.items()}, frozenset())


_MODERN, _LEGACY = _modern(), _legacy()


def components_of(context: Context) -> tuple[Item, ...]:
    """Return the dicts worth a look as items of the config, those with the shortest keys first.

    In a 1.x config only what MMEngine builds something from; in a 0.x one all that is written.
    """
    return () if context.era == 'neutral' else context.once('deprecated.components', lambda: _components_of(context))


def _components_of(context: Context) -> tuple[Item, ...]:
    found: dict[int, tuple[Any, ...]] = {}
    for name, hits in _hits(context):
        for hit in hits:
            known = found.get(id(hit.table))
            if known is None or len(hit.path) + 1 < len(known):
                found[id(hit.table)] = (name, *hit.path)
    return tuple(_item(context.root, path) for path in sorted(found.values(), key=len))


def _hits(context: Context) -> Iterator[tuple[str, tuple[Hit, ...]]]:
    if context.era == '0.x':
        yield from ((item.key, _LEGACY.scan(item.value, context)) for item in context.root.items())
        return
    for name, value, _ in context.unsettled('deprecated', BUILT):
        hits = _MODERN.scan(value, context)
        if not hits:
            context.settle('deprecated', name)
        yield name, hits


def _item(root: Item, path: tuple[Any, ...]) -> Item:
    item = root
    for key in path:
        below = item.get(key)
        if below is None:
            break
        item = below
    return item
