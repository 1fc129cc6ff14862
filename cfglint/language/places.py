"""Places in source files, as parsers and as people tell them."""

from __future__ import annotations

from typing import NamedTuple, Protocol


class Node(Protocol):
    """What says where it stands as an `ast` node does: columns are UTF-8 bytes."""

    lineno: int
    col_offset: int
    end_lineno: int | None
    end_col_offset: int | None


class Range(NamedTuple):
    """A place given by character offsets in the text, for formats whose parser counts characters (YAML, JSON)."""

    start: int
    end: int


Place = Node | Range
"""Where something stands."""


class Location(NamedTuple):
    """A row and a column as people count them, from 1; columns count characters."""

    row: int
    column: int


class Span(NamedTuple):
    """A half-open range of characters in a file."""

    path: str
    start: int
    end: int
