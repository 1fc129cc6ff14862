"""What the rules about components share: whose component it is, and one diagnostic for each place."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from cfglint.catalog.library_index import libraries_of, scope_of
from cfglint.migrate.old_library import library_of
from cfglint.rules.reading.old_names import components_of
from cfglint.rules.reading.types import type_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cfglint.rules.context import Context
    from cfglint.rules.reading.items import Item


class OldComponent(NamedTuple):
    """A component that a config uses."""

    item: Item
    kind: str
    """The type's name, without scope; empty where the dict has none."""
    libraries: tuple[str, ...]
    """The libraries of 0.x whose names hold here; none where that is not certain."""
    scope: str | None
    """The scope of 1.x in which the type is looked up; none in a 0.x config."""


def old_components(context: Context) -> tuple[OldComponent, ...]:
    """Return the components that may be deprecated."""
    return context.once('deprecated.old_components', lambda: tuple(_old_components(context)))


def _old_components(context: Context) -> Iterator[OldComponent]:
    for item in components_of(context):
        value = item.value.get('type')
        kind = type_name(value) if isinstance(value, str) else None
        prefix = value.partition('.')[0] if isinstance(value, str) and '.' in value else None
        if context.era == '0.x':
            library = prefix if prefix is not None and scope_of(prefix) else _library_of(context)
            yield OldComponent(item, kind or '', () if library is None else (library,), None)
        else:
            scope = prefix if prefix is not None else _scope(item) or context.value('default_scope')
            scope = scope if isinstance(scope, str) else None
            yield OldComponent(item, kind or '', libraries_of(scope), scope)


def _library_of(context: Context) -> str | None:
    return context.once('deprecated.library', lambda: library_of(context.config) or '') or None


def _scope(item: Item) -> str | None:
    """Return the ``_scope_`` that a dict around the item sets; at the top level it means nothing."""
    parent: Item | None = item
    while parent is not None and parent.parent is not None:
        if isinstance(parent.value, dict) and isinstance(parent.value.get('_scope_'), str):
            return str(parent.value['_scope_'])
        parent = parent.parent
    return None


def place_of(item: Item) -> int:
    """Identify where an item is written: all copies of a base's value were written at one place."""
    origin = item.origin
    return id(item.value) if origin is None else id(origin.key if origin.key is not None else origin.value)
