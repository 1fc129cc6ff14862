"""The whole of `cfglint smoke`: configs in, results out."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cfglint.smoke.batch_size import find_batch_size
from cfglint.smoke.budget import Budget, OutOfTime
from cfglint.smoke.devices import is_cuda
from cfglint.smoke.fit import fit
from cfglint.smoke.pool import BrokenEnvironment, Pool, Running, end_of
from cfglint.smoke.remedies import remedy
from cfglint.smoke.results import Failure, Result, Status
from cfglint.smoke.second_runs import SecondRuns
from cfglint.smoke.torchrun import Ranks

if TYPE_CHECKING:
    from cfglint.smoke.options import Options

Locate = Callable[[str, str], 'str | None']
"""From a config's path and a key in it to `file:line`, where the key was written."""
Progress = Callable[[Result], None]

PROBE_BATCH = 20


def nowhere(config: str, key: str) -> str | None:
    """A `Locate` that knows no places."""
    return None


class Smoke:
    """Runs configs and collects their results in the order of the configs."""

    def __init__(
        self, options: Options, locate: Locate = nowhere, progress: Progress = lambda result: None,
        pool: Pool | None = None,
    ) -> None:  # fmt: skip
        self.options = options
        self.pool = pool
        """A pool that outlives the run, because its workers are warm; by default, one of its own."""
        self.locate = locate
        self.progress = progress
        self.results: dict[str, Result] = {}
        self.versions: dict[str, str | None] = {}
        self.budget = Budget()

    def run(self, configs: Sequence[str], done: Iterable[Result] = ()) -> list[Result]:
        """Run every config but those that `done` has results of."""
        self.results = {result.config: result for result in done if result.config in configs}
        for result in self.results.values():
            self.versions.update(result.details.get('versions', {}))
        waiting = [config for config in dict.fromkeys(configs) if config not in self.results]
        self.budget = Budget(self.options.time_budget)
        try:
            if waiting and self.options.executor.startswith('ray'):
                self._run_on_ray(waiting)
            elif waiting:
                self._run_here(waiting)
        except OutOfTime as error:
            for config in waiting:
                if config not in self.results:
                    self.add(Result(config, Status.LEFT_OUT, reason=str(error)))
        return [self.results[config] for config in dict.fromkeys(configs)]

    def _run_here(self, waiting: Sequence[str]) -> None:
        with nullcontext(self.pool) if self.pool is not None else Pool(self.options) as pool:
            pool.budget = self.budget
            self.versions = pool.versions
            try:
                self._run(pool, waiting)
            except BrokenEnvironment as broken:
                for config in waiting:
                    if config not in self.results:
                        self.add(Result(config, Status.FAILED, broken.failure))

    def survey(self, configs: Sequence[str]) -> dict[str, str]:
        """Read configs without running them: signatures of the trainable ones, results of the others."""
        with Pool(self.options) as pool:
            return Prober(self, pool).run(configs)

    def _run_on_ray(self, waiting: Sequence[str]) -> None:
        from cfglint.smoke.on_ray import Cluster

        with Cluster(self.options, self.budget) as cluster:
            twins: dict[str, list[str]] = {}
            if len(waiting) > 1:
                signatures, unfit = cluster.survey(waiting)
                for result in unfit:
                    self.add(result)
                waiting, twins = self._unique(waiting, signatures)
            cluster.run(waiting, partial(self._add_with_twins, twins))

    def _run(self, pool: Pool, waiting: Sequence[str]) -> None:
        twins: dict[str, list[str]] = {}
        if len(waiting) > 1:
            signatures = Prober(self, pool).run(waiting)
            waiting, twins = self._unique(waiting, signatures)
        add = partial(self._add_with_twins, twins)
        if self.options.max_memory is not None and not is_cuda(pool.settle()):
            for config in waiting:
                add(fit(partial(self.footprint, pool, config), self.options.max_memory, self.options.batch_size))
        elif self.options.nproc * self.options.nnodes > 1 and not self.options.fake:
            for number, config in enumerate(waiting):
                add(self._run_ranks(pool, config, number))
        elif self.options.find_batch_size:
            for config in waiting:
                add(find_batch_size(partial(self._trial, pool, config)))
        else:
            self._submit(pool, [{'kind': 'run', 'config': config} for config in waiting], add)

    def _run_ranks(self, pool: Pool, config: str, number: int) -> Result:
        second, job = SecondRuns(), {'config': config}
        while True:
            folder = Path(tempfile.mkdtemp(prefix='ranks-', dir=pool.folder))
            ranks = Ranks(self.options, pool.settle(), job, number, folder, pool.removable)
            result = ranks.run(self.budget)
            # Several machines would have to agree on another run.
            again = second.wanted(job, result) if self.options.nnodes == 1 else None
            if again is None:
                return second.settled(result)
            job = again

    def _add_with_twins(self, twins: Mapping[str, Sequence[str]], result: Result) -> None:
        self.add(result)
        for twin in twins.get(result.config, ()):
            self.add(Result(twin, Status.SAME, reason=result.config))

    @staticmethod
    def _submit(pool: Pool, jobs: Sequence[dict[str, Any]], add: Progress) -> None:
        second = SecondRuns()

        def finish(job: Mapping[str, Any], running: Running, event: Mapping[str, Any]) -> dict[str, Any] | None:
            result = end_of(running, dict(event), time.monotonic() - running.started, pool.device)
            again = second.wanted(job, result)
            if again is None:
                add(second.settled(result))
            return again

        pool.run(jobs, finish)

    def _trial(self, pool: Pool, config: str, size: int) -> Result:
        return self._overridden(pool, config, {'batch_size': size})

    def footprint(self, pool: Pool, config: str, size: int) -> Result:
        """Run a batch size, and measure the tensors that live."""
        return self._overridden(pool, config, {'batch_size': size, 'footprint': True})

    def _overridden(self, pool: Pool, config: str, overrides: dict[str, Any]) -> Result:
        found: list[Result] = []
        self._submit(pool, [{'kind': 'run', 'config': config, 'overrides': overrides}], found.append)
        return found[0]

    def _unique(self, configs: Sequence[str], signatures: Mapping[str, str]) -> tuple[list[str], dict[str, list[str]]]:
        """The first config of every signature, and those that are the same as it."""
        first: dict[str, str] = {}
        twins: dict[str, list[str]] = {}
        for config in configs:
            if config in self.results:
                continue
            signature = signatures[config] if self.options.dedupe else config
            if signature in first:
                twins[first[signature]].append(config)
            else:
                first[signature] = config
                twins[config] = []
        return list(twins), twins

    def add(self, result: Result) -> None:
        if result.failure is not None:
            result = result.with_failure(self._explain(result.config, result.failure))
        self.versions.update(result.details.get('versions', {}))
        self.results[result.config] = result
        self.progress(result)

    def _explain(self, config: str, failure: Failure) -> Failure:
        """Add the place of the key, and what is known about the breakage."""
        # What the command line says stands in no file.
        said = [text.partition('=')[0].strip() for text in self.options.cfg_options]
        is_said = failure.key is not None and any(f'{failure.key}.'.startswith(f'{key}.') for key in said)
        place = self.locate(config, failure.key) if failure.key and not is_said else None
        known = remedy(failure, self.options)
        return replace(failure, place=place, remedy=failure.remedy or known)


