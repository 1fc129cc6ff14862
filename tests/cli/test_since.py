"""Checking what a change touches, and what that breaks: ``--since``, ``--staged`` and ``--with-dependents``."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import Ran
from tests.kit.repo import write

Cli = Callable[..., Ran]
GOOD = "optim_wrapper = dict(type='OptimWrapper', optimizer=dict(type='SGD', lr=0.1, momentum=0.9))\n"
BAD = "optim_wrapper = dict(type='OptimWrapper', optimizer=dict(type='AdamW', lr=0.1))\n"
CHILD = "_base_ = './_base_/sgd.py'\noptim_wrapper = dict(optimizer=dict(momentum=0.8))\n"


class Repository:
    """A git repository below a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.git('init', '-q', '-b', 'main')

    def git(self, *arguments: str) -> str:
        """Run git as somebody; return what it prints."""
        identity = ('-c', 'user.name=a', '-c', 'user.email=a@example.com', '-c', 'commit.gpgsign=false')
        kept = {name: value for name, value in os.environ.items() if not name.startswith('GIT_')}
        ran = subprocess.run(
            ['git', *identity, *arguments],
            cwd=self.folder,
            env={**kept, 'GIT_CONFIG_GLOBAL': os.devnull},
            capture_output=True,
            text=True,
            check=True,
        )
        return ran.stdout.strip()

    def commit(self, files: dict[str, str | None]) -> None:
        """Write files, delete those without text, and commit."""
        self.change(files)
        self.git('add', '-A')
        self.git('commit', '-q', '--allow-empty', '-m', 'change')

    def change(self, files: dict[str, str | None]) -> None:
        """Write files, and delete those without text."""
        write(self.folder, {name: text for name, text in files.items() if text is not None})
        for name, text in files.items():
            if text is None:
                (self.folder / name).unlink()


@pytest.fixture
def repository(tmp_path: Path, cli: Cli) -> Repository:
    """Return a repository with a base, a child of it, and a config that has nothing to do with them."""
    found = Repository(tmp_path)
    found.commit({'configs/_base_/sgd.py': GOOD, 'configs/child.py': CHILD, 'configs/other.py': BAD})
    return found


def found(ran: Ran) -> set[tuple[str, str]]:
    """Return files and rules of what was found."""
    return {(each['filename'], each['code']) for each in json.loads(ran.out)}


def checked(ran: Ran) -> str:
    """Return the line that says what was checked."""
    return next(line for line in ran.err.splitlines() if line.startswith('checked'))


def test_a_base_that_changes_breaks_a_child_that_did_not(cli: Cli, repository: Repository) -> None:
    repository.commit({'configs/_base_/sgd.py': BAD})
    ran = cli('check', 'configs', '--since', 'HEAD~1', '--output-format', 'concise', '-v')
    assert ran.code == 1
    assert 'configs/child.py' in ran.out and 'momentum' in ran.out and 'other.py' not in ran.out
    assert 'configs/child.py depends on configs/_base_/sgd.py' in ran.err
    assert 'of these files, 1 changed since HEAD~1 and 1 depends on files that did' in ran.err
    shown = json.loads(cli('check', 'configs', '--since', 'HEAD~1', '--output-format', 'json').out)
    words = [related['message'] for each in shown for related in each['related']]
    assert 'checked since `configs/_base_/sgd.py` has changed, which this config depends on' in words


def test_nothing_to_check_is_said(cli: Cli, repository: Repository) -> None:
    repository.commit({'README.md': 'words\n'})
    ran = cli('check', 'configs', '--since', 'HEAD~1')
    assert ran.code == 0
    assert 'checked nothing' in ran.err
    assert 'no config changed since HEAD~1, or depends on files that did' in ran.err


@pytest.mark.parametrize('change', [
    {'configs/_base_/sgd.py': None},
    {'configs/_base_/sgd.py': None, 'configs/_base_/renamed.py': GOOD},
])  # fmt: skip
def test_a_base_that_is_deleted_or_renamed_breaks_its_child(
    cli: Cli, repository: Repository, change: dict[str, str | None]
) -> None:
    repository.commit(change)
    ran = cli('check', 'configs', '--since', 'HEAD~1', '--output-format', 'json')
    assert ('configs/child.py', 'missing-base') in {(shown(name), rule) for name, rule in found(ran)}


def shown(path: str) -> str:
    """Return a path from the current folder."""
    return os.path.relpath(path).replace(os.sep, '/')


def test_the_merge_base_counts(cli: Cli, repository: Repository) -> None:
    repository.git('checkout', '-q', '-b', 'topic')
    repository.commit({'configs/mine.py': BAD})
    repository.git('checkout', '-q', 'main')
    repository.commit({'configs/theirs.py': BAD, 'configs/_base_/sgd.py': BAD})
    repository.git('checkout', '-q', 'topic')
    ran = cli('check', 'configs', '--since', 'main', '-v')
    assert checked(ran).startswith('checked 1 file')


def test_what_is_not_committed_and_new_files_count(cli: Cli, repository: Repository) -> None:
    repository.change({'configs/new.py': BAD, 'configs/other.py': GOOD})
    assert checked(cli('check', 'configs', '--since', 'HEAD')).startswith('checked 2 files')


def test_an_unknown_revision_is_one_clear_line(cli: Cli, repository: Repository) -> None:
    for name in ('nowhere', '--help'):
        ran = cli('check', 'configs', f'--since={name}')
        assert ran.code == 2
        assert ran.err.startswith(f'cfglint: error: git knows no revision `{name}`') and ran.err.count('\n') == 1


