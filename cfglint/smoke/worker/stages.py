"""Where a run is. The stage of a failure is the one that was current when it was raised."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .wire import Wire

CONFIG = 'config'
ENVIRONMENT = 'environment'
IMPORT = 'import'
REGISTRY = 'registry'
DATASET = 'dataset'
DATALOADER = 'dataloader'
MODEL = 'model'
WEIGHTS = 'weights'
OPTIMIZER = 'optimizer'
SCHEDULER = 'scheduler'
HOOKS = 'hooks'
FORWARD = 'forward'
BACKWARD = 'backward'
STEP = 'step'
VALIDATION = 'validation'
EVALUATION = 'evaluation'
CHECKPOINT = 'checkpoint'
MEMORY = 'out of memory'
DATA = 'needs data'
"""With `--meta`: something computes with the parameters, which have no values then."""

UNFIT = 'unfit'
"""Not a training config, or one that the smoke run can't drive: no failure of the config."""


class Stages:
    """The current stage and the time spent in each. Every change is told at once: a crash can't tell its own."""

    def __init__(self, wire: Wire) -> None:
        self.wire = wire
        self.current = CONFIG
        self.seconds: dict[str, float] = {}
        self._since = time.perf_counter()

    def enter(self, stage: str) -> str:
        """Make `stage` the current one; returns the one that it replaces."""
        before = self.current
        now = time.perf_counter()
        self.seconds[before] = self.seconds.get(before, 0.0) + now - self._since
        self._since = now
        self.current = stage
        if stage != before:
            self.wire.send('stage', stage=stage)
        return before

    def leave_out(self, seconds: float) -> None:
        """Do not count the last seconds of the current stage."""
        self._since += seconds

    def within(self, stage: str) -> _Within:
        return _Within(self, stage)


class _Within:
    """The stage of a block. An error that leaves the block keeps the block's stage current."""

    def __init__(self, stages: Stages, stage: str) -> None:
        self.stages = stages
        self.stage = stage

    def __enter__(self) -> None:
        self.before = self.stages.enter(self.stage)

    def __exit__(self, kind: Any, error: Any, trace: Any) -> None:
        if kind is None:
            self.stages.enter(self.before)
