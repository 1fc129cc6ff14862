"""Targets that are ranges: what is right for all releases is silent, all else says for which it is wrong."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import Ran, write

Cli = Callable[..., Ran]


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
    write(tmp_path, {'cfglint.toml': '[targets]\nmmdet = ">=3.0,<3.4"\n'})
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
