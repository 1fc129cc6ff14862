"""cfglint from Python says what the command line says."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

import cfglint
from cfglint.cli.guard import Guard
from cfglint.language.values import Unknown
from cfglint.rules import all_rules, own_rules
from cfglint.rules.rule import rule

ROOT = Path(__file__).parents[2]


def test_importing_costs_nothing() -> None:
    code = 'import sys, cfglint; print([name for name in sys.modules if name.startswith("cfglint")])'
    ran = subprocess.run([sys.executable, '-c', code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert ran.stdout == "['cfglint']\n"


def test_every_name_can_be_imported() -> None:
    for name in cfglint.__all__:
        assert getattr(cfglint, name) is not None
    with pytest.raises(AttributeError, match='no attribute `chek`'):
        cfglint.chek  # noqa: B018


def test_finds_what_the_command_finds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    command = [sys.executable, '-m', 'cfglint', 'check', 'examples', '--output-format', 'json', '--no-cache', '--quiet']
    printed = json.loads(subprocess.run(command, capture_output=True, text=True, check=False).stdout)
    found = cfglint.check('examples')
    assert [(each['code'], each['key'], each['fix'] is None) for each in printed] == [
        (each.rule, each.key, each.fix is None) for each in found
    ]
    assert len(found) > 10


def test_selection_settings_and_targets_count(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path('cfglint.toml').write_text('ignore = ["advice"]\n[severity]\nmisspelt-field = "info"\n')
    config = Path('a.py')
    config.write_text("default_scope = 'mmdet'\ntrain_cfg = dict(by_epoch=True, max_epoch=2)\n")
    [found] = cfglint.check(config, select=['misspelt-field'])
    assert (found.rule, found.key, found.severity) == ('misspelt-field', 'train_cfg.max_epoch', cfglint.Severity.INFO)
    assert cfglint.check(config, select=['misspelt-field'], ignore=['misspelt-field']) == []
    with pytest.raises(cfglint.UsageError, match='there is no rule or family `mispelt-field`; did you mean'):
        cfglint.check(config, select=['mispelt-field'])
    with pytest.raises(cfglint.UsageError, match=r'`b\.py` does not exist'):
        cfglint.check('b.py')
    with pytest.raises(cfglint.UsageError, match=r'3\.99'):
        cfglint.check(config, targets=['mmdet==3.99'])


def test_a_failure_keeps_what_was_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(context: object) -> None:
        raise ZeroDivisionError('by design')

    failing = rule()(fail)
    monkeypatch.setattr('cfglint.selection.own_rules', lambda: (*own_rules(), failing))
    monkeypatch.setitem(all_rules(), 'fail', failing)
    config = tmp_path / 'a.py'
    config.write_text('train_cfg = dict(by_epoch=True, max_epoch=2)\n')
    with pytest.raises(cfglint.InternalError, match=r'a\.py: rule fail: ZeroDivisionError: by design') as caught:
        cfglint.check(config)
    assert 'misspelt-field' in {each.rule for each in caught.value.diagnostics}


def test_loads_as_mmengine_does(tmp_path: Path) -> None:
    (tmp_path / 'base.py').write_text('train_cfg = dict(max_epochs=12)\nname = open("x").read()\n')
    (tmp_path / 'a.py').write_text("_base_ = 'base.py'\nlr = 0.1\n")
    config = cfglint.load(tmp_path / 'a.py', ['train_cfg.max_epochs=24'])
    assert config.table['train_cfg'] == {'max_epochs': 24} and config.table['lr'] == 0.1
    assert isinstance(config.table['name'], Unknown)
    with pytest.raises(cfglint.ConfigError, match='no such file'):
        cfglint.load(tmp_path / 'absent.py')


def test_mistakes_of_the_caller_are_those_of_the_command_line() -> None:
    with pytest.raises(SystemExit) as ended, Guard():
        raise cfglint.UsageError('wrong')
    assert ended.value.code == 2
