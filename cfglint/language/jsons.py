"""Parsing JSON, with the place of every key and item."""

from __future__ import annotations

import json
import re
from json.decoder import scanstring  # type: ignore[attr-defined]
from typing import TYPE_CHECKING, Any

from cfglint.language.errors import ConfigError
from cfglint.language.evaluation.limits import MAX_DEPTH, TooLarge
from cfglint.language.places import Range
from cfglint.language.values import Array, Origin, Table

if TYPE_CHECKING:
    from cfglint.language.source import SourceFile

_SPACE = re.compile(r'[ \t\n\r]*')
_SCALAR = re.compile(r'-?Infinity|NaN|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?|true|false|null')


def parse(source: SourceFile) -> Any:
    """Parse the text of a file.

    Raises:
        ConfigError: It is malformed.
        TooLarge: It is nested too deeply.
    """
    parser = _Parser(source)
    try:
        value, end = parser.value(parser.skip(0), 0)
        if parser.skip(end) != len(source.code):
            raise json.JSONDecodeError('Extra data', source.code, parser.skip(end))
    except json.JSONDecodeError as error:
        place = source.range_of_code(error.pos, error.pos)
        message = f'not JSON: {error.msg}'
        raise ConfigError('syntax-error', message, source, place, raises='JSONDecodeError') from None
    except ValueError as error:  # a number of thousands of digits
        message = f'not JSON: {error}'
        raise ConfigError('syntax-error', message, source, Range(0, 0), raises='ValueError') from None
    return value


class _Parser:
    """A recursive-descent parser that accepts what Python's `json` does, in the same words."""

    def __init__(self, source: SourceFile) -> None:
        self.source = source
        self.text = source.code

    def skip(self, at: int) -> int:
        """Return the offset of the next character that is no white space."""
        match = _SPACE.match(self.text, at)
        return at if match is None else match.end()

    def value(self, at: int, depth: int) -> tuple[Any, int]:
        """Return the value at an offset, and the offset after it."""
        if depth > MAX_DEPTH:
            raise TooLarge(f'a value nested more than {MAX_DEPTH} levels deep')
        start = self.text[at : at + 1]
        if start == '{':
            return self._object(at, depth)
        if start == '[':
            return self._array(at, depth)
        if start == '"':
            text, end = scanstring(self.text, at + 1, True)
            return text, end
        match = _SCALAR.match(self.text, at)
        if match is None:
            raise json.JSONDecodeError('Expecting value', self.text, at)
        return json.loads(match[0]), match.end()

    def _object(self, at: int, depth: int) -> tuple[Table, int]:
        table = Table()
        at = self.skip(at + 1)
        if self.text[at : at + 1] == '}':
            return table, at + 1
        while True:
            if self.text[at : at + 1] != '"':
                raise json.JSONDecodeError('Expecting property name enclosed in double quotes', self.text, at)
            key, key_end = scanstring(self.text, at + 1, True)
            colon = self.skip(key_end)
            if self.text[colon : colon + 1] != ':':
                raise json.JSONDecodeError("Expecting ':' delimiter", self.text, colon)
            start = self.skip(colon + 1)
            table[key], end = self.value(start, depth + 1)
            table.origins[key] = Origin(self.source, self._range(at, key_end), self._range(start, end))
            at, done = self._next(end, '}')
            if done:
                return table, at

    def _array(self, at: int, depth: int) -> tuple[Array, int]:
        array = Array()
        at = self.skip(at + 1)
        if self.text[at : at + 1] == ']':
            return array, at + 1
        while True:
            item, end = self.value(at, depth + 1)
            array.append(item)
            array.origins.append(Origin(self.source, None, self._range(at, end)))
            at, done = self._next(end, ']')
            if done:
                return array, at

    def _next(self, end: int, closing: str) -> tuple[int, bool]:
        """Return the offset after what closes a container, or that of its next item."""
        at = self.skip(end)
        character = self.text[at : at + 1]
        if character == closing:
            return at + 1, True
        if character != ',':
            raise json.JSONDecodeError("Expecting ',' delimiter", self.text, at)
        return self.skip(at + 1), False

    def _range(self, start: int, end: int) -> Range:
        return self.source.range_of_code(start, end)
