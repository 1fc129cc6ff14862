"""The same jobs on a Ray cluster: one task a config, one GPU a task, lost nodes made up for.

Every node needs cfglint, the training environment (`--python` is a path on the node), and the configs under the same
paths. Ray is an extra: it is imported only here.
"""

from __future__ import annotations

import socket
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from cfglint.smoke.results import Failure, Result, Status
from cfglint.usage import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from cfglint.smoke.budget import Budget
    from cfglint.smoke.options import Options

RETRIES = 3
WAIT_SECONDS = 1.0
CONNECT_SECONDS = 5.0
CLIENT_PORT = 10001
"""Where Ray's own client looks if nothing else is said."""


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


def _require_reachable(address: str) -> None:
    """Look whether anybody listens: Ray tries for most of a minute, and says little then.

    Raises:
        UsageError: Nobody does.
    """
    host, _, port = address.partition('://')[2].partition(':')
    try:
        socket.create_connection((host, int(port or CLIENT_PORT)), CONNECT_SECONDS).close()
    except ValueError:
        raise UsageError(f'--executor: write ray://HOST:PORT instead of `{address}`') from None
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise UsageError(f'--executor: nobody answers at `{address}`: {reason}') from None


class Cluster:
    """A connection to Ray, for the time of one run."""

    def __init__(self, options: Options) -> None:
        try:
            import ray
        except ImportError:
            raise UsageError('--executor ray needs Ray: install it with `pip install "mmcfglint[ray]"`') from None
        self.ray = ray
        self.options = replace(options, executor='local', jobs=1, time_budget=None)
        self._connected = False
        if not ray.is_initialized():
            self._connect(options.executor)
        self._gpus = self._gpus_of_a_task()

    def _connect(self, executor: str) -> None:
        """Join a cluster: the one of an address; for `ray` alone that which the environment names, or one of this machine.

        Raises:
            UsageError: There is none.
        """
        address = executor if '://' in executor else None
        if address is not None:
            _require_reachable(address)
        try:
            # A server of Ray's client takes none of these: its cluster has started.
            settings = {} if address is not None else {'include_dashboard': False, 'log_to_driver': False}
            self.ray.init(address=address, **settings)
        except (ConnectionError, RuntimeError, ValueError) as error:
            said = str(error).strip().splitlines() or [type(error).__name__]
            raise UsageError(f'--executor: cannot join `{executor}`: {said[-1].strip()}') from None
        self._connected = True

    def _gpus_of_a_task(self) -> int:
        """Return how many GPUs a task asks for.

        Raises:
            UsageError: No node has that many: Ray would wait for one.
        """
        device, wanted = self.options.device, self.options.nproc
        if device == 'cpu':
            return 0
        most = max((node['Resources'].get('GPU', 0) for node in self.ray.nodes() if node['Alive']), default=0)
        if most >= wanted:
            return wanted
        if device == 'auto' and not most:
            return 0
        self.__exit__()
        raise UsageError(f'no node of the Ray cluster has {wanted} GPUs (the most are {most:g}); give --device cpu')

    def __enter__(self) -> Cluster:
        return self

    def __exit__(self, *_: object) -> None:
        if self._connected:
            self.ray.shutdown()

    def _remote(self, function: Callable[..., Any]) -> Any:
        return self.ray.remote(num_cpus=self.options.threads or 1, num_gpus=self._gpus, max_retries=RETRIES)(function)

    def survey(self, configs: Sequence[str]) -> tuple[dict[str, str], list[Result]]:
        signatures, results = self.ray.get(self._remote(survey_task).remote(list(configs), self.options))
        return signatures, [Result.from_json(item) for item in results]

    def run(self, configs: Sequence[str], add: Callable[[Result], None], budget: Budget) -> None:
        """Run all configs; `add` gets each result as it comes.

        Raises:
            OutOfTime: The budget is used up; what was running is cancelled.
        """
        task = self._remote(run_task)
        waiting: dict[Any, str] = {task.remote(config, self.options): config for config in configs}
        try:
            while waiting:
                budget.check()
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
