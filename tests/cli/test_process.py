"""What only a process of its own shows: start-up, pipes, signals, encodings."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from cfglint.cli import exits
from tests.cli.conftest import environment, process
from tests.kit.repo import write

BAD = "train_cfg = dict(by_epoch=True, max_epoch=12, 名字='骨干')\n"

HEAVY = {
    'torch', 'mmengine', 'mmcv', 'numpy', 'rich.console', 'pydantic', 'yaml', 'tomllib', 'cfglint.language', 'cfglint.rules',
    'cfglint.engine', 'cfglint.workspace', 'cfglint.sections', 'cfglint.catalog', 'cfglint.smoke', 'cfglint.migrate',
}  # fmt: skip


def test_start_up_imports_nothing_heavy(tmp_path: Path) -> None:
    code = f'import sys, cfglint.cli.app; print(sorted({HEAVY!r} & set(sys.modules)))'
    ran = subprocess.run(
        [sys.executable, '-c', code], cwd=tmp_path, env=environment(), capture_output=True, text=True, check=True
    )
    assert ran.stdout.strip() == '[]'


def test_checking_imports_no_library_that_configs_name(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            'a.py': "custom_imports = dict(imports=['evil'])\nmodel = dict(type='mmdet.RetinaNet')\n",
            'evil.py': "open('ran', 'w')\n",
        },
    )
    code = (
        'import sys\nfrom cfglint.cli.app import make_app\nsys.argv = ["cfglint", "check", "a.py"]\n'
        'try:\n    make_app("check")()\nexcept SystemExit:\n    pass\nprint(sorted({"torch", "mmengine", "mmdet", "evil", "rich.console"} & set(sys.modules)))'
    )
    ran = subprocess.run(
        [sys.executable, '-c', code], cwd=tmp_path, env=environment(), capture_output=True, text=True, check=True
    )
    assert ran.stdout.splitlines()[-1] == '[]' and not (tmp_path / 'ran').exists()


def test_modules_of_the_current_folder_are_not_imported(tmp_path: Path) -> None:
    write(tmp_path, {'a.py': BAD, **{f'{name}.py': "open('ran', 'w')\n" for name in ('json', 'typing', 'gc', 'shlex')}})
    assert process('check', 'a.py', '--output-format', 'json', cwd=tmp_path)[0] == 1
    assert not (tmp_path / 'ran').exists()


def test_version(tmp_path: Path) -> None:
    from cfglint import __version__

    assert process('--version', cwd=tmp_path) == (0, f'cfglint {__version__}\n', '')


def test_closed_pipe_ends_quietly(tmp_path: Path) -> None:
    write(tmp_path, {f'{number}.py': BAD for number in range(20)})
    command = f'{sys.executable} -m cfglint check . -q --output-format concise | true; echo "${{PIPESTATUS[0]}}"'
    ran = subprocess.run(
        ['bash', '-c', command], cwd=tmp_path, env=environment(), capture_output=True, text=True, check=True
    )
    assert (ran.stdout, ran.stderr) == ('141\n', '')


def test_ctrl_c_exits_with_130_and_no_traceback(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / 'list')
    command = [sys.executable, '-m', 'cfglint', 'show', '--batch', 'list']
    with subprocess.Popen(
        command, cwd=tmp_path, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as running:
        assert running.stdout is not None
        write(tmp_path, {'a.py': 'a = 1\n'})
        # Opened for reading as well, so that this does not wait for a process that failed to start.
        with open(os.open(tmp_path / 'list', os.O_RDWR), 'wb', buffering=0) as listed:
            listed.write(b'a.py\n')
            assert running.stdout.readline() == b'{"path": "a.py", "config": {"a": 1}, "error": null}\n'  # it streams
            running.send_signal(signal.SIGINT)
            out, err = running.communicate(timeout=60)
    assert (running.returncode, out, err) == (130, b'', b'')


@pytest.mark.parametrize('encoding', ['ascii', 'latin-1', 'utf-8'])
def test_any_character_can_be_printed_whatever_the_locale(tmp_path: Path, encoding: str) -> None:
    write(tmp_path, {'骨干.py': BAD})
    ran = process('check', '.', cwd=tmp_path, PYTHONIOENCODING=encoding, LC_ALL='C')
    assert ran.code == 1 and '骨干.py:1:33' in ran.out and 'internal' not in ran.err


def test_paths_that_are_no_utf8_are_printed(tmp_path: Path) -> None:
    with open(os.fsencode(tmp_path) + b'/\xff.py', 'w') as file:
        file.write(BAD)
    ran = process('check', '.', '--output-format', 'json', cwd=tmp_path)
    assert ran.code == 1 and '/\\udcff.py"' in ran.out


def test_completion_knows_rules(tmp_path: Path) -> None:
    ran = process(
        cwd=tmp_path, _CFGLINT_COMPLETE='complete_bash', COMP_WORDS='cfglint explain misspelt-f', COMP_CWORD='2'
    )  # fmt: skip
    assert ran.out.split() == ['misspelt-field']


@pytest.mark.parametrize('sent', [signal.SIGTERM, signal.SIGKILL, signal.SIGINT])
def test_nothing_goes_on_when_the_command_ends(tmp_path: Path, sent: signal.Signals) -> None:
    os.mkfifo(tmp_path / 'list')  # whoever reads it waits for ever
    command = [sys.executable, '-m', 'cfglint', 'show', '--batch', 'list']
    pipes = {'stdout': subprocess.PIPE, 'stderr': subprocess.PIPE}
    # To open the list for writing waits for the reader.
    with (
        subprocess.Popen(command, cwd=tmp_path, env=environment(), **pipes) as running,
        open(tmp_path / 'list', 'wb'),
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
