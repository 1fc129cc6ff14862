"""`lr_config` and `momentum_config`: the parameter schedulers, numerically equal wherever MMEngine has an equal.

mmcv multiplies a warm-up onto the whole curve of the policy; so does MMEngine, as long as the main scheduler begins at 0.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from cfglint.language.numbers import is_number
from cfglint.migrate.change import Change, Computed, Dict, Kept, List, Todo, Tree
from cfglint.migrate.items import Item

if TYPE_CHECKING:
    from cfglint.migrate.mapping.old import Old


class NoCounterpart(Exception):
    """MMEngine has no scheduler that does the same; the message says what to do."""


class Span(NamedTuple):
    """How long a policy runs, and how that is counted.

    Attributes:
        length: The number of epochs or iterations; none if the config does not say.
        by_epoch: Whether epochs are counted.
        smooth_by_iteration: Whether the policy changed with every iteration of a training that is counted in epochs.
    """

    length: Item | None
    by_epoch: bool
    smooth_by_iteration: bool = False
    rate: Item | None = None
    """The learning rate, if all optimizers have one."""
    momentum: Item | None = None

    def fields(self, *, more: int = 0) -> dict[str, Tree]:
        """Return `by_epoch`, `begin` and `end` of a scheduler that runs for the whole training."""
        found: dict[str, Tree] = {'by_epoch': Computed(self.by_epoch), 'begin': Computed(0)}
        if self.length is not None:
            found['end'] = Computed(self.length.value + more) if more else Kept(self.length)
        if self.smooth_by_iteration:
            found['convert_to_iter_based'] = Computed(True)
        return found


def schedules(old: Old) -> Iterator[Change]:
    """`param_scheduler` (LR-01 to LR-28, WU-01 to WU-09, MOM-01 to MOM-06)."""
    lr, momentum = old.get('lr_config'), old.get('momentum_config')
    reads = old.given('lr_config', 'momentum_config')
    if not reads:
        return
    schedulers: list[Tree] = []
    for key, item, policies in (('lr_config', lr, LR), ('momentum_config', momentum, MOMENTUM)):
        if item is None or not item.is_dict or not item.fields():
            continue
        try:
            schedulers += _schedulers(old, item, policies)
        except NoCounterpart as error:
            yield Change((key,), {key: Todo(str(error), item)}, ())
            reads = tuple(each for each in reads if each != key)
    if schedulers:
        yield Change(reads, {'param_scheduler': List(tuple(schedulers))})
    elif reads:
        yield Change(reads, {'param_scheduler': Computed(None)} if 'optimizer' in old or 'optimizers' in old else {})


def policy_of(config: Item) -> str:
    """Return the policy's name as mmcv looks it up: an all-lowercase name is title-cased. None is empty, as what is no name."""
    name = config.plain('policy', '')
    if not isinstance(name, str):
        return ''
    return name.title() if name.islower() else name


def _schedulers(old: Old, config: Item, policies: dict[str, Policy]) -> list[Tree]:
    policy = policy_of(config)
    if not policy:
        raise NoCounterpart('without a `policy` its curve is not known; write what it changes into `param_scheduler`')
    if policy not in policies:
        raise NoCounterpart(f'MMEngine has no scheduler for the policy `{policy}`; write `param_scheduler` by hand')
    is_lr = policies is LR
    span = _span(old, config, policy)._replace(
        rate=_rate(old), momentum=(old.get('optimizer') or Item({})).get('momentum')
    )
    found = [Dict(fields) for fields in policies[policy](config, span)]
    warmup = _warmup(config, span, 'LR' if is_lr else 'Momentum') if policy not in _OWN_WARMUP else []
    if warmup and policy in _CYCLES:
        raise NoCounterpart('a warm-up does not scale cycles in MMEngine; write `param_scheduler` by hand')
    return [*warmup, *found]


