"""How far the learning rate and the momentum of a migrated config are from those before."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from cfglint.catalog.library_facts import library
from cfglint.language.numbers import is_number
from cfglint.migrate.change import plain
from cfglint.migrate.mapping.old import Old
from cfglint.schedules import hooks, schedulers
from cfglint.schedules.schedulers import NoCurve, Training

if TYPE_CHECKING:
    from collections.abc import Iterator

EPOCH: Final = 500
"""How many iterations an epoch is taken to have: how many it has depends on the data."""
_LONGEST: Final = 2_000_000
_SAMPLES: Final = 240
_TOLERANCE: Final = 1e-9
_PARAMETERS: Final = {'lr': ('lr_config', 'lr'), 'momentum': ('momentum_config', 'momentum')}


class Difference(NamedTuple):
    """Two curves of one hyper-parameter.

    Attributes:
        parameter: `lr` or `momentum`.
        start: What the optimizer says.
        largest: The largest difference at any iteration, by `start`; 0 where they are equal.
        at: The iteration of that, from 0.
        points: Some iterations, with the values before and after.
        assumed: Whether the length of an epoch had to be assumed.
        unknown: Why the curves cannot be compared, if they cannot.
    """

    parameter: str
    start: float = 0
    largest: float = 0
    at: int = 0
    points: tuple[tuple[int, float, float], ...] = ()
    assumed: bool = False
    unknown: str | None = None


class Curves:
    """Compares the curves of many configs; those of equal settings once."""

    def __init__(self) -> None:
        self._known: dict[str, Difference] = {}

    def differences(self, old: dict[str, Any], new: dict[str, Any]) -> Iterator[Difference]:
        """Yield the hyper-parameters that have another curve in the new config, or whose curves cannot be compared.

        Args:
            old: What the config of 0.x resolved to.
            new: What the migrated one resolves to.
        """
        for parameter, (key, name) in _PARAMETERS.items():
            config = plain(old.get(key))
            if (
                not isinstance(config, dict)
                or 'policy' not in config
                or not isinstance(new.get('param_scheduler'), list)
            ):
                continue
            starts = _starts(old, name)
            after, length = plain(new['param_scheduler']), _length(old)
            for start in starts or (None,):
                settings = repr((parameter, config, start, after, length))
                found = self._known.get(settings)
                if found is None:
                    found = self._known[settings] = _difference(parameter, config, start, after, length)
                if found.unknown is not None or found.largest > _TOLERANCE:
                    yield found


def _starts(old: dict[str, Any], name: str) -> list[float]:
    """Return the values that the optimizers start with, each once."""
    root = Old(old, library('mmengine'))
    given = root.get('optimizer') or root.get('optimizers')
    if given is None or not given.is_dict:
        return []
    optimizers = [given] if given.get('type') else [each for each in given.fields().values() if each.is_dict]
    values = [
        each.plain(name, (each.plain('betas') or (None,))[0] if name == 'momentum' else None) for each in optimizers
    ]
    return [float(value) for value in dict.fromkeys(filter(is_number, values))]


def _length(old: dict[str, Any]) -> tuple[int, bool] | None:
    """Return how long training lasts, and whether that are epochs; none if it does not say."""
    root = Old(old, library('mmengine'))
    value = None if root.length is None else root.length.value
    return None if not isinstance(value, int) or value < 1 or root.by_epoch is None else (value, root.by_epoch)


def _difference(
    parameter: str, config: dict[str, Any], start: float | None, after: list[Any], length: tuple[int, bool] | None
) -> Difference:
    if start is None or length is None:
        what = 'where it starts' if start is None else 'how long training lasts'
        return Difference(parameter, unknown=f'{what} is not known')
    number, by_epoch = length
    training = Training(number * EPOCH, EPOCH) if by_epoch else Training(number, number)
    if training.iterations > _LONGEST:
        return Difference(parameter, unknown=f'training lasts more than {_LONGEST:,} iterations')
    try:
        before = hooks.curve(config, start, training, by_epoch=by_epoch, parameter=parameter)
        pairs = zip(count(), before, schedulers.curve(after, start, training, parameter))
        return _compared(parameter, start, list(pairs), by_epoch)
    except NoCurve as error:
        return Difference(parameter, unknown=str(error))


def _compared(parameter: str, start: float, pairs: list[tuple[int, float, float]], by_epoch: bool) -> Difference:
    worst = max(pairs, key=lambda each: abs(each[1] - each[2]))
    largest = abs(worst[1] - worst[2]) / (abs(start) or 1)
    step = max(len(pairs) // _SAMPLES, 1)
    points = tuple(sorted({*pairs[::step], worst, pairs[-1]}))
    return Difference(parameter, start, largest, worst[0], points, by_epoch)
