"""Adopting cfglint on an old repository: a baseline, and severities of one's own."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import Ran
from tests.kit.repo import write

Cli = Callable[..., Ran]
OLD = "default_scope = 'mmengine'\nval_cfg = dict(intervall=1)\n"
NEW = 'test_cfg = dict(fp17=True)\n'


@pytest.fixture
def repo(cli: Cli, tmp_path: Path) -> Path:
    """Return a folder with a baseline of one finding."""
    write(tmp_path, {'configs/a.py': OLD})
    ran = cli('check', 'configs', '--write-baseline', '--baseline', 'b.json')
    assert ran.code == 0 and 'wrote 1 finding to the baseline `b.json`' in ran.err
    return tmp_path


def test_known_findings_are_left_out(cli: Cli, repo: Path) -> None:
    ran = cli('check', 'configs', '--baseline', 'b.json')
    assert (ran.code, ran.out) == (0, '') and 'left out 1 finding of the baseline\n' in ran.err


@pytest.mark.parametrize('moved', ['# a comment\n\n' + OLD, OLD.replace('val_cfg = dict(', 'val_cfg =  dict(')])
def test_they_are_known_when_lines_move(cli: Cli, repo: Path, moved: str) -> None:
    write(repo, {'configs/a.py': moved})
    assert cli('check', 'configs', '--baseline', 'b.json').code == 0


def test_they_are_known_when_the_file_has_another_name(cli: Cli, repo: Path) -> None:
    (repo / 'configs/a.py').rename(repo / 'configs/renamed.py')
    assert cli('check', 'configs', '--baseline', 'b.json').code == 0


def test_a_copy_of_the_file_is_new(cli: Cli, repo: Path) -> None:
    write(repo, {'configs/copy.py': OLD})
    ran = cli('check', 'configs', '--baseline', 'b.json', '--output-format', 'json')
    assert [Path(each['filename']).name for each in json.loads(ran.out)] == ['copy.py']


def test_a_second_one_of_the_same_kind_is_new(cli: Cli, repo: Path) -> None:
    write(repo, {'configs/a.py': OLD + NEW})
    ran = cli('check', 'configs', '--baseline', 'b.json', '--output-format', 'json')
    assert ran.code == 1 and [each['key'] for each in json.loads(ran.out)] == ['test_cfg.fp17']


def test_what_is_fixed_is_told_and_removed(cli: Cli, repo: Path) -> None:
    write(repo, {'configs/a.py': "default_scope = 'mmengine'\n"})
    assert '1 is of no use any more: --prune-baseline removes it' in cli('check', 'configs', '--baseline', 'b.json').err
    assert 'removed 1 entry' in cli('check', 'configs', '--baseline', 'b.json', '--prune-baseline').err
    assert json.loads((repo / 'b.json').read_text())['findings'] == {}


def test_pruning_keeps_what_this_run_did_not_look_at(cli: Cli, repo: Path) -> None:
    write(repo, {'other/c.py': "default_scope = 'mmengine'\n"})
    before = (repo / 'b.json').read_text()
    cli('check', 'other', '--baseline', 'b.json', '--prune-baseline')
    assert (repo / 'b.json').read_text() == before


def test_the_settings_name_it_relative_to_themselves(cli: Cli, repo: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(repo, {'cfglint.toml': "baseline = 'b.json'\n"})
    monkeypatch.chdir(repo / 'configs')
    assert cli('check', 'a.py').code == 0


@pytest.mark.parametrize('text', ['', '[]', '{"version": 2, "findings": {}}', '{"version": 1, "findings": {"a": 1}}'])
def test_what_is_no_baseline_is_refused(cli: Cli, repo: Path, text: str) -> None:
    write(repo, {'b.json': text})
    ran = cli('check', 'configs', '--baseline', 'b.json')
    assert ran.code == 2 and '--write-baseline' in ran.err and ran.err.count('\n') == 1


@pytest.mark.parametrize(('settings', 'severity'), [
    ("severity = {schema = 'info'}", 'info'),
    ("severity = {schema = 'info', misspelt-field = 'warning'}", 'warning'),
    ("[per-file-severity]\n'configs/' = {schema = 'info'}", 'info'),
    ("[per-file-severity]\n'other/' = {schema = 'info'}", 'error'),
])  # fmt: skip
def test_severities_are_those_of_the_settings(cli: Cli, tmp_path: Path, settings: str, severity: str) -> None:
    write(tmp_path, {'configs/a.py': 'train_cfg = dict(by_epoch=True, max_epoch=12)\n', 'cfglint.toml': settings})
    ran = cli('check', 'configs', '--output-format', 'json')
    assert [each['severity'] for each in json.loads(ran.out)] == [severity]
    assert ran.code == (severity != 'info')


def test_an_unknown_rule_in_the_severities_is_refused(cli: Cli, tmp_path: Path) -> None:
    write(tmp_path, {'configs/a.py': OLD, 'cfglint.toml': "severity = {misspelt-feild = 'info'}"})
    ran = cli('check', 'configs')
    assert ran.code == 2 and 'did you mean `misspelt-field`?' in ran.err


@pytest.mark.parametrize(('options', 'code'), [
    (['--exit-zero'], 0), (['--max-warnings', '9'], 1), (['--fail-on', 'never'], 0), (['--min-severity', 'error'], 1),
])  # fmt: skip
def test_errors_fail_unless_nothing_does(cli: Cli, repo: Path, options: list[str], code: int) -> None:
    assert cli('check', 'configs', *options).code == code


@pytest.mark.parametrize(('most', 'code'), [('0', 1), ('1', 0)])
def test_so_many_warnings_pass(cli: Cli, repo: Path, most: str, code: int) -> None:
    write(repo, {'cfglint.toml': "severity = {schema = 'warning'}"})
    assert cli('check', 'configs', '--max-warnings', most).code == code


def test_writing_a_baseline_says_how_it_counts(cli: Cli, tmp_path: Path) -> None:
    write(tmp_path, {'configs/a.py': OLD, 'cfglint.toml': ''})
    advice = 'runs with `baseline = ".cfglint-baseline.json"` in the settings, or with --baseline, leave them out'
    assert advice in cli('check', 'configs', '--write-baseline').err
    write(tmp_path, {'cfglint.toml': 'baseline = ".cfglint-baseline.json"\n'})
    assert cli('check', 'configs').code == 0
    assert 'leave them out' not in cli('check', 'configs', '--write-baseline').err