def _rate(old: Old) -> Item | None:
    """Return the learning rate; none if the optimizers have several."""
    given = old.get('optimizer') or old.get('optimizers') or Item({})
    rate = given.get('lr')
    if rate is not None:
        return rate
    rates = [each.get('lr') for each in given.fields().values() if each.is_dict]
    first = rates[0] if rates else None
    return (
        first if first is not None and all(each is not None and each.value == first.value for each in rates) else None
    )


_CYCLES = ('Cyclic', 'OneCycle')
_OWN_WARMUP = ('YOLOX', 'StepFixCosineAnnealing')
_BY_MILESTONES = ('Step', 'Fixed')


def _span(old: Old, config: Item, policy: str) -> Span:
    trained_by_epoch = old.by_epoch
    # `IterBasedRunner` sets `by_epoch=False` where the config does not say.
    by_epoch = config.plain('by_epoch', policy not in ('Cyclic', 'OneCycle') and trained_by_epoch is not False)
    if trained_by_epoch is None or (policy == 'OneCycle' and not trained_by_epoch):
        return Span(None if trained_by_epoch is None else old.length, bool(by_epoch))
    if trained_by_epoch and not by_epoch:
        if policy in _BY_MILESTONES:
            return Span(None, False)
        return Span(old.length, True, smooth_by_iteration=True)
    if not trained_by_epoch and by_epoch:
        # What an epoch is depends on the data; mmcv counted those that an iteration-based runner had gone through.
        raise NoCounterpart('the policy counts epochs, but training iterations; write `param_scheduler` by hand')
    return Span(old.length, bool(by_epoch))


# Warm-ups


def _exponential_warmup(iters: Item, ratio: float, span: Span, family: str) -> list[Tree]:
    """Reduce the rate for good, and let it grow back (WU-03)."""
    assert span.length is not None
    constant = {
        'type': f'Constant{family}',
        'factor': ratio,
        'by_epoch': span.by_epoch,
        'begin': 0,
        'end': span.length.value + 1,
    }
    growing = {'type': f'Exponential{family}', 'gamma': ratio ** (-1 / iters.value), 'by_epoch': False}
    return [Computed(constant), Computed({**growing, 'begin': 0, 'end': iters.value + 1})]


def _warmup(config: Item, span: Span, family: str) -> list[Tree]:
    kind, ratio = config.plain('warmup'), config.plain('warmup_ratio', 0.1)
    if kind is None or ratio == 1:
        return []
    iters = config.get('warmup_iters')
    if iters is not None and not (is_number(iters.value) and iters.value > 0 and is_number(ratio)):
        raise NoCounterpart('mmcv takes no such `warmup_iters` or `warmup_ratio`; write `param_scheduler` by hand')
    if kind == 'exp' and iters is not None and not config.plain('warmup_by_epoch', False) and span.length is not None:
        return _exponential_warmup(iters, ratio, span, family)
    if not isinstance(kind, str) or kind not in ('linear', 'constant') or iters is None:
        raise NoCounterpart(f'MMEngine has no warm-up of the kind `{kind}`; write `param_scheduler` by hand')
    by_epoch = bool(config.plain('warmup_by_epoch', False))
    given = config.get('warmup_ratio')
    factor = Computed(0.1) if given is None else Kept(given)
    name = 'start_factor' if kind == 'linear' else 'factor'
    fields: dict[str, Tree] = {
        'type': Computed(f'{"Linear" if kind == "linear" else "Constant"}{family}'),
        name: factor,
        'by_epoch': Computed(by_epoch),
        'begin': Computed(0),
        # MMEngine's warm-up reaches the full rate one step before its end, mmcv's at its end.
        'end': Kept(iters) if by_epoch else Computed(iters.value + 1, iters),
    }
    if by_epoch:
        fields['convert_to_iter_based'] = Computed(True)
    return [Dict(fields)]


# Policies

Fields = dict[str, Tree]
Policy = Callable[[Item, Span], list[Fields]]


