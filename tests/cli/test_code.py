"""`check --code` and `migrate --code` as they are called."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from cfglint.cli.app import make_app

OLD = 'from mmcv.runner import BaseModule\nprint(BaseModule)\n'


def run(*arguments: object) -> Result:
    return CliRunner().invoke(make_app(), [*map(str, arguments)])


@pytest.fixture
def package(tmp_path: Path) -> Path:
    (tmp_path / 'own').mkdir()
    (tmp_path / 'own/__init__.py').write_text('from .absent import x\nfrom .heads import y\n')
    (tmp_path / 'own/heads.py').write_text(OLD)
    return tmp_path / 'own'


def test_check(package: Path) -> None:
    result = run('check', '--code', package)
    assert result.exit_code == 1
    assert 'has no module `mmcv.runner`' in result.stdout
    assert 'code was checked against mmcv 2.' in result.stderr
    assert '`cfglint migrate --code` mends 1 of these' in result.stderr
    assert 'not found, though the code imports it: `own.absent`' in result.stderr


def test_check_as_data(package: Path) -> None:
    (found,) = json.loads(run('check', '--code', package, '--output-format', 'json').stdout)
    assert (found['code'], Path(found['filename']).name) == ('removed-import', 'heads.py')
    assert found['fix']['applicability'] == 'display' and found['fix']['edits']


def test_check_configs_and_code(package: Path) -> None:
    config = package.parent / 'config.py'
    config.write_text("default_scope = 'mmdet'\noptim_wraper = dict()\ntrain_dataloader = dict()\n")
    codes = {
        each['code'] for each in json.loads(run('check', config, '--code', package, '--output-format', 'json').stdout)
    }
    assert codes > {'removed-import'}


def test_suppressions_and_selection(package: Path) -> None:
    assert run('check', '--code', package, '--ignore', 'code').exit_code == 0
    (package / 'heads.py').write_text(OLD.replace('\n', '  # cfglint: ignore[removed-import] -- both\n', 1))
    assert run('check', '--code', package).exit_code == 0


def test_code_of_a_project_for_0x_is_right(package: Path) -> None:
    result = run('check', '--code', package, '--target', 'mmdet==2.28.2')
    assert result.exit_code == 0 and 'for releases of 0.x' in result.stderr


@pytest.mark.parametrize(
    'option', [('--fix',), ('--diff',), ('--since', 'HEAD'), ('--staged',), ('--add-ignores', 'x')]
)
def test_code_is_only_checked(option: tuple[str, ...], package: Path) -> None:
    result = run('check', '--code', package, *option)
    assert result.exit_code == 2 and '--code' in result.stderr


@pytest.mark.parametrize(('command', 'path'), [('check', 'nowhere'), ('migrate', 'nowhere'), ('check', 'data.json')])
def test_paths_that_are_no_code(command: str, path: str, tmp_path: Path) -> None:
    (tmp_path / 'data.json').write_text('{}')
    result = run(command, '--code', tmp_path / path)
    assert result.exit_code == 2 and f'`{tmp_path / path}`' in result.stderr


def test_migrate_says_what_it_would_do(package: Path) -> None:
    result = run('migrate', '--code', package)
    assert result.exit_code == 0
    assert 'heads.py: migrated\n1 of 2 files migrated, 0 open questions\n' in result.stdout
    assert '`own.absent`' in result.stdout and (package / 'heads.py').read_text() == OLD


def test_migrate_writes(package: Path) -> None:
    new = OLD.replace('mmcv.runner', 'mmengine.model')
    assert f'+{new.splitlines()[0]}\n' in run('migrate', '--code', package, '--diff').stdout
    assert run('migrate', '--code', package, '--output', package.parent / 'new').exit_code == 0
    assert (package.parent / 'new/heads.py').read_text() == new
    assert run('migrate', '--code', package, '--write').exit_code == 0
    assert (package / 'heads.py').read_text() == new


def test_migrate_wants_something(tmp_path: Path) -> None:
    result = run('migrate')
    assert result.exit_code == 2 and '--code' in result.stderr


def test_a_project_that_requires_0x(package: Path) -> None:
    (package.parent / 'requirements.txt').write_text('mmcv-full==1.7.0\nmmdet==2.28.2\n')
    (package.parent / 'setup.py').write_text('')
    assert 'its code was not checked' in run('check', '--code', package).stderr
    result = run('migrate', '--code', package)
    assert result.exit_code == 2 and '--target mmdet==3.3.0' in result.stderr
    assert run('migrate', '--code', package, '--target', 'mmdet==3.3.0').exit_code == 0
