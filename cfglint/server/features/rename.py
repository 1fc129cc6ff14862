"""Renaming a key in a file, in what it inherits, and in all that inherit the same."""

from __future__ import annotations

import keyword
from typing import TYPE_CHECKING, Any

from lsprotocol import types

from cfglint.language.errors import ConfigError
from cfglint.language.source import SourceFile
from cfglint.language.values import Table
from cfglint.server.document import key_span
from cfglint.server.edits import workspace_edit
from cfglint.server.features.references import Occurrence, occurrences, reference_at, related_configs
from cfglint.usage import UsageError

if TYPE_CHECKING:
    from collections.abc import Collection

    from cfglint.language.places import Span
    from cfglint.language.values import Origin
    from cfglint.server.cursor import Cursor
    from cfglint.server.document import Document
    from cfglint.server.syntax import Key


def prepare(document: Document, position: types.Position) -> types.Range | None:
    """Return the key or the variable at a position, None where there is none that can be renamed."""
    cursor = document.at(position)
    keys = _keys(document, cursor)
    if keys is None:
        return None
    offset = cursor.offset
    for each in occurrences(document, keys):
        if each.span.path == document.path and each.span.start <= offset <= each.span.end:
            start, end = _name_within(each, str(keys[-1]))
            return document.range(start, end)
    return None


def rename(document: Document, position: types.Position, name: str) -> types.WorkspaceEdit:
    """Return the edits that rename the key or the variable at a position, everywhere.

    Raises:
        UsageError: It cannot be renamed: the name is none, or some config would resolve to something else.
    """
    keys = _keys(document, document.at(position))
    if keys is None:
        raise UsageError('there is no key here that could be renamed')
    if not name.isidentifier() or keyword.iskeyword(name):
        raise UsageError(f'`{name:.60}` is no name of a key')
    if not document.is_current:
        raise UsageError('mend what is broken in this file first')
    found = occurrences(document, keys)
    foreign = [each.span.path for each in found if not document.project.owns(each.span.path)]
    if foreign:
        raise UsageError(f'`{foreign[0]}` is no file of yours: its keys stay as they are')
    _require_nothing_else(document, keys, found, name)
    changes: dict[str, list[types.TextEdit]] = {}
    for each in found:
        around = document.positions.range(each.source, *_name_within(each, str(keys[-1])))
        changes.setdefault(each.span.path, []).append(types.TextEdit(around, name))
    return workspace_edit(changes)


def _keys(document: Document, cursor: Cursor) -> tuple[Key, ...] | None:
    reference = reference_at(document, cursor)
    here = cursor.path if cursor.role == 'key' else None
    keys = (here or ()) if reference is None else reference.keys
    return keys if keys and isinstance(keys[-1], str) and not keys[-1].startswith('_') else None


def _name_within(occurrence: Occurrence, name: str) -> tuple[int, int]:
    """Return where the name stands in a place: behind the quote of a string, at the end of `a.b`."""
    span = occurrence.span
    start = span.start + occurrence.source.text[span.start : span.end].rindex(name)
    return start, start + len(name)


def _require_nothing_else(document: Document, keys: tuple[Key, ...], found: list[Occurrence], name: str) -> None:
    """Refuse a renaming after which some config resolves to more than the same under another name."""
    old = str(keys[-1])
    written = {each.span for each in found if each.is_written}
    texts: dict[str, SourceFile] = {}
    for each in sorted(found, key=lambda each: each.span.start, reverse=True):
        text = texts[each.span.path].text if each.span.path in texts else each.source.text
        start, end = _name_within(each, old)
        texts[each.span.path] = SourceFile(each.span.path, text[:start] + name + text[end:])
    workspace = document.project.workspace
    loader = workspace.over({**workspace.overlay, **texts}).loader
    for config in related_configs(document, keys):
        try:
            after = loader.load(config.path)
        except ConfigError as error:
            raise UsageError(f'`{config.path}` would break: {error.message}') from None
        if repr(_renamed(config.table, written, name)) != repr(_plain(after.table)):
            raise UsageError(f'`{config.path}` would resolve to something else than the same under another name')


def _renamed(value: Any, written: Collection[Span], name: str) -> Any:
    """Return a value in which the keys that are written at some places have another name."""
    if isinstance(value, Table):
        return {
            name if _is_written(value.origins.get(key), written) else key: _renamed(item, written, name)
            for key, item in value.items()
        }
    if isinstance(value, (list, tuple)):
        return [_renamed(item, written, name) for item in value]
    return value


def _is_written(origin: Origin | None, written: Collection[Span]) -> bool:
    return origin is not None and origin.key is not None and key_span(origin) in written


def _plain(value: Any) -> Any:
    return _renamed(value, (), '')
