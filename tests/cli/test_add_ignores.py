"""``--add-ignores``: what is found is suppressed by comments, and the values of the configs stay."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from cfglint.language.loader import Loader
from tests.cli.conftest import Ran
from tests.kit.repo import write

Cli = Callable[..., Ran]
CONFIG = '''# a config
train_cfg = dict(by_epoch=True, max_epoch=12)  # twelve
fp16 = dict(loss_scale="""
512
""")
val_cfg = dict(typ='ValLoop', \\
    x=1)
'''


def test_all_that_is_found_is_suppressed_and_values_stay(cli: Cli, tmp_path: Path) -> None:
    write(tmp_path, {'a.py': CONFIG, 'b.yaml': 'train_cfg:\n  by_epoch: true\n  max_epoch: 3'})
    before = [Loader().load(str(tmp_path / name)).table for name in ('a.py', 'b.yaml')]
    assert cli('check', 'a.py', 'b.yaml').code == 1
    ran = cli('check', 'a.py', 'b.yaml', '--add-ignores', 'not now')
    assert (ran.code, ran.out) == (0, ''), ran.out
    assert 'added suppressions to 2 files; checked 2 files: found nothing' in ran.err
    assert [Loader().load(str(tmp_path / name)).table for name in ('a.py', 'b.yaml')] == before
    lines = (tmp_path / 'a.py').read_text().splitlines()
    assert lines[1].endswith('# twelve  # cfglint: ignore[misspelt-field] -- not now')
    assert (tmp_path / 'b.yaml').read_text().endswith('max_epoch: 3  # cfglint: ignore[misspelt-field] -- not now')
    assert cli('check', 'a.py', 'b.yaml').code == 0


def test_line_ends_stay(cli: Cli, tmp_path: Path) -> None:
    write(tmp_path, {'a.py': 'train_cfg = dict(by_epoch=True, max_epoch=12)\r\nx = 1\r\n'})
    cli('check', 'a.py', '--add-ignores', 'not now')
    assert (tmp_path / 'a.py').read_bytes().count(b'\r\n') == (tmp_path / 'a.py').read_bytes().count(b'\n') == 2


def test_json_and_what_cannot_be_parsed_stay(cli: Cli, tmp_path: Path) -> None:
    files = {'a.json': '{"train_cfg": {"by_epoch": true, "max_epoch": 3}}', 'b.py': 'a = (\n'}
    write(tmp_path, files)
    assert cli('check', *files, '--add-ignores', 'not now').code == 1
    assert {name: (tmp_path / name).read_text() for name in files} == files


def test_files_that_were_not_given_stay(cli: Cli, tmp_path: Path) -> None:
    write(tmp_path, {'base.py': 'train_cfg = dict(by_epoch=True, max_epoch=12)\n', 'a.py': "_base_ = './base.py'\n"})
    assert cli('check', 'a.py', '--add-ignores', 'not now').code == 1
    assert 'ignore' not in (tmp_path / 'base.py').read_text()


@pytest.mark.parametrize(
    'arguments', [('--add-ignores', ' '), ('--add-ignores', 'a # b'), ('--add-ignores', 'x', '--fix')]
)
def test_wrong_usage(cli: Cli, tmp_path: Path, arguments: tuple[str, ...]) -> None:
    write(tmp_path, {'a.py': CONFIG})
    assert cli('check', 'a.py', *arguments).code == 2
    assert (tmp_path / 'a.py').read_text() == CONFIG
