"""What a job's own code writes to the wire costs that job, and nothing else."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from cfglint.smoke.results import Status
from cfglint.smoke.worker.wire import MAX_LINE, events_of
from tests.smoke.conftest import run_batch

WRITE = """
os, stat, time = map(__import__, ('os', 'stat', 'time'))
pipes = []
for fd in range(3, 256):
    try:
        is_pipe = stat.S_ISFIFO(os.fstat(fd).st_mode)
    except OSError:
        continue
    pipes += [fd] * is_pipe
    for line in {lines!r} if is_pipe else ():
        try:
            os.write(fd, line.encode() + {end!r})
        except OSError:
            break
{then}
"""


def _of_any_job(**event: object) -> list[str]:
    return ['', *(json.dumps({**event, 'job': job}) for job in range(40))]


@pytest.fixture
def bystander() -> Iterator[subprocess.Popen[bytes]]:
    """A process of the user's that is none of smoke's."""
    process = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'])
    yield process
    process.kill()
    process.wait()


def _attacks(pid: int) -> dict[str, str]:
    wait, leave = 'time.sleep(600)', 'os._exit(0)'
    lines = {
        'a_garbage': (['', '{', '[' * 50_000, '1' * 9_000, '{}', '{"event": 1}', '{"event": "result"}', '\x00'], leave),
        'b_other': (_of_any_job(event='started', pid=pid), wait),
        'c_end': (_of_any_job(event='exit', code=0), wait),
        'd_result': (_of_any_job(event='result', status='evil', failure=[1]), leave),
        'e_failure': (_of_any_job(event='result', status='failed', failure={'frames': [1]}), leave),
        'f_worker': (['', '{"event": "unready", "job": 0, "failure": 1}', '{"event": "ready", "job": 0}'], leave),
        'g_gone': (_of_any_job(event='gone'), leave),
        'h_stage': (_of_any_job(event='stage') + _of_any_job(event='blocked'), leave),
    }
    made = {name: WRITE.format(lines=said, end=b'\n', then=then) for name, (said, then) in lines.items()}
    made['i_line'] = WRITE.format(lines=['x' * 60_000] * 400, end=b'', then=leave)
    flood = 'while True:\n    os.write(pipes[-1], b"{}\\n" * 9_000)'
    made['j_flood'] = WRITE.format(lines=[], end=b'', then=flood)
    return made


@pytest.mark.skipif(sys.platform != 'linux', reason='whose a process is, /proc tells')
def test_garbage_costs_the_job_that_wrote_it(tmp_path: Path, bystander: subprocess.Popen[bytes]) -> None:
    attacks = _attacks(bystander.pid)
    results = run_batch(tmp_path, {**attacks, 'z_plain': ''}, timeout=6.0)
    assert results.pop('z_plain').status is Status.OK
    assert {name: result.status for name, result in results.items()} == dict.fromkeys(attacks, Status.FAILED)
    assert bystander.poll() is None


def test_what_is_no_event_is_passed_over() -> None:
    lines = [
        b'',
        b'[' * 99_999,
        b'{"event": 1, "job": 1}',
        b'{"event": "x"}',
        b'1' * 9_999,
        b'{"event": "' + b'x' * MAX_LINE + b'", "job": 1}',
    ]
    assert list(events_of([*lines, b'{"event": "x", "job": 1}'])) == [{'event': 'x', 'job': 1}]
