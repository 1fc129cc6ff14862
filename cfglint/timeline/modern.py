"""What a config of 1.x says of its training."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cfglint.rules.reading.types import type_name
from cfglint.schedules import schedulers
from cfglint.schedules.schedulers import NoCurve, parameter_of
from cfglint.timeline.events import modern_events
from cfglint.timeline.groups import groups, notes, optimizers
from cfglint.timeline.setup import Clock, Setup, clock_of, data_of, dicts_in

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from cfglint.schedules.schedulers import Training
    from cfglint.timeline.setup import Group


def modern_setup(table: Mapping[str, Any]) -> Setup:
    """Return what a config says, in the words of both eras."""
    clock, said = _clock(table.get('train_cfg'))
    wrapper = table.get('optim_wrapper')
    wrappers = optimizers(wrapper)
    shared = wrapper.get('paramwise_cfg') if isinstance(wrapper, dict) else None
    given = _Schedulers(table, clock)
    remarks = [*said, *notes(wrapper, wrappers)]
    if not wrappers:
        remarks.append('`optim_wrapper` names no optimizer')
    scale = table.get('auto_scale_lr')
    if isinstance(scale, dict) and scale.get('enable') is True:
        remarks.append('`auto_scale_lr` multiplies the learning rate, by how much depends on the number of devices')
    return Setup(
        clock,
        tuple(groups(wrappers, shared)),
        given.curve,
        given.key,
        given.counts_iterations(),
        tuple(modern_events(table, clock)) if clock is not None else (),
        tuple(remarks),
    )


def _clock(loop: Any) -> tuple[Clock | None, list[str]]:
    """Return how long training lasts, and what is to be said of it."""
    if not isinstance(loop, dict):
        return None, ['there is no `train_cfg` that says how long training lasts']
    kind = type_name(loop.get('type'))
    by_epoch = loop.get('by_epoch', False) if kind is None else kind == 'EpochBasedTrainLoop'
    remarks = []
    if kind is not None and kind not in ('EpochBasedTrainLoop', 'IterBasedTrainLoop'):
        by_epoch = 'max_epochs' in loop
        remarks = [f'how `{kind}` counts is not known: taken for {"epochs" if by_epoch else "iterations"}']
    name = 'max_epochs' if by_epoch else 'max_iters'
    clock = clock_of(loop.get(name), by_epoch=bool(by_epoch))
    return clock, remarks if clock is not None else [f'`train_cfg.{name}` is not given as a number']


class _Schedulers:
    """The schedulers of each optimizer."""

    def __init__(self, table: Mapping[str, Any], clock: Clock | None) -> None:
        self._given = table.get('param_scheduler')
        self._by_epoch = clock is not None and clock.by_epoch
        self._foreign = _foreign_hook(table)
        self._keys: dict[tuple[str, str], str] = {}

    def of(self, optimizer: str) -> list[dict[str, Any]]:
        """Return the schedulers of an optimizer, as plain data.

        Raises:
            NoCurve: Some are not known.
        """
        if self._foreign is not None:
            raise NoCurve(f'`{self._foreign}` changes it in a way of its own')
        given = self._given
        if isinstance(given, dict) and 'type' not in given:
            given = given.get(optimizer)
        try:
            return [data_of(each) for each in dicts_in(given)]
        except LookupError as error:
            raise NoCurve(f'`param_scheduler` is not known: {error}') from None

    def counts_iterations(self) -> bool:
        """Tell whether some scheduler counts iterations: where the lines bend depends on the length of an epoch."""
        given = self._given
        values = given.values() if isinstance(given, dict) and 'type' not in given else [given]
        return any(not each.get('by_epoch', True) for value in values for each in dicts_in(value))

    def key(self, group: Group, parameter: str) -> str:
        """Return what the curve of a hyper-parameter depends on, as `Setup.key` does."""
        asked = (group.optimizer, parameter)
        if asked not in self._keys:
            self._keys[asked] = self._key(group.optimizer, parameter)
        return self._keys[asked]

    def _key(self, optimizer: str, parameter: str) -> str:
        try:
            found = [each for each in self.of(optimizer) if _changes(each, parameter)]
        except NoCurve as error:
            return str(error)
        return repr((parameter, found)) if found else ''

    def curve(self, group: Group, parameter: str, start: float, training: Training) -> Iterator[float]:
        """Yield the values of a hyper-parameter, as `Setup.curve` does."""
        found = [{**each, 'type': type_name(each.get('type'))} for each in self.of(group.optimizer)]
        converts = any(each.get('convert_to_iter_based') and _changes(each, parameter) for each in found)
        if converts and not self._by_epoch:
            raise NoCurve('epochs are converted to iterations, and how many an epoch has depends on the data')
        return schedulers.curve(found, start, training, parameter)


def _changes(scheduler: dict[str, Any], parameter: str) -> bool:
    name = type_name(scheduler.get('type'))
    return parameter == ((None if name is None else parameter_of(name)) or scheduler.get('param_name', 'lr'))


def _foreign_hook(table: Mapping[str, Any]) -> str | None:
    """Return the hook that stands in the place of MMEngine's, which steps the schedulers."""
    slots = table.get('default_hooks')
    hook = slots.get('param_scheduler') if isinstance(slots, dict) else None
    name = type_name(hook.get('type')) if isinstance(hook, dict) else None
    return None if name == 'ParamSchedulerHook' else name
