"""The hook that averages the weights of the model."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cfglint.language.numbers import are_numbers, is_number
from cfglint.sections.terms import Dict, found

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cfglint.sections.violations import Violation

_SHARED = ('interval', 'device', 'update_buffers')

AVERAGES = {
    'StochasticWeightAverage': _SHARED,
    'ExponentialMovingAverage': ('momentum', *_SHARED),
    'MomentumAnnealingEMA': ('momentum', 'gamma', *_SHARED),
}

"""What each kind of average takes, besides the model."""


def ema_relations(given: Dict, name: str) -> Iterator[Violation]:
    iteration, epoch = given.get('begin_iter', 0), given.get('begin_epoch', 0)
    if are_numbers(iteration, epoch) and iteration != 0 and epoch != 0:
        said = 'AssertionError: `begin_iter` and `begin_epoch` should not be both set.'
        message = '`begin_iter` and `begin_epoch` exclude each other'
        yield found('conflict', message, 'begin_epoch', raises=said, depends_on=('begin_iter',))
    if is_number(given.get('interval')) and given['interval'] == 0:
        message = '`interval` must be a positive integer, got `0`'
        yield found('out-of-range', message, 'interval', raises='RuntimeError: ZeroDivisionError')
    momentum: Any = given.get('momentum')
    if is_number(momentum) and 0.5 < momentum < 1:
        message = (
            f'`momentum` is the part of the new weights: `{momentum}` hardly averages, is `{1 - momentum:g}` meant?'
        )
        yield found('out-of-range', message, 'momentum', severity='warning')
    yield from _arguments(given)


def _arguments(given: Dict) -> Iterator[Violation]:
    """Only the class that `ema_type` names knows what else may be given."""
    kind = given.get('ema_type', 'ExponentialMovingAverage')
    name = kind.rpartition('.')[2] if isinstance(kind, str) and kind.startswith('mmengine.') else kind
    taken = AVERAGES.get(name) if isinstance(name, str) else None
    if taken is None or given.get('_scope_', 'mmengine') != 'mmengine':
        return
    names = [*taken, 'strict_load', 'begin_iter', 'begin_epoch', 'ema_type']
    unknown = [key for key in given if key not in (*names, 'type', '_scope_', '_delete_', 'priority')]
    if unknown:
        from cfglint.sections.errors import unknown_fields
        from cfglint.sections.validators import model_of

        yield from unknown_fields(model_of('hooks:EMAHook'), str(name), unknown, (), names)
