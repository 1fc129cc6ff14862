"""What a config of either era says of its training, in the same words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from cfglint.language.values import Lazy, Unknown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from cfglint.schedules.schedulers import Training

EPOCH: Final = 500
"""How many iterations an epoch is taken to have: how many it has depends on the data."""
_LONGEST: Final = 10**9


class Clock(NamedTuple):
    """How long training lasts.

    Attributes:
        length: How many epochs or iterations there are.
        by_epoch: Whether it counts epochs.
    """

    length: int
    by_epoch: bool

    def place(self, count: float, *, in_epochs: bool) -> float | None:
        """Return where something happens that counts epochs or iterations; none for an epoch where there are none."""
        if in_epochs == self.by_epoch:
            return count
        return None if in_epochs else count / EPOCH


class Event(NamedTuple):
    """Something that happens once or again and again.

    Attributes:
        kind: `validation`, `checkpoint`, `pipeline` or `freezing`.
        words: What happens, and how often.
        at: When, in the unit in which training counts; some of the times, where there are very many.
    """

    kind: str
    words: str
    at: tuple[float, ...]


class Group(NamedTuple):
    """Parameters with one learning rate.

    Attributes:
        optimizer: The name of the optimizer, where there are several.
        parts: The keys of `custom_keys`, or what else tells them from all others; empty for those.
        starts: What they start with, by `lr` and `momentum`.
    """

    optimizer: str
    parts: tuple[str, ...]
    starts: dict[str, float]


class Setup(NamedTuple):
    """What a config says.

    Attributes:
        clock: How long training lasts; none if it does not say.
        groups: The groups of parameters.
        curve: Yields what a hyper-parameter of a group is at each iteration, from where it starts; raises `NoCurve`.
        key: What the curve of a hyper-parameter of a group depends on, beside where it starts; empty where nothing changes it.
        counts_iterations: Whether a curve depends on how many iterations an epoch has.
        events: What happens.
        notes: What is to be said of the drawing.
    """

    clock: Clock | None
    groups: tuple[Group, ...]
    curve: Callable[[Group, str, float, Training], Iterator[float]]
    key: Callable[[Group, str], str]
    counts_iterations: bool
    events: tuple[Event, ...]
    notes: tuple[str, ...]


def clock_of(length: Any, *, by_epoch: bool) -> Clock | None:
    """Return how long training lasts, None if that is no number, or none that anything trains for."""
    return Clock(length, by_epoch) if isinstance(length, int) and 0 < length <= _LONGEST else None


def data_of(value: Any) -> Any:
    """Return a value as plain data: classes by their names, without what only merging or building reads.

    Raises:
        LookupError: Some of it is not known.
    """
    if isinstance(value, dict):
        return {key: data_of(each) for key, each in value.items() if not str(key).startswith('_')}
    if isinstance(value, (list, tuple)):
        return [data_of(each) for each in value]
    if isinstance(value, Unknown):
        raise LookupError(value.reason)
    return value.name if isinstance(value, Lazy) else value


def dicts_in(value: Any) -> list[dict[Any, Any]]:
    """Return a dict, or the dicts of a list."""
    values = value if isinstance(value, (list, tuple)) else [value]
    return [each for each in values if isinstance(each, dict)]
