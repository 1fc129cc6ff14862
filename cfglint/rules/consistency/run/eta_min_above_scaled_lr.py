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
    from cfglint.rules.reading.items import Item

FACTORS = ('bias_lr_mult', 'dcn_offset_lr_mult')
STOCK = ('DefaultOptimWrapperConstructor', 'mmengine.DefaultOptimWrapperConstructor')


@rule(
    scope='entry',
    severity=Severity.WARNING,
    reads=('optim_wrapper', 'param_scheduler', 'train_cfg'),
    words=('custom_keys', *FACTORS),
)
def eta_min_above_scaled_lr(context: Context) -> Iterator[Diagnostic]:
    """An `eta_min` above the learning rate of parameters with an `lr_mult`: for them, the rate rises.

    `eta_min` is a number for all parameters; `lr_mult` in `custom_keys`, and `bias_lr_mult`, make the rate of some smaller
    from the start. A part with `lr_mult=0.01` and a tenth of `lr` as `eta_min` ends with ten times the rate that it starts with.
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
    scaled = list(_scaled(context))
    lr: Any = context.value('optim_wrapper.optimizer.lr')
    if not scaled or not is_number(lr):
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
        for name, factor in scaled:
            if is_number(factor.value) and 0 < factor.value * lr < bound:
                start = f'{factor.value * lr:.3g}'
                message = f'`eta_min` is {bound:g}, but `{name}` starts at {start} (`{factor.name}`): its rate rises'
                advice = Advice('give a part of each rate instead:', f'dict(eta_min_ratio={bound / lr:.3g})')
                yield report_between(context, place, (factor,), message, advice=advice)
                break


def _scaled(context: Context) -> Iterator[tuple[str, Item]]:
    """Yield the names of parameters with a factor of their own, and the factor."""
    settings = context.find('optim_wrapper.paramwise_cfg')
    if settings is None or not isinstance(settings.value, dict):
        return
    keys = settings.get('custom_keys')
    for entry in keys.items() if keys is not None and isinstance(keys.value, dict) else ():
        factor = entry.get('lr_mult') if isinstance(entry.value, dict) and 'lr' not in entry.value else None
        if factor is not None:
            yield str(entry.name), factor
    for name in FACTORS:
        factor = settings.get(name)
        if factor is not None:
            yield name.removesuffix('_lr_mult'), factor
