"""Decay at certain steps."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cfglint.diagnostics import Advice
from cfglint.language.numbers import are_numbers, is_number
from cfglint.sections.param_scheduler.common import scheduler_relations, window
from cfglint.sections.terms import Dict, found, quoted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cfglint.sections.violations import Violation


def step_relations(given: Dict, name: str) -> Iterator[Violation]:
    yield from scheduler_relations(given, name)
    size = given.get('step_size')
    if is_number(size) and size == 0:
        message = '`step_size` must be a positive integer, got `0`'
        yield found('out-of-range', message, 'step_size', raises='ZeroDivisionError')


def multi_step_relations(given: Dict, name: str) -> Iterator[Violation]:
    yield from scheduler_relations(given, name)
    milestones = given.get('milestones')
    if not isinstance(milestones, (list, tuple)) or not are_numbers(*milestones):
        return
    steps = window(given)
    late = [milestone for milestone in milestones if steps is not None and milestone >= steps]
    if late:
        shown = quoted(map(str, late[:3])) + (', …' if len(late) > 3 else '')
        message = f'the scheduler lasts `{steps}` steps, and never reaches {shown}'
        advice = Advice('count `milestones` from `begin`, or move `end` behind the last of them')
        yield found(
            'out-of-range', message, 'milestones', severity='warning', advice=advice, depends_on=('begin', 'end')
        )
    elif len(set(milestones)) < len(milestones):
        message = '`milestones` has a step twice: there it decays twice'
        yield found('conflict', message, 'milestones', severity='warning')
