"""Schedulers against the optimizer that they change, the hook that steps them, and the metric that they watch."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cfglint.diagnostics import Advice, Severity
from cfglint.language.numbers import is_number
from cfglint.language.values import Lazy
from cfglint.rules.cause import report_between
from cfglint.rules.reading.hooks import hooks_of
from cfglint.rules.reading.loop import has_stage, train_loop
from cfglint.rules.reading.schedules import schedules
from cfglint.rules.reading.types import mmengine_type
from cfglint.rules.rule import rule
from cfglint.sections.table import HOOKS, STAGES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cfglint.diagnostics import Diagnostic
    from cfglint.rules.context import Context
    from cfglint.rules.reading.schedules import Schedule

_WITHOUT_MOMENTUM = ('ASGD', 'Adadelta', 'Adagrad', 'LBFGS', 'Rprop', 'Adafactor', 'TorchAdafactor')


@rule(
    scope='entry',
    severity=Severity.WARNING,
    reads=('optim_wrapper', 'param_scheduler', 'train_cfg'),
    needs=('param_scheduler',),
)
def eta_min_above_lr(context: Context) -> Iterator[Diagnostic]:
    """A decay to a learning rate that is higher than the optimizer's: it rises.

    Not reported where another scheduler takes over at its end: in cycles, one raises the learning rate to its peak.

    ```py title="bad"
    optim_wrapper = dict(optimizer=dict(type='SGD', lr=0.001))
    param_scheduler = dict(type='CosineAnnealingLR', eta_min=0.01)
    ```

    ```py title="good"
    optim_wrapper = dict(optimizer=dict(type='SGD', lr=0.001))
    param_scheduler = dict(type='CosineAnnealingLR', eta_min=0.00001)
    ```
    """
    lowered = [schedule for schedule in schedules(context).known if 'eta_min' in schedule.item.value]
    lr = context.find('optim_wrapper.optimizer.lr') if lowered else None
    if lr is None or not is_number(lr.value):
        return
    for schedule in lowered:
        lowest = schedule.number('eta_min')
        decays = schedule.kind in ('CosineAnnealing', 'CosineRestart', 'Poly') and schedule.target == 'lr'
        if decays and lowest is not None and lowest > lr.value and not _is_half_a_cycle(schedule, lowered):
            message = (
                f'`eta_min` is {lowest:g}, but the learning rate starts at {lr.value:g}: it rises instead of falling'
            )
            advice = Advice('write a smaller number, such as', f'eta_min={lr.value / 100:g}')
            yield report_between(context, schedule.item.get('eta_min') or schedule.item, (lr,), message, advice=advice)


def _is_half_a_cycle(schedule: Schedule, others: list[Schedule]) -> bool:
    """Tell whether another scheduler leads down from where this one ends."""
    peak = schedule.number('eta_min')
    after = [other for other in others if other.target == schedule.target and other.by_epoch == schedule.by_epoch]
    lowest = [other.number('eta_min') for other in after if other.begin == schedule.end]
    return peak is not None and any(each is not None and each < peak for each in lowest)


@rule(scope='entry', severity=Severity.WARNING, reads=('param_scheduler', 'train_cfg'), needs=('param_scheduler',))
def growing_step(context: Context) -> Iterator[Diagnostic]:
    """A `gamma` above 1: the learning rate grows at each step.

    ```py title="bad"
    param_scheduler = dict(type='StepLR', step_size=1, gamma=10)
    ```

    ```py title="good"
    param_scheduler = dict(type='StepLR', step_size=1, gamma=0.1)
    ```
    """
    for schedule in schedules(context).known:
        gamma = schedule.number('gamma')
        decays = schedule.kind in ('Step', 'MultiStep', 'Exponential') and schedule.target.endswith('lr')
        if decays and gamma is not None and gamma > 1:
            message = f'`gamma` is {gamma:g}: the learning rate grows at each step'
            advice = Advice('write a number below 1, such as', f'gamma={1 / gamma:g}')
            yield context.report(schedule.item.get('gamma') or schedule.item, message, advice=advice)


@rule(scope='entry', severity=Severity.INFO, reads=('param_scheduler', 'train_cfg'), needs=('param_scheduler',))
def one_cycle_by_epoch(context: Context) -> Iterator[Diagnostic]:
    """A OneCycleLR that steps once an epoch: the policy is meant to change the learning rate at each iteration.

    ```py title="bad"
    train_cfg = dict(by_epoch=True, max_epochs=4)
    param_scheduler = dict(type='OneCycleLR', eta_max=0.1)
    ```

    ```py title="good"
    train_cfg = dict(by_epoch=True, max_epochs=4)
    param_scheduler = dict(type='OneCycleLR', eta_max=0.1, end=4, convert_to_iter_based=True)
    ```
    """
    loop = train_loop(context)
    for schedule in schedules(context).known:
        if (
            schedule.kind == 'OneCycle'
            and schedule.by_epoch
            and not schedule.converts
            and loop is not None
            and loop.by_epoch
        ):
            message = f'`{schedule.name}` changes the learning rate only once an epoch'
            advice = Advice('to change it at each iteration, add', 'convert_to_iter_based=True')
            yield context.report(schedule.item, message, advice=advice)


@rule(
    scope='entry',
    severity=Severity.WARNING,
    reads=('param_scheduler', 'train_cfg', *STAGES['val']),
    needs=('param_scheduler',),
)
def plateau_without_validation(context: Context) -> Iterator[Diagnostic]:
    """A ReduceOnPlateau scheduler in a run that never validates: it never acts.

    ```py title="bad"
    val_dataloader = None
    val_cfg = None
    val_evaluator = None
    param_scheduler = dict(type='ReduceOnPlateauLR', monitor='toy/zeros', rule='greater')
    ```

    ```py title="good"
    param_scheduler = dict(type='ReduceOnPlateauLR', monitor='toy/zeros', rule='greater')
    ```
    """
    for schedule in schedules(context).known:
        if schedule.kind == 'ReduceOnPlateau' and has_stage(context, 'val') is False:
            message = f'`{schedule.name}` steps after a validation, but there is none'
            advice = Advice('set `val_dataloader`, `val_cfg` and `val_evaluator`, or remove the scheduler')
            val = context.section('val_cfg')
            yield report_between(context, schedule.item, (val,), message, ignored=True, advice=advice)


@rule(
    scope='entry',
    raises='must support momentum',
    reads=('optim_wrapper', 'param_scheduler', 'train_cfg'),
    needs=('param_scheduler',),
)
def momentum_scheduler_without_momentum(context: Context) -> Iterator[Diagnostic]:
    """A scheduler of the momentum for an optimizer that has none.

    MMEngine raises `ValueError: optimizer must support momentum when using momentum scheduler`.

    ```py title="bad"
    optim_wrapper = dict(optimizer=dict(type='Adagrad', lr=0.01))
    param_scheduler = dict(type='CosineAnnealingMomentum', eta_min=0.8)
    ```

    ```py title="good"
    optim_wrapper = dict(optimizer=dict(type='SGD', lr=0.01, momentum=0.9))
    param_scheduler = dict(type='CosineAnnealingMomentum', eta_min=0.8)
    ```
    """
    momenta = [schedule for schedule in schedules(context).known if schedule.target == 'momentum']
    optimizer = context.find('optim_wrapper.optimizer') if momenta else None
    name = None if optimizer is None else mmengine_type(optimizer.value)
    if optimizer is None or name not in _WITHOUT_MOMENTUM:
        return
    for schedule in momenta:
        if schedule.name.endswith('Momentum'):
            message = f'`{name}` has no momentum that `{schedule.name}` could change'
            raises = 'ValueError: optimizer must support momentum when using momentum scheduler'
            advice = Advice('remove the scheduler, or use an optimizer with momentum, such as `SGD`')
            kind = optimizer.get('type')
            yield report_between(context, schedule.item, (kind,), message, raises=raises, advice=advice)


@rule(
    scope='entry', severity=Severity.WARNING, reads=(*HOOKS, 'param_scheduler', 'train_cfg'), needs=('param_scheduler',)
)
def schedulers_never_step(context: Context) -> Iterator[Diagnostic]:
    """Schedulers in a run whose ParamSchedulerHook is removed: they never step.

    A warm-up stays at its first value.

    ```py title="bad"
    param_scheduler = dict(type='MultiStepLR', milestones=[1], end=2)
    default_hooks = dict(param_scheduler=None)
    ```

    ```py title="good"
    param_scheduler = dict(type='MultiStepLR', milestones=[1], end=2)
    default_hooks = dict(param_scheduler=dict(type='ParamSchedulerHook'))
    ```
    """
    item, given = context.find('default_hooks.param_scheduler'), context.section('param_scheduler')
    if item is None or item.value is not None or given is None or not given.value:
        return
    custom = context.value('custom_hooks') or ()
    if train_loop(context) is not None and not hooks_of(context, 'ParamSchedulerHook') and not custom:
        message = 'without the hook that steps them, the schedulers of `param_scheduler` never step'
        advice = Advice('remove the schedulers, or write', "param_scheduler=dict(type='ParamSchedulerHook')")
        yield report_between(context, item, (given,), message, advice=advice)


@rule(scope='entry', raises="'type'", reads=('optim_wrapper', 'param_scheduler'), needs=('param_scheduler',))
def schedulers_for_several_optimizers(context: Context) -> Iterator[Diagnostic]:
    """Schedulers by name of an optimizer, where there is only one optimizer.

    A dict without `type` gives each optimizer its own schedulers. With a single one, MMEngine takes it for a scheduler
    and raises `KeyError: 'type'`.

    ```py title="bad"
    param_scheduler = dict(generator=[dict(type='StepLR', step_size=1)])
    ```

    ```py title="good"
    param_scheduler = [dict(type='StepLR', step_size=1)]
    ```
    """
    item, wrapper = context.section('param_scheduler'), context.section('optim_wrapper')
    if item is None or wrapper is None or not isinstance(item.value, dict) or not isinstance(wrapper.value, dict):
        return
    if (
        not item.value
        or 'type' in item.value
        or not all(isinstance(value, (dict, list)) for value in item.value.values())
    ):
        return
    if not isinstance(wrapper.value.get('optimizer'), dict) or 'constructor' in wrapper.value:
        return
    message = '`param_scheduler` gives schedulers by name, but `optim_wrapper` has only one optimizer'
    only = next(item.items()) if len(item.value) == 1 else None
    text = None if only is None else context.source_text(only)
    advice = Advice('write a scheduler, or a list of them, without a name')
    if text is not None and '\n' not in text:
        advice = Advice('leave out the name:', f'param_scheduler = {text}')
    optimizer = wrapper.get('optimizer')
    yield report_between(context, item, (optimizer,), message, raises="KeyError: 'type'", advice=advice)


_OF_MMENGINE = {
    **{
        name: name
        for name in (
            'ConstantLR',
            'CosineAnnealingLR',
            'ExponentialLR',
            'LinearLR',
            'MultiStepLR',
            'OneCycleLR',
            'StepLR',
        )
    },
    'CosineAnnealingWarmRestarts': 'CosineRestartLR',
    'PolynomialLR': 'PolyLR',
    'ReduceLROnPlateau': 'ReduceOnPlateauLR',
}
"""PyTorch's schedulers → MMEngine's that do the same."""


@rule(
    scope='entry', raises='got an unexpected keyword argument', reads=('param_scheduler',), needs=('param_scheduler',)
)
def torch_scheduler(context: Context) -> Iterator[Diagnostic]:
    """A scheduler of PyTorch: MMEngine needs its own, which know `begin` and `end`.

    MMEngine passes `end` to each scheduler; those of PyTorch raise `TypeError: got an unexpected keyword argument
    'end'`.

    ```py title="bad"
    param_scheduler = dict(type='torch.optim.lr_scheduler.StepLR', step_size=1)
    ```

    ```py title="good"
    param_scheduler = dict(type='StepLR', step_size=1)
    ```
    """
    section = context.section('param_scheduler')
    items = [] if section is None else [section, *section.items()] if section.value is not None else []
    for item in items:
        kind = item.get('type')
        name = None if kind is None else kind.value.name if isinstance(kind.value, Lazy) else kind.value
        if kind is not None and isinstance(name, str) and name.startswith('torch.optim.'):
            own = name.rpartition('.')[2]
            message = f'`{own}` of PyTorch knows neither `begin` nor `end`'
            raises = f"TypeError: {own}.__init__() got an unexpected keyword argument 'end'"
            same = _OF_MMENGINE.get(own)
            advice = Advice("use a scheduler of MMEngine's")
            if same is not None:
                advice = Advice("use MMEngine's:", f"type='{same}'")
            yield context.report(kind, message, raises=raises, advice=advice)
