"""The hook that averages the weights of the model."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from pydantic import ConfigDict, Field

from cfglint.schemas.base import Dict, Flag, Number, Says, Words, found, is_number
from cfglint.schemas.hooks.common import Hook

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cfglint.schemas import Violation

Begin = Annotated[
    Number, Field(ge=0), Words('a number of at least 0'), Says('AssertionError: must larger than or equal to 0')
]
_SHARED = ('interval', 'device', 'update_buffers')
AVERAGES = {
    'StochasticWeightAverage': _SHARED,
    'ExponentialMovingAverage': ('momentum', *_SHARED),
    'MomentumAnnealingEMA': ('momentum', 'gamma', *_SHARED),
}
"""What each kind of average takes, besides the model."""


class EMAHook(Hook):
    """Keeps an average of the weights, and validates with it.

    `momentum` and what follows it go to the class that `ema_type` names; a class of another library may take others.

    Source: mmengine.hooks.ema_hook:EMAHook, mmengine.model.averaged_model:MomentumAnnealingEMA
    """

    model_config = ConfigDict(extra='allow')

    ema_type: Any = Field('ExponentialMovingAverage', description='The kind of average.')
    strict_load: Flag = Field(False, description='Whether the keys of a loaded average must match exactly.')
    begin_iter: Begin = Field(0, description='The iteration from which on weights are averaged.')
    begin_epoch: Begin = Field(0, description='The epoch from which on weights are averaged.')
    momentum: Annotated[
        Number,
        Field(gt=0, lt=1),
        Words('a number between 0 and 1'),
        Says('AssertionError: momentum must be in range (0.0, 1.0)'),
    ] = Field(0.0002, description='The part of the new weights in the average: a small number.')
    gamma: Annotated[
        Number, Field(gt=0), Words('a positive number'), Says('AssertionError: gamma must be greater than 0')
    ] = Field(100, description='How slowly the momentum is annealed, of MomentumAnnealingEMA.')
    interval: Annotated[Number, Words('a positive integer')] = Field(
        1, description='The number of iterations between two updates.'
    )
    device: Any = Field(None, description='The device of the averaged weights.')
    update_buffers: Flag = Field(False, description='Whether buffers are averaged too.')

    @classmethod
    def relations(cls, given: Dict, name: str) -> Iterator[Violation]:
        iteration, epoch = given.get('begin_iter', 0), given.get('begin_epoch', 0)
        if is_number(iteration, epoch) and iteration != 0 and epoch != 0:
            said = 'AssertionError: `begin_iter` and `begin_epoch` should not be both set.'
            message = f'`begin_iter` and `begin_epoch` exclude each other; MMEngine raises {said}'
            yield found('conflict', message, 'begin_epoch')
        if is_number(given.get('interval')) and given['interval'] == 0:
            message = '`interval` must be a positive integer, got `0`; MMEngine raises RuntimeError: ZeroDivisionError'
            yield found('out-of-range', message, 'interval')
        momentum = given.get('momentum')
        if is_number(momentum) and 0.5 < momentum < 1:
            message = (
                f'`momentum` is the part of the new weights: `{momentum}` hardly averages, is `{1 - momentum:g}` meant?'
            )
            yield found('out-of-range', message, 'momentum', severity='warning')
        yield from _arguments(cls, given)


def _arguments(model: type[EMAHook], given: Dict) -> Iterator[Violation]:
    """Only the class that `ema_type` names knows what else may be given."""
    kind = given.get('ema_type', 'ExponentialMovingAverage')
    name = kind.rpartition('.')[2] if isinstance(kind, str) and kind.startswith('mmengine.') else kind
    taken = AVERAGES.get(name) if isinstance(name, str) else None
    if taken is None or given.get('_scope_', 'mmengine') != 'mmengine':
        return
    for key in given:
        if key in ('type', '_scope_', '_delete_', 'priority', 'ema_type', 'strict_load', 'begin_iter', 'begin_epoch'):
            continue
        if key not in taken:
            from cfglint.schemas.errors import unknown_field

            names = [*taken, 'strict_load', 'begin_iter', 'begin_epoch', 'ema_type']
            yield unknown_field(model, str(name), key, (), names)
