"""Rows and columns of characters: lines end where Python's parser ends them."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from cfglint.language.errors import ConfigError
from cfglint.language.files import MAX_WEIGHT, read
from cfglint.language.loader import Loader
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


def test_file_systems_that_give_a_part_at_a_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = 'optim_wrapper = dict(optimizer=dict(lr=0.1))\n'
    (tmp_path / 'a.py').write_text(text)
    whole = os.read
    monkeypatch.setattr(os, 'read', lambda file, size: whole(file, min(size, 7)))
    assert read(str(tmp_path / 'a.py')).text == text


@pytest.mark.skipif(not os.path.exists('/proc/version'), reason='there are no files of the kernel')
def test_files_that_say_they_are_empty() -> None:
    with open('/proc/version', encoding='utf-8') as file:
        assert os.stat('/proc/version').st_size == 0 and read('/proc/version').text == file.read()


@pytest.mark.skipif(not os.path.exists('/proc/version'), reason='there are no files of the kernel')
def test_they_may_be_too_large_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr('cfglint.language.files.MAX_FILE_SIZE', 10)
    with pytest.raises(ConfigError, match='too large'):
        read('/proc/version')


def test_indentation_counts_for_little(tmp_path: Path) -> None:
    """MMEngine writes large configs out with more blanks than text."""
    (tmp_path / 'a.py').write_text('a = [\n' + f'{" " * 80}1,\n' * 5000 + ']\n')
    assert os.path.getsize(tmp_path / 'a.py') > MAX_WEIGHT
    assert len(Loader().load(str(tmp_path / 'a.py')).table['a']) == 5000
    (tmp_path / 'b.py').write_text('# ' + 'b' * MAX_WEIGHT)
    with pytest.raises(ConfigError, match='blanks as an eighth; the limit is 320 kB'):
        Loader().load(str(tmp_path / 'b.py'))


@pytest.mark.skipif(not os.path.exists('/proc/self/fd'), reason='the system does not tell which files are open')
def test_files_are_closed() -> None:
    before = len(os.listdir('/proc/self/fd'))
    for _ in range(3):
        read(__file__)
    assert len(os.listdir('/proc/self/fd')) == before
