"""Watching the optimizers of a run: which micro-batch stepped, what it moved, whether the numbers are sound."""

from __future__ import annotations

import contextlib
import re
from typing import TYPE_CHECKING, Any, Iterator

import torch

from . import stages
from .failure import Unhealthy
from .parameters import Snapshot, classify_gradients, is_finite, not_finite

if TYPE_CHECKING:
    from .memory import Meter
    from .stages import Stages

MIN_MICRO_BATCHES = 8
MAX_SKIPPED_STEPS = 6
GROWING = re.compile(r'_\d+$')


class StopSmoke(BaseException):
    """Leaves the training loop. No `Exception`, so that no user code catches it."""


class Watched:
    """Mixed into the class of an optimizer wrapper. (A plain function in place of `step` breaks the schedulers.)"""

    record: OptimizerRecord

    def backward(self, loss: Any, *args: Any, **kwargs: Any) -> None:
        record = self.record
        record.observer.backward_begins()
        if not hasattr(loss, 'detach'):
            # MMEngine adds up what has `loss` in its name, which is the number 0 where nothing has.
            raise Unhealthy('the model returned nothing with `loss` in its name to train on', stages.FORWARD, 'model')
        record.losses.append(loss.detach())
        with record.observer.own_time():
            record.look_before(loss)
        record.observer.stages.enter(stages.BACKWARD)
        super().backward(loss, *args, **kwargs)  # type: ignore[misc]
        record.observer.stages.enter(stages.FORWARD)

    def step(self, *args: Any, **kwargs: Any) -> None:
        with self.record.stepping():
            super().step(*args, **kwargs)  # type: ignore[misc]


class OptimizerRecord:
    """One optimizer: its parameters and its steps."""

    def __init__(self, name: str, wrapper: Any, observer: Observer) -> None:
        self.name = name
        self.wrapper = wrapper
        self.observer = observer
        self.steps: list[dict[str, Any]] = []
        self.losses: list[Any] = []
        self.snapshot: Snapshot | None = None
        self.parameters: list[tuple[str, Any]] = []
        self.broken_before: list[str] = []
        """The parameters that were not finite before the first step, as far as a loss made them suspicious."""
        self._stepping = False
        self._trainable = 0
        """The most that it was when a step was taken: a GAN freezes one part while it trains the other."""
        self._direct: Any = None
        wrapper.__class__ = type(type(wrapper).__name__, (Watched, type(wrapper)), {'record': self})
        self._watch(wrapper.optimizer)

    def _watch(self, optimizer: Any) -> None:
        """See the steps that pass the wrapper by as well. Before torch 2.0, nothing tells of them."""
        # With `--meta`, steps are only taken to see what the optimizer keeps.
        on_meta = any(parameter.is_meta for group in optimizer.param_groups for parameter in group['params'])
        if not on_meta and hasattr(optimizer, 'register_step_pre_hook'):
            optimizer.register_step_pre_hook(lambda *_: self._begin_direct_step())
            optimizer.register_step_post_hook(lambda *_: self._end_direct_step())

    def _begin_direct_step(self) -> None:
        if not self._stepping:
            self._direct = self.stepping()
            self._direct.__enter__()

    def _end_direct_step(self) -> None:
        direct, self._direct = self._direct, None
        if direct is not None:
            direct.__exit__(None, None, None)

    @contextlib.contextmanager
    def stepping(self) -> Iterator[None]:
        """Around one step."""
        observer, self._stepping = self.observer, True
        before = observer.stages.enter(stages.STEP)
        with observer.own_time():
            observer.step_begins()
            self._before_step()
        yield
        with observer.own_time():
            self._after_step()
        observer.stages.enter(before)
        self._stepping = False
        observer.step_ends()

    def bind(self, names: dict[int, str]) -> None:
        """Find the parameters, and keep their values from before the first micro-batch."""
        groups = self.wrapper.optimizer.param_groups
        self.parameters = [
            (names.get(id(parameter), '?'), parameter) for group in groups for parameter in group['params']
        ]
        self.snapshot = Snapshot(self.parameters)

    def look_before(self, loss: Any) -> None:
        """See whether it is the parameters that a loss is broken by, before a step can break them."""
        if not self.steps and not self.broken_before and not is_finite(loss):
            self.broken_before = not_finite(self.parameters)

    def effective(self) -> list[dict[str, Any]]:
        """The steps that the loss scaler did not skip."""
        return [step for step in self.steps if not step['skipped']]

    def skipped_steps(self) -> int:
        return len(self.steps) - len(self.effective())

    def holds_values(self) -> bool:
        """Whether any part of its parameters is here: all of its shards may be on other ranks."""
        return any(parameter.numel() for _, parameter in self.parameters)

    def _scale(self) -> float | None:
        scaler = getattr(self.wrapper, 'loss_scaler', None)
        return float(scaler.get_scale()) if scaler is not None and scaler.is_enabled() else None

    def _before_step(self) -> None:
        assert self.snapshot is not None
        scale = self._scale()
        gradients = classify_gradients(self.parameters, scale or 1.0)
        self.steps.append({
            'micro_batch': self.observer.index,
            'lr': sorted({float(group['lr']) for group in self.wrapper.optimizer.param_groups if 'lr' in group}),
            'scale_before': scale,
            'moved_before': self.snapshot.moved(self.parameters, renew=True),
            'gradients': gradients,
            'skipped': False,
        })  # fmt: skip

    def _after_step(self) -> None:
        assert self.snapshot is not None
        step = self.steps[-1]
        scale = self._scale()
        step['scale_after'] = scale
        step['moved'] = self.snapshot.moved(self.parameters, renew=True)
        # The scaler says that it skips a step only by a smaller scale, and by nothing where the scale is fixed.
        overflows = bool(step['gradients']['broken']) and not step['moved']
        step['skipped'] = scale is not None and (scale < step['scale_before'] or overflows)
        step['not_finite'] = not_finite(self.parameters)
        self._trainable = max(self._trainable, self._count_trainable())

    def _count_trainable(self) -> int:
        return sum(parameter.requires_grad for _, parameter in self.parameters)

    def summary(self) -> dict[str, Any]:
        return {
            'key': self.name,
            'type': type(self.wrapper.optimizer).__name__,
            'wrapper': type(self.wrapper).__name__,
            'accumulative_counts': getattr(self.wrapper, '_accumulative_counts', 1),
            'parameters': len(self.parameters),
            'trainable': max(self._trainable, self._count_trainable()),
            'steps': [_counted(step) for step in self.steps],
        }


