"""Cosine annealing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cfglint.language.numbers import are_numbers, is_number
from cfglint.sections.param_scheduler.common import scheduler_relations, window
from cfglint.sections.terms import Dict, found

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cfglint.sections.violations import Violation


def cosine_annealing_relations(given: Dict, name: str) -> Iterator[Violation]:
    yield from scheduler_relations(given, name)
    if are_numbers(given.get('eta_min'), given.get('eta_min_ratio')):
        message = '`eta_min` and `eta_min_ratio` exclude each other'
        said = 'AssertionError: Either `eta_min` or `eta_min_ratio should be specified'
        yield found('conflict', message, 'eta_min_ratio', raises=said, depends_on=('eta_min',))
    period: Any = given.get('T_max')
    steps = window(given)
    if is_number(period) and period == 0:
        message = '`T_max` is `0`, which MMEngine takes as `end - begin`'
        yield found('out-of-range', message, 'T_max', severity='warning')
    elif is_number(period) and steps is not None and period < steps - 1:
        message = f'`T_max` is `{period}`, but the scheduler lasts `{steps}` steps: after `T_max` the value rises again'
        yield found('conflict', message, 'T_max', severity='warning', depends_on=('begin', 'end'))
