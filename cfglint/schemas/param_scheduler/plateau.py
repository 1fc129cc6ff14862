"""Decay when a metric stops improving."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from pydantic import Field

from cfglint.schemas.base import Dict, Number, Says, Sequence, Text, Words, found
from cfglint.schemas.param_scheduler.common import Scheduler

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cfglint.schemas import Violation


class ReduceOnPlateau(Scheduler):
    """Decays by `factor` when `monitor` has not improved for `patience` validations.

    Source: mmengine.optim.scheduler.param_scheduler:ReduceOnPlateauParamScheduler
    """

    CALL: ClassVar = 'ReduceOnPlateauParamScheduler.__init__()'

    monitor: Text = Field('loss', description='The metric to watch, with its prefix.')
    rule: Annotated[Literal['less', 'greater'], Says('ValueError: mode is unknown!')] = Field(
        'less', description='Whether less or more of the metric is better.'
    )
    factor: Annotated[Number, Field(lt=1), Words('a number below 1'), Says('ValueError: Factor should be < 1.0.')] = (
        Field(0.1, description='The factor of each decay.')
    )
    patience: Number = Field(10, description='The number of validations without improvement before a decay.')
    threshold: Annotated[
        Number, Field(ge=0), Words('a number of at least 0'), Says('ValueError: threshold should be >= 0.')
    ] = Field(1e-4, description='What counts as an improvement.')
    threshold_rule: Annotated[Literal['rel', 'abs'], Says('ValueError: threshold mode is unknown!')] = Field(
        'rel', description='Whether the threshold is relative to the best value.'
    )
    cooldown: Number = Field(0, description='The number of validations to wait after a decay.')
    min_value: Number | Sequence[Number] = Field(0.0, description='The smallest value (of each parameter group).')
    eps: Number = Field(1e-8, description='Smaller changes are not applied.')

    @classmethod
    def relations(cls, given: Dict, name: str) -> Iterator[Violation]:
        yield from super().relations(given, name)
        if given.get('by_epoch', True) in (False, None) and not isinstance(given.get('by_epoch', True), dict):
            message = f'`{name}` steps when a validation is over: `by_epoch` must be True'
            said = f'AssertionError: Now {name} only support by_epoch=True'
            yield found('conflict', message, 'by_epoch', says=said)
        if given.get('convert_to_iter_based') is True:
            message = f'`{name}` cannot be converted to iterations'
            said = f"AttributeError: type object '{name}' has no attribute 'build_iter_from_epoch'"
            yield found('conflict', message, 'convert_to_iter_based', says=said)


class ReduceOnPlateauParamScheduler(ReduceOnPlateau):
    """Decays any parameter when a metric has not improved.

    Source: mmengine.optim.scheduler.param_scheduler:ReduceOnPlateauParamScheduler
    """

    param_name: Text = Field(description='The parameter of the optimizer that changes.')
