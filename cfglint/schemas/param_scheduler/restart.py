"""Cosine annealing with restarts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, ClassVar

from pydantic import Field

from cfglint.schemas.base import Dict, Number, Sequence, Text, Words, absent, found, is_number
from cfglint.schemas.param_scheduler.common import Scheduler, window

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cfglint.schemas import Violation


class CosineRestart(Scheduler):
    """Decays along half a cosine, again and again.

    Source: mmengine.optim.scheduler.param_scheduler:CosineRestartParamScheduler
    """

    CALL: ClassVar = 'CosineRestartParamScheduler.__init__()'

    periods: Annotated[Sequence[Number], Words('a list of integers')] = Field(
        description='The number of epochs (or iterations) of each cycle.'
    )
    restart_weights: Annotated[Sequence[Number], Words('a list of numbers')] = Field(
        (1,), description='The part of the initial value at which each cycle starts.'
    )
    eta_min: Number | None = Field(None, description='The value at the end of each cycle.')
    eta_min_ratio: Number | None = Field(None, description='The same, as a part of the initial value.')

    @classmethod
    def relations(cls, given: Dict, name: str) -> Iterator[Violation]:
        yield from super().relations(given, name)
        if is_number(given.get('eta_min'), given.get('eta_min_ratio')):
            message = 'exactly one of `eta_min` and `eta_min_ratio` must be given, got both'
            yield found('conflict', f'{message}; MMEngine raises AssertionError without a text', 'eta_min_ratio')
        elif absent(given, 'eta_min', 'eta_min_ratio'):
            message = f'`{name}` needs `eta_min` or `eta_min_ratio`; MMEngine raises AssertionError without a text'
            yield found('missing-field', message)
        periods, weights = given.get('periods'), given.get('restart_weights', (1,))
        if not isinstance(periods, (list, tuple)) or not isinstance(weights, (list, tuple)):
            return
        if len(periods) != len(weights):
            message = f'`periods` and `restart_weights` must be equally long, got {len(periods)} and {len(weights)}'
            said = 'AssertionError: periods and restart_weights should have the same length.'
            where = 'restart_weights' if 'restart_weights' in given else 'periods'
            yield found('conflict', message, where, says=said)
        steps = window(given)
        if steps is not None and is_number(*periods) and sum(periods) < steps:
            message = f'the periods end after `{sum(periods)}` of `{steps}` steps: from there on the value stands still'
            yield found('conflict', message, 'periods', severity='warning')


class CosineRestartParamScheduler(CosineRestart):
    """Decays any parameter along half a cosine, again and again.

    Source: mmengine.optim.scheduler.param_scheduler:CosineRestartParamScheduler
    """

    param_name: Text = Field(description='The parameter of the optimizer that changes.')
