"""``--python``: the packages of another environment count, and nothing of it is run."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import Ran
from tests.kit.repo import write

Cli = Callable[..., Ran]
SITE = 'env/lib/python3.9/site-packages'
FILES = {
    'env/bin/python': '#!/bin/sh\necho "it was run" >&2; exit 1\n',
    'env/pyvenv.cfg': 'home = /nowhere/bin\nversion = 3.9.1\n',
    f'{SITE}/mmdet-3.0.0.dist-info/METADATA': '',
    f'{SITE}/mmengine-0.7.1.dist-info/METADATA': '',
    f'{SITE}/mmcv_lite-2.0.1.dist-info/METADATA': '',
    f'{SITE}/mmdet/__init__.py': 'raise SystemExit("it was imported")\n',
    f'{SITE}/mmdet/.mim/configs/some/run.py': 'train_cfg = dict(by_epoch=True, max_epoch=12)\n',
    'configs/a.py': "_base_ = 'mmdet::some/run.py'\ndefault_scope = 'mmdet'\nmodel = dict(type='FasterRCNN', nope=1)\n",
}


@pytest.fixture(autouse=True)
def environment(tmp_path: Path) -> None:
    write(tmp_path, FILES)
    os.chmod(tmp_path / 'env/bin/python', 0o755)


@pytest.mark.parametrize('python', ['env/bin/python', 'env'])
def test_targets_are_what_is_installed_there(cli: Cli, python: str) -> None:
    ran = cli('targets', '--python', python)
    assert ran.code == 0 and ran.err == ''
    assert 'mmdet' in ran.out and '3.0.0 is installed' in ran.out and '0.7.1 is installed' in ran.out


def test_check_uses_its_releases_and_its_configs(cli: Cli) -> None:
    ran = cli('check', 'configs', '--python', 'env', '--output-format', 'json')
    assert ran.code in (0, 1) and 'mmdet 3.0.0 (3.0.0 is installed)' in ran.err
    assert 'uninstalled-package' not in ran.out and 'missing-base' not in ran.out
    assert any(each['filename'].endswith('run.py') for each in json.loads(ran.out))


def test_compat_judges_that_environment(cli: Cli) -> None:
    ran = cli('compat', '--environment', '--python', 'env')
    assert 'mmcv-lite 2.0.1 has no compiled operators' in ran.out and 'mmengine 0.7.1' in ran.out


def test_packages_that_are_installed_for_development_are_seen(cli: Cli, tmp_path: Path) -> None:
    write(tmp_path, {
        f'{SITE}/own.pth': f'{tmp_path}/source\nimport os; os.abort()\n',
        'source/mmpose.egg-info/PKG-INFO': 'Version: 1.3.1\n',
    })  # fmt: skip
    assert '1.3.1 is installed' in cli('targets', '--python', 'env').out


@pytest.mark.parametrize('python', ['nowhere/python', 'configs'])
@pytest.mark.parametrize('command', [('check', 'configs'), ('targets',), ('compat', '--environment')])
def test_no_environment_is_one_clear_line(cli: Cli, python: str, command: tuple[str, ...]) -> None:
    ran = cli(*command, '--python', python)
    assert ran.code == 2 and ran.err.count('\n') == 1 and python in ran.err


def test_check_says_that_the_environment_cannot_run_the_configs(cli: Cli, tmp_path: Path) -> None:
    ran = cli('check', 'configs', '--python', 'env')
    assert 'this environment cannot run them: mmcv-lite 2.0.1 has no compiled operators' in ran.err
    new = SITE.replace('env', 'new')
    write(tmp_path, {
        'new/pyvenv.cfg': FILES['env/pyvenv.cfg'],
        f'{new}/mmdet-3.0.0.dist-info/METADATA': '',
        f'{new}/mmcv-2.2.0.dist-info/METADATA': '',
    })  # fmt: skip
    ran = cli('check', 'configs', '--python', 'new')
    assert (
        'this environment cannot run them: mmdet 3.0.0 refuses to be imported with mmcv 2.2.0: it asserts '
        "mmcv>=2.0.0rc4,<2.1.0; pip install 'mmcv>=2.0.0rc4,<2.1.0'\n" in ran.err
    )
    assert 'cannot run them' not in cli('check', 'configs', '--python', 'env', '--target', 'mmdet==3.3.0').err
    assert 'cannot run them' not in cli('check', 'configs', '--python', 'env', '-q').err
