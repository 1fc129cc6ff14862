"""The command line of `cfglint smoke`."""

from __future__ import annotations

import json
import subprocess
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from cfglint.cli.smoke import register
from cfglint.language.loader import Loader
from cfglint.smoke.fingerprint import Fingerprints
from cfglint.smoke.options import Options
from cfglint.smoke.pool import Pool
from cfglint.smoke.results import Result, Status
from cfglint.smoke.resume import ResumeFile
from tests.smoke.conftest import TOY, Warm, write_configs

app = typer.Typer()


@app.callback()
def common() -> None:
    """As the real application: commands have names."""


register(app)


@pytest.fixture(autouse=True)
def in_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let commands run in the test's folder, and in the pool that the tests share."""
    monkeypatch.setenv('PYTHONPATH', str(TOY))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr('cfglint.smoke.run.Pool', warm_pool)


def warm_pool(options: Options) -> AbstractContextManager[Pool]:
    pool = Warm.pool_for(options)
    return Pool(options) if pool is None else nullcontext(pool)


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
    arguments = ('configs', '--device', 'cpu', '--resume', 'r.json', '--steps', '1')
    arguments = (*arguments, '--output-format', 'text', '--output-format', 'junit:j.xml')
    code, output = run(*arguments)
    assert code == 1, output
    assert 'forward: `model.neck`, configs/child.py:3: RuntimeError: mat1' in output, output
    assert '1 ok, 1 failed' in output
    assert 'fine.py' in (tmp_path / 'j.xml').read_text()
    written = json.loads((tmp_path / 'r.json').read_text())
    assert written['versions']['torch'] and written['versions']['mmengine'] == '0.10.7'
    statuses = {Path(item['config']).name: item['status'] for item in written['results']}
    assert statuses == {'child.py': 'failed', 'fine.py': 'ok'}
    code, output = run(*arguments)
    assert '2 of 2 results are those of r.json' in output
    code, output = run(*arguments, '--retry-failed')
    assert '1 of 2 results are those of r.json; 1 had failed' in output and '1 ok, 1 failed' in output
    (tmp_path / 'configs' / '_base_' / 'base.py').write_text('this = fails\n')
    code, output = run(*arguments)
    assert '0 of 2 results are those of r.json; 2 have changed' in output and '2 failed' in output


def test_results_of_configs_that_are_not_asked_for_stay_in_the_file(tmp_path: Path) -> None:
    write_configs(tmp_path, {'fine': '', 'wrong': "model['type'] = 'Absent'\n"})
    options = ('--device', 'cpu', '--steps', '1', '--force', '--resume', 'r.json')

    def kept() -> dict[str, str]:
        written = json.loads((tmp_path / 'r.json').read_text())
        assert written['versions']['torch']
        return {Path(item['config']).name: item['status'] for item in written['results']}

    assert run('.', *options)[0] == 1
    assert kept() == {'fine.py': 'ok', 'wrong.py': 'failed'}
    write_configs(tmp_path, {'fine': 'randomness = dict(seed=1)\n'})
    # Only what is asked for counts, and is told.
    code, output = run('./fine.py', *options, '--output-format', 'json:report.json')
    assert (code, 'wrong.py' in output) == (0, False), output
    report = json.loads((tmp_path / 'report.json').read_text())
    assert [Path(item['config']).name for item in report['results']] == ['fine.py']
    assert report['versions']['torch']
    assert list(kept().values()) == ['ok', 'failed']
    # By whatever name a config goes.
    code, output = run(str(tmp_path / 'wrong.py'), *options)
    assert (code, '1 of 1 results are those of r.json' in output) == (1, True), output
    assert 'registry, during model: `model.type`' in output
    code, output = run('wrong.py', *options, '--retry-failed', '--time-budget', '0.001s')
    assert (code, 'left out wrong.py' in output) == (0, True), output
    assert list(kept().values()) == ['ok', 'failed']


def test_what_was_the_same_as_another_is_not_believed_without_it(tmp_path: Path) -> None:
    wrong = "model['type'] = 'Absent'\n"
    write_configs(tmp_path, {'a': wrong, 'b': wrong + "work_dir = 'elsewhere'\n"})
    options = ('--device', 'cpu', '--steps', '1', '--force', '--resume', 'r.json')
    code, output = run('.', *options)
    assert (code, '1 failed, 1 same' in output) == (1, True), output
    code, output = run('b.py', *options)
    assert (code, '1 were the same as one that has none here' in output) == (1, True), output
    assert 'FAILED   b.py' in output
    code, output = run('.', *options)
    assert (code, '2 of 2 results' in output, '2 failed' in output) == (1, True, True), output


def test_what_two_commands_write_at_a_time_is_kept(tmp_path: Path) -> None:
    first, second = write_configs(tmp_path, {'a': '', 'b': ''})
    files = [ResumeFile('r.json', Fingerprints(Options(device='cpu'), Loader())) for _ in range(2)]
    for file, config in zip(files, (first, second), strict=True):
        file.add(Result(config, Status.OK), {})
    assert len(ResumeFile('r.json', Fingerprints(Options(device='cpu'), Loader())).still_true(
        [first, second], retry_failed=False)) == 2  # fmt: skip


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


