"""``cfglint show --diff`` and ``--at``: two configs, or one at two revisions, after resolution."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import Ran
from tests.kit.repo import write

Cli = Callable[..., Ran]
BASE = "lr = 0.02\npipeline = [dict(type='Load'), dict(type='Flip', prob=0.5), dict(type='Pack')]\nold = 1\n"
FILES = {
    'base.py': BASE,
    'a.py': "_base_ = 'base.py'\n",
    'b.py': "_base_ = 'base.py'\nlr = 0.01\nnew = dict(a=(1, 2))\n",
    'crop.py': "pipeline = [dict(type='Load'), dict(type='Crop'), dict(type='Flip', prob=0.1), dict(type='Pack')]\nlr = 0.02\nold = 1\n",
    'hostile.py': "lr = '\\x1b[31mred'\n",
    'broken.py': 'a = (\n',
}


@pytest.fixture(autouse=True)
def repository(tmp_path: Path) -> None:
    write(tmp_path, FILES)


def git(folder: Path, *args: str) -> None:
    who = ('-c', 'user.name=a', '-c', 'user.email=a@b.c')
    subprocess.run(['git', *who, *args], cwd=folder, check=True, capture_output=True)


@pytest.fixture
def history(tmp_path: Path) -> None:
    """Two commits, and a change that is on disk only; each of them in the base."""
    git(tmp_path, 'init', '-q')
    for number, rate in enumerate(('0.1', '0.2')):
        write(tmp_path, {'base.py': BASE.replace('0.02', rate)})
        git(tmp_path, 'add', '.')
        git(tmp_path, 'commit', '-q', '-m', rate)
        git(tmp_path, 'tag', f'v{number}')
    write(tmp_path, {'base.py': '# a line more\n' + BASE.replace('0.02', '0.3')})


def test_by_section_with_origins(cli: Cli) -> None:
    assert cli('show', '--diff', 'a.py', 'b.py') == Ran(
        0,
        '--- a.py\n'
        '+++ b.py\n'
        '\n'
        'lr\n'
        '- lr = 0.02  # base.py:1\n'
        '+ lr = 0.01  # b.py:2\n'
        '\n'
        'new\n'
        '+ new = dict(a=(1, 2))  # b.py:3\n'
        '\n'
        '2 differences in 2 sections\n',
        '',
    )


def test_items_that_moved_along_are_the_same(cli: Cli) -> None:
    out = cli('show', '--diff', 'a.py', 'crop.py').out
    assert [line.partition('  #')[0] for line in out.splitlines() if line[:2] in ('- ', '+ ')] == [
        "- pipeline.1 = dict(type='Flip', prob=0.5)",
        "+ pipeline.1 = dict(type='Crop')",
        "+ pipeline.2 = dict(type='Flip', prob=0.1)",
    ]


def test_very_long_lists_are_compared_as_a_whole(cli: Cli, tmp_path: Path) -> None:
    for name, start in (('x.py', 0), ('y.py', 1)):
        write(tmp_path, {name: f'a = [dict(n=n % 7) for n in range({start}, {start + 2000})]\n'})
    assert cli('show', '--diff', 'x.py', 'y.py').out.endswith('\n1 difference in 1 section\n')


def test_json(cli: Cli, tmp_path: Path) -> None:
    found = json.loads(cli('show', '--diff', 'b.py', 'a.py', '--output-format', 'json').out)
    assert [(each['section'], each['key'], each['change']) for each in found] == [
        ('lr', 'lr', 'changed'),
        ('new', 'new', 'removed'),
    ]
    place = {'filename': str(tmp_path / 'b.py'), 'location': {'row': 3, 'column': 1}}
    assert found[1]['before'] == {'value': {'a': {'$tuple': [1, 2]}}, 'origin': place} and found[1]['after'] is None


def test_the_same(cli: Cli) -> None:
    assert cli('show', '--diff', 'a.py', 'base.py').out == 'a.py and base.py resolve to the same\n'


@pytest.mark.usefixtures('history')
def test_a_revision_against_the_file(cli: Cli) -> None:
    out = cli('show', '--diff', 'a.py', '--at', 'v0').out
    assert out.startswith('--- a.py at v0\n+++ a.py\n')
    assert '- lr = 0.1  # base.py:1\n+ lr = 0.3  # base.py:2\n' in out


@pytest.mark.usefixtures('history')
def test_two_revisions(cli: Cli) -> None:
    out = cli('show', '--diff', 'a.py', '--at', 'v0', '--at', 'v1').out
    assert out.startswith('--- a.py at v0\n+++ a.py at v1\n')
    assert '- lr = 0.1  # base.py:1\n+ lr = 0.2  # base.py:1\n' in out


@pytest.mark.usefixtures('history')
def test_two_files_at_one_revision(cli: Cli) -> None:
    out = cli('show', '--diff', 'a.py', 'b.py', '--at', 'v1').out
    assert out.startswith('--- a.py at v1\n+++ b.py at v1\n') and '- lr = 0.2  # base.py:1\n' in out


@pytest.mark.usefixtures('history')
def test_a_config_that_is_gone_is_there_at_a_revision(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / 'a.py').unlink()
    (tmp_path / 'base.py').unlink()
    assert cli('show', 'a.py', 'lr', '--at', 'v1').out == 'lr = 0.2\n\nset in    base.py:1: lr = 0.2\n'
    assert cli('show', 'a.py', '--at', 'HEAD~1', '--format', 'json').out.startswith('{\n  "lr": 0.1,')


@pytest.mark.usefixtures('history')
def test_what_was_not_there(cli: Cli, tmp_path: Path) -> None:
    write(tmp_path, {'new.py': 'a = 1\n'})
    assert cli('show', 'new.py', '--at', 'v0').err == 'cfglint: error: `new.py` does not exist at the revision `v0`\n'
    git(tmp_path, 'rm', '-q', '-f', 'base.py')
    git(tmp_path, 'commit', '-q', '-m', 'no base')
    write(tmp_path, {'base.py': BASE})
    ran = cli('show', 'a.py', '--at', 'HEAD')
    assert ran.code == 1 and 'error[missing-base]' in ran.err


@pytest.mark.usefixtures('history')
@pytest.mark.parametrize('revision', ['nowhere', '--output=x', 'v0 v1'])
def test_a_revision_that_git_does_not_know(cli: Cli, revision: str) -> None:
    ran = cli('show', 'a.py', f'--at={revision}')
    assert ran.code == 2 and ran.err.startswith(f'cfglint: error: git knows no revision `{revision}` in ')


def test_no_repository(cli: Cli) -> None:
    assert cli('show', 'a.py', '--at', 'v0').err.startswith('cfglint: error: git cannot tell what changed: ')


@pytest.mark.parametrize('args', [('a.py',), ('a.py', 'b.py', 'crop.py'), ('a.py', *('--at', 'x') * 3)])
def test_not_two_sides(cli: Cli, args: tuple[str, ...]) -> None:
    ran = cli('show', '--diff', *args)
    assert ran.code == 2 and ran.err.startswith(
        'cfglint: error: --diff compares two configs, or one config at a revision'
    )


def test_a_config_that_is_refused(cli: Cli) -> None:
    ran = cli('show', '--diff', 'a.py', 'broken.py')
    assert (ran.code, ran.out) == (1, '') and 'error[syntax-error]' in ran.err


def test_values_cannot_steer_a_terminal(cli: Cli) -> None:
    assert '\x1b' not in cli('show', '--diff', 'a.py', 'hostile.py').out
