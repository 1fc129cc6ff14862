"""One worker process: started, asked, watched, ended."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cfglint.smoke.results import Frame
from cfglint.smoke.worker.guard import cache_variables, descendants
from cfglint.smoke.worker.wire import MAX_LINE, events_of
from cfglint.usage import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

WORKER = Path(__file__).with_name('worker')
PAGE_SIZE = os.sysconf('SC_PAGE_SIZE')
_READS = 16
"""How often a pipe is read before somebody looks whether the job takes too long: it may never stop to write."""
STACK_SECONDS = 0.5
"""How long a process that is about to be killed may take to say where it is."""
STACK_LINE = re.compile(r'^  File "(?P<file>.*)", line (?P<line>\d+) in (?P<function>.*)$', re.MULTILINE)
STACK_START = re.compile(r'^(Fatal Python error|Current thread|Stack \(most recent call first\))', re.MULTILINE)


class PythonNotFound(UsageError):
    """The interpreter given by --python does not exist, or does not start."""


def executable_of(python: str) -> str:
    """Return the interpreter that a path or a name stands for; the folder of an environment stands for its own.

    Raises:
        PythonNotFound: There is none.
    """
    inside = [os.path.join(python, folder, 'python') for folder in ('bin', 'Scripts')] if os.path.isdir(python) else []
    for candidate in inside or [python]:
        if executable := shutil.which(candidate):
            return executable
    what = 'there is no bin/python in this folder' if inside else 'no such interpreter'
    raise PythonNotFound(f'{python}: {what}')


def worker_environment(caches: Path) -> dict[str, str]:
    """The user's environment, plus what keeps the worker from touching a GPU too early, or writing anywhere."""
    environment = {**os.environ, **cache_variables(str(caches))}
    for name in cache_variables(str(caches)).values():
        os.makedirs(name, exist_ok=True)
    environment['PYTHONDONTWRITEBYTECODE'] = '1'
    # Asking the driver library instead of starting CUDA: a process that has started CUDA cannot fork.
    environment['PYTORCH_NVML_BASED_CUDA_CHECK'] = '1'
    return environment


class Worker:
    """A process that serves jobs one after the other. All calls return at once; `read` gives what it said."""

    def __init__(self, python: str, folder: Path, environment: Mapping[str, str], remove: Path | None = None) -> None:
        self.log = folder / 'worker.log'
        folder.mkdir(parents=True, exist_ok=True)
        executable = executable_of(python)
        requests, self._requests = os.pipe()
        self.events, events = os.pipe()
        command = [executable, str(WORKER), '--requests', str(requests), '--events', str(events)]
        if remove is not None:
            # Should this process be killed, the worker is the one to clean up.
            command += ['--remove', str(remove)]
        with self.log.open('ab') as log:
            self.process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=dict(environment),
                pass_fds=(requests, events), start_new_session=True,
            )  # fmt: skip
        os.close(requests)
        os.close(events)
        os.set_blocking(self.events, False)
        self._buffer = b''
        self._is_ready = False
        self._job: object = None
        self.told = 0
        """How many bytes were read since the last job was submitted."""
        self.child: int | None = None
        """The process of the job that is running."""

    def submit(self, job: Mapping[str, Any]) -> None:
        self._job, self.told = job['id'], 0
        os.write(self._requests, json.dumps(job).encode() + b'\n')

    def read(self) -> Iterator[dict[str, Any]]:
        """The events that have come. Ends with `{'event': 'gone'}` once the process has closed its pipe."""
        gone = False
        for _ in range(_READS):
            try:
                data = os.read(self.events, 1 << 16)
            except BlockingIOError:
                break
            if not data:
                gone = True
                break
            self._buffer += data
            self.told += len(data)
            if len(self._buffer) > MAX_LINE and b'\n' not in data:
                self._buffer = b' '  # what follows is the end of a line that is no event
        *lines, self._buffer = self._buffer.split(b'\n')
        yield from filter(self._is_true, events_of(lines))
        if gone:
            yield {'event': 'gone', 'job': None}

    def _is_true(self, event: Mapping[str, Any]) -> bool:
        """Tell whether an event may be: the job's code can write what it likes, also what only the worker says."""
        kind = event['event']
        if kind in ('ready', 'unready'):
            was_ready, self._is_ready = self._is_ready, True
            return not was_ready
        if kind == 'gone' or event['job'] != self._job:
            return False
        if kind == 'started':
            if self._lives() or not self._is_own(event.get('pid')):
                return False
            self.child = event['pid']
        elif kind == 'exit':
            if self._lives() or not isinstance(event.get('code'), int):
                return False
            self.child = None
        return True

    def _lives(self) -> bool:
        """Tell whether the process of the job is there: the worker says that it has ended once it is gone for good."""
        return self.child is not None and self.child in descendants(self.process.pid)

    def _is_own(self, pid: object) -> bool:
        """Tell whether a process is the worker or below it, where the system tells."""
        below = descendants(self.process.pid) if os.path.isdir('/proc/self') else [pid]
        return isinstance(pid, int) and pid in (self.process.pid, *below)

    def usage(self, limit: int | None = None) -> tuple[int, int]:
        """Memory, in bytes, and number of the processes of the running job; see `memory_of`."""
        return (0, 0) if self.child is None else memory_of(self.child, limit)

    def kill_job(self) -> None:
        """End the running job; the worker lives on and reports its end. The job may first say where it is."""
        if self.child is not None:
            send_signal(self.child, signal.SIGUSR1)
            time.sleep(STACK_SECONDS)
            kill_tree(self.child)

    def close(self) -> None:
        """End the worker and everything below it."""
        kill_tree(self.process.pid)
        self.process.wait()
        for fd in (self._requests, self.events):
            os.close(fd)


