"""Settings: where they are found, what they say, what they do."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from cfglint import settings
from cfglint.settings import Settings
from cfglint.usage import UsageError
from tests.cli.conftest import Ran
from tests.kit.repo import write

Cli = Callable[..., Ran]
BAD = 'train_cfg = dict(by_epoch=True, max_epoch=12)\n'


@pytest.mark.parametrize(('text', 'message'), [
    ('selct = []', 'unknown setting `selct`; did you mean `select`?'),
    ('fail_on = "error"', 'unknown setting `fail_on`; did you mean `fail-on`?'),
    ('fail-on = "fatal"', "`fail-on`: input should be 'error', 'warning', 'info' or 'never'"),
    ('select = "schema"', '`select`: input should be a list'),
    ('select = [1]', '`select.0`: input should be a valid string'),
    ('[per-file-ignores]\n"a/" = "x"', '`per-file-ignores.a/`: input should be a list'),
    ('[targets]\nmmdet = 3', '`targets.mmdet`: input should be a valid string'),
])  # fmt: skip
def test_wrong_settings_name_the_file_and_the_setting(cli: Cli, tmp_path: Path, text: str, message: str) -> None:
    write(tmp_path, {'cfglint.toml': text})
    assert cli('check', '.') == Ran(2, '', f'cfglint: error: {tmp_path / "cfglint.toml"}: {message}\n')


@pytest.mark.parametrize('value', ['3', '"x"', '[]', 'true'])
def test_settings_are_a_table(cli: Cli, tmp_path: Path, value: str) -> None:
    write(tmp_path, {'pyproject.toml': f'[tool]\ncfglint = {value}'})
    assert cli('check', '.') == Ran(
        2, '', f'cfglint: error: {tmp_path / "pyproject.toml"}: the settings must be a table\n'
    )


def test_a_pyproject_whose_tools_are_no_table_is_none_of_our_business(tmp_path: Path) -> None:
    write(tmp_path, {'pyproject.toml': 'tool = 3  # cfglint'})
    assert settings.find(str(tmp_path)) is None


def test_the_root_of_the_file_system_may_have_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr('os.path.isfile', lambda path: path == '/cfglint.toml')
    assert settings.find('/absent/below') == '/cfglint.toml'


def test_malformed_toml_is_a_mistake_of_usage(cli: Cli, tmp_path: Path) -> None:
    write(tmp_path, {'cfglint.toml': 'select = ['})
    ran = cli('check', '.')
    assert ran.code == 2 and ran.err.startswith(f'cfglint: error: {tmp_path / "cfglint.toml"}: ')


def test_settings_that_are_nested_too_deeply_are_a_mistake_of_usage(cli: Cli, tmp_path: Path) -> None:
    write(tmp_path, {'cfglint.toml': f'paths = {"[" * 3000}{"]" * 3000}'})
    ran = cli('check', '.')
    assert ran.code == 2 and ran.err == f'cfglint: error: {tmp_path / "cfglint.toml"}: nested too deeply\n'


def test_all_settings_are_read(tmp_path: Path) -> None:
    write(tmp_path, {
        'pyproject.toml': """
            [tool.cfglint]
            paths = ["configs"]
            select = ["schema"]
            ignore = ["wrong-type"]
            extend-select = ["code"]
            severity = {schema = "info"}
            per-file-severity = {"d/" = {code = "error"}}
            baseline = "b.json"
            exclude = ["a"]
            extend-exclude = ["b"]
            fail-on = "never"
            output-format = "json"
            extra-paths = ["src"]
            plugins = ["lab_rules"]
            per-file-ignores = {"c/" = ["language"]}
            targets = {mmdet = "3.3.0"}
        """
    })  # fmt: skip
    assert settings.load(str(tmp_path / 'pyproject.toml')) == Settings(
        paths=('configs',),
        select=('schema',),
        ignore=('wrong-type',),
        extend_select=('code',),
        severity={'schema': 'info'},
        per_file_severity={'d/': {'code': 'error'}},
        baseline='b.json',
        per_file_ignores={'c/': ('language',)},
        exclude=('a',),
        extend_exclude=('b',),
        fail_on='never',
        output_format='json',
        targets={'mmdet': '3.3.0'},
        extra_paths=('src',),
        plugins=('lab_rules',),
    )
    assert set(settings.names()) == {
        'paths', 'select', 'ignore', 'per-file-ignores', 'exclude', 'extend-exclude', 'fail-on', 'output-format', 'targets',
        'extra-paths', 'extend-select', 'severity', 'per-file-severity', 'baseline', 'plugins',
    }  # fmt: skip


def test_the_nearest_file_counts_up_to_the_root_of_the_repository(tmp_path: Path) -> None:
    write(tmp_path, {
        'cfglint.toml': '',
        'repo/.git/HEAD': '',
        'repo/pyproject.toml': '[tool.other]\n',
        'repo/a/pyproject.toml': '[tool.cfglint]\n',
        'repo/a/b/pyproject.toml': '# no cfglint here\n',
        'repo/a/c/cfglint.toml': '',
        'repo/a/c/pyproject.toml': '[tool.cfglint]\n',
        'loose/x': '',
    })  # fmt: skip

    def found(folder: str) -> str | None:
        path = settings.find(str(tmp_path / folder))
        return None if path is None else str(Path(path).relative_to(tmp_path))

    assert found('repo') is None
    assert found('repo/a/b') == 'repo/a/pyproject.toml'
    assert found('repo/a/c') == 'repo/a/c/cfglint.toml'
    assert found('loose') == 'cfglint.toml'


def test_a_broken_pyproject_without_cfglint_is_none_of_our_business(tmp_path: Path) -> None:
    write(tmp_path, {'.git/HEAD': '', 'pyproject.toml': 'oh ['})
    assert settings.find(str(tmp_path)) is None


def test_unreadable_settings_are_a_mistake_of_usage(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match='cannot read'):
        settings.load(str(tmp_path / 'nowhere.toml'))


def test_settings_choose_paths_rules_and_format(cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, {
        'cfglint.toml': 'paths = ["conf*"]\noutput-format = "json"\nfail-on = "never"\nselect = ["schema"]\nignore = ["unknown-field"]\n',
        'configs/a.py': BAD + 'default_scope = 3\n',
        'other/b.py': BAD,
        'sub/x': '',
    })  # fmt: skip
    monkeypatch.chdir(tmp_path / 'sub')  # paths are relative to the settings' folder
    ran = cli('check')
    assert ran.code == 0 and [entry['code'] for entry in json.loads(ran.out)] == ['misspelt-field', 'wrong-type']
    assert [entry['code'] for entry in json.loads(cli('check', '--select', 'misspelt-field').out)] == ['misspelt-field']
    assert cli('check', '--isolated', '..').code == 1


def test_named_settings_file(cli: Cli, tmp_path: Path) -> None:
    write(tmp_path, {'own.toml': 'fail-on = "never"\n', 'a.py': BAD})
    assert cli('check', 'a.py').code == 1
    assert cli('check', 'a.py', '--config', 'own.toml').code == 0
    assert cli('check', 'a.py', '--config', 'nowhere.toml').code == 2


def test_per_file_ignores_take_names_and_families(cli: Cli, tmp_path: Path) -> None:
    write(tmp_path, {
        'cfglint.toml': 'output-format = "concise"\n[per-file-ignores]\n"old/" = ["schema"]\n"*_x.py" = ["misspelt-field"]\n',
        'old/deep/a.py': BAD, 'b_x.py': BAD, 'c.py': BAD,
    })  # fmt: skip
    assert [line.partition(':')[0] for line in cli('check', '.').out.splitlines()] == ['c.py']
    write(tmp_path, {'cfglint.toml': '[per-file-ignores]\n"old/" = ["shema"]\n'})
    assert (
        cli('check', '.').err
        == 'cfglint: error: per-file-ignores: there is no rule or family `shema`; did you mean `schema`?\n'
    )


def test_unknown_rules_in_settings_are_errors(cli: Cli, tmp_path: Path) -> None:
    write(tmp_path, {'cfglint.toml': 'ignore = ["misspelt-feld"]\n'})
    assert cli('check', '.').err == (
        'cfglint: error: ignore: there is no rule or family `misspelt-feld`; did you mean `misspelt-field`?\n'
    )


def test_excludes(cli: Cli, tmp_path: Path) -> None:
    write(tmp_path, {
        'cfglint.toml': 'output-format = "concise"\nextend-exclude = ["old/", "*_tmp.py"]\n',
        'old/a.py': BAD, 'b_tmp.py': BAD, 'c.py': BAD, 'work_dirs/d.py': BAD, 'sub/e.py': BAD,
    })  # fmt: skip

    def found(*args: str) -> list[str]:
        return [line.partition(':')[0] for line in cli('check', *args).out.splitlines()]

    assert found('.') == ['c.py', 'sub/e.py']
    assert found('.', '--exclude', 'sub') == ['c.py']
    assert found('old/a.py') == ['old/a.py']  # what is named is checked
    assert found('--force-exclude', 'old/a.py', 'c.py') == ['c.py']
    write(tmp_path, {'cfglint.toml': 'output-format = "concise"\nexclude = ["/sub"]\n'})
    assert found('.') == ['b_tmp.py', 'c.py', 'old/a.py', 'work_dirs/d.py']