def _named(kind: str, config: Item, names: dict[str, str]) -> Fields:
    found: Fields = {'type': Computed(kind)}
    found.update({new: Kept(item) for old, new in names.items() if (item := config.get(old)) is not None})
    return found


def _fixed(config: Item, span: Span) -> list[Fields]:
    return []


def _step(family: str) -> Policy:
    def build(config: Item, span: Span) -> list[Fields]:
        step = config.get('step')
        low = config.plain('min_lr', config.plain('min_momentum'))
        gamma = config.get('gamma')
        # mmcv's momentum halves where its learning rate is divided by ten.
        factor = {} if gamma is None and family == 'LR' else {'gamma': Computed(0.5) if gamma is None else Kept(gamma)}
        if step is not None and step.is_list and not low:
            return [{**_named(f'MultiStep{family}', config, {'step': 'milestones'}), **factor, **span.fields()}]
        if step is not None and not low:
            return [{**_named(f'Step{family}', config, {'step': 'step_size'}), **factor, **span.fields()}]
        if step is None or not step.is_list or span.rate is None or family != 'LR':
            raise NoCounterpart('MMEngine has no steps with a lower bound; write `param_scheduler` by hand')
        return _bounded_steps(step, 0.1 if gamma is None else gamma.value, low, span)

    return build


def _bounded_steps(step: Item, gamma: float, low: float, span: Span) -> list[Fields]:
    """The step that would go below the bound goes to the bound (LR-04)."""
    assert span.rate is not None
    rate = span.rate.value
    count = len([index for index in range(len(step.value)) if rate * gamma ** (index + 1) >= low])
    kept: Tree = Kept(step) if count == len(step.value) else Computed(step.value[:count])
    found: list[Fields] = []
    if count:
        found.append({'type': Computed('MultiStepLR'), 'milestones': kept, 'gamma': Computed(gamma), **span.fields()})
    if count < len(step.value):
        last = Computed(low / (rate * gamma**count))
        milestones = Computed([step.value[count]])
        found.append({'type': Computed('MultiStepLR'), 'milestones': milestones, 'gamma': last, **span.fields()})
    return found


def _poly(config: Item, span: Span) -> list[Fields]:
    names = {'power': 'power', 'min_lr': 'eta_min'}
    return [{**_named('PolyLR', config, names), **span.fields(more=0 if span.smooth_by_iteration else 1)}]


def _exp(config: Item, span: Span) -> list[Fields]:
    return [{**_named('ExponentialLR', config, {'gamma': 'gamma'}), **span.fields()}]


_COSINE = {
    'LR': {'min_lr': 'eta_min', 'min_lr_ratio': 'eta_min_ratio'},
    'Momentum': {'min_momentum': 'eta_min', 'min_momentum_ratio': 'eta_min_ratio'},
}


def _without_none(fields: Fields) -> Fields:
    return {name: tree for name, tree in fields.items() if not (isinstance(tree, Kept) and tree.item.value is None)}


def _cosine(family: str) -> Policy:
    def build(config: Item, span: Span) -> list[Fields]:
        found = _without_none(_named(f'CosineAnnealing{family}', config, _COSINE[family]))
        if span.length is not None:
            found['T_max'] = Kept(span.length)
        return [{**found, **span.fields()}]

    return build


def _flat_cosine(config: Item, span: Span) -> list[Fields]:
    length = _length(span)
    start = round(length * config.plain('start_percent', 0.75))
    cosine = _without_none(_named('CosineAnnealingLR', config, _COSINE['LR']))
    return [{**cosine, 'T_max': Computed(length - start), **_window(span, start, length)}]


def _length(span: Span) -> Any:
    if span.length is None or not isinstance(span.length.value, int):
        raise NoCounterpart('how long training lasts is not known; write `param_scheduler` by hand')
    return span.length.value


def _window(span: Span, begin: int, end: int) -> Fields:
    return {**span.fields(), 'begin': Computed(begin), 'end': Computed(end)}