def memory_of(pid: int, limit: int | None = None) -> tuple[int, int]:
    """Memory, in bytes, and number of a process and all below it.

    The memory is exact only where it may be above `limit`. What is exact takes the kernel a walk through all pages.
    """
    pids = [pid, *descendants(pid)]
    rough = sum(_mapped(pid) for pid in pids)
    if limit is not None and rough <= limit:
        return rough, len(pids)
    return sum(_resident(pid) for pid in pids), len(pids)


def kill_tree(pid: int) -> None:
    """Kill a process and all below it."""
    for each in [*descendants(pid), pid]:
        send_signal(each, signal.SIGKILL)


def send_signal(pid: int, number: int) -> None:
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        return  # it ended by itself


def _mapped(pid: int) -> int:
    """Private and shared memory of a process, each shared page counted in full."""
    try:
        return int(Path(f'/proc/{pid}/statm').read_text().split()[1]) * PAGE_SIZE
    except (OSError, ValueError, IndexError):
        return 0


def _resident(pid: int) -> int:
    """Private and shared memory of a process, each shared page counted in parts."""
    try:
        for line in Path(f'/proc/{pid}/smaps_rollup').read_text().splitlines():
            if line.startswith('Pss:'):
                return int(line.split()[1]) * 1024
    except (OSError, ValueError):
        return 0
    return 0


def available_memory() -> int | None:
    """What the machine, or the control group, has left."""
    try:
        lines = Path('/proc/meminfo').read_text().splitlines()
        left = next(int(line.split()[1]) * 1024 for line in lines if line.startswith('MemAvailable:'))
    except (OSError, StopIteration, ValueError):
        return None
    for limit, used in (
        ('/sys/fs/cgroup/memory.max', '/sys/fs/cgroup/memory.current'),
        ('/sys/fs/cgroup/memory/memory.limit_in_bytes', '/sys/fs/cgroup/memory/memory.usage_in_bytes'),
    ):
        try:
            left = min(left, int(Path(limit).read_text()) - int(Path(used).read_text()))
        except (OSError, ValueError):
            continue  # no control group, or no limit
    return left


def stack_of(log: Path) -> tuple[Frame, ...]:
    """The Python stack that `faulthandler` wrote last, the innermost frame last."""
    text = log.read_text(encoding='utf-8', errors='replace') if log.exists() else ''
    starts = list(STACK_START.finditer(text))
    if not starts:
        return ()
    found = [
        Frame(file=match['file'], line=int(match['line']), function=match['function'])
        for match in STACK_LINE.finditer(text, starts[-1].start())
    ]
    return tuple(frame for frame in reversed(found) if not frame.file.startswith(str(WORKER)))


def tail(log: Path, lines: int = 20) -> str:
    text = log.read_text(encoding='utf-8', errors='replace') if log.exists() else ''
    return '\n'.join(text.splitlines()[-lines:])
