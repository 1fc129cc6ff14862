"""``cfglint check``: what it prints and how it exits."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import Ran
from tests.kit.repo import write

Cli = Callable[..., Ran]

BAD = 'train_cfg = dict(by_epoch=True, max_epoch=12)\n'
GOOD = 'train_cfg = dict(by_epoch=True, max_epochs=12)\n'
WARNS = "work_dir = 'a'  # cfglint: ignore[no-such-rule]\n"


def test_clean_file_is_silent_and_exits_with_0(cli: Cli, tmp_path: Path) -> None:
    write(tmp_path, {'a.py': GOOD})
    assert cli('check', 'a.py') == Ran(0, '', 'checked 1 file: found nothing\n')


def test_concise_is_one_line_with_the_place(cli: Cli, tmp_path: Path) -> None:
    write(tmp_path, {'a.py': BAD})
    ran = cli('check', 'a.py', '--output-format', 'concise')
    assert ran.code == 1
    assert ran.out.startswith(
        'a.py:1:33: error[misspelt-field] `EpochBasedTrainLoop` does not take `max_epoch` (MMEngine raises TypeError: '
    )
    assert ran.out.count('\n') == 1
    assert ran.err == 'checked 1 file: found 1 error (1 fixable with `--fix --unsafe-fixes`)\n'


def test_json_has_the_fields_of_the_contract(cli: Cli, tmp_path: Path) -> None:
    write(tmp_path, {'a.py': BAD})
    ran = cli('check', 'a.py', '--output-format', 'json')
    (entry,) = json.loads(ran.out)
    message, url = entry.pop('message'), entry.pop('url')
    assert 'max_epoch' in message
    assert url.endswith('/rules/misspelt-field/')
    path = str(tmp_path / 'a.py')
    place = {'location': {'row': 1, 'column': 33}, 'end_location': {'row': 1, 'column': 42}}
    assert entry == {
        'code': 'misspelt-field',
        'family': 'schema',
        'severity': 'error',
        'filename': path,
        **place,
        'key': 'train_cfg.max_epoch',
        'consequence': "raises TypeError: EpochBasedTrainLoop.__init__() got an unexpected keyword argument 'max_epoch'",
        'advice': {'text': 'write', 'code': 'max_epochs'},
        'affects': [],
        'related': [],
        'fix': {
            'applicability': 'unsafe',
            'message': 'Rename to `max_epochs`',
            'edits': [{'filename': path, 'content': 'max_epochs', **place}],
        },
    }


def test_json_of_nothing_is_an_empty_list(cli: Cli, tmp_path: Path) -> None:
    write(tmp_path, {'a.py': GOOD})
    assert cli('check', 'a.py', '--output-format', 'json', '-q') == Ran(0, '[]\n', '')


def test_location_is_null_when_the_file_as_a_whole_is_meant(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / 'a.py').symlink_to(tmp_path / 'nowhere.py')
    ran = cli('check', 'a.py', '--output-format', 'json')
    (entry,) = json.loads(ran.out)
    assert (entry['code'], entry['location'], entry['end_location']) == ('unreadable-file', None, None)
    assert ran.code == 1 and '(1 broken)' in ran.err


def test_full_shows_the_line_with_a_marker(cli: Cli, tmp_path: Path) -> None:
    write(tmp_path, {'a.py': f'# 骨干\n{BAD}'})
    out = cli('check', 'a.py').out
    assert out.startswith('error[misspelt-field]: `EpochBasedTrainLoop` does not take')
    assert out.endswith(
        ' --> a.py:2:33\n'
        '  |\n'
        '2 | train_cfg = dict(by_epoch=True, max_epoch=12)\n'
        '  |                                 ^^^^^^^^^\n'
        "  = MMEngine: raises TypeError: EpochBasedTrainLoop.__init__() got an unexpected keyword argument 'max_epoch'\n"
        '  = help: write `max_epochs` (`--fix --unsafe-fixes` does it)\n\n'
    )


def test_github_prints_workflow_commands(cli: Cli, tmp_path: Path) -> None:
    write(tmp_path, {'a,b.py': BAD})
    ran = cli('check', 'a,b.py', '--output-format', 'github', '-q')
    head = '::error title=cfglint (misspelt-field),file=a%2Cb.py,line=1,endLine=1,col=33,endColumn=42::a,b.py:1:33: misspelt-field: '
    assert ran.out.startswith(head) and ran.out.count('\n') == 1


@pytest.mark.parametrize('output_format', ['full', 'concise', 'json', 'github'])
@pytest.mark.parametrize(('text', 'options', 'code'), [
    (BAD, (), 1),
    (GOOD, (), 0),
    (WARNS, (), 1),
    (WARNS, ('--fail-on', 'error'), 0),
    (WARNS, ('--fail-on', 'info'), 1),
    (BAD, ('--fail-on', 'never'), 0),
    (BAD, ('--select', 'no-such-rule'), 2),
])  # fmt: skip
def test_exit_code_is_the_same_for_every_format(
    cli: Cli, tmp_path: Path, output_format: str, text: str, options: tuple[str, ...], code: int
) -> None:
    write(tmp_path, {'a.py': text})
    assert cli('check', 'a.py', '--output-format', output_format, *options).code == code


@pytest.mark.parametrize(('args', 'message'), [
    (('nowhere.py',), '`nowhere.py` does not exist'),
    (('no*.py',), 'no file matches `no*.py`'),
    (('.', '--select', 'misspelt-feld'), '--select: there is no rule or family `misspelt-feld`; did you mean `misspelt-field`?'),
    (('.', '--ignore', 'shema'), '--ignore: there is no rule or family `shema`; did you mean `schema`?'),
    (('.', '--target', 'mmdet=3'), '`mmdet=3` is no target: write `library==release`, or a range such as `mmdet>=3.1,<3.4`'),
    (('.', '--statistics', '--output-format', 'github'), '--statistics has no output format `github`'),
])  # fmt: skip
def test_wrong_usage_is_one_line_and_exits_with_2(cli: Cli, args: tuple[str, ...], message: str) -> None:
    assert cli('check', *args) == Ran(2, '', f'cfglint: error: {message}\n')


def test_option_that_does_not_exist_exits_with_2(cli: Cli) -> None:
    ran = cli('check', '.', '--bad')
    assert ran.code == 2 and 'No such option' in ran.err


def test_select_and_ignore_take_names_and_families(cli: Cli, tmp_path: Path) -> None:
    write(tmp_path, {'a.py': BAD + WARNS})

    def found(*options: str) -> list[str]:
        return [entry['code'] for entry in json.loads(cli('check', 'a.py', '--output-format', 'json', *options).out)]

    assert found() == ['misspelt-field', 'invalid-suppression']
    assert found('--select', 'schema') == ['misspelt-field']
    assert found('--select', 'invalid-suppression,language') == ['invalid-suppression']
    assert found('--ignore', 'schema', '--ignore', 'advice') == []
    assert found('--select', 'misspelt-field', '--ignore', 'schema') == ['misspelt-field']


def test_rules_that_are_not_selected_are_not_called(cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from cfglint import rules

    def fail(context: object) -> list[object]:
        raise AssertionError('called')

    known = {
        name: rule._replace(check=fail if rule.family == 'schema' else rule.check)
        for name, rule in rules.all_rules().items()
    }
    monkeypatch.setattr('cfglint.selection.all_rules', lambda: known)
    write(tmp_path, {'a.py': BAD})
    assert cli('check', 'a.py', '--ignore', 'schema').code == 0
    ran = cli('check', 'a.py')
    assert ran.code == 3 and 'cfglint: internal error: a.py: rule ' in ran.err


def test_crash_of_a_rule_is_told_and_the_rest_goes_on(
    cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from cfglint import rules

    def fail(context: object) -> list[object]:
        raise ZeroDivisionError('oh\nno')

    known = dict(rules.all_rules())
    known['wrong-type'] = known['wrong-type']._replace(check=fail, tells=None)
    monkeypatch.setattr('cfglint.selection.all_rules', lambda: known)
    write(tmp_path, {'a.py': f'{BAD}b = 1  # cfglint: ignore[wrong-type] -- unused or not, who knows\n'})
    ran = cli('check', 'a.py', '--output-format', 'concise')
    assert ran.code == 3 and 'misspelt-field' in ran.out and 'unused-suppression' not in ran.out
    assert ran.err.splitlines()[1].startswith(
        'cfglint: internal error: a.py: rule wrong-type: ZeroDivisionError: oh; please report'
    )
    assert 'Traceback' not in ran.err
    assert 'Traceback' in cli('check', 'a.py', '--verbose').err
    assert 'Traceback' in cli('check', 'a.py', env={'CFGLINT_TRACEBACK': '1'}).err


def test_crash_of_the_reader_breaks_one_file(cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from cfglint.language.loader import Loader

    load = Loader.load_known

    def fail(self: Loader, path: str, source: object = None) -> object:
        if path.endswith('a.py'):
            raise RecursionError('too deep')
        return load(self, path, source)  # type: ignore[arg-type]

    monkeypatch.setattr(Loader, 'load_known', fail)
    write(tmp_path, {'a.py': GOOD, 'b.py': BAD})
    ran = cli('check', '.', '--output-format', 'concise')
    assert ran.code == 3 and ran.out.startswith('b.py:1:33: ')
    assert 'checked 2 files (1 broken): found 1 error' in ran.err
    assert 'internal error: a.py: reading: RecursionError: too deep' in ran.err


def test_statistics_count_by_rule(cli: Cli, tmp_path: Path) -> None:
    write(tmp_path, {'a.py': BAD, 'b.py': BAD + WARNS})
    ran = cli('check', '.', '--statistics')
    assert ran.out == '2  error    misspelt-field\n1  warning  invalid-suppression\n' and ran.code == 1
    assert json.loads(cli('check', '.', '--statistics', '--output-format', 'json').out) == [
        {'code': 'misspelt-field', 'severity': 'error', 'count': 2},
        {'code': 'invalid-suppression', 'severity': 'warning', 'count': 1},
    ]


def test_summary_counts_what_is_skipped_and_broken(cli: Cli, tmp_path: Path) -> None:
    write(tmp_path, {
        'a.py': GOOD,
        'b.py': 'a = (',
        'tool.py': 'def main():\n    pass\n',
        'metafile.yml': 'Models:\n  - Name: a\n',
        'c.yaml': '_base_: a.py\n',
    })  # fmt: skip
    ran = cli('check', '.', '-q', '--output-format', 'concise')
    assert ran.err == '' and ran.out.startswith('b.py:1:5: error[syntax-error]')
    assert cli('check', '.').err == (
        'checked 3 files (1 broken), passed over 2 files that are no configs: found 1 error\n'
    )
    verbose = cli('check', '.', '-v').err
    assert 'cfglint: no config: tool.py: a Python module\n' in verbose and 'cfglint: settings: none; ' in verbose


def test_defect_of_a_base_is_told_once_and_at_the_base(cli: Cli, tmp_path: Path) -> None:
    write(tmp_path, {'base.py': BAD, 'a.py': "_base_ = 'base.py'\n", 'b.py': "_base_ = 'base.py'\n"})
    ran = cli('check', 'a.py', 'b.py', '--output-format', 'json')
    (entry,) = json.loads(ran.out)
    assert entry['filename'] == str(tmp_path / 'base.py')
    assert entry['affects'] == [str(tmp_path / 'a.py'), str(tmp_path / 'b.py')]


def test_output_is_the_same_on_every_run_and_for_every_order_of_paths(cli: Cli, tmp_path: Path) -> None:
    write(tmp_path, {f'{name}/{part}.py': BAD for name in 'cab' for part in 'zy'})
    first = cli('check', 'a', 'b', 'c')
    assert cli('check', 'c', 'b/z.py', 'b', 'a') == first


def test_environment_chooses_the_format(cli: Cli, tmp_path: Path) -> None:
    write(tmp_path, {'a.py': GOOD})
    assert cli('check', '.', env={'CFGLINT_OUTPUT_FORMAT': 'json'}).out == '[]\n'
    assert cli('check', '.', '--output-format', 'concise', env={'CFGLINT_OUTPUT_FORMAT': 'json'}).out == ''
    assert cli('check', '.', env={'CFGLINT_OUTPUT_FORMAT': 'xml'}).code == 2


def test_colour_is_for_terminals_or_on_demand(cli: Cli, tmp_path: Path) -> None:
    write(tmp_path, {'a.py': BAD})
    assert '\x1b[' not in cli('check', '.').out
    assert '\x1b[1;31merror' in cli('check', '.', '--color', 'always').out
    assert '\x1b[1;31merror' in cli('check', '.', env={'FORCE_COLOR': '1'}).out
    assert '\x1b[' not in cli('check', '.', env={'FORCE_COLOR': '1', 'NO_COLOR': '1'}).out
    assert '\x1b[' not in cli('check', '.', '--color', 'never', env={'FORCE_COLOR': '1'}).out
    assert '\x1b[' not in cli('check', '.', '--color', 'always', '--output-format', 'json').out


def test_a_defect_of_an_installed_package_is_told_in_one_line(
    cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, {'lib/site-packages/own/configs/a.py': BAD, 'lib/site-packages/own/__init__.py': ''})
    monkeypatch.syspath_prepend(tmp_path / 'lib/site-packages')
    path = 'lib/site-packages/own/configs/a.py'
    line = 'aside from 1 finding in 1 file that equals the official one (`-v` shows them)\n'
    assert cli('check', path, '--no-cache', '--fail-on', 'info') == Ran(0, '', f'checked 1 file: found nothing\n{line}')
    assert f'{path}:1:33: info[misspelt-field]' in cli('check', path, '-v', '--output-format', 'concise').out
    (entry,) = json.loads(cli('check', path, '--output-format', 'json').out)
    assert (entry['severity'], entry['fix']) == ('info', None)
