"""Windows and macOS: what does without Linux's calls there is run here, in a process that has none of them."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from tests.cli.conftest import Ran, environment, process
from tests.cli.test_since import Repository

Elsewhere = Callable[..., Ran]
# The standard library and Typer are imported as they are; cfglint, on a system of that name that lacks what only Linux and POSIX have.
START = """
import ctypes, multiprocessing, os, platform, pydantic, shutil, signal, subprocess, sys, sysconfig, tempfile, typer
sysconfig.get_config_vars(), platform.uname()
sys.platform = {platform!r}
for module, names in {missing!r}.items():
    for name in names:
        vars(sys.modules[module]).pop(name, None)
for module in ('fcntl', 'resource', 'termios', 'pwd', 'grp'):
    sys.modules[module] = None if {platform!r} == 'win32' else sys.modules.get(module)
from cfglint.cli import main
main()
"""
MISSING = {
    'darwin': {'os': ['fork', 'sched_getaffinity', 'getxattr', 'listxattr', 'setxattr']},
    'win32': {
        'os': [
            'fork', 'sched_getaffinity', 'getxattr', 'listxattr', 'setxattr', 'chown', 'fchown', 'fchmod', 'getuid', 'geteuid',
            'getgid', 'killpg', 'setsid', 'waitid', 'wait',
        ],
        'signal': ['pthread_sigmask', 'valid_signals', 'SIGUSR1', 'SIGCHLD', 'SIGKILL', 'SIGHUP'],
    },
}  # fmt: skip


@pytest.fixture(params=MISSING)
def elsewhere(request: pytest.FixtureRequest, tmp_path: Path) -> Elsewhere:
    """Return a function that runs cfglint as if on another system, in the folder `repo`."""
    code = START.format(platform=request.param, missing=MISSING[request.param])
    home = {'XDG_CACHE_HOME': '', 'HOME': str(tmp_path / 'home'), 'LOCALAPPDATA': str(tmp_path / 'home')}

    def run(*arguments: str) -> Ran:
        ran = subprocess.run(
            [sys.executable, '-c', code, *arguments],
            cwd=tmp_path / 'repo', env=environment(**home), capture_output=True, check=False,
        )  # fmt: skip
        return Ran(ran.returncode, ran.stdout.decode(), ran.stderr.decode())

    return run


@pytest.fixture
def repository(committed: Path, tmp_path: Path) -> Repository:
    """Return a copy of the repository, in the folder `repo`."""
    shutil.copytree(committed, tmp_path / 'repo')
    return Repository(tmp_path / 'repo')


@pytest.fixture(scope='module')
def committed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a repository with enough configs for several processes, some of them with mistakes, in two commits."""
    found = Repository(tmp_path_factory.mktemp('committed'))
    files = {'configs/_base_/run.py': 'train_cfg = dict(by_epoch=True, max_epochs=3)\n'}
    for number in range(200):
        mistake = 'resum = True\n' if number % 50 == 0 else ''
        files[f'configs/a{number:03}.py'] = f"_base_ = './_base_/run.py'\ndefault_scope = 'mmengine'\n{mistake}"
    found.commit(files)
    found.commit({'configs/a001.py': "_base_ = './_base_/run.py'\ntrain_cfg = dict(max_epoch=3)\n"})
    return found.folder


@pytest.fixture(scope='module')
def here(committed: Path) -> Callable[..., Ran]:
    """Return a function that checks the repository on this system, once for all others."""
    return cache(lambda *options: process('check', 'configs', *options, cwd=committed))


@pytest.mark.parametrize(
    'options', [('--no-cache',), ('--since', 'HEAD~1'), ('--staged',), ('--diff',), ('--statistics',)], ids=str
)
def test_the_answer_is_the_same(
    elsewhere: Elsewhere, here: Callable[..., Ran], repository: Repository, options: tuple[str, ...]
) -> None:
    expected = here(*options)
    assert elsewhere('check', 'configs', *options) == expected
    assert expected.err and 'internal' not in expected.err


def test_the_cache_lies_where_the_system_has_it(elsewhere: Elsewhere, repository: Repository, tmp_path: Path) -> None:
    for path in repository.folder.rglob('*'):
        os.utime(path, (1, 1))
    first = elsewhere('check', 'configs', '--output-format', 'json')
    again = elsewhere('check', 'configs', '--output-format', 'json', '-v')
    assert again.out == first.out and 'nothing has changed' in again.err
    caches = list((tmp_path / 'home').rglob('answers'))
    assert [path.parent.name for path in caches] == ['cfglint']
    assert elsewhere('clean').code == 0 and not caches[0].exists()


def test_fixes_are_written(elsewhere: Elsewhere, repository: Repository) -> None:
    ran = elsewhere('check', 'configs', '--fix', '--unsafe-fixes')
    assert 'internal' not in ran.err
    assert 'resume = True' in (repository.folder / 'configs/a000.py').read_text()
    assert process('check', 'configs/a000.py', '--no-cache', cwd=repository.folder).code == 0


@pytest.mark.parametrize(
    'arguments',
    [('show', 'configs/a001.py'), ('graph',), ('targets',), ('compat', 'configs/a001.py'), ('rules',), ('init',)],
    ids=str,
)
def test_other_commands_work(elsewhere: Elsewhere, repository: Repository, arguments: tuple[str, ...]) -> None:
    ran = elsewhere(*arguments)
    assert ran.code in (0, 1) and 'internal' not in ran.err and ran.out + ran.err
