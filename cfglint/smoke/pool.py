"""Running many jobs on warm workers, through any crash."""

from __future__ import annotations

import selectors
import shutil
import signal
import time
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cfglint.smoke.budget import Budget, OutOfTime
from cfglint.smoke.devices import chosen, hidden, index_of, only
from cfglint.smoke.folders import TemporaryFolder
from cfglint.smoke.limits import Disk, SharedMemory, memory_kills
from cfglint.smoke.process import Worker, available_memory, stack_of, tail, worker_environment
from cfglint.smoke.quantities import in_gib
from cfglint.smoke.results import Failure, Frame, Result, Status
from cfglint.smoke.worker.guard import OFFLINE

if TYPE_CHECKING:
    from cfglint.smoke.options import Options

POLL_SECONDS = 0.1
WATCH_SECONDS = 0.25
BOOT_SECONDS = 300.0
MAX_BOOT_FAILURES = 2
MEMORY_SHARE = 0.9
MAX_TOLD = 8 * 1024 * 1024
"""Bytes that one job may write to the wire."""
MAX_EVENTS = 10_000
"""Events of one job: a hundred times what any config is known to tell."""
DISK = 'disk limit'
"""The stage of a job that wrote more than smoke allows, which is no fault of the config."""
ENDING = (signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT)