def _restart(config: Item, span: Span) -> list[Fields]:
    names = {'periods': 'periods', 'restart_weights': 'restart_weights', **_COSINE['LR']}
    return [{**_without_none(_named('CosineRestartLR', config, names)), **span.fields()}]


def _cyclic(family: str) -> Policy:
    def build(config: Item, span: Span) -> list[Fields]:
        times, gamma = config.plain('cyclic_times', 1), config.plain('gamma', 1)
        if times != 1 or gamma != 1 or config.plain('anneal_strategy', 'cos') != 'cos':
            raise NoCounterpart('MMEngine has no cycles like these; write `param_scheduler` by hand')
        default = (10, 1e-4) if family == 'LR' else (0.85 / 0.95, 1)
        target = config.plain('target_ratio', default)
        up, down = (target, target / 1e5) if isinstance(target, (int, float)) else target
        length = _length(span)
        top = int(config.plain('step_ratio_up', 0.4) * length)
        entry = {'type': Computed(f'CosineAnnealing{family}')}
        # The first one reaches its last value at the step at which the second one begins.
        return [
            {
                **entry,
                'T_max': Computed(top),
                'eta_min_ratio': Computed(up),
                **_window(span, 0, top if span.smooth_by_iteration else top + 1),
            },
            {
                **entry,
                'T_max': Computed(length - top),
                'eta_min_ratio': Computed(down),
                **_window(span, top, length),
            },
        ]

    return build


def _one_cycle(config: Item, span: Span) -> list[Fields]:
    names = {
        'max_lr': 'eta_max', 'total_steps': 'total_steps', 'pct_start': 'pct_start', 'anneal_strategy': 'anneal_strategy',
        'div_factor': 'div_factor', 'final_div_factor': 'final_div_factor', 'three_phase': 'three_phase',
    }  # fmt: skip
    found = _named('OneCycleLR', config, names)
    if 'total_steps' not in found:
        found['total_steps'] = Kept(span.length) if span.length is not None else Computed(_length(span))
    return [{**found, **span.fields()}]


def _linear_annealing(family: str) -> Policy:
    def build(config: Item, span: Span) -> list[Fields]:
        name = 'min_lr_ratio' if family == 'LR' else 'min_momentum_ratio'
        ratio = config.get(name)
        low, first = (
            config.plain('min_lr' if family == 'LR' else 'min_momentum'),
            span.rate if family == 'LR' else span.momentum,
        )
        if ratio is None and low is not None and first is not None:
            ratio = Item(low / first.value)
        if ratio is None:
            raise NoCounterpart('`LinearLR` takes a ratio: write `end_factor` as the last value by the first')
        entry: dict[str, Tree] = {
            'type': Computed(f'Linear{family}'),
            'start_factor': Computed(1),
            'end_factor': Kept(ratio),
        }
        return [{**entry, **span.fields(more=1)}]

    return build


def _yolox(config: Item, span: Span) -> list[Fields]:
    length, last = _length(span), config.plain('num_last_epochs', 0)
    warmup = config.plain('warmup_iters', 0)
    counted: Fields = {'by_epoch': Computed(True), 'convert_to_iter_based': Computed(True)}
    cosine = _named('CosineAnnealingLR', config, {'min_lr_ratio': 'eta_min_ratio', 'min_lr': 'eta_min'})
    until = length - last
    found: list[Fields] = []
    if warmup:
        found.append({'type': Computed('QuadraticWarmupLR'), 'begin': Computed(0), 'end': Computed(warmup), **counted})
    cosine.update(T_max=Computed(until - warmup), begin=Computed(warmup), end=Computed(until))
    found.append({**cosine, **counted})
    constant: Fields = {'type': Computed('ConstantLR'), 'factor': Computed(1), 'by_epoch': Computed(True)}
    found.append({**constant, 'begin': Computed(until), 'end': Computed(length)})
    return found


