"""``cfglint init`` and ``cfglint clean``, and the standard input as a file."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from cfglint.settings import load
from tests.cli.conftest import Ran, process
from tests.kit.repo import write

Cli = Callable[..., Ran]
BAD = 'train_cfg = dict(by_epoch=True, max_epoch=12)\n'


def test_init_sets_a_repository_up_and_a_check_is_green(cli: Cli, tmp_path: Path) -> None:
    write(tmp_path, {
        '.git/HEAD': '',
        'configs/a.py': BAD,
        'projects/x/configs/b.py': "default_scope = 'mmdet'\n",
        'requirements.txt': 'mmdet==3.1.0\n',
        'pyproject.toml': '[project]\nname = "mine"',
    })  # fmt: skip
    ran = cli('init')
    assert ran.code == 0, ran.err
    settings = load(str(tmp_path / 'pyproject.toml'))
    assert settings.paths == ('configs', 'projects/x/configs')
    assert settings.targets['mmdet'] == '3.1.0'
    assert settings.baseline == '.cfglint-baseline.json'
    assert yaml.safe_load((tmp_path / '.pre-commit-config.yaml').read_text())['repos'][0]['hooks'] == [
        {'id': 'cfglint'}
    ]
    steps = yaml.safe_load((tmp_path / '.github/workflows/cfglint.yml').read_text())['jobs']['cfglint']['steps']
    assert steps[1]['with'] == {'since': 'origin/${{ github.base_ref }}'}
    assert cli('check').code == 0


def test_init_overwrites_nothing(cli: Cli, tmp_path: Path) -> None:
    write(tmp_path, {'configs/a.py': "default_scope = 'mmdet'\n", '.pre-commit-config.yaml': 'repos: []\n'})
    ran = cli('init')
    assert ran.code == 0
    assert (tmp_path / '.pre-commit-config.yaml').read_text() == 'repos: []\n'
    assert 'left .pre-commit-config.yaml as it is; the hook could be:' in ran.out
    assert not (tmp_path / '.cfglint-baseline.json').exists()
    again = cli('init')
    assert again.code == 2 and 'has settings of cfglint already' in again.err


def test_init_needs_configs(cli: Cli) -> None:
    ran = cli('init')
    assert ran.code == 2 and ran.err.count('\n') == 1


def test_clean_removes_the_cache(tmp_path: Path) -> None:
    write(tmp_path, {'configs/a.py': "default_scope = 'mmdet'\n", 'cache/cfglint/answers/x.json': '{}'})
    cache = str(tmp_path / 'cache')
    ran = process('clean', cwd=tmp_path, XDG_CACHE_HOME=cache)
    assert ran.code == 0 and ran.out.startswith('removed ')
    assert not (tmp_path / 'cache/cfglint').exists() and (tmp_path / 'cache').exists()
    assert process('clean', cwd=tmp_path, XDG_CACHE_HOME=cache).out == 'there is no cache\n'


def test_the_standard_input_stands_for_a_file(cli: Cli, tmp_path: Path) -> None:
    write(tmp_path, {'configs/_base_/a.py': BAD.replace('max_epoch', 'max_epochs'), 'configs/b.py': ''})
    text = "_base_ = './_base_/a.py'\ntrain_cfg = dict(max_epoch=3)\n"
    ran = cli('check', '-', '--stdin-filename', 'configs/b.py', '--output-format', 'json', stdin=text)
    assert ran.code == 1
    [found] = json.loads(ran.out)
    assert found['filename'] == str(tmp_path / 'configs/b.py') and found['location'] == {'row': 2, 'column': 18}
    full = cli('check', '-', '--stdin-filename', 'configs/new.py', stdin=text)
    assert full.code == 1 and 'train_cfg = dict(max_epoch=3)' in full.out
    assert cli('check', '-', stdin='a = [\n').code == 1
    assert cli('check', '-', stdin="default_scope = 'mmdet'\n").code == 0


@pytest.mark.parametrize('arguments', [('-', 'a.py'), ('a.py', '--stdin-filename', 'b.py'), ('-', '--fix')])
def test_the_standard_input_is_checked_alone(cli: Cli, tmp_path: Path, arguments: tuple[str, ...]) -> None:
    write(tmp_path, {'a.py': ''})
    assert cli('check', *arguments, stdin='').code == 2
