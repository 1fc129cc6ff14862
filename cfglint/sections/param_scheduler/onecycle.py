"""The one-cycle policy."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cfglint.diagnostics import Advice
from cfglint.language.numbers import is_number
from cfglint.sections.param_scheduler.common import scheduler_relations
from cfglint.sections.terms import Dict, found

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cfglint.sections.violations import Violation


def one_cycle_relations(given: Dict, name: str) -> Iterator[Violation]:
    yield from scheduler_relations(given, name)
    start: Any = given.get('pct_start')
    if isinstance(start, int) and not isinstance(start, bool) and 0 <= start <= 1:
        message = f'`pct_start` must be a float, got the integer `{start}`'
        said = 'ValueError: Expected float between 0 and 1 pct_start'
        yield found('wrong-type', message, 'pct_start', raises=said, advice=Advice('write', f'{start}.0'))
    steps = given.get('total_steps')
    if is_number(steps) and isinstance(steps, int) and steps <= 0:
        message = f'`total_steps` must be a positive integer, got `{steps}`'
        said = 'ValueError: Expected positive integer total_steps'
        yield found('out-of-range', message, 'total_steps', raises=said)
    top = given.get('eta_max', 0)
    if is_number(top) and top == 0 and 'max_lr' not in given:
        message = '`eta_max`, the value at the top of the cycle, is 0 by default: nothing would be learned'
        yield (
            found('out-of-range', message, 'eta_max', severity='warning')
            if 'eta_max' in given
            else found('missing-field', message, severity='warning')
        )