def _step_fix_cosine(config: Item, span: Span) -> list[Fields]:
    length, warmup = _length(span), config.plain('warmup_iters', 0)
    counted: Fields = {'by_epoch': Computed(True), 'convert_to_iter_based': Computed(True)}
    linear: Fields = {
        'type': Computed('LinearLR'),
        'start_factor': Computed(1e-4),
        'begin': Computed(0),
        'end': Computed(warmup),
    }
    cosine = _without_none(_named('CosineAnnealingLR', config, _COSINE['LR']))
    cosine.update(T_max=Computed(length - warmup), begin=Computed(warmup), end=Computed(length))
    return [{**linear, **counted}] * bool(warmup) + [{**cosine, **counted}]


def _cooldown(config: Item, span: Span) -> list[Fields]:
    length, time = _length(span), config.plain('cool_down_time', 10)
    cosine = _without_none(_named('CosineAnnealingLR', config, _COSINE['LR']))
    until = length - time + 1
    ratio = config.get('cool_down_ratio')
    factor = Computed(0.1) if ratio is None else Kept(ratio)
    return [
        {**cosine, 'T_max': Computed(length - time), **_window(span, 0, until)},
        {'type': Computed('ConstantLR'), 'factor': factor, **_window(span, until, length + 1)},
    ]


def _linear_interval(config: Item, span: Span) -> list[Fields]:
    """Its factors are learning rates, no ratios (LR-17)."""
    if span.rate is None:
        raise NoCounterpart('write `start_factor` of `LinearLrInterval`: the learning rate of all optimizers')
    target = config.get('target_lr')
    found = _named('LinearLrInterval', config, {'interval': 'interval'})
    rates = {'start_factor': Kept(span.rate), 'end_factor': Computed(0) if target is None else Kept(target)}
    begin = config.get('start')
    window = {**span.fields(), 'begin': Computed(0) if begin is None else Kept(begin)}
    return [{**found, **window, **rates}]


def _multi_stage(config: Item, span: Span) -> list[Fields]:
    names = {
        'milestone_lrs': 'milestone_params',
        'milestone_iters': 'milestone_iters',
        'steps': 'steps',
        'gammas': 'gammas',
    }
    return [{**_named('MultiStageLR', config, names), **span.fields()}]


def _plateau(config: Item, span: Span) -> list[Fields]:
    if config.plain('val_metric') is None:
        raise NoCounterpart('MMEngine watches what validation measures, not the loss of training; write `monitor`')
    names = {
        'val_metric': 'monitor', 'mode': 'rule', 'factor': 'factor', 'patience': 'patience', 'cooldown': 'cooldown',
        'threshold': 'threshold', 'threshold_rule': 'threshold_rule', 'min_lr': 'min_value', 'eps': 'eps',
    }  # fmt: skip
    found = _named('ReduceOnPlateauLR', config, names)
    if config.plain('mode') in ('min', 'max'):
        found['rule'] = Computed('less' if config.plain('mode') == 'min' else 'greater', config.get('mode'))
    return [{**found, 'by_epoch': Computed(True)}]  # it steps with each validation


LR: dict[str, Policy] = {
    'Fixed': _fixed, 'Step': _step('LR'), 'Poly': _poly, 'Exp': _exp, 'CosineAnnealing': _cosine('LR'),
    'FlatCosineAnnealing': _flat_cosine, 'CosineRestart': _restart, 'Cyclic': _cyclic('LR'), 'OneCycle': _one_cycle,
    'LinearAnnealing': _linear_annealing('LR'), 'YOLOX': _yolox, 'StepFixCosineAnnealing': _step_fix_cosine,
    'CosineAnnealingCooldown': _cooldown, 'Linear': _linear_interval, 'MultiStage': _multi_stage, 'Reduce': _plateau,
}  # fmt: skip
MOMENTUM: dict[str, Policy] = {
    'Step': _step('Momentum'), 'CosineAnnealing': _cosine('Momentum'), 'LinearAnnealing': _linear_annealing('Momentum'),
    'Cyclic': _cyclic('Momentum'),
}  # fmt: skip
