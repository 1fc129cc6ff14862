"""The one-cycle policy."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal

from pydantic import Field

from cfglint.schemas.base import Dict, Flag, Integer, Number, Says, Sequence, Words, found, is_number
from cfglint.schemas.param_scheduler.common import Scheduler

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cfglint.schemas import Violation


class OneCycle(Scheduler):
    """Rises to `eta_max` and falls again, within one cycle.

    Source: mmengine.optim.scheduler.param_scheduler:OneCycleParamScheduler
    """

    CALL: ClassVar = 'OneCycleParamScheduler.__init__()'

    eta_max: Number | Sequence[Number] = Field(0, description='The value at the top (for each parameter group).')
    total_steps: Annotated[
        Integer | None,
        Words('a positive integer'),
        Says('ValueError: Expected positive integer total_steps'),
    ] = Field(None, description='The number of steps of the cycle; else from begin to end.')
    pct_start: Annotated[
        float,
        Field(ge=0, le=1),
        Words('a float from 0 to 1'),
        Says('ValueError: Expected float between 0 and 1 pct_start'),
    ] = Field(0.3, description='The part of the cycle that rises.')
    anneal_strategy: Annotated[
        Literal['cos', 'linear'],
        Says('ValueError: anneal_strategy must by one of "cos" or "linear"'),
    ] = Field('cos', description='The curve.')
    div_factor: Number = Field(25.0, description='The value at the start is `eta_max` divided by this.')
    final_div_factor: Number = Field(1e4, description='The last value is the first divided by this.')
    three_phase: Flag = Field(False, description='Whether a third phase ends the cycle.')

    @classmethod
    def relations(cls, given: Dict, name: str) -> Iterator[Violation]:
        yield from super().relations(given, name)
        start: Any = given.get('pct_start')
        if isinstance(start, int) and not isinstance(start, bool) and 0 <= start <= 1:
            message = f'`pct_start` must be a float, got the integer `{start}` (write `{start}.`)'
            said = 'ValueError: Expected float between 0 and 1 pct_start'
            yield found('wrong-type', message, 'pct_start', says=said)
        steps = given.get('total_steps')
        if is_number(steps) and isinstance(steps, int) and steps <= 0:
            message = f'`total_steps` must be a positive integer, got `{steps}`'
            said = 'ValueError: Expected positive integer total_steps'
            yield found('out-of-range', message, 'total_steps', says=said)
        top = given.get('eta_max', 0)
        if is_number(top) and top == 0:
            message = '`eta_max`, the value at the top of the cycle, is 0 by default: nothing would be learned'
            yield (
                found('out-of-range', message, 'eta_max', severity='warning')
                if 'eta_max' in given
                else found('missing-field', message, severity='warning')
            )


class OneCycleParamScheduler(OneCycle):
    """The one-cycle policy, of the learning rate by name: no other parameter is supported.

    Source: mmengine.optim.scheduler.param_scheduler:OneCycleParamScheduler
    """

    param_name: Annotated[Literal['lr'], Says('AssertionError: OneCycle only works for learning rate updating')] = (
        Field(description='The parameter of the optimizer that changes.')
    )
