"""Source files, and the way from what parsers say to characters.

Everything here counts characters from the start of the file. Rows and columns exist only where a person
or another tool reads them (`Location`).
"""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import cached_property
from itertools import accumulate
from typing import TYPE_CHECKING, NamedTuple

from cfglint.language.places import Location, Range, Span

if TYPE_CHECKING:
    import ast

    from cfglint.language.places import Place


def weight_of(text: str) -> int:
    """Return as how many characters reading a text counts: a blank takes less than an eighth of what others take."""
    blanks = text.count(' ')
    return len(text) - blanks + blanks // 8


class SourceFile:
    """The text of a file, and the way from parser positions to characters.

    `code` is the text that was parsed: the same as `text` but for MMEngine's templates (``{{ fileDirname }}``),
    which are replaced before parsing; `shifts` leads from `code` back to `text`. `tree` is the syntax tree of `text`,
    `code_tree` the one of `code` where it differs, once somebody needed it.
    """

    def __init__(self, path: str, text: str) -> None:
        self.path = path
        self.text = text
        self.code = text
        self.shifts: list[Shift] = []
        self.tree: ast.Module | None = None
        self.code_tree: ast.Module | None = None

    def __repr__(self) -> str:
        return f'SourceFile({self.path!r})'

    @cached_property
    def _code_starts(self) -> list[int]:
        return _line_starts(self.code)

    @cached_property
    def _text_starts(self) -> list[int]:
        return self._code_starts if self.code is self.text else _line_starts(self.text)

    @cached_property
    def weight(self) -> int:
        """As how many characters reading it counts."""
        return weight_of(self.text)

    @property
    def rows(self) -> int:
        """The number of rows of `text`."""
        return len(self._text_starts)

    def _code_offset(self, lineno: int, column: int) -> int:
        """Turn a line (from 1) and a column in UTF-8 bytes into a character offset in `code`."""
        starts = self._code_starts
        if lineno > len(starts):
            return len(self.code)
        start = starts[lineno - 1]
        line = self.code[start : start + column]
        if not line.isascii():
            column = len(line.encode()[:column].decode(errors='replace'))
        return start + column

    def point(self, lineno: int, column: int) -> Range:
        """Return the place of a character of `code`, by its line (from 1) and its column in characters, in `text`."""
        starts = self._code_starts
        offset = starts[lineno - 1] + column if lineno <= len(starts) else len(self.code)
        offset = self._text_offset(min(offset, len(self.code)))
        return Range(offset, offset)

    def range_of_code(self, start: int, end: int) -> Range:
        """Return the place in `text` of a range of characters of `code`."""
        if not self.shifts:
            return Range(start, end)
        return Range(self._text_offset(start), self._text_offset(end, end=True))

    def code_line(self, row: int) -> str:
        """Return a row of `code` without its line end."""
        starts = self._code_starts
        if row > len(starts):
            return ''
        return self.code[starts[row - 1] : starts[row] if row < len(starts) else len(self.code)].rstrip('\r\n')

    def _text_offset(self, code_offset: int, *, end: bool = False) -> int:
        """Lead an offset in `code` back to `text`; inside of a replaced template, to the template's border."""
        delta = 0
        for shift in self.shifts:
            if code_offset <= shift.code_start and not (end and code_offset > shift.code_start):
                break
            if code_offset < shift.code_end:
                return shift.text_end if end else shift.text_start
            delta = shift.text_end - shift.code_end
        return code_offset + delta

    def span(self, place: Place) -> Span:
        """Return the characters of `text` that `place` covers."""
        if isinstance(place, Range):
            return Span(self.path, place.start, place.end)
        start = self._code_offset(place.lineno, place.col_offset)
        stop = start
        if place.end_lineno is not None and place.end_col_offset is not None:
            stop = self._code_offset(place.end_lineno, place.end_col_offset)
        return Span(self.path, *self.range_of_code(start, stop))

    def span_of_prefix(self, place: Place, length: int) -> Span:
        """Return the span of the first `length` characters of `place`: the name in ``name=value``, say."""
        span = self.span(place)
        return span._replace(end=min(span.start + length, span.end))

    def location(self, offset: int) -> Location:
        """Return the row and column of a character of `text`."""
        index = bisect_right(self._text_starts, offset) - 1
        return Location(index + 1, offset - self._text_starts[index] + 1)

    def line(self, row: int) -> str:
        """Return the row's text without its line end, as it stands in the file."""
        start = self._text_starts[row - 1]
        stop = self._text_starts[row] if row < len(self._text_starts) else len(self.text)
        return self.text[start:stop].rstrip('\r\n')

    def offset_of_row(self, row: int) -> int:
        """Return the offset of the row's first character; rows past the end give the end of the text."""
        return self._text_starts[row - 1] if row <= len(self._text_starts) else len(self.text)


class Shift(NamedTuple):
    """A template's place in `text` and the place of what replaced it in `code`."""

    text_start: int
    text_end: int
    code_start: int
    code_end: int


# Not str.splitlines(): Python's parser does not end a line at form feeds or at U+2028.
_LINE_END = re.compile(r'\r\n|\r|\n')


def _line_starts(text: str) -> list[int]:
    if '\r' in text:
        return [0, *(match.end() for match in _LINE_END.finditer(text))]
    starts = list(accumulate([len(line) + 1 for line in text.split('\n')], initial=0))
    starts.pop()  # the last line has no end
    return starts
