"""The same jobs on a Ray cluster: one task a config, one GPU a task, lost nodes made up for.

Every node needs cfglint, the training environment (`--python` is a path on the node), and the configs under the same
paths. Ray is an extra: it is imported only here.
"""

from __future__ import annotations

import math
import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from cfglint.smoke.quantities import in_words
from cfglint.smoke.ray_address import require_named_reachable, require_reachable
from cfglint.smoke.results import Failure, Result, Status
from cfglint.usage import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from cfglint.smoke.budget import Budget
    from cfglint.smoke.options import Options

RETRIES = 3
WAIT_SECONDS = 1.0
START_SECONDS = 120.0
"""How long a cluster may take to start the first task, which does nothing."""


def run_task(config: str, options: Options) -> dict[str, Any]:
    """On a node: run one config there, with worker, limits and walls as anywhere."""
    from cfglint.smoke.run import Smoke

    (result,) = Smoke(options).run([config])
    return result.to_json()


def survey_task(configs: Sequence[str], options: Options) -> tuple[dict[str, str], list[dict[str, Any]]]:
    """On a node: read all configs; returns the signatures of the trainable ones and the results of the others."""
    from cfglint.smoke.run import Smoke

    smoke = Smoke(options)
    signatures = smoke.survey(configs)
    return signatures, [result.to_json() for result in smoke.results.values()]


def greet_task() -> None:
    """On a node: nothing. That it was run shows that tasks start there, and find cfglint."""


def _most(nodes: Sequence[Mapping[str, float]], kind: str) -> float:
    return max((node.get(kind, 0) for node in nodes), default=0)


class Cluster:
    """A connection to Ray, for the time of one run.

    Args:
        options: Those of the run.
        budget: The time that it has.
    """

    def __init__(self, options: Options, budget: Budget) -> None:
        try:
            import ray
        except ImportError:
            raise UsageError('--executor ray needs Ray: install it with `pip install "mmcfglint[ray]"`') from None
        self.ray = ray
        self.options = replace(options, executor='local', jobs=1, time_budget=None)
        self.budget = budget
        self._connected = False
        if not ray.is_initialized():
            self._connect(options.executor)
        try:
            self._wanted = {'CPU': options.threads or 1, 'GPU': self._gpus_of_a_task()}
            self._require_room()
            self._require_start()
        except BaseException:
            self.__exit__()
            raise

    def _connect(self, executor: str) -> None:
        """Join a cluster: the one of an address; for `ray` alone that which the environment names, or one of this machine.

        Raises:
            UsageError: There is none.
        """
        address = executor if '://' in executor else None
        if address is not None:
            require_reachable(address)
        else:
            require_named_reachable()
        try:
            # A server of Ray's client takes none of these: its cluster has started.
            settings = {} if address is not None else {'include_dashboard': False, 'log_to_driver': False}
            self.ray.init(address=address, **settings)
        except (ConnectionError, RuntimeError, ValueError) as error:
            said = str(error).strip().splitlines() or [type(error).__name__]
            raise UsageError(f'--executor: cannot join `{executor}`: {said[-1].strip()}') from None
        self._connected = True

    def _nodes(self) -> list[dict[str, float]]:
        """What each living node has."""
        return [node['Resources'] for node in self.ray.nodes() if node['Alive']]

    def _gpus_of_a_task(self) -> int:
        if self.options.device == 'cpu':
            return 0
        return 0 if self.options.device == 'auto' and not _most(self._nodes(), 'GPU') else self.options.nproc

    def _require_room(self) -> None:
        """Look for a node that is large enough for a task: Ray would wait for one without end.

        Raises:
            UsageError: There is none.
        """
        nodes = self._nodes()
        if any(all(node.get(kind, 0) >= count for kind, count in self._wanted.items()) for node in nodes):
            return
        for kind, advice in (('GPU', 'give --device cpu'), ('CPU', 'see --threads')):
            most, count = _most(nodes, kind), self._wanted[kind]
            if most < count:
                what = f'{count} {kind}{"s" * (count > 1)}'
                raise UsageError(f'no node of the Ray cluster has {what} (the most are {most:g}); {advice}')
        what = ' and '.join(f'{count} {kind}' for kind, count in self._wanted.items())
        raise UsageError(f'no node of the Ray cluster has {what} at once; see --threads')

    def _require_start(self) -> None:
        """Wait for the first task, which does nothing.

        Raises:
            UsageError: It has not started in time, or cannot start.
        """
        reference = self._remote(greet_task).remote()
        try:
            self._wait_for(reference, START_SECONDS)
            self.ray.get(reference)
        except TimeoutError:
            what = f'the Ray cluster has started nothing in {in_words(START_SECONDS)}'
            raise UsageError(f'{what}: its CPUs or GPUs may all be in use (`ray status`)') from None
        except self.ray.exceptions.RayError as error:
            said = str(error).strip().splitlines()[-1]
            raise UsageError(f'the nodes of the Ray cluster cannot run cfglint: {said}') from None

    def _wait_for(self, reference: Any, seconds: float = math.inf) -> None:
        """Wait until a task has ended, however it did.

        Raises:
            OutOfTime: The budget is used up.
            TimeoutError: The seconds are.
        """
        end = time.monotonic() + seconds
        while not self.ray.wait([reference], timeout=WAIT_SECONDS)[0]:
            self.budget.check()
            if time.monotonic() > end:
                raise TimeoutError

    def __enter__(self) -> Cluster:
        return self

    def __exit__(self, *_: object) -> None:
        if self._connected:
            self.ray.shutdown()

    def _remote(self, function: Callable[..., Any]) -> Any:
        cpus, gpus = self._wanted['CPU'], self._wanted['GPU']
        return self.ray.remote(num_cpus=cpus, num_gpus=gpus, max_retries=RETRIES)(function)

    def survey(self, configs: Sequence[str]) -> tuple[dict[str, str], list[Result]]:
        """Read all configs on a node.

        Raises:
            OutOfTime: The budget is used up.
        """
        reference = self._remote(survey_task).remote(list(configs), self.options)
        self._wait_for(reference)
        signatures, results = self.ray.get(reference)
        return signatures, [Result.from_json(item) for item in results]

    def run(self, configs: Sequence[str], add: Callable[[Result], None]) -> None:
        """Run all configs; `add` gets each result as it comes.

        Raises:
            OutOfTime: The budget is used up; what was running is cancelled.
        """
        task = self._remote(run_task)
        waiting: dict[Any, str] = {task.remote(config, self.options): config for config in configs}
        try:
            while waiting:
                self.budget.check()
                ready, _ = self.ray.wait(list(waiting), timeout=WAIT_SECONDS)
                for reference in ready:
                    add(self._result(reference, waiting.pop(reference)))
        finally:
            for reference in waiting:
                self.ray.cancel(reference, force=True)

    def _result(self, reference: Any, config: str) -> Result:
        try:
            data: Mapping[str, Any] = self.ray.get(reference)
            return Result.from_json(dict(data))
        except self.ray.exceptions.RayTaskError as error:
            cause = error.cause if isinstance(error.cause, UsageError) else None
            if cause is not None:
                raise cause from None
            return Result(config, Status.FAILED, Failure(stage='internal', message=str(error)))
        except self.ray.exceptions.RayError as error:
            message = f'the node was lost {RETRIES + 1} times: {error}'
            return Result(config, Status.FAILED, Failure(stage='crash', message=message))
