"""What a pull request may try: to run code where it is checked, to be believed, to write elsewhere."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from cfglint.report.markdown import escaped
from tests.cli.conftest import process
from tests.kit.repo import write

CONFIG = 'train_cfg = dict(by_epoch=True, max_epoch=1)\n'


def git(folder: Path, *arguments: str) -> None:
    """Run git."""
    command = ['git', '-c', 'user.name=a', '-c', 'user.email=a@b', *arguments]
    subprocess.run(command, cwd=folder, check=True, capture_output=True)


@pytest.mark.parametrize('options', [['--since', 'HEAD'], ['--staged'], ['--with-dependents']])
def test_a_repository_that_lies_among_the_files_configures_nothing(tmp_path: Path, options: list[str]) -> None:
    """The files of a bare repository can be part of a commit; its settings name programs that git would run."""
    inner = tmp_path / 'configs' / 'inner'
    write(tmp_path, {'configs/inner/a.py': CONFIG, 'configs/inner/.gitattributes': '*.py filter=evil\n'})
    git(inner, 'init', '-q', '--bare', '.')
    for key, value in (('core.bare', 'false'), ('core.worktree', '.')):
        git(inner, 'config', key, value)
    git(inner, 'add', 'a.py')
    git(inner, 'commit', '-qm', 'a')
    git(inner, 'config', 'filter.evil.clean', f'touch {tmp_path / "ran"}; cat')
    (inner / 'a.py').write_text(f'{CONFIG}a = 1\n')
    git(tmp_path, 'init', '-q')
    process('check', '--no-cache', *options, 'configs/inner/a.py', cwd=tmp_path)
    assert not (tmp_path / 'ran').exists()


def test_plugins_are_not_looked_for_in_the_tree(tmp_path: Path) -> None:
    evil = f'open({str(tmp_path / "ran")!r}, "w")\n'
    write(
        tmp_path,
        {'evil.py': evil, 'configs/evil.py': evil, 'configs/a.py': CONFIG, 'cfglint.toml': 'plugins = ["evil"]\n'},
    )
    ran = process('check', '--no-cache', 'configs/a.py', cwd=tmp_path)
    assert ran.code == 2 and 'there is no `evil`' in ran.err and not (tmp_path / 'ran').exists()


@pytest.mark.parametrize(
    ('text', 'shown'),
    [
        ('by @octocat, see #12', 'by @\u200boctocat, see \\#\u200b12'),
        ('`a` @b `c`', '<code>a</code> @\u200bb <code>c</code>'),
        ('`@b` and #x', '<code>@b</code> and \\#\u200bx'),
        ('<img src=x>|', '&lt;img src=x&gt;&#124;'),
    ],
)
def test_a_comment_calls_nobody(text: str, shown: str) -> None:
    assert escaped(text) == shown
