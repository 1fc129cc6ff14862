"""The command line of `cfglint smoke`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from cfglint.cli.smoke import register
from tests.smoke.conftest import TOY, write_configs

app = typer.Typer()


@app.callback()
def common() -> None:
    """As the real application: commands have names."""


register(app)


@pytest.fixture(autouse=True)
def in_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv('PYTHONPATH', str(TOY))
    monkeypatch.chdir(tmp_path)


def run(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, ['smoke', *arguments])
    return result.exit_code, result.output


def test_a_folder_is_run_written_and_resumed(tmp_path: Path) -> None:
    (tmp_path / 'configs' / '_base_').mkdir(parents=True)
    write_configs(tmp_path / 'configs' / '_base_', {'base': ''})
    (tmp_path / 'configs' / 'child.py').write_text(
        "_base_ = '_base_/base.py'\nmodel = dict(\n    neck=dict(type='Neck', channels=17))\n"
    )
    (tmp_path / 'configs' / 'fine.py').write_text("_base_ = '_base_/base.py'\n")
    arguments = ('configs', '--device', 'cpu', '--resume', 'r.json', '--junit', 'j.xml', '--steps', '1')
    code, output = run(*arguments)
    assert code == 1, output
    assert 'forward: `model.neck`, configs/child.py:3: RuntimeError: mat1' in output, output
    assert '1 ok, 1 failed' in output
    assert 'fine.py' in (tmp_path / 'j.xml').read_text()
    statuses = {Path(item['config']).name: item['status'] for item in json.loads((tmp_path / 'r.json').read_text())}
    assert statuses == {'child.py': 'failed', 'fine.py': 'ok'}
    (tmp_path / 'configs' / 'fine.py').write_text('this would fail now')
    code, output = run(*arguments, '--output-format', 'json')
    assert {Path(item['config']).name: item['status'] for item in json.loads(output)} == statuses


def test_a_config_that_check_refuses_is_not_run(tmp_path: Path) -> None:
    (path,) = write_configs(
        tmp_path, {'config': "train_dataloader['sampler'] = dict(type='DefaultSampler', shufle=True)\n"}
    )
    code, output = run(path, '--device', 'cpu')
    assert code == 1
    assert 'check: ' in output and 'shufle' in output and '--force' in output
    code, output = run(path, '--device', 'cpu', '--force')
    assert code == 1
    assert 'dataloader: `train_dataloader.sampler.shufle`' in output


@pytest.mark.parametrize(
    ('arguments', 'words'),
    [
        (['missing.py'], 'missing.py'),
        (['config.py', '--device', 'cpu', '--python', '/no/such/python'], 'no such interpreter'),
        (['config.py', '--device', 'cpu', '--resume', 'config.py'], '--resume'),
        (['_base_'], 'fragments'),
    ],
)
def test_wrong_usage_has_its_exit_code(tmp_path: Path, arguments: list[str], words: str) -> None:
    (tmp_path / '_base_').mkdir()
    write_configs(tmp_path, {'config': ''})
    write_configs(tmp_path / '_base_', {'base': ''})
    code, output = run(*arguments)
    assert (code, words in output) == (2, True), output
