"""The distributed path on one node: `torchrun` starts a rank for each process, each running the same worker."""

from __future__ import annotations

import json
import os
import re
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
from cfglint.smoke.worker.guard import OFFLINE, descendants
from cfglint.smoke.worker.wire import events_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from cfglint.smoke.budget import Budget
    from cfglint.smoke.options import Options

POLL_SECONDS = 0.1
GRACE_SECONDS = 0.5
MEMORY_SHARE = 0.9
_EXIT_CODE = re.compile(r'failed \(exitcode: (?P<code>-?\d+)\) local_rank: (?P<rank>\d+)')
_CONNECTION_LOST = re.compile(
    r'connection (was )?(closed|reset|refused)|broken pipe|socket|process group|timed out|nccl|gloo', re.IGNORECASE
)


class Ranks:
    """One distributed job."""

    def __init__(
        self, options: Options, device: str, job: Mapping[str, Any], number: int, folder: Path,
        remove: Path | None = None,
    ) -> None:  # fmt: skip
        self.options = options
        self.number = number
        self.device = device
        self.folder = folder
        self._remove = remove
        """What goes if this process is killed."""
        folder.mkdir(parents=True, exist_ok=True)
        self.job = {
            'id': 1, 'kind': 'run', 'config': job['config'], 'folder': str(folder), 'log': str(folder / 'log-0.txt'),
            'caches': str(folder / 'caches'), 'distributed': True, 'environment': job.get('environment', {}),
            'options': {**options.for_worker(device), **job.get('overrides', {})},
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
                self.running[0].shared.look(process.pid)
                if ready is None and all(running.events for running in self.running):
                    ready = time.monotonic()
                killed = self._late(started, ready) or self._limits(process.pid)
        finally:
            if killed is not None:
                for running in self.running:
                    running.killed = killed
                self._ask_for_stacks(process.pid)
            kill_tree(process.pid)
            process.wait()
            self.running[0].shared.clear()
            os.close(self._pipe)
        self._listen()
        return self._result(time.monotonic() - started)

    def _start(self) -> subprocess.Popen[bytes]:
        executable = executable_of(self.options.python)
        path = self.folder / 'job.json'
        path.write_text(json.dumps(self.job), encoding='utf-8')
        # The launcher would outlive this process: it runs below one of ours, which ends with the pipe.
        parent, self._pipe = os.pipe()
        command = [executable, str(WORKER), '--launch', str(parent)]
        command += [] if self._remove is None else ['--remove', str(self._remove)]
        command += ['--', executable, '-m', 'torch.distributed.run', *self._meeting(), str(WORKER), '--job', str(path)]
        environment = {**worker_environment(self.folder / 'caches'), **({} if is_cuda(self.device) else hidden())}
        environment.setdefault('OMP_NUM_THREADS', str(self.options.threads or 1))
        if not self.options.allow_downloads:
            environment.update(OFFLINE)
        with self.launch_log.open('ab') as log:
            process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=environment, start_new_session=True,
                pass_fds=(parent,),
            )  # fmt: skip
        os.close(parent)
        return process

    def _meeting(self) -> list[str]:
        """The arguments of torchrun that say how many ranks there are, and where their nodes meet."""
        count = f'--nproc_per_node={self.options.nproc}'
        if self.options.rendezvous is None:
            return ['--standalone', count]
        host, _, port = self.options.rendezvous.rpartition(':')
        # Each config has a place of its own: nodes that are late would meet those that are ahead.
        place = f'{host}:{int(port) + self.number}'
        return [f'--nnodes={self.options.nnodes}', count, '--rdzv_backend=c10d', f'--rdzv_endpoint={place}',
                f'--rdzv_id=cfglint-{self.number}']  # fmt: skip

    def _listen(self) -> None:
        for rank, running in enumerate(self.running):
            for event in self._new_events(rank):
                running.note(event)
                if event['event'] == 'result':
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
        yield from events_of(whole.splitlines())

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

    def _ask_for_stacks(self, launcher: int) -> None:
        from cfglint.smoke.process import send_signal

        own = descendants(launcher)
        for running in self.running:
            for event in running.events:
                if event['event'] == 'started' and event.get('pid') in own:
                    send_signal(event['pid'], signal.SIGUSR1)
        time.sleep(GRACE_SECONDS)

    def _result(self, seconds: float) -> Result:
        """That of rank 0, or of the rank that failed first: the others fail because of it, or are ended by torchrun."""
        results = []
        codes = exit_codes(self.launch_log.read_text(encoding='utf-8', errors='replace'))
        for rank, running in enumerate(self.running):
            code = 0 if running.result is not None else codes.get(rank, 1)
            if running.result is None and not running.events:
                message = f'rank {rank} did not start\n{tail(self.launch_log)}'
                results.append(
                    Result(str(self.job['config']), Status.FAILED, Failure(stage='environment', message=message))
                )
                continue
            results.append(end_of(running, {'code': code, 'left_behind': 0}, seconds, self.device))
        failed = [rank for rank, result in enumerate(results) if not result.passed]
        chosen = (
            results[min(failed, key=lambda rank: self._guilt(rank, results[rank], codes))] if failed else results[0]
        )
        details = {**chosen.details, 'ranks': [self._rank(result) for result in results]}
        return Result(chosen.config, chosen.status, chosen.failure, chosen.reason, seconds, self.device, details)

    def _guilt(self, rank: int, result: Result, codes: Mapping[int, int]) -> tuple[int, float]:
        """The smaller, the likelier a rank failed by itself: others lose their connection to it, or are ended for it."""
        running = self.running[rank]
        if running.result is None:
            # torchrun names the rank that it saw end first, and then ends the others.
            return (1 if rank in codes else 2, 0.0)
        lost = result.failure is not None and _CONNECTION_LOST.search(result.failure.message) is not None
        return (2 if lost else 0, float(running.result['ended']))

    @staticmethod
    def _rank(result: Result) -> dict[str, Any]:
        failure = result.failure
        return {'status': result.status.value, 'memory': result.details.get('memory'),
                'failure': None if failure is None else f'{failure.stage}: {failure.message}'}  # fmt: skip


def exit_codes(log: str) -> dict[int, int]:
    """Return how ranks ended, as far as torchrun tells: minus the signal for those that died of one."""
    return {int(match['rank']): int(match['code']) for match in _EXIT_CODE.finditer(log)}
