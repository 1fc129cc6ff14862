"""The curves that `lr_config` and `momentum_config` of 0.x draw: mmcv's hooks, and those of its libraries, in closed form."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from typing import Any, Final, NamedTuple

from cfglint.schedules.schedulers import NoCurve, Training

Given = dict[str, Any]


class Clock(NamedTuple):
    """How far training has come.

    Attributes:
        done: How many epochs or iterations are over, of whichever the policy counts.
        total: How many there are.
        epoch_length: How many iterations an epoch has.
        warmup: How many iterations the warm-up has.
    """

    done: int
    total: int
    epoch_length: int
    warmup: int


Policy = Callable[[float, Clock, Given], float]


def _cos(start: float, end: float, part: float, weight: float = 1.0) -> float:
    return end + 0.5 * weight * (start - end) * (math.cos(math.pi * part) + 1)


def _straight(start: float, end: float, part: float) -> float:
    return start + (end - start) * part


def _lowest(base: float, given: Given) -> float:
    """Return the last value: `min_lr` or `min_momentum`, or its ratio to the first."""
    for name in ('min_lr_ratio', 'min_momentum_ratio'):
        if given.get(name) is not None:
            return base * given[name]
    for name in ('min_lr', 'min_momentum'):
        if given.get(name) is not None:
            return given[name]
    raise NoCurve('the policy lacks a last value')


def _fixed(base: float, at: Clock, given: Given) -> float:
    return base


def _step(gamma: float) -> Policy:
    def value(base: float, at: Clock, given: Given) -> float:
        step = given['step']
        count = at.done // step if isinstance(step, int) else _passed(at.done, step)
        found = base * given.get('gamma', gamma) ** count
        bound = given.get('min_lr', given.get('min_momentum'))
        return found if bound is None else max(found, bound)

    return value


def _passed(done: int, steps: list[int]) -> int:
    return next((index for index, each in enumerate(steps) if done < each), len(steps))


def _exp(base: float, at: Clock, given: Given) -> float:
    return base * given['gamma'] ** at.done


def _poly(base: float, at: Clock, given: Given) -> float:
    low = given.get('min_lr', 0.0)
    return (base - low) * (1 - at.done / at.total) ** given.get('power', 1.0) + low


def _inv(base: float, at: Clock, given: Given) -> float:
    return base * (1 + given['gamma'] * at.done) ** -given.get('power', 1.0)


def _cosine(base: float, at: Clock, given: Given) -> float:
    return _cos(base, _lowest(base, given), at.done / at.total)


def _flat_cosine(base: float, at: Clock, given: Given) -> float:
    start = round(at.total * given.get('start_percent', 0.75))
    return base if at.done < start else _cos(base, _lowest(base, given), (at.done - start) / (at.total - start))


def _restarts(base: float, at: Clock, given: Given) -> float:
    first = 0
    for period, weight in zip(given['periods'], given.get('restart_weights', [1]), strict=True):
        if at.done < first + period:
            return _cos(base, _lowest(base, given), min((at.done - first) / period, 1), weight)
        first += period
    raise NoCurve('training is longer than the periods')


def _linear(base: float, at: Clock, given: Given) -> float:
    return _straight(base, _lowest(base, given), at.done / at.total)


def _cyclic(target: tuple[float, float]) -> Policy:
    def value(base: float, at: Clock, given: Given) -> float:
        ratio = given.get('target_ratio', target)
        up, down = (ratio, ratio / 1e5) if isinstance(ratio, float) else (*ratio, ratio[0] / 1e5)[:2]
        length = at.total // given.get('cyclic_times', 1)
        top = int(given.get('step_ratio_up', 0.4) * length)
        cycle, step = divmod(at.done, length)
        scale = given.get('gamma', 1) ** cycle
        up = 1 - scale + up * scale
        anneal = _straight if given.get('anneal_strategy') == 'linear' else _cos
        if step < top:
            return anneal(base, base * up, step / top)
        return anneal(base * up, base * down, (step - top) / (length - top))

    return value


def _one_cycle(base: float, at: Clock, given: Given) -> float:
    highest = given['max_lr']
    first = highest / given.get('div_factor', 25)
    last = first / given.get('final_div_factor', 1e4)
    return _in_phases(given, at, given.get('total_steps') or at.total, (first, highest, last))


def _one_cycle_momentum(base: float, at: Clock, given: Given) -> float:
    low, high = given.get('base_momentum', 0.85), given.get('max_momentum', 0.95)
    return _in_phases(given, at, at.total, (high, low, high))


def _in_phases(given: Given, at: Clock, total: int, values: tuple[float, float, float]) -> float:
    first, turn, last = values
    percent = given.get('pct_start', 0.3)
    phases = [(float(percent * total) - 1, first, turn)]
    if given.get('three_phase'):
        phases.append((float(2 * percent * total) - 2, turn, first))
    phases.append((total - 1, phases[-1][2], last))
    anneal = _straight if given.get('anneal_strategy') == 'linear' else _cos
    begin = 0.0
    for end, start, stop in phases:
        if at.done <= end:
            return anneal(start, stop, (at.done - begin) / (end - begin))
        begin = end
    raise NoCurve('training is longer than the cycle')


def _yolox(base: float, at: Clock, given: Given) -> float:
    tail, done = at.epoch_length * given['num_last_epochs'], at.done + 1
    low = _lowest(base, given)
    if done >= at.total - tail:
        return low
    return _cos(base, low, (done - at.warmup) / (at.total - at.warmup - tail))


def _cooldown(base: float, at: Clock, given: Given) -> float:
    low, time = _lowest(base, given), given.get('cool_down_time', 10)
    if at.done > at.total - time:
        return low * given.get('cool_down_ratio', 0.1)
    return _cos(base, low, at.done / (at.total - time))


def _fixed_steps(base: float, at: Clock, given: Given) -> float:
    """mmselfsup: the cosine begins where the warm-up ends."""
    warmup = at.warmup // at.epoch_length if given.get('by_epoch', True) else at.warmup
    return _cos(base, _lowest(base, given), (at.done - warmup) / (at.total - warmup))


def _interval(base: float, at: Clock, given: Given) -> float:
    """mmgen and mmedit: a line that changes every few steps."""
    start, interval = given.get('start', 0), given.get('interval', 1)
    if at.total == start:
        return base
    part = max(0, at.done - start) // interval / ((at.total - start) // interval)
    return base + (given.get('target_lr', 0) - base) * part


POLICIES: Final[dict[str, dict[str, Policy]]] = {
    'lr': {
        'Fixed': _fixed, 'Step': _step(0.1), 'Exp': _exp, 'Poly': _poly, 'Inv': _inv, 'CosineAnnealing': _cosine,
        'FlatCosineAnnealing': _flat_cosine, 'CosineRestart': _restarts, 'Cyclic': _cyclic((10, 1e-4)),
        'OneCycle': _one_cycle, 'LinearAnnealing': _linear, 'YOLOX': _yolox, 'CosineAnnealingCooldown': _cooldown,
        'StepFixCosineAnnealing': _fixed_steps, 'Linear': _interval,
    },
    'momentum': {
        'Step': _step(0.5), 'CosineAnnealing': _cosine, 'LinearAnnealing': _linear,
        'Cyclic': _cyclic((0.85 / 0.95, 1.0)), 'OneCycle': _one_cycle_momentum,
    },
}  # fmt: skip
_BY_ITERATION: Final = ('Cyclic', 'OneCycle')
"""The policies that count iterations if nothing says what they count."""


def curve(config: Given, start: float, training: Training, *, by_epoch: bool, parameter: str = 'lr') -> Iterator[float]:
    """Yield the value of a hyper-parameter at each iteration.

    Args:
        config: `lr_config` or `momentum_config`.
        start: What the optimizer says.
        training: How long training lasts.
        by_epoch: Whether the runner counts epochs.
        parameter: `lr` or `momentum`.

    Raises:
        NoCurve: The policy is not known, depends on a metric, or lacks something.
    """
    name = config.get('policy')
    name = name.title() if isinstance(name, str) and name.islower() else name
    policy = POLICIES[parameter].get(name) if isinstance(name, str) else None
    if policy is None:
        raise NoCurve(f'the formula of the policy `{name}` is not known')
    try:
        yield from _values(policy, str(name), config, start, training, by_epoch, parameter)
    except KeyError as error:
        raise NoCurve(f'the policy `{name}` lacks `{error.args[0]}`') from None
    except (ArithmeticError, TypeError, ValueError) as error:
        raise NoCurve(f'the policy `{name}` cannot be computed: {error}') from None


def _values(
    policy: Policy, name: str, config: Given, start: float, training: Training, by_epoch: bool, parameter: str
) -> Iterator[float]:
    counts_epochs = config.get('by_epoch', by_epoch and name not in _BY_ITERATION)
    if counts_epochs and not by_epoch:
        raise NoCurve('the policy counts epochs, but training iterations')
    length = training.epoch_length
    warmup = config.get('warmup_iters', 0) * (length if config.get('warmup_by_epoch') else 1)
    warms_up = config.get('warmup') is not None
    total = training.epochs if counts_epochs else training.iterations
    regular, last = start, -1
    for index in range(training.iterations):
        done = index // length if counts_epochs else index
        if done != last:
            regular, last = policy(start, Clock(done, total, length, warmup), config), done
        if not warms_up or index >= warmup:
            yield regular
        elif name == 'YOLOX':
            yield start * config.get('warmup_ratio', 0.1) * ((index + 1) / warmup) ** 2
        else:
            factor = _warmup(config, index / warmup, name, parameter)
            yield regular * factor if parameter == 'lr' else regular / factor


def _warmup(config: Given, part: float, name: str, parameter: str) -> float:
    """Return by what a value is multiplied in the warm-up; momentum is divided by it."""
    ratio = config.get('warmup_ratio', 0.1 if parameter == 'lr' else 0.9)
    match config['warmup']:
        case 'constant':
            return ratio
        case 'linear':
            return part if name == 'StepFixCosineAnnealing' else 1 - (1 - part) * (1 - ratio)
        case 'exp':
            return ratio ** (1 - part)
    raise NoCurve(f'there is no warm-up of the kind `{config["warmup"]}`')
