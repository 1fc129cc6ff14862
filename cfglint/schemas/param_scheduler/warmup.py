"""Warm-up: a factor that ends."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, ClassVar

from pydantic import Field

from cfglint.schemas.base import Dict, Says, Text, found, is_number
from cfglint.schemas.param_scheduler.common import Fraction, Scheduler, window

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cfglint.schemas import Violation


def _ends_well(given: Dict, field: str) -> Iterator[Violation]:
    """The factor is undone by dividing by it, one step after the first."""
    steps, factor = window(given), given.get(field)
    if steps == 1:
        message = f'`end` is one step after `begin`: `{field}` is applied and never undone'
        yield found('out-of-range', message, 'end', severity='warning')
    elif is_number(factor) and factor == 0:
        message = f'`{field}` must be positive, got `0`: the next step divides by it; MMEngine raises ZeroDivisionError'
        yield found('out-of-range', message, field)


class Constant(Scheduler):
    """Multiplies by a constant until `end`.

    Source: mmengine.optim.scheduler.param_scheduler:ConstantParamScheduler
    """

    CALL: ClassVar = 'ConstantParamScheduler.__init__()'

    factor: Annotated[Fraction, Says('ValueError: Constant multiplicative factor should between 0 and 1.')] = Field(
        1 / 3, description='The factor until `end`.'
    )

    @classmethod
    def relations(cls, given: Dict, name: str) -> Iterator[Violation]:
        yield from super().relations(given, name)
        yield from _ends_well(given, 'factor')


class Linear(Scheduler):
    """Multiplies by a factor that goes linearly from `start_factor` to `end_factor`.

    Source: mmengine.optim.scheduler.param_scheduler:LinearParamScheduler
    """

    CALL: ClassVar = 'LinearParamScheduler.__init__()'

    start_factor: Annotated[Fraction, Says('ValueError: Starting multiplicative factor should between 0 and 1.')] = (
        Field(1 / 3, description='The factor at `begin`.')
    )
    end_factor: Annotated[Fraction, Says('ValueError: Ending multiplicative factor should between 0 and 1.')] = Field(
        1.0, description='The factor at `end`.'
    )

    @classmethod
    def relations(cls, given: Dict, name: str) -> Iterator[Violation]:
        yield from super().relations(given, name)
        yield from _ends_well(given, 'start_factor')


class ConstantParamScheduler(Constant):
    """Multiplies any parameter by a constant until `end`.

    Source: mmengine.optim.scheduler.param_scheduler:ConstantParamScheduler
    """

    param_name: Text = Field(description='The parameter of the optimizer that changes.')


class LinearParamScheduler(Linear):
    """Multiplies any parameter by a factor that changes linearly.

    Source: mmengine.optim.scheduler.param_scheduler:LinearParamScheduler
    """

    param_name: Text = Field(description='The parameter of the optimizer that changes.')
