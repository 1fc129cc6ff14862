"""Cosine annealing with restarts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cfglint.language.numbers import are_numbers
from cfglint.sections.param_scheduler.common import scheduler_relations, window
from cfglint.sections.terms import Dict, absent, found

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cfglint.sections.violations import Violation


def cosine_restart_relations(given: Dict, name: str) -> Iterator[Violation]:
    yield from scheduler_relations(given, name)
    if are_numbers(given.get('eta_min'), given.get('eta_min_ratio')):
        message = 'exactly one of `eta_min` and `eta_min_ratio` must be given, got both'
        yield found(
            'conflict', message, 'eta_min_ratio', raises='AssertionError without a text', depends_on=('eta_min',)
        )
    elif absent(given, 'eta_min', 'eta_min_ratio'):
        message = f'`{name}` needs `eta_min` or `eta_min_ratio`'
        yield found('missing-field', message, raises='AssertionError without a text')
    periods, weights = given.get('periods'), given.get('restart_weights', (1,))
    if not isinstance(periods, (list, tuple)) or not isinstance(weights, (list, tuple)):
        return
    if len(periods) != len(weights):
        message = f'`periods` and `restart_weights` must be equally long, got {len(periods)} and {len(weights)}'
        said = 'AssertionError: periods and restart_weights should have the same length.'
        where = 'restart_weights' if 'restart_weights' in given else 'periods'
        yield found('conflict', message, where, raises=said, depends_on=('periods',))
    steps = window(given)
    if steps is not None and are_numbers(*periods) and sum(periods) < steps:
        message = f'the periods end after `{sum(periods)}` of `{steps}` steps: from there on the value stands still'
        yield found('conflict', message, 'periods', severity='warning', depends_on=('begin', 'end'))