class Prober:
    """Reads all configs in the worker's environment: what is trainable, and what is the same."""

    def __init__(self, smoke: Smoke, pool: Pool) -> None:
        self.smoke = smoke
        self.pool = pool
        self.signatures: dict[str, str] = {}
        self.again: list[str] = []

    def run(self, configs: Sequence[str]) -> dict[str, str]:
        """Signatures of the trainable configs; the others have their results when this returns."""
        self.again = list(configs)
        while self.again:
            batches = [self.again[start : start + PROBE_BATCH] for start in range(0, len(self.again), PROBE_BATCH)]
            self.again = []
            self.pool.run([{'kind': 'probe', 'config': batch[0], 'configs': batch} for batch in batches], self._finish)
        return self.signatures

    def _finish(self, job: Mapping[str, Any], running: Running, event: Mapping[str, Any]) -> None:
        seen = set()
        reading = None
        for said in running.events:
            config = said.get('config')
            if config not in job['configs']:
                continue
            if said['event'] == 'reading':
                reading = config
            elif said['event'] == 'probed' and config not in seen and self._note(said):
                seen.add(config)
        left = [config for config in job['configs'] if config not in seen]
        if left:
            # The config that was being read took the process down; the others of the batch get another one.
            culprit = reading if reading in left else left[0]
            crashed = replace(running, job={**job, 'config': culprit}, stage='config')
            self.smoke.add(end_of(crashed, dict(event), 0.0, self.pool.device))
            self.again += [config for config in left if config != culprit]

    def _note(self, said: Mapping[str, Any]) -> bool:
        """Note what is said of a config; tell whether it is what a probe says, and not of a config's own making."""
        config = said['config']
        try:
            if said['unfit'] is not None:
                result = Result(config, Status(said['status']), reason=str(said['unfit']))
            elif said['failure'] is not None:
                result = Result(config, Status.FAILED, Failure.from_event(said['failure']))
            else:
                self.signatures[config] = str(said['signature'])
                return True
        except (AttributeError, KeyError, TypeError, ValueError):
            return False
        self.smoke.add(result)
        return True
