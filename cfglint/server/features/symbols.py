"""Document symbols: the sections of a config and what they hold; and folding."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lsprotocol import types

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cfglint.server.document import Document
    from cfglint.server.syntax import Node

_KINDS = {
    'dict': types.SymbolKind.Object,
    'list': types.SymbolKind.Array,
    'call': types.SymbolKind.Function,
    'other': types.SymbolKind.Property,
}


def symbols(document: Document) -> list[types.DocumentSymbol]:
    """Return the keys of a file as a tree; items of lists by what they are."""
    return list(_symbols(document, document.tree))


def _symbols(document: Document, node: Node) -> Iterator[types.DocumentSymbol]:
    for child in node.children:
        name = _name(child)
        if name is None:
            continue
        start = child.start if child.key_start is None else child.key_start
        selected = (start, child.end) if child.key_start is None else (start, child.key_end)
        yield types.DocumentSymbol(
            name=name,
            kind=types.SymbolKind.Module if child.key == '_base_' else _KINDS[child.kind],
            range=document.range(start, child.end),
            selection_range=document.range(*selected),
            detail=_detail(child),
            children=list(_symbols(document, child)),
        )


def _name(node: Node) -> str | None:
    if isinstance(node.key, str):
        return node.key or '""'
    if node.kind != 'dict' or node.parent is None or node.parent.kind != 'list':
        return None
    kind = node.get('type')
    return (None if kind is None else kind.literal() or kind.text) or f'[{node.key}]'


def _detail(node: Node) -> str | None:
    """Return what a dict is, or a value that is short."""
    if node.kind == 'dict':
        kind = node.get('type')
        return None if kind is None else kind.literal() or kind.text or None
    return node.text or None if len(node.text) < 60 else None


def folds(document: Document) -> list[types.FoldingRange]:
    """Return the ranges of values that stand on several lines."""
    found = []
    for node in document.tree.walk():
        if node.opened is None or node.parent is None:
            continue
        first, last = (
            document.range(node.opened, node.closed).start.line,
            document.range(node.closed, node.closed).start.line,
        )
        if last > first + 1:
            found.append(types.FoldingRange(first, last - 1))
    return found