class BrokenEnvironment(Exception):
    """The worker's interpreter can't run any config."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.message)
        self.failure = failure


@dataclass
class Running:
    """A job in a worker."""

    job: dict[str, Any]
    started: float
    stage: str = ''
    result: dict[str, Any] | None = None
    killed: Failure | None = None
    broken: str = ''
    memory_kills: int | None = None
    """Of the kernel, before the job began."""
    disk: Disk | None = None
    shared: SharedMemory = field(default_factory=SharedMemory)
    events: list[dict[str, Any]] = field(default_factory=list)

    def note(self, event: dict[str, Any]) -> None:
        """Note what a job tells, as long as it does not tell too much."""
        if len(self.events) < MAX_EVENTS:
            self.events.append(event)
        if event['event'] == 'stage':
            self.stage = str(event.get('stage'))


@dataclass
class Slot:
    """A place for a worker: one a GPU, or a share of the CPU."""

    number: int
    environment: dict[str, str] = field(default_factory=dict)
    """What makes its worker see one device only."""
    worker: Worker | None = None
    ready: bool = False
    running: Running | None = None
    libraries: list[str] = field(default_factory=list)
    boot_failures: int = 0
    since: float = 0.0


Finish = Callable[[dict[str, Any], Running, dict[str, Any]], 'dict[str, Any] | None']
"""Gets a job, what it said, and how it ended; returns a job that has to run next, if any."""


class Pool:
    """Feeds jobs to workers until all are done. A context manager: leaving it ends every process."""

    def __init__(self, options: Options) -> None:
        self.options = options
        self.device = options.device
        self.versions: dict[str, str | None] = {}
        """Those of the training environment, once a worker has told them."""
        self.budget = Budget()
        # First the device, which may not be there: nothing of what is made later would be removed.
        self._slots: list[Slot] = [Slot(0, _environment(options.device))]
        self._temporary, folder = None, options.folder
        if folder is None:
            self._temporary = TemporaryFolder()
            folder = self._temporary.path
        self.folder = folder
        self.caches = self.folder / 'caches'
        self._next_job = 0
        self._waiting: deque[dict[str, Any]] = deque()
        self._old_handlers: dict[signal.Signals, Any] = {}
        self._decided = options.device == 'cpu'
        if self._decided:
            self._add_slots()

    @property
    def removable(self) -> Path | None:
        """The folder, if it is to go at the end."""
        return None if self._temporary is None else self.folder

    def __enter__(self) -> Pool:
        # `kill`, as a scheduler sends it, and the end of a terminal end like Ctrl-C; `nohup` goes on.
        for number in ENDING if _in_main_thread() else ():
            if signal.getsignal(number) is not signal.SIG_IGN:
                self._old_handlers[number] = signal.signal(number, _interrupt)
        return self

    def __exit__(self, *_: object) -> None:
        for slot in self._slots:
            self._stop(slot)
        for number, handler in self._old_handlers.items():
            signal.signal(number, handler)
        self._old_handlers.clear()
        if self._temporary is not None:
            self._temporary.remove()

    def run(self, jobs: Iterable[dict[str, Any]], finish: Finish) -> None:
        """Run all `jobs`; `finish` is called with each job's end as it comes, and may raise to stop.

        Raises:
            OutOfTime: The budget is used up; what was running is ended.
        """
        waiting = self._waiting = deque(jobs)
        while waiting or any(slot.running for slot in self._slots):
            self._check_budget()
            for slot in self._slots:
                if slot.worker is None and waiting:
                    self._start(slot)
                if slot.ready and slot.running is None and waiting:
                    self._submit(slot, waiting.popleft())
            self._wait()
            for slot in list(self._slots):
                self._listen(slot, finish)
                self._watch(slot)

    def _check_budget(self) -> None:
        try:
            self.budget.check()
        except OutOfTime:
            for slot in self._slots:
                self._stop(slot)
                slot.running = None
            raise

    def settle(self) -> str:
        """Find out what `auto` means here; returns the device."""
        slot = self._slots[0]
        while not self._decided:
            if slot.worker is None:
                self._start(slot)
            self._wait()
            self._listen(slot, lambda job, running, event: None)
            self._watch(slot)
        return self.device

    def _start(self, slot: Slot) -> None:
        environment = {**worker_environment(self.caches), **slot.environment}
        if self.options.threads is not None:
            environment.setdefault('OMP_NUM_THREADS', str(self.options.threads))
        if not self.options.allow_downloads:
            environment.update(OFFLINE)
        slot.worker = Worker(self.options.python, self.folder / f'worker-{slot.number}', environment, self.removable)
        slot.ready = False
        slot.since = time.monotonic()

    def _stop(self, slot: Slot) -> None:
        if slot.worker is not None:
            slot.worker.close()
        slot.worker, slot.ready = None, False

    def _submit(self, slot: Slot, job: dict[str, Any]) -> None:
        assert slot.worker is not None
        self._next_job += 1
        folder = self.folder / f'job-{self._next_job}'
        disk = Disk(str(folder))
        job = {
            **job,
            'id': self._next_job,
            'folder': str(folder),
            'log': str(folder / 'log.txt'),
            'caches': str(self.caches),
            'disk_limit': disk.limit,
            'warm': slot.libraries,
            'options': {**self.options.for_worker(self.device), **job.get('overrides', {})},
            'memory_limit': self._memory_limit(),
            'distributed': self.options.fake,
        }
        slot.running = Running(job, time.monotonic(), memory_kills=memory_kills(), disk=disk)
        slot.worker.submit(job)

    def _memory_limit(self) -> int | None:
        if self.options.memory_limit is not None:
            return self.options.memory_limit
        left = available_memory()
        return None if left is None else int(left * MEMORY_SHARE / len(self._slots))

    def _wait(self) -> None:
        with selectors.DefaultSelector() as selector:
            for slot in self._slots:
                if slot.worker is not None:
                    selector.register(slot.worker.events, selectors.EVENT_READ)
            selector.select(POLL_SECONDS)

    def _listen(self, slot: Slot, finish: Finish) -> None:
        for event in slot.worker.read() if slot.worker is not None else ():
            kind, running = event['event'], slot.running
            if kind == 'ready':
                self._welcome(slot, event)
            elif kind == 'unready':
                raise BrokenEnvironment(Failure.from_event(event['failure']))
            elif kind == 'gone':
                self._mourn(slot, finish)
                return
            elif running is not None and event['job'] == running.job['id']:
                self._note(slot, running, event)
                if kind == 'exit':
                    slot.running = None
                    self._finish(running, event, finish)

    def _welcome(self, slot: Slot, event: dict[str, Any]) -> None:
        slot.ready, slot.boot_failures = True, 0
        self.versions.update(event['versions'])
        if not self._decided:
            self._decided = True
            self.device = chosen(self.device, event, self.options.python)
            self._add_slots(int(event['devices']))

    def _add_slots(self, devices: int = 1) -> None:
        """Make a place for each further job. More jobs than devices share them."""
        spread = self.device == 'cuda' and self.options.jobs > 1
        if spread:
            self._slots[0].environment = only(0)
        for number in range(1, self.options.jobs):
            environment = only(number % devices) if spread else self._slots[0].environment
            self._slots.append(Slot(number, environment))

    @staticmethod
    def _note(slot: Slot, running: Running, event: dict[str, Any]) -> None:
        running.note(event)
        if event['event'] == 'broken':
            running.broken = str(event.get('traceback'))
        elif event['event'] == 'result':
            running.result = event
            library = event.get('library')
            if isinstance(library, str) and library not in slot.libraries:
                slot.libraries.append(library)

    def _mourn(self, slot: Slot, finish: Finish) -> None:
        """The worker itself is gone: end its job, and let the next job start a new one."""
        assert slot.worker is not None
        code = slot.worker.process.wait()
        running, slot.running = slot.running, None
        log = slot.worker.log
        was_ready = slot.ready
        self._stop(slot)
        if running is not None:
            self._finish(running, {'event': 'exit', 'code': code, 'left_behind': 0, 'max_rss': 0}, finish)
        elif not was_ready:
            slot.boot_failures += 1
            if slot.boot_failures >= MAX_BOOT_FAILURES:
                message = f'the worker ended with {code} while it imported torch and mmengine\n{tail(log)}'
                raise BrokenEnvironment(Failure(stage='environment', message=message))

    def _watch(self, slot: Slot) -> None:
        """Kill what takes too long, too much memory, or too many processes."""
        now, running = time.monotonic(), slot.running
        if slot.worker is None:
            return
        if not slot.ready and now - slot.since > BOOT_SECONDS:
            raise BrokenEnvironment(
                Failure(stage='environment', message='the worker did not start: importing torch hangs')
            )
        if running is None or running.killed is not None:
            return
        if now - running.started > self.options.timeout:
            self._kill(slot, running, 'timeout', f'not done after {self.options.timeout:g} s')
        elif slot.worker.told > MAX_TOLD:
            self._kill(slot, running, 'crash', f'the job told more than {MAX_TOLD >> 20} MB')
        elif now - slot.since > WATCH_SECONDS:
            slot.since = now
            if slot.worker.child is not None:
                running.shared.look(slot.worker.child)
            limit = running.job['memory_limit']
            memory, processes = slot.worker.usage(limit)
            if limit is not None and memory > limit:
                self._kill(
                    slot, running, 'out of memory', f'the job took {in_gib(memory)}; the limit is {in_gib(limit)}'
                )
            elif processes > self.options.max_processes:
                self._kill(slot, running, 'crash', f'the job started {processes} processes')
            elif running.disk is not None and (size := running.disk.excess()) is not None:
                text = f'the job wrote {in_gib(size)}; the limit is {in_gib(running.disk.limit)}'
                self._kill(slot, running, DISK, text)

    @staticmethod
    def _kill(slot: Slot, running: Running, stage: str, message: str) -> None:
        assert slot.worker is not None
        running.killed = Failure(stage=stage, message=message, during=running.stage)
        slot.worker.kill_job()

    def _finish(self, running: Running, event: dict[str, Any], finish: Finish) -> None:
        running.shared.clear()
        again = finish(running.job, running, event)
        if again is not None:
            self._waiting.appendleft(again)
        if self._temporary is not None:
            shutil.rmtree(running.job['folder'], ignore_errors=True)


def _environment(device: str) -> dict[str, str]:
    index = index_of(device)
    return hidden() if device == 'cpu' else {} if index is None else only(index)


def _in_main_thread() -> bool:
    import threading

    return threading.current_thread() is threading.main_thread()


def _interrupt(number: int, frame: object) -> None:
    raise KeyboardInterrupt


def end_of(running: Running, event: dict[str, Any], seconds: float, device: str) -> Result:
    """The result of a job that has ended in whatever way."""
    try:
        return _told_end(running, event, seconds, device)
    except (AttributeError, KeyError, TypeError, ValueError) as error:  # the job's own code can write to the wire
        message = f'what the job told is no result ({type(error).__name__})'
        return Result(running.job['config'], Status.FAILED, Failure('crash', message), None, seconds, device, {})


def _told_end(running: Running, event: dict[str, Any], seconds: float, device: str) -> Result:
    config, result = running.job['config'], running.result
    if running.killed is None and result is not None and event['code'] == 0:
        details = {
            key: value
            for key, value in result.items()
            if key not in ('event', 'job', 'status', 'failure', 'reason', 'ended')
        }
        details['left_behind'] = event['left_behind']
        details['blocked'] = [[e['kind'], e['what']] for e in running.events if e['event'] == 'blocked']
        failure = Failure.from_event(result['failure']) if result['failure'] else None
        return Result(config, Status(result['status']), failure, result.get('reason'), seconds, device, details)
    if running.killed is not None and running.killed.stage == DISK:
        return Result(config, Status.UNSUPPORTED, None, running.killed.message, seconds, device, {})
    failure = running.killed or _crash(running, event['code'])
    frames = _frames(running)
    return Result(config, Status.FAILED, _with_frames(failure, frames), None, seconds, device, {})


def _frames(running: Running) -> tuple[Frame, ...]:
    return stack_of(Path(running.job['log']))


def _with_frames(failure: Failure, frames: tuple[Frame, ...]) -> Failure:
    return replace(failure, frames=frames) if frames else failure


def _killed(running: Running) -> Failure:
    """Tell who killed a job: the kernel counts those that it kills because memory is short."""
    before, now = running.memory_kills, memory_kills()
    if before is None or now is None:
        message = 'the process was killed (SIGKILL): by someone, or by the kernel because memory ran out'
        return Failure(stage='crash', message=message)
    if now > before:
        message = 'the process was killed (SIGKILL) by the kernel, because the machine ran out of memory'
        return Failure(stage='out of memory', message=message)
    message = 'the process was killed (SIGKILL) from outside, or by itself: the kernel was not short of memory'
    return Failure(stage='crash', message=message)


def _crash(running: Running, code: int) -> Failure:
    during = running.stage
    log = tail(Path(running.job['log']))
    if code == -signal.SIGKILL:
        return replace(_killed(running), during=during, traceback=log)
    if code < 0:
        name = signal.Signals(-code).name if -code in set(signal.Signals) else f'signal {-code}'
        return Failure(stage='crash', message=f'the process died of {name}', during=during, traceback=log)
    if running.broken:
        return Failure(stage='internal', message='the worker itself failed', during=during, traceback=running.broken)
    return Failure(stage='crash', message=f'the process ended with exit code {code}', during=during, traceback=log)
