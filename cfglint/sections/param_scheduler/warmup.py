"""Warm-up: a factor that ends."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cfglint.language.numbers import is_number
from cfglint.sections.param_scheduler.common import scheduler_relations, window
from cfglint.sections.terms import Dict, found

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cfglint.sections.violations import Violation


def _ends_well(given: Dict, field: str) -> Iterator[Violation]:
    """The factor is undone by dividing by it, one step after the first."""
    steps, factor = window(given), given.get(field)
    if steps == 1:
        message = f'`end` is one step after `begin`: `{field}` is applied and never undone'
        yield found('out-of-range', message, 'end', severity='warning')
    elif is_number(factor) and factor == 0:
        message = f'`{field}` must be positive, got `0`: the next step divides by it'
        yield found('out-of-range', message, field, raises='ZeroDivisionError')


def constant_relations(given: Dict, name: str) -> Iterator[Violation]:
    yield from scheduler_relations(given, name)
    yield from _ends_well(given, 'factor')


def linear_relations(given: Dict, name: str) -> Iterator[Violation]:
    yield from scheduler_relations(given, name)
    yield from _ends_well(given, 'start_factor')
