"""Cosine annealing."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from pydantic import Field

from cfglint.schemas.base import Dict, Number, Text, found, is_number
from cfglint.schemas.param_scheduler.common import Scheduler, window

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cfglint.schemas import Violation


class CosineAnnealing(Scheduler):
    """Decays to `eta_min` along half a cosine.

    Source: mmengine.optim.scheduler.param_scheduler:CosineAnnealingParamScheduler
    """

    CALL: ClassVar = 'CosineAnnealingParamScheduler.__init__()'

    T_max: Number | None = Field(None, description='The number of steps of the half cosine; else from begin to end.')
    eta_min: Number | None = Field(None, description='The value at the end, 0 if nothing is said.')
    eta_min_ratio: Number | None = Field(None, description='The value at the end, as a part of the initial value.')

    @classmethod
    def relations(cls, given: Dict, name: str) -> Iterator[Violation]:
        yield from super().relations(given, name)
        if is_number(given.get('eta_min'), given.get('eta_min_ratio')):
            message = '`eta_min` and `eta_min_ratio` exclude each other'
            said = 'AssertionError: Either `eta_min` or `eta_min_ratio should be specified'
            yield found('conflict', message, 'eta_min_ratio', says=said)
        period, steps = given.get('T_max'), window(given)
        if is_number(period) and period == 0:
            message = '`T_max` is `0`, which MMEngine takes as `end - begin`'
            yield found('out-of-range', message, 'T_max', severity='warning')
        elif is_number(period) and steps is not None and period < steps - 1:
            message = (
                f'`T_max` is `{period}`, but the scheduler lasts `{steps}` steps: after `T_max` the value rises again'
            )
            yield found('conflict', message, 'T_max', severity='warning')


class CosineAnnealingParamScheduler(CosineAnnealing):
    """Decays any parameter along half a cosine.

    Source: mmengine.optim.scheduler.param_scheduler:CosineAnnealingParamScheduler
    """

    param_name: Text = Field(description='The parameter of the optimizer that changes.')
