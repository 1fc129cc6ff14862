"""torchrun, but the ranks are forks of it: torch and MMEngine are imported once, not once for each rank."""

from __future__ import annotations

import multiprocessing
import os
import runpy
import sys
from typing import Any

import matplotlib.figure  # noqa: F401
import mmengine.runner  # noqa: F401
import torch._dynamo  # noqa: F401  (the first optimizer would import it)
from torch.distributed import run
from torch.distributed.elastic.multiprocessing.subprocess_handler import SubprocessHandler


class Rank(multiprocessing.get_context('fork').Process):
    """What torchrun asks of the processes that it starts."""

    def poll(self) -> int | None:
        return self.exitcode

    def wait(self, timeout: float | None = None) -> int | None:
        self.join(timeout)
        return self.exitcode


def become(command: tuple[str, ...], environment: dict[str, str]) -> None:
    """Do in this process what `python -u SCRIPT …` would do in one of its own."""
    os.setsid()
    os.environ.clear()
    os.environ.update(environment)
    sys.argv = list(command[2:])
    runpy.run_path(sys.argv[0], run_name='__main__')


def fork(handler: SubprocessHandler, command: tuple[str, ...], environment: dict[str, str]) -> Any:
    rank = Rank(target=become, args=(command, environment))
    rank.start()
    return rank


if __name__ == '__main__':
    del sys.path[0]
    SubprocessHandler._popen = fork
    run.main()
