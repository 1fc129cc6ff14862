"""The curves of learning rates and momenta over a whole training, beside what happens in it."""

from __future__ import annotations

import math
import os
from itertools import groupby
from typing import TYPE_CHECKING, Final, NamedTuple

from cfglint.era import era_of
from cfglint.schedules.schedulers import NoCurve, Training
from cfglint.timeline.legacy import legacy_setup
from cfglint.timeline.modern import modern_setup
from cfglint.timeline.setup import EPOCH

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from cfglint.language.config import Config
    from cfglint.timeline.setup import Clock, Event, Group, Setup

_LONGEST: Final = 2_000_000
_MOST_STEPS: Final = 8_000_000
"""How many steps of schedulers the curves of one config may take, all in all: some seconds."""
_SCHEDULER: Final = 128
"""How many characters the settings of one scheduler have, about: each more is work at every iteration."""
_PARTS: Final = 200
"""Into how many parts a curve is divided: of each, the values that a drawing shows are kept."""
Points = tuple[tuple[float, float], ...]


class Curve(NamedTuple):
    """What becomes of a hyper-parameter of some parameters.

    Attributes:
        parameter: `lr` or `momentum`.
        optimizer: The name of the optimizer, where there are several.
        parts: The keys of `custom_keys` that it is for; empty for all that none is for.
        points: When (in epochs or iterations), and what it is then.
        unknown: Why it cannot be computed, if it cannot.
    """

    parameter: str
    optimizer: str
    parts: tuple[str, ...]
    points: Points = ()
    unknown: str | None = None

    @property
    def name(self) -> str:
        """What tells the curve from the others of the config."""
        parts = ', '.join(self.parts[:2]) + (f' and {len(self.parts) - 2} more' if len(self.parts) > 2 else '')
        return ' · '.join(filter(None, (self.parameter, self.optimizer, parts)))


class Timeline(NamedTuple):
    """The timeline of a training.

    Attributes:
        path: The config.
        clock: How long it lasts; none if the config does not say: then there is nothing else.
        curves: The learning rates, and those momenta that change.
        events: What happens.
        notes: What is not known, or assumed.
    """

    path: str
    clock: Clock | None
    curves: tuple[Curve, ...] = ()
    events: tuple[Event, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def unit(self) -> str:
        """What training counts, in the plural."""
        return 'iterations' if self.clock is not None and not self.clock.by_epoch else 'epochs'

    @property
    def name(self) -> str:
        """The name of the file, without its ending."""
        return os.path.splitext(os.path.basename(self.path))[0]


class Timelines:
    """Computes timelines; curves that depend on the same settings once."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, float, Clock], Points | NoCurve] = {}

    def of(self, config: Config) -> Timeline:
        """Return the timeline of a config."""
        setup = legacy_setup(config.table) if era_of(config) == '0.x' else modern_setup(config.table)
        if setup.clock is None:
            return Timeline(config.path, None, notes=setup.notes)
        curves = tuple(self._curves(setup, setup.clock))
        notes = setup.notes
        if setup.clock.by_epoch and setup.counts_iterations:
            notes += (
                f'how many iterations an epoch has depends on the data: drawn with {EPOCH}, so that what counts '
                'iterations may be longer or shorter',
            )
        if config.partial:
            notes += (f'{config.partial}: what comes from there is not known',)
        return Timeline(config.path, setup.clock, curves, setup.events, notes)

    def _curves(self, setup: Setup, clock: Clock) -> Iterator[Curve]:
        steps: dict[tuple[str, float, Clock], int] = {}
        for group in setup.groups:
            yield self._curve(setup, clock, group, 'lr', steps)
            if not group.parts and setup.key(group, 'momentum'):
                yield self._curve(setup, clock, group, 'momentum', steps)

    def _curve(
        self, setup: Setup, clock: Clock, group: Group, parameter: str, steps: dict[tuple[str, float, Clock], int]
    ) -> Curve:
        """Return a curve of a config; `steps` has what those before have taken, by what they depend on."""
        curve = Curve(parameter, group.optimizer, group.parts)
        start = group.starts.get(parameter)
        if start is None:
            return curve._replace(unknown='where it starts is not known')
        key = setup.key(group, parameter)
        if not key:
            return curve._replace(points=((0, start), (clock.length, start)))
        asked = (key, start, clock)
        if _iterations(clock) > _LONGEST:
            return curve._replace(unknown=f'training lasts more than {_LONGEST:,} iterations')
        steps[asked] = _iterations(clock) * (1 + len(key) // _SCHEDULER)
        if sum(steps.values()) > _MOST_STEPS:
            del steps[asked]
            return curve._replace(unknown='computing it, and those before, would take too long')
        if asked not in self._known:
            self._known[asked] = _computed(setup, clock, group, parameter, start)
        found = self._known[asked]
        return curve._replace(unknown=str(found)) if isinstance(found, NoCurve) else curve._replace(points=found)


def _iterations(clock: Clock) -> int:
    return clock.length * (EPOCH if clock.by_epoch else 1)


def _computed(setup: Setup, clock: Clock, group: Group, parameter: str, start: float) -> Points | NoCurve:
    unit = EPOCH if clock.by_epoch else 1
    training = Training(_iterations(clock), unit if clock.by_epoch else clock.length)
    try:
        values = enumerate(setup.curve(group, parameter, start, training))
        points = list(_thinned(values, training.iterations))
    except NoCurve as error:
        return error
    if not all(isinstance(value, (int, float)) and math.isfinite(value) for _, value in points):
        return NoCurve('some of its values are infinite, or no numbers')
    return tuple(
        (iteration / unit, value)
        for index, (iteration, value) in enumerate(points)
        if not 0 < index < len(points) - 1 or not points[index - 1][1] == value == points[index + 1][1]
    )


def _thinned(values: Iterable[tuple[int, float]], count: int) -> Iterator[tuple[float, float]]:
    """Yield the first, lowest, highest and last value of each part, with when they are reached."""
    size = max(1, -(-count // _PARTS))
    for _, part in groupby(values, key=lambda each: each[0] // size):
        pairs = list(part)
        low, high = min(pairs, key=lambda each: each[1]), max(pairs, key=lambda each: each[1])
        yield from sorted({pairs[0], low, high, pairs[-1]})
