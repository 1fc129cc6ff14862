"""The curve that `param_scheduler` draws, as MMEngine's Runner builds and steps it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from cfglint.schedules.formulas import ENDLESS, FORMULAS, Arguments, At, Formula

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_COMMON: Final[Arguments] = {'begin': 0, 'end': ENDLESS, 'by_epoch': True, 'last_step': -1, 'verbose': False}
_SUFFIXES: Final = {'LR': 'lr', 'LrInterval': 'lr', 'LRRatio': 'lr', 'Momentum': 'momentum',
                    'WeightDecay': 'weight_decay', 'ParamScheduler': None}  # fmt: skip


class NoCurve(Exception):
    """A curve cannot be computed; the message says why."""


class Training(NamedTuple):
    """How long training lasts.

    Attributes:
        iterations: How many iterations there are.
        epoch_length: How many iterations an epoch has.
    """

    iterations: int
    epoch_length: int

    @property
    def epochs(self) -> int:
        """How many epochs there are, the last one begun at least."""
        return -(-self.iterations // self.epoch_length)


class Scheduler:
    """One scheduler, and how far it has stepped."""

    def __init__(self, formula: Formula, given: Arguments) -> None:
        self.formula = formula
        self.given = given
        self.begin: int = given['begin']
        self.end: int = given['end']
        self.by_epoch: bool = given['by_epoch']
        self.base = 0.0
        self._steps = -1
        self._calls = -1

    def start(self, value: float, initial: float) -> tuple[float, float]:
        """Return the value and the initial value of the parameter once the scheduler is built."""
        if 'final_div_factor' in self.given:
            initial = self.given['eta_max'] / self.given['div_factor']
        self.base = initial
        return self.step(value), initial

    def step(self, value: float) -> float:
        """Return the value after one more epoch or iteration, of whichever it counts."""
        self._calls += 1
        if not self.begin <= self._calls < self.end:
            return value
        self._steps += 1
        return self.formula.value(At(value, self.base, self._steps, self._calls - 1), self.given)


def parameter_of(name: str) -> str | None:
    """Return which hyper-parameter a type of scheduler changes, such as `lr`; none if its arguments say."""
    return _SUFFIXES.get(_divided(name)[1])


def curve(
    schedulers: Sequence[dict[str, Any]], start: float, training: Training, parameter: str = 'lr'
) -> Iterator[float]:
    """Yield the value of a hyper-parameter at each iteration.

    Args:
        schedulers: The items of `param_scheduler`; those of other hyper-parameters are left out.
        start: What the optimizer says.
        training: How long training lasts.
        parameter: `lr`, `momentum` or `weight_decay`.

    Raises:
        NoCurve: A scheduler is not known, depends on a metric, or has arguments that it does not take.
    """
    try:
        built = [scheduler(each, training) for each in schedulers if _changes(each, parameter)]
        yield from _values(built, start, training)
    except (ArithmeticError, AttributeError, TypeError, ValueError) as error:
        raise NoCurve(f'the schedulers cannot be computed: {error}') from None


def _values(built: Sequence[Scheduler], start: float, training: Training) -> Iterator[float]:
    value = initial = start
    for each in built:
        value, initial = each.start(value, initial)
    by_iteration = [each for each in built if not each.by_epoch]
    by_epoch = [each for each in built if each.by_epoch]
    for index in range(1, training.iterations + 1):
        yield value
        for each in by_iteration:
            value = each.step(value)
        if index % training.epoch_length == 0:
            for each in by_epoch:
                value = each.step(value)


def scheduler(config: dict[str, Any], training: Training) -> Scheduler:
    """Return a scheduler as the Runner builds it.

    Raises:
        NoCurve: It is not known, depends on a metric, or has arguments that it does not take.
    """
    name = config.get('type')
    stem = _divided(name)[0] if isinstance(name, str) else ''
    if stem == 'ReduceOnPlateau':
        raise NoCurve(f'`{name}` depends on what validation measures')
    formula = FORMULAS.get(stem)
    if formula is None:
        raise NoCurve(f'the formula of `{name}` is not known')
    known = {**_COMMON, **formula.defaults}
    own = {key: value for key, value in config.items() if key not in ('type', 'convert_to_iter_based', 'param_name')}
    if own.keys() - known.keys():
        raise NoCurve(f'`{name}` takes no `{min(own.keys() - known.keys())}`')
    given = {**known, **own}
    if 'end' not in own:
        given['end'] = training.epochs if given['by_epoch'] else training.iterations
    missing = [key for key, value in given.items() if value is ...]
    if missing:
        raise NoCurve(f'`{name}` lacks `{missing[0]}`')
    if config.get('convert_to_iter_based'):
        _convert(given, formula, training.epoch_length)
    return Scheduler(formula, given)


def _convert(given: Arguments, formula: Formula, length: int) -> None:
    """Count iterations instead of epochs."""
    given['by_epoch'] = False
    given['begin'] = int(given['begin'] * length)
    if given['end'] != ENDLESS:
        given['end'] = int(given['end'] * length)
    for name in formula.counted:
        value = given[name]
        if value is not None:
            given[name] = [each * length for each in value] if isinstance(value, (list, tuple)) else value * length


def _changes(config: dict[str, Any], parameter: str) -> bool:
    """Tell whether a scheduler changes a hyper-parameter; one that is not known may."""
    name = config.get('type')
    if not isinstance(name, str) or not _divided(name)[1]:
        return True
    return parameter == (parameter_of(name) or config.get('param_name'))


def _divided(name: str) -> tuple[str, str]:
    """Return the name of a formula and the suffix of a type such as `mmdet.QuadraticWarmupLR`."""
    name = name.rpartition('.')[2]
    for suffix in _SUFFIXES:
        if name.endswith(suffix):
            return name if name in FORMULAS else name.removesuffix(suffix), suffix
    return name, ''
