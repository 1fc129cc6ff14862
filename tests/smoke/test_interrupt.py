"""Ctrl-C, Ctrl-\\, `kill`, a closed terminal, and even `kill -9` leave no process and no folder behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.smoke.conftest import TOY, forking_python, write_configs

DRIVER = """
import sys
from cfglint.smoke.options import Options
from cfglint.smoke.run import Smoke

try:
    Smoke(Options(device='cpu', threads=1)).run(sys.argv[1:])
except KeyboardInterrupt:
    sys.exit(130)
"""
ROOT = Path(__file__).parents[2]
SLEEPER = "custom_hooks = [dict(type='Trouble', kind='spawn', path={path!r}), dict(type='Trouble', kind='sleep')]\n"


STARTING = """#!/bin/sh
for each in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
    sleep 1000 &
    echo $! >> {path}
done
wait
"""
"""Stands in for an interpreter that takes long to import torch, and starts processes meanwhile."""


def wait_for(condition: object, seconds: float = 120.0) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():  # type: ignore[operator]
            return True
        time.sleep(0.1)
    return False


def running_with(word: str) -> list[int]:
    """The processes whose command line or environment has `word` in it."""
    found = []
    for entry in Path('/proc').iterdir():
        if entry.name.isdigit() and int(entry.name) != os.getpid():
            try:
                if word.encode() in (entry / 'cmdline').read_bytes() + (entry / 'environ').read_bytes():
                    found.append(int(entry.name))
            except OSError:
                continue
    return found


@pytest.mark.parametrize(
    ('number', 'ranks'), [(signal.SIGINT, 1), (signal.SIGKILL, 1), (signal.SIGQUIT, 2), (signal.SIGKILL, 2)]
)
def test_nothing_is_left_behind(tmp_path: Path, number: signal.Signals, ranks: int) -> None:
    (config,) = write_configs(tmp_path, {'config': SLEEPER.format(path=str(tmp_path / 'pids'))})
    ends_all(tmp_path, number, config, f'nproc={ranks}, python={forking_python(tmp_path, TOY)!r}')


@pytest.mark.parametrize('number', [signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT])
def test_a_worker_that_is_still_starting_is_not_left_behind(tmp_path: Path, number: signal.Signals) -> None:
    python = tmp_path / 'python'
    python.write_text(STARTING.format(path=tmp_path / 'pids'))
    python.chmod(0o755)
    (config,) = write_configs(tmp_path, {'config': ''})
    ends_all(tmp_path, number, config, f'python={str(python)!r}')


def ends_all(tmp_path: Path, number: signal.Signals, config: str, options: str) -> None:
    """Run a config that starts 20 processes, end the command by a signal, and look for what is still there."""
    mark = f'mark-{number}-{os.getpid()}'
    temporary = tmp_path / 'tmp'
    temporary.mkdir()
    environment = {**os.environ, 'PYTHONPATH': f'{ROOT}{os.pathsep}{TOY}', 'MARK': mark, 'TMPDIR': str(temporary)}
    driver = DRIVER.replace('threads=1', f'threads=1, allow_writes=True, {options}')
    process = subprocess.Popen(
        [sys.executable, '-c', driver, config], env=environment, cwd=tmp_path, start_new_session=True,
        preexec_fn=lambda: signal.signal(number, signal.SIG_DFL) if number != signal.SIGKILL else None,
    )  # fmt: skip
    pids = tmp_path / 'pids'
    assert wait_for(lambda: pids.exists() and len(pids.read_text().split()) == 20)
    assert len(running_with(mark)) > 20
    process.send_signal(number)
    process.wait(60)
    assert wait_for(lambda: not running_with(mark)), running_with(mark)
    assert process.returncode == (-number if number == signal.SIGKILL else 130)
    assert wait_for(lambda: not list(temporary.iterdir()), 10), list(temporary.rglob('*'))
