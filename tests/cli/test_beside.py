"""The command line of `check` is read in a process of its own, and nothing of it is lost on the way."""

from __future__ import annotations

import gc
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

import pytest

from cfglint.cli import beside, exits, main
from cfglint.cli.task import CheckOptions, Task, task_of
from tests.cli.conftest import environment, process, write

pytestmark = pytest.mark.skipif(sys.platform != 'linux', reason='elsewhere one process does both')

BAD = 'train_cfg = dict(by_epoch=True, max_epoch=12)\n'


@pytest.fixture
def read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Task | None]:
    """Return a function that finds out what a command line asks for in a folder with two files."""
    write(tmp_path, {'骨干.py': BAD, '\udcff.py': BAD})
    monkeypatch.chdir(tmp_path)

    def task(*args: str) -> Task | None:
        monkeypatch.setattr(sys, 'argv', ['cfglint', 'check', *args])
        return beside._task()

    return task


def test_all_options_arrive(read: Callable[..., Task | None]) -> None:
    given = ['--select', 'schema,code', '--ignore', 'advice', '--fail-on', 'error', '--output-format', 'json']
    flags = [
        '--statistics',
        '--fix',
        '--unsafe-fixes',
        '--diff',
        '--force-exclude',
        '--isolated',
        '--no-cache',
        '-q',
        '-v',
    ]
    more = ['--target', 'mmdet==3.3.0', '--exclude', 'a', '--exclude', 'b', '--config', 'x.toml', '--color', 'never']
    task = read('骨干.py', *given, *flags, *more, '\udcff.py')
    assert task is not None
    assert task.options == CheckOptions(
        paths=('骨干.py', '\udcff.py'), select=('schema', 'code'), ignore=('advice',), fail_on='error', output_format='json',
        statistics=True, fix=True, unsafe_fixes=True, diff=True, targets=('mmdet==3.3.0',), exclude=('a', 'b'),
        force_exclude=True, config='x.toml', isolated=True, cache=False, color='never', quiet=True, verbose=True,
    )  # fmt: skip


def test_the_settings_and_the_files_arrive(tmp_path: Path, read: Callable[..., Task | None]) -> None:
    settings = (
        "ignore = ['advice']\nextra-paths = ['src']\n[per-file-ignores]\n'a/' = ['code']\n[targets]\nmmdet = '3.3.0'\n"
    )
    write(tmp_path, {'cfglint.toml': settings, 'sub/a.json': '{}', 'sub/b.py': ''})
    task = read('sub')
    assert task is not None and task == task_of(CheckOptions(paths=('sub',)))
    assert task.settings.per_file_ignores == {'a/': ('code',)} and task.where.file == str(tmp_path / 'cfglint.toml')
    assert task.found.files == [str(tmp_path / 'sub/b.py')] and task.found.skipped[0][0] == str(tmp_path / 'sub/a.json')


def test_defaults_arrive(read: Callable[..., Task | None]) -> None:
    task = read()
    assert task is not None and task == task_of(CheckOptions()) and len(task.found.files) == 2


@pytest.mark.parametrize(
    'args',
    [
        ['-h'],
        ['--nope'],
        ['--fail-on', 'maybe'],
        ['absent.py'],
        ['a.py', '--config', 'absent.toml'],
        ['a.py'],
        ['a.py', '-q'],
    ],
)
def test_the_user_sees_what_one_process_says(tmp_path: Path, args: list[str]) -> None:
    write(tmp_path, {'a.py': BAD})
    alone = "from cfglint.cli.app import make_app; make_app('check')(prog_name='cfglint')"
    command = [sys.executable, '-c', alone, 'check', *args]
    ran = subprocess.run(command, cwd=tmp_path, env=environment(), capture_output=True, text=True, check=False)
    assert process('check', *args, cwd=tmp_path) == (ran.returncode, ran.stdout, ran.stderr)


def test_what_is_imported_meanwhile_is_cheap(tmp_path: Path) -> None:
    slow = {
        'typer',
        'pydantic',
        'dataclasses',
        'inspect',
        'pathlib',
        'pickle',
        'subprocess',
        'tokenize',
        'traceback',
        'hashlib',
    }
    code = (
        'import sys; from cfglint.cli import beside; beside._import_what_checks(); '
        f'print(len(sys.modules) > 100, sorted({slow!r} & set(sys.modules)))'
    )
    ran = subprocess.run(
        [sys.executable, '-c', code], cwd=tmp_path, env=environment(), capture_output=True, text=True, check=True
    )
    assert ran.stdout == 'True []\n'


def test_what_was_printed_before_is_printed_once(tmp_path: Path) -> None:
    code = (
        "import sys; print('before'); from cfglint.cli import main; sys.argv = ['cfglint', 'check', '--help']; main()"
    )
    ran = subprocess.run(
        [sys.executable, '-c', code], cwd=tmp_path, env=environment(), capture_output=True, text=True, check=True
    )
    assert ran.stdout.count('before') == 1 and ran.stdout.count('Usage:') == 1


def test_a_process_that_was_killed_is_told_of(
    read: Callable[..., Task | None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(beside, '_tell_task', lambda writer: os.kill(os.getpid(), signal.SIGKILL))
    with pytest.raises(SystemExit) as end:
        read()
    assert end.value.code == 137


def test_a_failure_of_ours_is_no_finding(
    read: Callable[..., Task | None], monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr('cfglint.cli.app.make_app', lambda command: 1 / 0)
    with pytest.raises(SystemExit) as end:
        read()
    assert end.value.code == exits.INTERNAL and 'ZeroDivisionError' in capfd.readouterr().err


def test_ctrl_c_while_importing(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
    def interrupt() -> NoReturn:
        raise KeyboardInterrupt

    monkeypatch.setattr(beside, '_import_what_checks', interrupt)
    monkeypatch.setattr(sys, 'argv', ['cfglint', 'check'])
    with pytest.raises(SystemExit) as end:
        beside.check()
    assert end.value.code == exits.INTERRUPTED and capfd.readouterr() == ('', '')


def test_no_process_to_be_had(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse() -> int:
        raise BlockingIOError

    def leave(code: int) -> NoReturn:
        raise SystemExit(code)

    write(tmp_path, {'a.py': BAD})
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(os, 'fork', refuse)
    monkeypatch.setattr(gc, 'disable', lambda: None)  # for this process lives on
    monkeypatch.setattr(exits, 'leave', leave)
    monkeypatch.setattr(sys, 'argv', ['cfglint', 'check', '-q', '--isolated', 'a.py'])
    with pytest.raises(SystemExit) as end:
        main()
    assert end.value.code == exits.DIAGNOSTICS and 'max_epoch' in capsys.readouterr().out
