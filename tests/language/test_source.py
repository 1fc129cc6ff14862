"""Rows and columns of characters: lines end where Python's parser ends them."""

from __future__ import annotations

import re

import pytest

from cfglint.language.source import SourceFile


@pytest.mark.parametrize(
    'text', ['', 'a', 'a\n', 'a\nb', '\n\n', 'a\r\nb\rc\nd', 'a\x0cb\u2028c\nd', 'ä\n骨\n', '\r', 'a\r\n']
)
def test_rows_and_columns(text: str) -> None:
    lines = re.split(r'\r\n|\r|\n', text)
    source = SourceFile('config.py', text)
    assert source.rows == len(lines)
    assert [source.line(row) for row in range(1, source.rows + 1)] == lines
    for row, line in enumerate(lines, 1):
        start = source.offset_of_row(row)
        assert [tuple(source.location(start + column)) for column in range(len(line))] == [
            (row, column + 1) for column in range(len(line))
        ]
    assert source.offset_of_row(len(lines) + 1) == len(text)
