"""Continuous decay."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from cfglint.schemas.base import Number, Text
from cfglint.schemas.param_scheduler.common import Scheduler


class Exponential(Scheduler):
    """Decays by `gamma` at every step.

    Source: mmengine.optim.scheduler.param_scheduler:ExponentialParamScheduler
    """

    CALL: ClassVar = 'ExponentialParamScheduler.__init__()'

    gamma: Number = Field(description='The factor of each step.')


class Poly(Scheduler):
    """Decays to `eta_min` along a polynomial.

    Source: mmengine.optim.scheduler.param_scheduler:PolyParamScheduler
    """

    CALL: ClassVar = 'PolyParamScheduler.__init__()'

    eta_min: Number = Field(0, description='The value at the end.')
    power: Number = Field(1.0, description='The exponent; 1 decays linearly.')


class ExponentialParamScheduler(Exponential):
    """Decays any parameter by `gamma` at every step.

    Source: mmengine.optim.scheduler.param_scheduler:ExponentialParamScheduler
    """

    param_name: Text = Field(description='The parameter of the optimizer that changes.')


class PolyParamScheduler(Poly):
    """Decays any parameter to `eta_min` along a polynomial.

    Source: mmengine.optim.scheduler.param_scheduler:PolyParamScheduler
    """

    param_name: Text = Field(description='The parameter of the optimizer that changes.')
