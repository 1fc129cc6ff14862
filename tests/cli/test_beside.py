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


SLOW = {
    'typer', 'pydantic', 'dataclasses', 'inspect', 'pathlib', 'pickle', 'subprocess', 'tokenize', 'traceback', 'hashlib',
    'difflib', 'glob',
}  # fmt: skip


def test_what_is_imported_meanwhile_is_all_and_cheap(tmp_path: Path) -> None:
    code = (
        'import sys; from cfglint.cli import beside; beside._import_what_checks(); '
        f'print("cfglint.rules.schema.sections" in sys.modules, sorted({SLOW!r} & set(sys.modules)))'
    )
    ran = subprocess.run(
        [sys.executable, '-c', code], cwd=tmp_path, env=environment(), capture_output=True, text=True, check=True
    )
    assert ran.stdout == 'True []\n'


@pytest.mark.parametrize(
    ('processors', 'command', 'used'), [(2, 'check', True), (1, 'check', False), (2, 'rules', False)]
)
def test_it_is_used_where_it_pays(
    processors: int, command: str, used: bool, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    asked: list[str] = []
    monkeypatch.setattr('cfglint.cli.processors', lambda: processors)
    monkeypatch.setattr(beside, 'check', lambda: asked.append(command))
    assert ended(monkeypatch, command, '--help') == exits.OK and bool(asked) is used
    assert 'Usage:' in capsys.readouterr().out


def ended(monkeypatch: pytest.MonkeyPatch, *args: str) -> object:
    """Return the exit code of a command line, run in this process."""

    def leave(code: int) -> NoReturn:
        raise SystemExit(code)

    monkeypatch.setattr(gc, 'disable', lambda: None)  # for this process lives on
    monkeypatch.setattr(exits, 'leave', leave)
    monkeypatch.setattr(sys, 'argv', ['cfglint', *args])
    with pytest.raises(SystemExit) as end:
        main()
    return end.value.code


def test_what_was_printed_before_is_printed_once(tmp_path: Path) -> None:
    code = (
        "import sys; print('before'); from cfglint.cli import main; sys.argv = ['cfglint', 'check', '--help']; main()"
    )
    ran = subprocess.run(
        [sys.executable, '-c', code], cwd=tmp_path, env=environment(), capture_output=True, text=True, check=True
    )
    assert ran.stdout.count('before') == 1 and ran.stdout.count('Usage:') == 1


def test_a_process_that_was_killed_is_told_of(
    read: Callable[..., Task | None], monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(beside, '_tell_task', lambda writer, alive: os.kill(os.getpid(), signal.SIGKILL))
    with pytest.raises(SystemExit) as end:
        read()
    assert end.value.code == exits.INTERNAL
    assert capfd.readouterr().err == 'cfglint: error: the process that reads the command line was killed\n'


@pytest.mark.parametrize(
    ('error', 'code', 'told'),
    [
        (ZeroDivisionError('of ours'), exits.INTERNAL, 'ZeroDivisionError: of ours'),
        (KeyboardInterrupt(), exits.INTERRUPTED, ''),
        (BrokenPipeError(), exits.PIPE_CLOSED, ''),
        (OSError(28, 'No space left'), exits.INTERNAL, 'cannot write the output: No space left'),
    ],
)
def test_failures_there_are_failures_here(
    error: BaseException,
    code: int,
    told: str,
    read: Callable[..., Task | None],
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    def fail(command: str) -> NoReturn:
        raise error

    monkeypatch.setattr('cfglint.cli.app.make_app', fail)
    with pytest.raises(SystemExit) as end:
        read()
    said = capfd.readouterr().err
    assert end.value.code == code and told in said and bool(said) is bool(told)


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

    write(tmp_path, {'a.py': BAD})
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(os, 'fork', refuse)
    before = os.listdir('/proc/self/fd')
    assert ended(monkeypatch, 'check', '-q', '--isolated', 'a.py') == exits.DIAGNOSTICS
    assert 'max_epoch' in capsys.readouterr().out and len(os.listdir('/proc/self/fd')) == len(before)


def test_verbose_shows_where_cfglint_failed(
    read: Callable[..., Task | None], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr('cfglint.cli.run_check.run', lambda task: 1 / 0)
    monkeypatch.setattr(sys, 'argv', ['cfglint', 'check', '-v'])
    with pytest.raises(SystemExit) as end:
        beside.check()
    assert end.value.code == exits.INTERNAL and 'Traceback' in capsys.readouterr().err


@pytest.mark.parametrize('sent', [signal.SIGTERM, signal.SIGKILL, signal.SIGINT])
def test_nothing_goes_on_when_the_command_ends(tmp_path: Path, sent: signal.Signals) -> None:
    os.mkfifo(tmp_path / 'settings')  # whoever reads it waits for ever
    write(tmp_path, {'a.py': BAD})
    command = [sys.executable, '-m', 'cfglint', 'check', '--config', 'settings', 'a.py']
    pipes = {'stdout': subprocess.PIPE, 'stderr': subprocess.PIPE}
    # To open the settings for writing waits for the reader.
    with (
        subprocess.Popen(command, cwd=tmp_path, env=environment(), **pipes) as running,
        open(tmp_path / 'settings', 'wb'),
    ):
        running.send_signal(sent)
        out, err = running.communicate(timeout=60)  # ends when nobody has the pipes any more
    assert (out, err) == (b'', b'') and running.returncode in (-sent, exits.INTERRUPTED)


def ignoring_children() -> None:
    """Have the system forget processes that have ended, as some supervisors do."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)


@pytest.mark.parametrize(('args', 'code'), [(['absent.py'], 2), (['--help'], 0), (['.', '-q'], 1)])
def test_whoever_started_us_may_ignore_processes_that_end(tmp_path: Path, args: list[str], code: int) -> None:
    write(tmp_path, {f'{number}.py': BAD for number in range(200)})
    command = [sys.executable, '-m', 'cfglint', 'check', '--output-format', 'concise', *args]
    ran = subprocess.run(
        command, cwd=tmp_path, env=environment(), capture_output=True, preexec_fn=ignoring_children, check=False
    )
    assert ran.returncode == code and b'internal' not in ran.stderr


@pytest.mark.parametrize('closed', ['>&-', '2>&-', '<&- >&- 2>&-'])
@pytest.mark.parametrize(('args', 'code'), [('a.py', 1), ('absent.py', 2), ('--help', 0)])
def test_streams_may_be_closed(tmp_path: Path, closed: str, args: str, code: int) -> None:
    write(tmp_path, {'a.py': BAD})
    command = f'{sys.executable} -m cfglint check {args} {closed}'
    ran = subprocess.run(['bash', '-c', command], cwd=tmp_path, env=environment(), capture_output=True, check=False)
    assert ran.returncode == code and b'Traceback' not in ran.stderr


@pytest.mark.parametrize('command', ['check --help >/dev/full', 'check --nope 2>/dev/full', '--help >/dev/full'])
def test_output_that_cannot_be_written(tmp_path: Path, command: str) -> None:
    command = f'{sys.executable} -m cfglint {command}'
    ran = subprocess.run(['bash', '-c', command], cwd=tmp_path, env=environment(), capture_output=True, check=False)
    assert ran.returncode == exits.INTERNAL and b'Traceback' not in ran.stderr
    assert ran.stderr in (b'', b'cfglint: error: cannot write the output: No space left on device\n')
