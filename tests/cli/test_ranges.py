"""Targets that are ranges: what is right for all releases is silent, all else says for which it is wrong."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import Ran
from tests.kit.repo import write

Cli = Callable[..., Ran]
PARTS = "default_scope = 'mmdet'\ntta_model = dict(type='DDQDETR', neck=dict(type='FPN', in_channels=[8], out_channels=8, num_outs=1))\n"


@pytest.fixture(autouse=True)
def repository(tmp_path: Path) -> None:
    write(tmp_path, {
        'configs/a.py': "default_scope = 'mmdet'\nmodel = dict(type='GLIP')\n",
        'configs/b.py': "default_scope = 'mmdet'\nmodel = dict(type='FasterRCN')\n",
    })  # fmt: skip


def notes(ran: Ran) -> dict[str, list[str]]:
    """Return the related notes of what is found, by file."""
    return {
        Path(each['filename']).name: [
            note['message'] for note in each['related'] if note['message'].startswith('only with')
        ]
        for each in json.loads(ran.out)
        if each['code'] in ('unknown-type', 'type-of-another-release')
    }


def test_what_only_some_releases_refuse_says_which(cli: Cli) -> None:
    ran = cli('check', 'configs', '--target', 'mmdet>=3.0,<3.4', '--output-format', 'json')
    assert ran.code == 1
    found = notes(ran)
    assert found['b.py'] == []
    assert len(found['a.py']) == 1 and 'mmdet 3.0.0' in found['a.py'][0] and 'mmdet 3.3.0' not in found['a.py'][0]
    assert 'against mmdet>=3.0,<3.4: ' in ran.err


def test_what_all_releases_take_is_silent(cli: Cli) -> None:
    assert cli('check', 'configs/a.py', '--target', 'mmdet>=3.2,<3.4').code == 0
    assert cli('check', 'configs/a.py', '--target', 'mmdet==3.2.*').code == 0


def test_settings_may_have_ranges_and_options_go_before(cli: Cli, tmp_path: Path) -> None:
    write(tmp_path, {'configs/c.py': PARTS, 'cfglint.toml': '[targets]\nmmdet = ">=3.0,<3.4"\n'})
    assert 'combinations of releases' in cli('check', 'configs/a.py').err
    assert cli('check', 'configs/a.py').code == 1
    assert cli('check', 'configs/a.py', '--target', 'mmdet==3.3.0').code == 0


@pytest.mark.parametrize('target', ['mmdet>=99', 'mmdet>=x', 'nothing>=1', 'mmdet>=3,<3.1;mmcv', 'mmdet<3,mmcv'])
def test_wrong_ranges_are_one_clear_line(cli: Cli, target: str) -> None:
    ran = cli('check', 'configs', '--target', target)
    assert ran.code == 2 and ran.err.count('\n') == 1


def test_combinations_that_cannot_be_installed_are_left_out(cli: Cli) -> None:
    ran = cli('check', 'configs/a.py', '--target', 'mmdet>=3.2,<3.4', '--target', 'mmcv>=2.1,<2.3')
    assert ran.code == 0 and ': 2 combinations of releases' in ran.err


def test_fixes_are_for_one_release(cli: Cli) -> None:
    assert cli('check', 'configs', '--target', 'mmdet>=3.2', '--fix').code == 2


@pytest.mark.parametrize(
    'arguments', [('targets',), ('graph', 'configs'), ('compat', 'configs'), ('explain', 'mmdet.FPN')]
)
def test_ranges_of_the_settings_are_understood_by_all_commands(
    cli: Cli, tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    write(tmp_path, {'configs/c.py': PARTS, 'cfglint.toml': "[targets]\nmmdet = '>=3.1,<3.4'\n"})
    ran = cli(*arguments)
    assert ran.err == '' and ran.code in (0, 1)
    if arguments[0] == 'targets':
        assert '3.3.0     settings   settings say >=3.1,<3.4; the newest that fits of 3 releases' in ran.out
    if arguments[0] == 'compat':
        assert 'mmdet: works from 3.2.0 to 3.3.0 (2 of 3 releases)' in ran.out and '3.0.0' not in ran.out


def test_compat_tries_the_releases_of_a_range(cli: Cli, tmp_path: Path) -> None:
    write(tmp_path, {'configs/c.py': PARTS})
    ran = cli('compat', 'configs/c.py', '--target', 'mmdet>=3.1,<3.4')
    assert ran.code == 0 and 'mmdet: works from 3.2.0 to 3.3.0 (2 of 3 releases)' in ran.out
    assert cli('compat', 'configs/c.py', '--target', 'mmdet==3.1.*').code == 1
