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

REACH = """
os, stat = map(__import__, ('os', 'stat'))
pid, places = os.getpid(), []
for _ in range(3):
    places += [f'/proc/{{pid}}/fd/{{fd}}' for fd in range(3, 64)]
    pid = int(open(f'/proc/{{pid}}/stat').read().rpartition(')')[2].split()[1])
for place in places:
    try:
        pipe = os.open(place, os.O_WRONLY | os.O_NONBLOCK) if stat.S_ISFIFO(os.stat(place).st_mode) else None
    except OSError:
        continue
    for line in {lines!r} if pipe is not None else ():
        try:
            os.write(pipe, line.encode() + b'\\n')
        except OSError:
            break
os._exit(3)
"""
"""Writes to all pipes, its own and those of the processes that it comes from, also to those that were given to read."""


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


@pytest.mark.skipif(sys.platform != 'linux', reason='reaches pipes through /proc')
def test_no_config_speaks_for_another_one(tmp_path: Path) -> None:
    victim = str(tmp_path / 'b_victim.py')
    lines = _of_any_job(event='probed', config=victim, signature=None, unfit='forged', status='unfit', failure=None)
    forged = REACH.format(lines=lines)
    wrong = 'train_cfg = dict(by_epoch=True, max_epochs=3, nothing=1)\n'
    killed = "__import__('os').kill(__import__('os').getpid(), 11)\n"
    results = run_batch(
        tmp_path, {'a_forge': forged, 'b_victim': wrong, 'c_killed': killed, 'd_plain': ''}, timeout=60.0
    )
    assert results['a_forge'].status is Status.UNFIT
    failures = [results[name].failure for name in ('b_victim', 'c_killed')]
    assert failures[0] is not None and failures[0].message.endswith("argument 'nothing'")
    assert failures[1] is not None and failures[1].message == 'the process died of SIGSEGV'
    assert results['d_plain'].status is Status.OK


@pytest.mark.skipif(sys.platform != 'linux', reason='reaches pipes through /proc')
def test_no_config_asks_for_a_job_without_walls(tmp_path: Path) -> None:
    mark, config = tmp_path / 'escaped', tmp_path / 'other.py'
    config.write_text(f'open({str(mark)!r}, "w").close()\n', encoding='utf-8')
    places = {name: str(tmp_path / 'job' / name) for name in ('folder', 'log', 'caches')}
    options = {'device': 'cpu', 'writes': True, 'network': True}
    job = json.dumps({'id': 99, 'kind': 'probe', 'config': '', 'configs': [str(config)], 'options': options, **places})
    results = run_batch(tmp_path, {'a_asks': REACH.format(lines=[job]), 'b_plain': ''}, timeout=60.0)
    assert not mark.exists()
    assert results['a_asks'].status is Status.FAILED and results['b_plain'].status is Status.OK


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