def test_only_what_would_end_the_run_stops_it(tmp_path: Path) -> None:
    texts = {
        'ignored': "train_cfg = dict(by_epoch=True, max_epochs=1)\nlr_config = dict(policy='step')\n",
        'untested': "test_dataloader = dict(batch_size=1, samplr=1)\ntest_cfg = dict(type='TestLop')\ntest_evaluator = dict(type='Nothing')\n",
    }
    code, output = run(*write_configs(tmp_path, texts), '--device', 'cpu', '--steps', '1')
    assert (code, '2 ok' in output) == (0, True), output


def test_strict_fails_for_what_did_not_run(tmp_path: Path) -> None:
    paths = write_configs(tmp_path, {'fine': '', 'fragment': 'del model\n'})
    arguments = (*paths, '--device', 'cpu', '--steps', '1')
    assert run(*arguments)[0] == 0
    code, output = run(*arguments, '--strict')
    assert (code, '1 ok, 1 skipped' in output) == (1, True), output


def test_only_what_changed_and_its_dependents_run(tmp_path: Path) -> None:
    write_configs(tmp_path, {'base': '', 'other': ''})
    (tmp_path / 'child.py').write_text("_base_ = 'base.py'\n")
    for command in ('init -q', 'add .', '-c user.name=me -c user.email=me@x.org commit -qm first'):
        subprocess.run(['git', *command.split()], check=True)
    code, output = run('.', '--device', 'cpu', '--changed')
    assert (code, 'of 3 configs, 0 changed' in output) == (0, True), output
    with (tmp_path / 'base.py').open('a') as stream:
        stream.write('randomness = dict(seed=1)\n')
    for option in (['--changed'], ['--since', 'HEAD']):
        code, output = run('.', '--device', 'cpu', '--steps', '1', *option)
        assert code == 0, output
        assert 'of 3 configs, 2 changed or depend on what did' in output
        assert ('child.py' in output, 'other.py' in output) == (True, False)


def test_what_the_time_budget_leaves_out_is_told(tmp_path: Path) -> None:
    nap = "custom_hooks = [dict(type='Trouble', kind='sleep')]\n"
    write_configs(tmp_path, {'a': nap, 'b': nap})
    arguments = ('.', '--device', 'cpu', '--no-dedupe', '--resume', 'r.json', '--time-budget')
    code, output = run(*arguments, '8s')
    assert code == 0, output
    assert 'left out a.py: the time budget of 8 s was used up' in output
    assert '2 of 2 configs were left out' in output
    assert run(*arguments, '0.001s', '--strict')[0] == 1
    write_configs(tmp_path, {'a': '', 'b': ''})
    code, output = run(*arguments, '10m', '--steps', '1')
    assert '0 of 2 results are those of r.json' in output and '2 ok' in output


@pytest.mark.parametrize(
    ('arguments', 'words'),
    [
        (['missing.py'], 'missing.py'),
        (['config.py', '--device', 'cpu', '--python', '/no/such/python'], 'no such interpreter'),
        (['config.py', '--device', 'cpu', '--python', '_base_'], '_base_: there is no bin/python in this folder'),
        (['config.py', '--device', 'cpu', '--resume', 'config.py'], '--resume'),
        (['config.py', '--resume', 'r.json', '--output-format', 'json:./r.json'], 'give the report another name'),
        (['_base_'], 'fragments'),
        (['config.py', '--device', 'gpu'], '--device: `gpu` is none of'),
        (['config.py', '--output-format', 'junit:no/such/j.xml'], '--output-format: there is no folder `no/such`'),
        (['config.py', '--device', 'cpu', '--output-format', 'json:/proc/j.json'], 'cannot write `/proc/j.json`'),
        (['config.py', '--output-format', 'sarif'], 'there is no output format `sarif`'),
        (['config.py', '--time-budget', 'soon'], '--time-budget: write a time such as'),
        (['config.py', '--changed', '--since', 'main'], '--changed is `--since HEAD`'),
        (['config.py', '--meta', '--small'], '--meta runs nothing: it does not go with --small'),
        (['config.py', '--small', '--gpu', 't4'], '--max-memory is about the real run'),
        (['config.py', '--find-batch-size', '--small'], '--find-batch-size is about the real run'),
        (['config.py', '--find-batch-size', '--batch-size', '4'], '--find-batch-size tries sizes of its own'),
        (['config.py', '--find-batch-size', '--nproc', '2'], '--find-batch-size runs one process'),
        (['config.py', '--retry-failed'], '--retry-failed runs again what failed before: say where'),
        (['config.py', '--data-root', 'no/data'], '--data-root: there is no folder `no/data`'),
        (['config.py', '--fake'], '--fake pretends ranks: say how many'),
        (['config.py', '--nnodes', '2'], '--nnodes and --rendezvous HOST:PORT belong together'),
        (['config.py', '--nnodes', '2', '--rendezvous', 'here'], 'write HOST:PORT instead of `here`'),
        (['config.py', '--device', 'cuda:1', '--nproc', '2'], '--nproc takes the first devices'),
        (['config.py', '--device', 'cpu', '--cfg-options', 'x'], '--cfg-options: write KEY=VALUE instead of `x`'),
        (['config.py', '--device', 'cpu', '--executor', 'rai'], '--executor: `rai` is none of'),
    ],
)
def test_wrong_usage_has_its_exit_code(tmp_path: Path, arguments: list[str], words: str) -> None:
    (tmp_path / '_base_').mkdir()
    write_configs(tmp_path, {'config': ''})
    write_configs(tmp_path / '_base_', {'base': ''})
    code, output = run(*arguments)
    assert (code, words in output) == (2, True), output
