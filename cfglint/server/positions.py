"""Places in texts as the protocol counts them: lines from 0, and columns in the units that client and server agreed on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lsprotocol import types

if TYPE_CHECKING:
    from cfglint.language.places import Span
    from cfglint.language.source import SourceFile

UTF_16 = types.PositionEncodingKind.Utf16


class Positions:
    """Converts offsets of characters to positions, and back.

    Args:
        encoding: What columns count: UTF-16 code units, if nothing else was agreed on.
    """

    def __init__(self, encoding: types.PositionEncodingKind | str = UTF_16) -> None:
        self._encoding = types.PositionEncodingKind(encoding)

    def position(self, source: SourceFile, offset: int) -> types.Position:
        """Return the position of a character."""
        row, column = source.location(min(offset, len(source.text)))
        before = source.text[source.offset_of_row(row) :][: column - 1]
        return types.Position(row - 1, self._units(before))

    def offset(self, source: SourceFile, position: types.Position) -> int:
        """Return the character at a position; positions past the end of a line, or of the text, are its end."""
        if position.line >= source.rows:
            return len(source.text)
        line = source.line(position.line + 1)
        return source.offset_of_row(position.line + 1) + self._characters(line, position.character)

    def range(self, source: SourceFile, start: int, end: int) -> types.Range:
        """Return the range between two characters."""
        return types.Range(self.position(source, start), self.position(source, end))

    def of_span(self, source: SourceFile, span: Span) -> types.Range:
        """Return the range of a span of this very text."""
        return self.range(source, span.start, span.end)

    def _units(self, text: str) -> int:
        if text.isascii() or self._encoding is types.PositionEncodingKind.Utf32:
            return len(text)
        if self._encoding is types.PositionEncodingKind.Utf8:
            return len(text.encode('utf-8', 'surrogatepass'))
        return len(text.encode('utf-16-le', 'surrogatepass')) // 2

    def _characters(self, line: str, units: int) -> int:
        if line.isascii() or self._encoding is types.PositionEncodingKind.Utf32:
            return min(units, len(line))
        count = 0
        for index, character in enumerate(line):
            if count >= units:
                return index
            count += self._units(character)
        return len(line)
