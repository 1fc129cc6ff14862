"""Go to definition: of a base, a value, a variable, a component; from a key to what it overrides, or what overrides it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lsprotocol import types
from pygls import uris

from cfglint.language.values import Table
from cfglint.rules.reading.places import Where
from cfglint.server.components import built_as, built_at, definition_of, lazy_name
from cfglint.server.features.references import item_of, reference_at

if TYPE_CHECKING:
    from cfglint.language.values import Origin
    from cfglint.server.components import Built
    from cfglint.server.cursor import Cursor
    from cfglint.server.document import Document

_TOP = types.Range(types.Position(0, 0), types.Position(0, 0))


def definition(document: Document, position: types.Position) -> list[types.Location]:
    """Return where what stands at a position is defined; of a key, where the value is that it overrides."""
    cursor = document.at(position)
    reference = reference_at(document, cursor)
    if reference is not None:
        if reference.item is not None:
            origin = reference.item.origin
            return [] if origin is None else [document.key_location(origin)]
        assert reference.config is not None
        return [types.Location(uris.from_fs_path(reference.config.path) or '', _TOP)]
    component = _component(document, cursor)
    if component is not None:
        return component
    path = cursor.path
    item = None if not path or cursor.role != 'key' else document.item(path)
    if item is None or item.origin is None:
        return []
    overridden = item.origin.overrides
    return [document.key_location(item.origin if overridden is None else overridden)]


def _component(document: Document, cursor: Cursor) -> list[types.Location] | None:
    built = _built(document, cursor)
    if built is None or document.context is None:
        return None
    found = definition_of(document.context, built.component)
    if found is None:
        return []
    path, node = found
    row = types.Position(node.lineno - 1, node.col_offset)  # type: ignore[attr-defined]
    return [types.Location(uris.from_fs_path(path) or '', types.Range(row, row))]


def _built(document: Document, cursor: Cursor) -> Built | None:
    """Return the component that a `type`, or an imported name, stands for."""
    path = cursor.path
    if path and len(path) > 1 and path[-1] == 'type' and cursor.role == 'value':
        return built_at(document, path[:-1], cursor.node.parent)
    token = cursor.token
    name = None if token is None or token.kind != 'name' else lazy_name(document, token.text)
    if name is None or document.context is None:
        return None
    return built_as(document.context, Where(None, document.context.scope, ''), Table({'type': name}))


def implementation(document: Document, position: types.Position) -> list[types.Location]:
    """Return where configs that inherit the file override the key at a position."""
    cursor = document.at(position)
    path = cursor.path
    if not path or cursor.role != 'key':
        return []
    found: dict[str, types.Location] = {}
    for heir in document.project.checks.dependents(document.path):
        config = document.project.config(heir)
        item = None if config is None else item_of(config, path)
        origin = None if item is None else item.origin
        while origin is not None and origin.overrides is not None:
            if _overrides(origin, document.path):
                found.setdefault(repr(document.key_location(origin)), document.key_location(origin))
            origin = origin.overrides
    return list(found.values())


def _overrides(origin: Origin, path: str) -> bool:
    """Tell whether one of the values that an origin overrides is written in a file."""
    below = origin.overrides
    while below is not None:
        if below.source.path == path:
            return origin.source.path != path
        below = below.overrides
    return False
