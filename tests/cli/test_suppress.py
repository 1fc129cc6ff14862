"""Suppressions by comment."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from cfglint.language.source import SourceFile
from cfglint.rules.declaration import MAX_OF_A_RULE
from cfglint.suppress import find
from tests.cli.conftest import Ran
from tests.kit.complete import complete
from tests.kit.repo import write

Cli = Callable[..., Ran]

BAD = 'train_cfg = dict(by_epoch=True, max_epoch=12)'


def codes(cli: Cli, *args: str) -> list[str]:
    """Return ``path:row rule`` for each diagnostic."""
    named = [arg for arg in args if arg.endswith('.py')] or ['**/*.*']
    options = [arg for arg in args if arg not in named]
    entries = json.loads(cli('check', '.', '--output-format', 'json', *options, *named).out)
    return [
        f'{Path(entry["filename"]).name}:{(entry["location"] or {"row": 0})["row"]} {entry["code"]}'
        for entry in entries
    ]


@pytest.mark.parametrize('text', [
    f'{BAD}  # cfglint: ignore[misspelt-field] -- a reason\n',
    f'{BAD}  # cfglint: ignore[schema]\n',
    f'{BAD}  # cfglint: ignore\n',
    f'{BAD}  #cfglint:ignore[ wrong-type,misspelt-field ]\n',
    f'{BAD}  # noqa # cfglint: ignore[misspelt-field] # and more\n',
    f'# cfglint: ignore[misspelt-field]\n{BAD}\n',
    f'# cfglint: ignore[misspelt-field] -- why\n# more words\n\n{BAD}\n',
    f'a = 1\n{BAD}\n# cfglint: ignore-file[misspelt-field]\n',
    f'# cfglint: ignore-file\n{BAD}\n',
    'train_cfg = dict(  # cfglint: ignore[language]\n    by_epoch=True, max_epoch=12)  # cfglint: ignore[schema]\n',
    f'x = """\n\x0c\u2028"""; {BAD}  # cfglint: ignore[schema]\n',
    f"x = '{{{{$HOME:a}}}}'\n{BAD}  # cfglint: ignore[schema]\n",
    f'a = 1\r\n{BAD}  # cfglint: ignore[schema]\r\n',
])  # fmt: skip
def test_suppressed(cli: Cli, tmp_path: Path, text: str) -> None:
    write(tmp_path, {'a.py': text})
    assert codes(cli, '--ignore', 'advice') == []


@pytest.mark.parametrize('text', [
    f'{BAD}  # cfglint: ignore[wrong-type]\n',
    f'{BAD}\n# cfglint: ignore[misspelt-field]\n',
    f"{BAD}; x = '# cfglint: ignore'\n",
    f'# cfglint: ignore[misspelt-field]\na = 1\n{BAD}\n',
    f'{BAD}  # cfglint: ignore[]\n',
    f'{BAD}  # cfglint: ignroe[misspelt-field]\n',
    f'{BAD}  # cfglint: ignore misspelt-field\n',
])  # fmt: skip
def test_not_suppressed(cli: Cli, tmp_path: Path, text: str) -> None:
    write(tmp_path, {'a.py': text})
    assert [code.partition(' ')[2] for code in codes(cli, '--ignore', 'advice')] == ['misspelt-field']


@pytest.mark.parametrize('comment', ['ignore', 'ignore[schema]', 'ignore-file', 'ignore-file[misspelt-field]'])
def test_nothing_is_suppressed_where_comments_do_not_count(cli: Cli, tmp_path: Path, comment: str) -> None:
    write(tmp_path, {'a.py': f'# cfglint: {comment}\n{BAD}\n'})
    assert not codes(cli, '--select', 'schema')
    assert codes(cli, '--select', 'schema', '--no-suppressions') == ['a.py:2 misspelt-field']
    ran = cli('check', 'a.py', '--no-suppressions', '--add-ignores', 'later')
    assert ran.code == 2 and '--no-suppressions' in ran.err


def test_in_yaml(cli: Cli, tmp_path: Path) -> None:
    text = "# cfglint: ignore[wrong-type]\ntrain_cfg:\n  by_epoch: true\n  max_epoch: 12  # cfglint: ignore[misspelt-field]\nwork_dir: 'a # cfglint: ignore'\n"
    write(tmp_path, {'a.yaml': text})
    assert codes(cli) == ['a.yaml:1 unused-suppression']


def test_in_the_base_for_all_that_inherit_it(cli: Cli, tmp_path: Path) -> None:
    write(tmp_path, {
        'base.py': f'{BAD}  # cfglint: ignore[misspelt-field]\n',
        'a.py': "_base_ = 'base.py'  # cfglint: ignore[wrong-type]\n",
    })  # fmt: skip
    assert codes(cli) == ['a.py:1 unused-suppression']
    assert codes(cli, 'a.py') == ['a.py:1 unused-suppression']


@pytest.mark.parametrize(('before', 'after', 'message'), [
    ('a = 1  # cfglint: ignore[syntax-error]\nb = 2\n', 'a = 1\nb = 2\n', 'there is no diagnostic of `syntax-error` to suppress here'),
    ('# cfglint: ignore[deprecated] -- why\na = 1\n', 'a = 1\n', 'there is no diagnostic of `deprecated` to suppress here'),
    ('a = 1\n\n# cfglint: ignore-file[wrong-type]', 'a = 1\n\n', 'there is no diagnostic of `wrong-type` to suppress in this file'),
    ('a = 1  # 骨 # cfglint: ignore[deprecated] # noqa\n', 'a = 1  # 骨 # noqa\n', 'there is no diagnostic of `deprecated` to suppress here'),
    (f'{BAD}  # cfglint: ignore[deprecated, schema,wrong-type] -- why\n', f'{BAD}  # cfglint: ignore[schema] -- why\n',
     'there is no diagnostic of `deprecated`, `wrong-type` to suppress here'),
    ('a = 1\r\n# cfglint: ignore[deprecated]\r\nb = 2\r\n', 'a = 1\r\nb = 2\r\n',
     'there is no diagnostic of `deprecated` to suppress here'),
])  # fmt: skip
def test_what_suppresses_nothing_is_reported_and_removed(
    cli: Cli, tmp_path: Path, before: str, after: str, message: str
) -> None:
    write(tmp_path, {'a.py': before})
    (entry,) = json.loads(cli('check', 'a.py', '--output-format', 'json').out)
    assert (entry['code'], entry['severity'], entry['message']) == ('unused-suppression', 'warning', message)
    assert cli('check', 'a.py', '--fix').code == 0
    assert (tmp_path / 'a.py').read_bytes().decode() == after


def test_comment_without_names_is_judged_in_configs_that_run(cli: Cli, tmp_path: Path) -> None:
    write(tmp_path, {'a.py': complete('a = 1  # cfglint: ignore\n')})
    (entry,) = json.loads(cli('check', 'a.py', '--output-format', 'json').out)
    assert (entry['code'], entry['message']) == ('unused-suppression', 'there is no diagnostic to suppress here')
    assert codes(cli, '--ignore', 'misspelt-field') == []


def test_nothing_is_said_about_rules_that_were_not_asked(cli: Cli, tmp_path: Path) -> None:
    write(tmp_path, {'a.py': 'a = 1  # cfglint: ignore[misspelt-field]\n'})
    assert codes(cli) == ['a.py:1 unused-suppression']
    assert codes(cli, '--select', 'advice') == []
    assert codes(cli, '--ignore', 'misspelt-field') == []


def test_nothing_is_said_about_fragments_and_rules_for_whole_configs(cli: Cli, tmp_path: Path) -> None:
    from cfglint.rules import all_rules

    entry = next(rule.name for rule in all_rules().values() if rule.scope == 'entry' and not rule.once)
    text = f'a = 1  # cfglint: ignore[{entry}]\nb = 1  # cfglint: ignore\nc = 1  # cfglint: ignore[syntax-error]\n'
    write(tmp_path, {'_base_/a.py': text, 'b.py': text})
    assert codes(cli) == ['a.py:3 unused-suppression', 'b.py:3 unused-suppression']


def test_broken_files_are_not_judged(cli: Cli, tmp_path: Path) -> None:
    write(tmp_path, {'a.py': 'b = 2  # cfglint: ignore[schema]\na = (\n'})
    assert codes(cli) == ['a.py:2 syntax-error']


def test_unknown_names_are_reported(cli: Cli, tmp_path: Path) -> None:
    write(tmp_path, {'a.py': 'a = 1  # cfglint: ignore[misspelt-feld]\n'})
    (entry,) = json.loads(cli('check', 'a.py', '--output-format', 'json').out)
    assert entry['code'] == 'invalid-suppression'
    assert entry['message'] == 'there is no rule or family `misspelt-feld`'
    assert entry['advice']['text'] == 'write `misspelt-field`'


def test_text_without_the_mark_is_not_tokenized(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr('tokenize.generate_tokens', None)
    assert find(SourceFile('/a.py', 'a = 1  # a comment\n')) == []


def test_of_very_many_of_no_use_the_first_are_reported(cli: Cli, tmp_path: Path) -> None:
    write(tmp_path, 'train_cfg = dict()  ' + '# cfglint: ignore[misspelt-field] ' * (MAX_OF_A_RULE + 5) + '\n')
    ran = cli(
        'check', 'config.py', '--output-format', 'json', '--select', 'misspelt-field', '--select', 'unused-suppression'
    )
    assert [each['code'] for each in json.loads(ran.out)] == ['unused-suppression'] * MAX_OF_A_RULE
