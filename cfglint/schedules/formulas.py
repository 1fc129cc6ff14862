"""What each scheduler of MMEngine 0.10 and of its libraries makes of a hyper-parameter at a step.

All but `OneCycle` are recursive, as in MMEngine: several schedulers change one value, one after the other.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

ENDLESS: Final = 10**9
"""The `end` of a scheduler that does not say."""


class At(NamedTuple):
    """Where a scheduler steps.

    Attributes:
        value: The value that the parameter has.
        base: The value that it had before any scheduler.
        step: How many steps the scheduler has made since its `begin`.
        progress: The epoch or iteration that ends with this step.
    """

    value: float
    base: float
    step: int
    progress: int


Arguments = dict[str, Any]


class Formula(NamedTuple):
    """How a scheduler computes.

    Attributes:
        value: Returns the next value.
        defaults: Its own arguments; those without a default are `...`.
        counted: Those that count epochs, and iterations once it is converted.
    """

    value: Callable[[At, Arguments], float]
    defaults: Arguments
    counted: tuple[str, ...] = ()


def _constant(at: At, given: Arguments) -> float:
    if at.step == 0:
        return at.value * given['factor']
    return at.value * (1.0 / given['factor']) if at.step == given['end'] - given['begin'] - 1 else at.value


def _step(at: At, given: Arguments) -> float:
    return at.value if at.step == 0 or at.step % given['step_size'] else at.value * given['gamma']


def _multi_step(at: At, given: Arguments) -> float:
    return at.value * given['gamma'] ** given['milestones'].count(at.step)


def _exponential(at: At, given: Arguments) -> float:
    return at.value if at.step == 0 else at.value * given['gamma']


def _lowest(at: At, given: Arguments) -> float:
    ratio = given.get('eta_min_ratio')
    return (given['eta_min'] or 0.0) if ratio is None else at.base * ratio


def _cosine(at: At, given: Arguments) -> float:
    if at.step == 0:
        return at.value
    period = given['T_max'] or given['end'] - given['begin']
    low = _lowest(at, given)
    if (at.step - 1 - period) % (2 * period) == 0:
        return at.value + (at.base - low) * (1 - math.cos(math.pi / period)) / 2
    return _cosine_step(at.value, low, at.step, period)


def _cosine_step(value: float, low: float, step: int, period: int) -> float:
    ratio = (1 + math.cos(math.pi * step / period)) / (1 + math.cos(math.pi * (step - 1) / period))
    return ratio * (value - low) + low


def _cosine_decay(at: At, given: Arguments) -> float:
    """Leave alone what has no weight decay (mmpretrain)."""
    return 0 if at.base == 0 and at.step else _cosine(at, given)


def _linear(at: At, given: Arguments) -> float:
    start, rise = given['start_factor'], given['end_factor'] - given['start_factor']
    if at.step == 0:
        return at.value * start
    total = given['end'] - given['begin'] - 1
    return at.value * (1.0 + rise / (total * start + (at.step - 1) * rise))


def _poly(at: At, given: Arguments) -> float:
    if at.step == 0:
        return at.value
    low = _lowest(at, given)
    left = given['end'] - given['begin'] - at.step
    return (at.value - low) * (1 - 1 / left) ** given['power'] + low


def _restarts(at: At, given: Arguments) -> float:
    first = 0
    for period, weight in zip(given['periods'], given['restart_weights'], strict=True):
        if at.step < first + period:
            step = at.step - first
            return at.base * weight if step == 0 else _cosine_step(at.value, _lowest(at, given), step, period)
        first += period
    return at.value


def _one_cycle(at: At, given: Arguments) -> float:
    highest = given['eta_max']
    first = highest / given['div_factor']
    last = first / given['final_div_factor']
    total = given['total_steps'] or given['end'] - given['begin']
    turn = float(given['pct_start'] * total) - 1
    phases = [(turn, first, highest)]
    if given['three_phase']:
        phases.append((float(2 * given['pct_start'] * total) - 2, highest, first))
    phases.append((total - 1, phases[-1][2], last))
    begin = 0.0
    for index, (end, start, stop) in enumerate(phases):
        if at.step <= end or index == len(phases) - 1:
            done = (at.step - begin) / (end - begin)
            if given['anneal_strategy'] == 'cos':
                return stop + (start - stop) / 2.0 * (math.cos(math.pi * done) + 1)
            return (stop - start) * done + start
        begin = end
    raise AssertionError('the last phase has no end')


def _quadratic(at: At, given: Arguments) -> float:
    rise = at.base * (2 * at.step + 1) / (given['end'] - given['begin']) ** 2
    return rise if at.step == 0 else at.value + rise


def _interval(at: At, given: Arguments) -> float:
    """The factors are values, not ratios, but for the first step (mmagic)."""
    start, stop, interval = given['start_factor'], given['end_factor'], given['interval']
    if at.step == 0:
        return at.value * start
    done = max(0, at.progress - given['begin']) // interval / ((given['end'] - given['begin']) // interval)
    return start + (stop - start) * done


_BOUNDS: Final = {'eta_min': None, 'eta_min_ratio': None}
_FACTORS: Final = {'start_factor': 1.0 / 3, 'end_factor': 1.0}
_CYCLE: Final = {
    'eta_max': 0, 'total_steps': None, 'pct_start': 0.3, 'anneal_strategy': 'cos', 'div_factor': 25.0,
    'final_div_factor': 1e4, 'three_phase': False,
}  # fmt: skip

FORMULAS: Final[dict[str, Formula]] = {
    'Constant': Formula(_constant, {'factor': 1.0 / 3}),
    'Step': Formula(_step, {'step_size': ..., 'gamma': 0.1}, ('step_size',)),
    'MultiStep': Formula(_multi_step, {'milestones': ..., 'gamma': 0.1}, ('milestones',)),
    'Exponential': Formula(_exponential, {'gamma': ...}),
    'CosineAnnealing': Formula(_cosine, {'T_max': None, **_BOUNDS}, ('T_max',)),
    'Linear': Formula(_linear, _FACTORS),
    'Poly': Formula(_poly, {'power': 1.0, 'eta_min': 0}),
    'OneCycle': Formula(_one_cycle, _CYCLE, ('total_steps',)),
    'CosineRestart': Formula(_restarts, {'periods': ..., 'restart_weights': (1,), **_BOUNDS}, ('periods',)),
    'QuadraticWarmup': Formula(_quadratic, {}),
    'PolyLRRatio': Formula(_poly, {'power': 1.0, 'eta_min': 0, 'eta_min_ratio': None}),
    'LinearLrInterval': Formula(_interval, {**_FACTORS, 'interval': 1}),
    'CosineAnnealingWeightDecay': Formula(_cosine_decay, {'T_max': None, **_BOUNDS}, ('T_max',)),
}
"""By the names of schedulers, without the `LR`, `Momentum` or `ParamScheduler` that MMEngine's families end with."""