def test_paths_through_a_link_are_found(cli: Cli, repository: Repository, tmp_path: Path) -> None:
    link = tmp_path.with_name(f'{tmp_path.name}-link')
    link.symlink_to(tmp_path)
    repository.commit({'configs/_base_/sgd.py': BAD})
    ran = cli('check', str(link / 'configs'), '--since', 'HEAD~1', '--output-format', 'json')
    assert found(ran) == {(str(link / 'configs/child.py'), 'unknown-field')}


def test_the_repository_is_that_of_the_paths(
    cli: Cli, repository: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    repository.commit({'configs/_base_/sgd.py': BAD})
    monkeypatch.chdir(tmp_path.parent)
    ran = cli('check', str(tmp_path / 'configs'), '--since', 'HEAD~1', '--output-format', 'json')
    assert found(ran) == {(str(tmp_path / 'configs/child.py'), 'unknown-field')}


def test_no_repository_is_one_clear_line(cli: Cli, tmp_path: Path) -> None:
    write(tmp_path, {'configs/a.py': GOOD})
    for option in ('--since=HEAD', '--staged'):
        ran = cli('check', 'configs', option)
        assert ran.code == 2
        assert 'not a git repository' in ran.err and ran.err.count('\n') == 1


def test_staged_reads_the_index(cli: Cli, repository: Repository) -> None:
    repository.change({'configs/_base_/sgd.py': BAD})
    repository.git('add', '-A')
    repository.change({'configs/_base_/sgd.py': GOOD, 'configs/untracked.py': BAD})
    ran = cli('check', 'configs', '--staged', '--output-format', 'json')
    assert {shown(name) for name, _ in found(ran)} == {'configs/child.py'}
    assert cli('check', 'configs', '--since', 'HEAD', '--output-format', 'concise').out.count('child.py') == 0


def test_staged_knows_files_that_are_only_in_the_index(cli: Cli, repository: Repository) -> None:
    repository.change({'configs/late.py': "_base_ = './gone.py'\n", 'configs/seen.py': "_base_ = './untracked.py'\n"})
    repository.git('add', '-A')
    repository.change({'configs/late.py': None, 'configs/untracked.py': GOOD})
    ran = cli('check', 'configs', '--staged', '--output-format', 'json')
    assert {(shown(name), rule) for name, rule in found(ran)} == {
        ('configs/late.py', 'missing-base'),
        ('configs/seen.py', 'missing-base'),
    }


def test_staged_reads_modules_from_the_index(cli: Cli, repository: Repository) -> None:
    register = 'from mmengine.registry import MODELS\n\n\n@MODELS.register_module()\n'
    old, new = (
        f'{register}class Net:\n    def __init__(self, {name}=3):\n        pass\n' for name in ('depth', 'width')
    )
    imports = (
        "default_scope = 'mmengine'\ncustom_imports = dict(imports=['mine.{0}'])\nmodel = dict(type='{1}', depth=2)\n"
    )
    repository.commit({
        'mine/__init__.py': '',
        'mine/net.py': old,
        'configs/net.py': imports.format('net', 'Net'),
        'configs/late.py': imports.format('late', 'Late'),
    })  # fmt: skip
    repository.change({'mine/net.py': new})
    repository.git('add', '-A')
    repository.change({'mine/net.py': old, 'mine/late.py': old.replace('Net', 'Late')})
    staged = found(cli('check', 'configs', '--staged', '--output-format', 'json'))
    assert {(shown(name), rule) for name, rule in staged} == {('configs/net.py', 'unknown-argument')}
    repository.change({'mine/net.py': new})
    repository.git('rm', '-q', '--cached', 'mine/net.py')
    repository.change({'configs/late.py': imports.format('late', 'Late') + 'a = 1\n'})
    repository.git('add', 'configs')
    staged = found(cli('check', 'configs', '--staged', '--output-format', 'json'))
    assert {(shown(name), rule) for name, rule in staged} == {
        ('configs/net.py', 'missing-module'),
        ('configs/late.py', 'missing-module'),
    }


def test_staged_before_the_first_commit(cli: Cli, tmp_path: Path) -> None:
    repository = Repository(tmp_path)
    repository.change({'configs/a.py': "_base_ = './b.py'\n"})
    repository.git('add', '-A')
    assert cli('check', 'configs', '--staged').code == 1


@pytest.mark.parametrize('options', [
    ('--since', 'HEAD', '--staged'),
    ('--staged', '--fix'),
    ('--staged', '--diff'),
    ('--since', 'HEAD', '--write-baseline'),
])  # fmt: skip
def test_what_does_not_go_together_is_refused(cli: Cli, repository: Repository, options: tuple[str, ...]) -> None:
    assert cli('check', 'configs', *options).code == 2


def test_a_hook_is_given_the_base_only(cli: Cli, repository: Repository) -> None:
    repository.change({'configs/_base_/sgd.py': BAD})
    ran = cli('check', '--force-exclude', '--with-dependents', 'configs/_base_/sgd.py', '--output-format', 'json')
    assert {shown(name) for name, _ in found(ran)} == {'configs/child.py'}
    assert cli('check', '--force-exclude', 'configs/_base_/sgd.py').code == 0


def test_a_hook_is_given_the_new_name_only(cli: Cli, repository: Repository) -> None:
    repository.change({'configs/_base_/sgd.py': None, 'configs/_base_/renamed.py': GOOD})
    ran = cli('check', '--with-dependents', 'configs/_base_/renamed.py', '--output-format', 'json')
    assert ('configs/child.py', 'missing-base') in {(shown(name), rule) for name, rule in found(ran)}


def test_settings_and_requirements_are_about_every_config(cli: Cli, repository: Repository) -> None:
    repository.commit({'cfglint.toml': 'fail-on = "error"\n'})
    assert checked(cli('check', 'configs', '--since', 'HEAD~1')).startswith('checked 3 files')
