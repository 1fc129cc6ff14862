"""A run of the real MMEngine with everything noted that a config may get wrong in silence."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import torch
from mmengine.hooks import Hook

from tests.kit.oracle import build

if TYPE_CHECKING:
    from pathlib import Path


class Recorder(Hook):
    """Notes learning rates, validations and steps of the optimizer while MMEngine trains."""

    priority = 'LOWEST'

    def __init__(self) -> None:
        self.rates: list[float] = []
        self.validations: list[int] = []
        self.steps = 0
        self.logged: list[str] = []

    def before_train(self, runner: Any) -> None:
        """Count the steps of the optimizer, and keep what is logged."""
        optimizer, processor = runner.optim_wrapper.optimizer, runner.log_processor
        step, log = optimizer.step, processor.get_log_after_iter

        def counted(*args: Any, **kwargs: Any) -> Any:
            self.steps += 1
            return step(*args, **kwargs)

        def kept(*args: Any) -> Any:
            tag, text = log(*args)
            self.logged.append(text)
            return tag, text

        optimizer.step = counted
        processor.get_log_after_iter = kept

    def before_train_iter(self, runner: Any, batch_idx: int, data_batch: Any = None) -> None:
        """Note the learning rate of each iteration."""
        self.rates.append(runner.optim_wrapper.optimizer.param_groups[0]['lr'])

    def before_val(self, runner: Any) -> None:
        """Note the epoch (or iteration) before which a validation runs."""
        self.validations.append(runner.epoch or runner.iter)


class Run:
    """One run: the Runner and what was noted.

    Attributes:
        runner: MMEngine's Runner.
        rates: The learning rate of each iteration.
        validations: The epochs (or iterations) after which validations ran.
        steps: How often the optimizer stepped.
        logged: The lines about training.
    """

    def __init__(self, path: Path) -> None:
        self.work_dir = path.parent / 'work'
        self.runner = build(path, self.work_dir)
        self._recorder = Recorder()
        self.runner.register_hook(self._recorder)
        self.rates = self._recorder.rates
        self.validations = self._recorder.validations
        self.logged = self._recorder.logged

    def train(self) -> Run:
        """Train to the end."""
        torch.manual_seed(0)
        self.runner.train()
        return self

    @property
    def steps(self) -> int:
        """How often the optimizer stepped."""
        return self._recorder.steps

    @property
    def epochs(self) -> list[float]:
        """The learning rate of each epoch, of four iterations each."""
        return self.rates[::4]

    @property
    def checkpoints(self) -> list[str]:
        """The names of the checkpoints that were saved."""
        return sorted(path.name for path in self.work_dir.glob('*.pth'))

    def hook(self, name: str) -> Any:
        """Return the hook of a class."""
        return next(hook for hook in self.runner.hooks if type(hook).__name__ == name)
