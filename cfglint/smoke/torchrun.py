"""The distributed path on one node: `torchrun` starts a rank for each process, each running the same worker."""

from __future__ import annotations

import json
import signal
import subprocess
import time
from typing import TYPE_CHECKING, Any

from cfglint.smoke.devices import NoDevice, hidden, is_cuda
from cfglint.smoke.pool import BOOT_SECONDS, Running, end_of
from cfglint.smoke.process import (
    WORKER,
    available_memory,
    executable_of,
    kill_tree,
    memory_of,
    tail,
    worker_environment,
)
from cfglint.smoke.results import Failure, Result, Status

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from cfglint.smoke.budget import Budget
    from cfglint.smoke.options import Options

POLL_SECONDS = 0.1
GRACE_SECONDS = 0.5
MEMORY_SHARE = 0.9


class Ranks:
    """One distributed job."""

    def __init__(
        self, options: Options, device: str, config: str, folder: Path, environment: Mapping[str, str] | None = None
    ) -> None:
        self.options = options
        self.device = device
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self.job = {
            'id': 1, 'kind': 'run', 'config': config, 'folder': str(folder), 'log': str(folder / 'log-0.txt'),
            'caches': str(folder / 'caches'), 'distributed': True, 'options': options.for_worker(device),
            'environment': dict(environment or {}),
        }  # fmt: skip
        self.running = [
            Running({**self.job, 'log': str(folder / f'log-{rank}.txt')}, 0.0) for rank in range(options.nproc)
        ]
        self._offsets = [0] * options.nproc
        self.launch_log = folder / 'torchrun.log'

    def run(self, budget: Budget) -> Result:
        """Start the ranks, watch them, and put their results together.

        Raises:
            OutOfTime: The budget is used up; the ranks are ended.
        """
        started = time.monotonic()
        ready: float | None = None
        killed = None
        process = self._start()
        try:
            while process.poll() is None and killed is None:
                time.sleep(POLL_SECONDS)
                budget.check()
                self._listen()
                if ready is None and all(running.events for running in self.running):
                    ready = time.monotonic()
                killed = self._late(started, ready) or self._limits(process.pid)
        finally:
            if killed is not None:
                for running in self.running:
                    running.killed = killed
                self._ask_for_stacks()
            kill_tree(process.pid)
            process.wait()
        self._listen()
        return self._result(time.monotonic() - started)

    def _start(self) -> subprocess.Popen[bytes]:
        executable = executable_of(self.options.python)
        path = self.folder / 'job.json'
        path.write_text(json.dumps(self.job), encoding='utf-8')
        command = [executable, '-m', 'torch.distributed.run', '--standalone', f'--nproc_per_node={self.options.nproc}',
                   str(WORKER), '--job', str(path)]  # fmt: skip
        environment = {**worker_environment(self.folder / 'caches'), **({} if is_cuda(self.device) else hidden())}
        environment.setdefault('OMP_NUM_THREADS', str(self.options.threads or 1))
        with self.launch_log.open('ab') as log:
            return subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=environment, start_new_session=True
            )

    def _listen(self) -> None:
        for rank, running in enumerate(self.running):
            for event in self._new_events(rank):
                running.events.append(event)
                if event['event'] == 'stage':
                    running.stage = event['stage']
                elif event['event'] == 'result':
                    running.result = event
                elif event['event'] == 'ready' and is_cuda(self.device) and event['devices'] < self.options.nproc:
                    raise NoDevice(
                        f'--nproc {self.options.nproc} needs as many CUDA devices; there are {event["devices"]}'
                    )

    def _new_events(self, rank: int) -> Iterator[dict[str, Any]]:
        path = self.folder / f'events-{rank}.jsonl'
        if not path.exists():
            return
        with path.open('rb') as stream:
            stream.seek(self._offsets[rank])
            data = stream.read()
        whole = data[: data.rfind(b'\n') + 1]
        self._offsets[rank] += len(whole)
        for line in whole.splitlines():
            yield json.loads(line)

    def _late(self, started: float, ready: float | None) -> Failure | None:
        """The time limit is the config's: it starts when every rank has imported torch and MMEngine."""
        if ready is None and time.monotonic() - started > BOOT_SECONDS:
            return Failure(stage='environment', message='the ranks did not start: importing torch hangs')
        if ready is not None and time.monotonic() - ready > self.options.timeout:
            message = f'not done after {self.options.timeout:g} s'
            return Failure(stage='timeout', message=message, during=self.running[0].stage)
        return None

    def _limits(self, pid: int) -> Failure | None:
        stage = self.running[0].stage
        available = available_memory() or 1 << 60
        memory, processes = memory_of(pid, int((self.options.memory_limit or available) * MEMORY_SHARE))
        limit = self.options.memory_limit or available + memory
        if memory > limit * MEMORY_SHARE:
            message = f'the ranks took {memory >> 20} MiB; the limit is {limit >> 20} MiB'
            return Failure(stage='out of memory', message=message, during=stage)
        if processes > self.options.max_processes:
            return Failure(stage='crash', message=f'the job started {processes} processes', during=stage)
        return None

    def _ask_for_stacks(self) -> None:
        from cfglint.smoke.process import send_signal

        for running in self.running:
            for event in running.events:
                if event['event'] == 'started':
                    send_signal(event['pid'], signal.SIGUSR1)
        time.sleep(GRACE_SECONDS)

    def _result(self, seconds: float) -> Result:
        """That of rank 0, or of the rank that failed first: the others fail because of it, or are ended by torchrun."""
        results = []
        for rank, running in enumerate(self.running):
            code = 0 if running.result is not None else 1
            if running.result is None and not running.events:
                message = f'rank {rank} did not start\n{tail(self.launch_log)}'
                results.append(
                    Result(str(self.job['config']), Status.FAILED, Failure(stage='environment', message=message))
                )
                continue
            results.append(end_of(running, {'code': code, 'left_behind': 0}, seconds, self.device))
        failed = [(self._ended(running), rank) for rank, running in enumerate(self.running) if not results[rank].passed]
        chosen = results[min(failed)[1]] if failed else results[0]
        details = {**chosen.details, 'ranks': [self._rank(result) for result in results]}
        return Result(chosen.config, chosen.status, chosen.failure, chosen.reason, seconds, self.device, details)

    @staticmethod
    def _ended(running: Running) -> float:
        return float('inf') if running.result is None else float(running.result['ended'])

    @staticmethod
    def _rank(result: Result) -> dict[str, Any]:
        failure = result.failure
        return {'status': result.status.value, 'memory': result.details.get('memory'),
                'failure': None if failure is None else f'{failure.stage}: {failure.message}'}  # fmt: skip
