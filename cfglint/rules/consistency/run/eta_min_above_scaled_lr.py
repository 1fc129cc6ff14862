"""A lowest learning rate that is above what some parameters start with."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cfglint.diagnostics import Advice, Severity
from cfglint.language.numbers import is_number
from cfglint.rules.cause import report_between
from cfglint.rules.reading.schedules import schedules
from cfglint.rules.rule import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cfglint.diagnostics import Diagnostic
    from cfglint.rules.context import Context

STOCK = ('DefaultOptimWrapperConstructor', 'mmengine.DefaultOptimWrapperConstructor')


@rule(
    scope='entry',
    severity=Severity.WARNING,
    reads=('optim_wrapper', 'param_scheduler', 'train_cfg'),
    words=('custom_keys',),
)
def eta_min_above_scaled_lr(context: Context) -> Iterator[Diagnostic]:
    """An `eta_min` above the learning rate of parameters with an `lr_mult`: for them, the rate rises.

    `eta_min` is a number for all parameters; `lr_mult` in `custom_keys` makes the rate of some smaller from the start. A
    part with `lr_mult=0.01` and a tenth of `lr` as `eta_min` ends with ten times the rate that it starts with.
    `eta_min_ratio` is a part of each one's own rate. Told where the schedule ends lower than it starts for all others, and
    not of parts with `lr_mult=0`.

    Source: `mmengine/optim/scheduler/param_scheduler.py`, `CosineAnnealingParamScheduler._get_value`.

    ```py title="bad"
    optim_wrapper = dict(
        optimizer=dict(type='AdamW', lr=0.0001), paramwise_cfg=dict(custom_keys={'backbone': dict(lr_mult=0.01)}))
    param_scheduler = dict(type='CosineAnnealingLR', eta_min=0.00001)
    ```

    ```py title="good"
    optim_wrapper = dict(
        optimizer=dict(type='AdamW', lr=0.0001), paramwise_cfg=dict(custom_keys={'backbone': dict(lr_mult=0.01)}))
    param_scheduler = dict(type='CosineAnnealingLR', eta_min_ratio=0.1)
    ```
    """
    keys = context.find('optim_wrapper.paramwise_cfg.custom_keys')
    lr: Any = context.value('optim_wrapper.optimizer.lr')
    if keys is None or not isinstance(keys.value, dict) or not is_number(lr):
        return
    if context.value('optim_wrapper.constructor', STOCK[0]) not in STOCK:
        return
    lowest = [
        each for each in schedules(context).known if each.kind in ('CosineAnnealing', 'Poly') and each.target == 'lr'
    ]
    for schedule in lowest[-1:]:
        bound, place = schedule.number('eta_min'), schedule.item.get('eta_min')
        if bound is None or place is None or bound > lr:
            continue
        for entry in keys.items():
            factor = entry.get('lr_mult') if isinstance(entry.value, dict) and 'lr' not in entry.value else None
            if factor is not None and is_number(factor.value) and 0 < factor.value * lr < bound:
                start = f'{factor.value * lr:.3g}'
                message = f'`eta_min` is {bound:g}, but `{entry.name}` starts at {start} (`lr_mult`): its rate rises'
                advice = Advice('give a part of each rate instead:', f'dict(eta_min_ratio={bound / lr:.3g})')
                yield report_between(context, place, (factor,), message, advice=advice)
                break
