"""Source files and places in them.

Everything here counts characters from the start of the file. Rows and columns exist only where a person
or another tool reads them (`Location`).
"""

from __future__ import annotations

import os
import re
import stat
from bisect import bisect_right
from functools import cached_property
from itertools import accumulate
from typing import TYPE_CHECKING, NamedTuple, Protocol

from cfglint.diagnostics import Advice
from cfglint.language.errors import ConfigError

if TYPE_CHECKING:
    import ast

MAX_FILE_SIZE = 320 * 1024
"""In bytes. The largest config of the official zoos has 75 kB; parsing 320 kB may take half a second."""


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


def read(path: str) -> SourceFile:
    """Read a file as MMEngine would: UTF-8, whatever a coding cookie says.

    Raises:
        ConfigError: The file is absent, no regular file, too large, not readable or not UTF-8
            (``mmengine.config.Config._file2dict`` opens every file with ``encoding='utf-8'``).
    """
    try:
        # Not open() first: a FIFO would block, /dev/zero would never end.
        status = os.stat(path)
    except OSError as error:
        what = 'a broken link' if os.path.islink(path) else _reason(error)
        raise ConfigError('unreadable-file', f'cannot read `{path}`: {what}') from None
    if not stat.S_ISREG(status.st_mode):
        kind = 'a folder' if stat.S_ISDIR(status.st_mode) else 'not a regular file'
        raise ConfigError('unreadable-file', f'cannot read `{path}`: it is {kind}')
    if status.st_size > MAX_FILE_SIZE:
        raise _too_large(path, status.st_size)
    try:
        data = _content(path, status.st_size or MAX_FILE_SIZE + 1)  # the kernel's own files say 0
    except OSError as error:
        raise ConfigError('unreadable-file', f'cannot read `{path}`: {_reason(error)}') from None
    if len(data) > MAX_FILE_SIZE:
        raise _too_large(path, len(data))
    return decode(path, data)


def _too_large(path: str, size: int) -> ConfigError:
    limit = f'{size / 1024 / 1024:.1f} MB; the limit is {MAX_FILE_SIZE // 1024} kB'
    return ConfigError('unreadable-file', f'`{path}` is too large for a config ({limit})')


def _content(path: str, size: int) -> bytes:
    """Return the first `size` bytes of a file, or all that it has: `open` asks the system for twice as much.

    Raises:
        OSError: The file cannot be read.
    """
    file = os.open(path, os.O_RDONLY | getattr(os, 'O_BINARY', 0))
    try:
        data = os.read(file, size)
        while data and len(data) < size and (more := os.read(file, size - len(data))):
            data += more
        return data
    finally:
        os.close(file)


def decode(path: str, data: bytes) -> SourceFile:
    """Turn the bytes of a file into a `SourceFile`.

    Raises:
        ConfigError: The bytes are not UTF-8, or hold a NUL byte or a byte order mark, which Python refuses.
    """
    try:
        source = SourceFile(path, data.decode('utf-8'))
    except UnicodeDecodeError as error:
        source = SourceFile(path, data.decode('utf-8', 'replace'))
        row = data[: error.start].count(b'\n') + 1
        message = f'not UTF-8: byte 0x{data[error.start]:02x} at offset {error.start}'
        advice = Advice('save the file as UTF-8')
        start = source.offset_of_row(row)
        raise ConfigError(
            'unreadable-file', message, source, Range(start, start), raises='UnicodeDecodeError', advice=advice
        ) from None
    if '\0' in source.text:
        at = source.text.index('\0')
        advice = Advice('remove it')
        raise ConfigError('unreadable-file', 'the file has a NUL byte', source, Range(at, at + 1), advice=advice)
    if source.text.startswith('\ufeff') and not path.endswith(('.yaml', '.yml')):
        raise ConfigError(
            'unreadable-file',
            'the file starts with a byte order mark',
            source,
            Range(0, 1),
            raises='SyntaxError: invalid non-printable character U+FEFF',
            advice=Advice('save it as UTF-8 without a byte order mark'),
        )
    return source


def _reason(error: OSError) -> str:
    return (error.strerror or type(error).__name__).lower()
