"""Where a config uses a registered component by a name, or with an argument, that may be one of 0.x.

Values are shared between the configs that inherit them and never change: what was found in one is remembered by its
identity, and the value is kept alive as long as that holds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from cfglint.catalog import library_index as index
from cfglint.language.values import Table
from cfglint.rules.reading.words import words_in
from cfglint.sections.table import BUILT

if TYPE_CHECKING:
    from collections.abc import Set

    from cfglint.rules.context import Context
    from cfglint.rules.reading.items import Item


class Hit(NamedTuple):
    """A dict worth a look, and the way to it."""

    path: tuple[Any, ...]
    table: Table


class Scanner:
    """Finds dicts by their `type`.

    Attributes:
        types: Types that are worth a look; where names of fields come with them, only with one of these.
    """

    def __init__(self, types: dict[str, frozenset[str]]) -> None:
        self.types = types
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
        return any(not self.types[kind] or not self.types[kind].isdisjoint(words) for kind in kinds)

    def _is_worth_a_look(self, table: Table) -> bool:
        kind = table.get('type')
        if type(kind) is not str:
            return False  # a class that is imported is there: had it been removed, the import would fail first
        names = self.types.get(kind)
        if names is None and '.' in kind:
            names = self.types.get(kind.rpartition('.')[2])
        return names is not None and (not names or not names.isdisjoint(table))


def _modern() -> Scanner:
    """Return what finds names of 0.x in 1.x configs: what is certain to be wrong there, and little else."""
    types: dict[str, set[str]] = {}
    for rows in index.old_arguments().values():
        for kind, names in rows.items():
            types.setdefault(kind, set()).update(names)
    for kind, library in index.marks().items():
        types.setdefault(kind, set()).update(index.old_dataset_arguments().get(library, ()), ('pretrained',))
    for kind in WARNED:
        types.setdefault(kind, set()).add('file_client_args')
    found = {kind: frozenset(names) for kind, names in types.items()}
    found.update({kind: frozenset() for rows in index.gone().values() for kind in rows})
    return Scanner(found)


def _legacy() -> Scanner:
    """Return what finds the sizes in 0.x configs whose order changed: all else is told of with what it is a part of."""
    types: dict[str, set[str]] = {}
    for table in index.swapped().values():
        for kind, names in table.items():
            types.setdefault(kind, set()).update(names)
    return Scanner({kind: frozenset(names) for kind, names in types.items()})


WARNED = frozenset({'LoadImageFromFile', 'LoadAnnotations', 'LoggerHook', 'CheckpointHook'})
"""Types that still take `file_client_args` in 1.x, with a warning."""
_MODERN, _LEGACY = _modern(), _legacy()


def components_of(context: Context) -> tuple[Item, ...]:
    """Return the dicts worth a look as items of the config, those with the shortest keys first.

    In a 1.x config only what MMEngine builds something from; in a 0.x one all that is written.
    """
    return () if context.era == 'neutral' else context.once('deprecated.components', lambda: _components_of(context))


def _components_of(context: Context) -> tuple[Item, ...]:
    found: dict[int, tuple[Any, ...]] = {}
    if context.era == '0.x':
        sections, scanner = [(item.key, item.value) for item in context.root.items()], _LEGACY
    else:
        sections, scanner = [(name, value) for name, value, _ in context.present(BUILT)], _MODERN
    known_hits = context.memo('deprecated').get
    for name, value in sections:
        hits = known_hits(scanner, value)
        for hit in scanner.scan(value, context) if hits is None else hits:
            known = found.get(id(hit.table))
            if known is None or len(hit.path) + 1 < len(known):
                found[id(hit.table)] = (name, *hit.path)
    return tuple(_item(context.root, path) for path in sorted(found.values(), key=len))


def _item(root: Item, path: tuple[Any, ...]) -> Item:
    item = root
    for key in path:
        below = item.get(key)
        if below is None:
            break
        item = below
    return item