def _counted(step: dict[str, Any]) -> dict[str, Any]:
    """A step with its long lists of names shortened to counts; only the exceptional ones stay names."""
    gradients = step['gradients']
    return {
        'micro_batch': step['micro_batch'],
        'lr': step['lr'],
        'scale_before': step['scale_before'],
        'scale_after': step.get('scale_after'),
        'skipped': step['skipped'],
        'moved_before': step['moved_before'],
        'moved': len(step.get('moved', ())),
        'gradient_norm': gradients['norm'],
        'no_gradient': gradients['missing'],
        'zero_gradient': len(gradients['zero']),
        'gradient_not_finite': gradients['broken'],
        'not_finite': step.get('not_finite', []),
    }


class Observer:
    """The micro-batches of one run."""

    def __init__(self, stage: Stages, meter: Meter, target: int) -> None:
        self.stages = stage
        self.meter = meter
        self.target = target
        self.index = 0
        self.records: list[OptimizerRecord] = []
        self.micro_batches: list[dict[str, Any]] = []
        self.model: Any = None
        self._wrapper: Any = None
        self._hooked = False
        """Whether the loop calls the hooks around an iteration. Where not, its backward passes count as micro-batches."""
        self._read = self._preprocessed = True
        """Whether the numbers of the micro-batch are finite, as they were read and after the preprocessor."""
        self._open = False
        self._by_step = False
        """Whether the open micro-batch was only seen when its step began: it ends with it."""
        self._mark = 0.0
        self._data_seconds = 0.0
        self._own_seconds = 0.0

    def attach(self, model: Any, wrapper: Any) -> None:
        self.model = model
        self.watch(wrapper)
        preprocessor = getattr(model, 'data_preprocessor', None)
        if preprocessor is not None:
            # No method: who copies the model, as EMA does, would copy all that its object holds.
            preprocessor.register_forward_hook(lambda module, inputs, outputs: self._see_preprocessed(outputs))

    def watch(self, wrapper: Any) -> None:
        """Watch the optimizers of a wrapper. A hook may have put it in the place of another one."""
        if wrapper is self._wrapper:
            return
        self._wrapper = wrapper
        if hasattr(wrapper, 'optim_wrappers'):
            self.records = [OptimizerRecord(f'optim_wrapper.{name}', child, self) for name, child in wrapper.items()]
        else:
            self.records = [OptimizerRecord('optim_wrapper', wrapper, self)]
        if self.index:
            self._bind()

    def _bind(self) -> None:
        names = {id(parameter): name for name, parameter in self.model.named_parameters()}
        for record in self.records:
            record.bind(names)

    def _see_preprocessed(self, outputs: Any) -> None:
        with self.own_time():
            self._preprocessed = all_finite(outputs)

    def start(self) -> None:
        self.meter.start()
        self._mark = self.meter.now()

    @contextlib.contextmanager
    def own_time(self) -> Iterator[None]:
        """What watching takes is not the run's."""
        start = self.meter.now()
        yield
        taken = self.meter.now() - start
        self._own_seconds += taken
        self.stages.leave_out(taken)

    def before_iteration(self, batch: Any = None) -> None:
        """The loop says that the data of a micro-batch is there."""
        self._hooked = True
        self._close()
        self._begin()
        with self.own_time():
            self._read, self._preprocessed = all_finite(batch), True

    def after_iteration(self, outputs: Any) -> None:
        """The loop says that the micro-batch is done.

        Raises:
            StopSmoke: It was the last one.
        """
        if not self._open:
            self._begin()
        self._close(outputs)

    def backward_begins(self) -> None:
        if not self._hooked:
            self._close()
            self._begin()

    def step_begins(self) -> None:
        self._by_step = not self._open and not self._hooked
        if self._by_step:
            self._begin()

    def step_ends(self) -> None:
        if self._by_step or (not self._hooked and self.done()):
            self._close()

    def finish(self) -> None:
        """The training has ended, by whatever."""
        with contextlib.suppress(StopSmoke):
            self._close()

    def _begin(self) -> None:
        now = self.meter.now()
        self._data_seconds = now - self._mark
        self.index += 1
        if self.index == 1:
            with self.own_time():
                self._bind()
        self._open, self._own_seconds = True, 0.0
        self._mark = self.meter.now()

    def _close(self, outputs: Any = None) -> None:
        """End the micro-batch, if there is one, and the run with the last one."""
        if not self._open:
            return
        self._open = False
        self.micro_batches.append({
            'index': self.index,
            'seconds': self.meter.now() - self._mark - self._own_seconds,
            'data_seconds': self._data_seconds,
            'finite': {'read': self._read, 'preprocessed': self._preprocessed},
            'losses': _scalars(outputs),
            'backward': [
                [record.name, float(loss)] for record in self.records for loss in record.losses if loss.numel() == 1
            ],
            'stepped': [
                record.name for record in self.records for step in record.steps if step['micro_batch'] == self.index
            ],
        })  # fmt: skip
        for record in self.records:
            record.losses.clear()
        self._mark = self.meter.now()
        if self.done():
            raise StopSmoke

    def _groups(self) -> dict[str, list[OptimizerRecord]]:
        """Growing models keep one optimizer for each size, of which one at a time is in use."""
        groups: dict[str, list[OptimizerRecord]] = {}
        for record in self.records:
            groups.setdefault(GROWING.sub('', record.name), []).append(record)
        return groups

    def idle(self) -> list[str]:
        """The optimizers that have not stepped."""
        groups = self._groups().items()
        return [name for name, records in groups if not any(record.effective() for record in records)]

    def limit(self) -> int:
        counts = max((int(getattr(record.wrapper, '_accumulative_counts', 1)) for record in self.records), default=1)
        rounds = int(getattr(self.model, 'discriminator_steps', 1) or 1)
        return max(MIN_MICRO_BATCHES, 2 * counts * rounds) * self.target

    def done(self) -> bool:
        """Every optimizer has stepped as often as asked for, or there is no point in waiting longer."""
        groups = self._groups().values()
        if all(max(len(record.effective()) for record in records) >= self.target for records in groups):
            return True
        skipped = max((record.skipped_steps() for record in self.records), default=0)
        if skipped:
            return skipped >= MAX_SKIPPED_STEPS
        return self.index >= self.limit()


def _scalars(outputs: Any) -> dict[str, float]:
    """The numbers in what `train_step` returned."""
    found: dict[str, float] = {}
    for name, value in outputs.items() if isinstance(outputs, dict) else ():
        if hasattr(value, 'numel') and value.numel() == 1:
            value = value.item()
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            found[str(name)] = float(value)
    return found


def all_finite(value: Any) -> bool:
    """Whether all numbers are finite in the tensors of a batch."""
    if isinstance(value, torch.Tensor):
        return not value.is_floating_point() or is_finite(value)
    if isinstance(value, dict):
        value = list(value.values())
    return all(all_finite(item) for item in value) if isinstance(value, (list, tuple)) else True
