"""Several formats at once, into files."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import Ran
from tests.kit.repo import write

Cli = Callable[..., Ran]

BAD = 'train_cfg = dict(by_epoch=True, max_epoch=12)\n'


def test_formats_go_where_they_are_sent(cli: Cli, tmp_path: Path) -> None:
    write(tmp_path, {'a.py': BAD})
    ran = cli(
        'check',
        'a.py',
        '--output-format',
        'sarif:out.sarif',
        '--output-format',
        'concise',
        '--output-format',
        'json:o.json',
    )
    assert ran.code == 1 and ran.out.startswith('a.py:1:33: error[misspelt-field]')
    assert json.loads((tmp_path / 'out.sarif').read_text())['version'] == '2.1.0'
    assert len(json.loads((tmp_path / 'o.json').read_text())) == 1


def test_output_file_takes_what_would_be_printed(cli: Cli, tmp_path: Path) -> None:
    write(tmp_path, {'a.py': BAD})
    ran = cli('check', 'a.py', '-q', '--output-file', 'out.txt', '--color', 'always')
    assert ran.out == '' and (tmp_path / 'out.txt').read_text().startswith('error[misspelt-field]')


@pytest.mark.parametrize(('args', 'words'), [
    (['--output-format', 'srif'], 'there is no output format `srif`; did you mean `sarif`?'),
    (['--output-format', 'json', '--output-format', 'sarif'], 'two formats have the same place'),
    (['--output-format', 'json:a', '--output-format', 'sarif:./a'], 'two formats have the same place'),
    (['--output-format', 'json:a', '--output-file', 'b'], '--output-file has nothing to hold'),
    (['--output-format', 'json:absent/a'], 'cannot write `absent/a`: no such file or directory'),
    (['--diff', '--output-format', 'json'], '--diff is printed as a diff'),
])  # fmt: skip
def test_what_cannot_be_written_is_said(cli: Cli, tmp_path: Path, args: list[str], words: str) -> None:
    write(tmp_path, {'a.py': BAD})
    ran = cli('check', 'a.py', *args)
    assert ran.code == 2 and words in ran.err and ran.err.count('\n') == 1


def test_colours_are_printed_where_they_are_wanted_and_only_there(cli: Cli, tmp_path: Path) -> None:
    write(tmp_path, {'a.py': "_base_ = 'a\x1bred.py'\n"})
    wanted, plain = (cli('check', 'a.py', '-q', '--color', choice).out for choice in ('always', 'never'))
    assert '\x1b[' in wanted and '\x1bred' not in wanted
    assert '\x1b' not in plain and 'a\\x1bred' in plain
