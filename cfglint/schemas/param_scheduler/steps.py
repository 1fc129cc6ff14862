"""Decay at certain steps."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, ClassVar

from pydantic import Field

from cfglint.schemas.base import Dict, Number, Says, Sequence, Text, Words, found, is_number, quoted
from cfglint.schemas.param_scheduler.common import Scheduler, window

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cfglint.schemas import Violation


class Step(Scheduler):
    """Decays by `gamma` every `step_size` steps.

    Source: mmengine.optim.scheduler.param_scheduler:StepParamScheduler
    """

    CALL: ClassVar = 'StepParamScheduler.__init__()'

    step_size: Annotated[Number, Words('a positive integer')] = Field(
        description='The number of epochs (or iterations) between two decays.'
    )
    gamma: Number = Field(0.1, description='The factor of each decay.')

    @classmethod
    def relations(cls, given: Dict, name: str) -> Iterator[Violation]:
        yield from super().relations(given, name)
        size = given.get('step_size')
        if is_number(size) and size == 0:
            message = '`step_size` must be a positive integer, got `0`; MMEngine raises ZeroDivisionError'
            yield found('out-of-range', message, 'step_size')


class MultiStep(Scheduler):
    """Decays by `gamma` at each milestone.

    Source: mmengine.optim.scheduler.param_scheduler:MultiStepParamScheduler
    """

    CALL: ClassVar = 'MultiStepParamScheduler.__init__()'

    milestones: Annotated[Sequence[Number], Words('a list of integers'), Says('TypeError: object is not iterable')] = (
        Field(description='The epochs (or iterations) at which to decay, counted from `begin`.')
    )
    gamma: Number = Field(0.1, description='The factor of each decay.')

    @classmethod
    def relations(cls, given: Dict, name: str) -> Iterator[Violation]:
        yield from super().relations(given, name)
        milestones = given.get('milestones')
        if not isinstance(milestones, (list, tuple)) or not is_number(*milestones):
            return
        steps = window(given)
        late = [milestone for milestone in milestones if steps is not None and milestone >= steps]
        if late:
            message = (
                f'the scheduler ends before it reaches {quoted(map(str, late))}: '
                f'milestones count from `begin` (`{given.get("begin", 0)}`), and it lasts `{steps}` steps'
            )
            yield found('out-of-range', message, 'milestones', severity='warning')
        elif len(set(milestones)) < len(milestones):
            message = '`milestones` has a step twice: there it decays twice'
            yield found('conflict', message, 'milestones', severity='warning')


class StepParamScheduler(Step):
    """Decays any parameter by `gamma` every `step_size` steps.

    Source: mmengine.optim.scheduler.param_scheduler:StepParamScheduler
    """

    param_name: Text = Field(description='The parameter of the optimizer that changes.')


class MultiStepParamScheduler(MultiStep):
    """Decays any parameter by `gamma` at each milestone.

    Source: mmengine.optim.scheduler.param_scheduler:MultiStepParamScheduler
    """

    param_name: Text = Field(description='The parameter of the optimizer that changes.')
