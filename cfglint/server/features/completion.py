"""Completion: what may be typed at a place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lsprotocol import types

from cfglint.server.features.completing import bases, keys, kinds, values
from cfglint.server.syntax import tokens

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from cfglint.server.cursor import Cursor
    from cfglint.server.document import Document
    from cfglint.server.features.completing.proposal import Proposal

TRIGGERS = ('.', "'", '"', '(', ',', '=', '/', '[')
MAX_PROPOSALS = 400
"""More are not shown at once: the client asks again with more of the word."""


def completion(document: Document, position: types.Position) -> types.CompletionList:
    """Return what may be typed at a position."""
    cursor = document.at(position)
    if _is_in_comment(document, cursor):
        return types.CompletionList(is_incomplete=False, items=[])
    taken = bases.taken_from_base(document, cursor)
    if taken is not None:
        proposals, start, end = bases.values_of_bases(document, taken.keys), taken.start, taken.end
    else:
        proposals, (start, end) = _proposals(document, cursor), cursor.replaced
    typed = document.source.text[start : cursor.offset].lower()
    fitting = sorted((each for each in proposals if _fits(each.label.lower(), typed)), key=lambda each: each.order)
    around = document.range(start, end)
    items = [each.item(around) for each in _unique(fitting)]
    return types.CompletionList(is_incomplete=len(items) > MAX_PROPOSALS, items=items[:MAX_PROPOSALS])


def documented(document: Document, item: types.CompletionItem) -> types.CompletionItem:
    """Return what was proposed, with its documentation: to read that of all takes too long."""
    text = kinds.documentation(document, item.data) if isinstance(item.data, dict) else ''
    if text:
        item.documentation = types.MarkupContent(types.MarkupKind.Markdown, text)
    return item


def _proposals(document: Document, cursor: Cursor) -> Iterator[Proposal]:
    if cursor.is_in_string:
        yield from bases.paths(document, cursor)
        yield from kinds.types_in_string(document, cursor)
        yield from values.in_string(document, cursor)
        yield from keys.in_string(document, cursor)
        return
    if cursor.is_new:
        yield from keys.new_keys(document, cursor)
    elif cursor.role == 'key':
        yield from (each._replace(inserted='') for each in keys.new_keys(document, cursor))  # the `=` stands there
    if cursor.role == 'value' and cursor.node.key_start is not None:
        yield from kinds.types_without_quotes(document, cursor)
        yield from values.bare(document, cursor)


def _is_in_comment(document: Document, cursor: Cursor) -> bool:

    start = document.source.text.rfind('\n', 0, cursor.offset) + 1
    line = document.source.text[start : cursor.offset]
    return any(token.kind == 'comment' for token in tokens(line)) if '#' in line else False


def _fits(label: str, typed: str) -> bool:
    """Tell whether what is typed are letters of a label, in their order."""
    letters = iter(label)
    return all(letter in letters for letter in typed)


def _unique(proposals: Iterable[Proposal]) -> Iterator[Proposal]:
    seen: set[str] = set()
    for each in proposals:
        if each.label not in seen:
            seen.add(each.label)
            yield each
