"""What a drawing of schedules shows: a panel for each hyper-parameter, with a line for each curve that differs."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from cfglint.report.sources import shown

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cfglint.timeline.timeline import Curve, Points, Timeline

NAMES = {'lr': 'learning rate', 'momentum': 'momentum'}
_PER_CENT = 100


class Line(NamedTuple):
    """A curve, or several that are the same.

    Attributes:
        label: What it is of.
        points: Where it goes.
    """

    label: str
    points: Points

    @property
    def words(self) -> str:
        """What it begins with, reaches and ends with."""
        values = [value for _, value in self.points]
        if min(values) == max(values):
            return f'{values[0]:.4g} throughout'
        highest = '' if max(values) in (values[0], values[-1]) else f', highest {max(values):.4g}'
        return f'from {values[0]:.4g}{highest}, at the end {values[-1]:.4g}'


class Panel(NamedTuple):
    """The curves of one hyper-parameter.

    Attributes:
        parameter: `lr` or `momentum`.
        unit: What the axis counts.
        end: Where it ends.
        lowest: Where its other axis begins.
        highest: Where that ends.
        lines: The curves.
    """

    parameter: str
    unit: str
    end: float
    lowest: float
    highest: float
    lines: tuple[Line, ...]

    def level(self, part: float) -> str:
        """Return the value at a part of the height, for people."""
        return f'{self.lowest + (self.highest - self.lowest) * part:.3g}'

    def time(self, part: float) -> str:
        """Return what the axis counts at a part of the width, for people."""
        at = self.end * part
        return f'{at:,.0f}' if at >= 1000 else f'{at:.4g}'


class Axis(NamedTuple):
    """The axis of time.

    Attributes:
        unit: What it counts; parts of the whole where trainings count differently.
        end: Where it ends.
    """

    unit: str
    end: float

    def place(self, at: float, timeline: Timeline) -> float:
        """Return where something stands, of a training."""
        if self.unit in ('epochs', 'iterations') or timeline.clock is None:
            return at
        return at / timeline.clock.length * _PER_CENT


def axis_of(timelines: Sequence[Timeline]) -> Axis:
    """Return an axis for all of the trainings; those without a length do not count."""
    clocks = [timeline.clock for timeline in timelines if timeline.clock is not None]
    if len({clock.by_epoch for clock in clocks}) > 1:
        return Axis('% of the training', _PER_CENT)
    unit = 'epochs' if clocks and clocks[0].by_epoch else 'iterations'
    return Axis(unit, max((clock.length for clock in clocks), default=1))


def panels(timelines: Sequence[Timeline]) -> Iterator[Panel]:
    """Yield a panel for each hyper-parameter that some training has a curve of."""
    axis = axis_of(timelines)
    for parameter in NAMES:
        found: dict[Points, list[str]] = {}
        for timeline, label in zip(timelines, labels(timelines), strict=True):
            for curve in timeline.curves:
                if curve.parameter == parameter and curve.points:
                    points = tuple((axis.place(at, timeline), value) for at, value in curve.points)
                    found.setdefault(points, []).append(_label(curve, label))
        if found:
            lines = tuple(Line(', '.join(names), points) for points, names in found.items())
            yield Panel(
                parameter,
                axis.unit,
                axis.end,
                *_bounds([value for points in found for _, value in points], parameter),
                lines,
            )


def _bounds(values: Sequence[float], parameter: str) -> tuple[float, float]:
    """Return where an axis begins and ends: at 0, but for momenta, which would be a line at the top of it."""
    low, high = min(values), max(values)
    if parameter == 'momentum' and low < high:
        return low, high
    low = min(low, 0.0)
    return low, high if low < high else low + 1.0


def labels(timelines: Sequence[Timeline]) -> list[str]:
    """Return what tells the configs from each other; nothing for one alone."""
    if len(timelines) == 1:
        return ['']
    often = Counter(timeline.name for timeline in timelines)
    return [timeline.name if often[timeline.name] == 1 else shown(timeline.path) for timeline in timelines]


def _label(curve: Curve, config: str) -> str:
    return f'{config}: {curve.name}' if config else curve.name


def remarks(timelines: Sequence[Timeline]) -> Iterator[str]:
    """Yield why curves are not drawn, and what is assumed, each once."""
    found: dict[str, list[str]] = {}
    for timeline, label in zip(timelines, labels(timelines), strict=True):
        for curve in timeline.curves:
            if curve.unknown is not None:
                found.setdefault(f'`{curve.name}` is not drawn: {curve.unknown}', []).append(label)
        for note in timeline.notes:
            found.setdefault(note, []).append(label)
    for words, names in found.items():
        yield words if len(names) == len(timelines) else f'{", ".join(names)}: {words}'
