"""train_cfg, val_cfg and test_cfg: the loops."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from pydantic import Field

from cfglint.schemas import Path, Violation
from cfglint.schemas.base import (
    Dict,
    Flag,
    Hint,
    Model,
    Number,
    Says,
    Whole,
    Words,
    decided_keys,
    found,
    is_number,
    undecided,
)
from cfglint.schemas.slots import Component

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

Interval = Annotated[Number, Words('a positive integer'), Says('TypeError: unsupported operand type(s) for %')]
Milestones = Annotated[
    list[tuple[int | float | bool, ...]] | None,
    Words('a list of tuples (milestone, interval)'),
    Says('AssertionError (its text is empty)'),
]


class TrainLoop(Model):
    """What the two training loops have in common."""

    val_begin: Annotated[Number, Words('an integer'), Says("TypeError: '>=' not supported")] = Field(
        1, description='The epoch (or iteration) from which on validation may run.'
    )
    dynamic_intervals: Milestones = Field(
        None, description='Pairs (milestone, interval): from the milestone on, validation runs at that interval.'
    )

    @classmethod
    def relations(cls, given: Dict, name: str) -> Iterator[Violation]:
        yield from _interval(given)
        yield from _milestones(given)
        for field in ('max_epochs', 'max_iters'):
            if is_number(given.get(field)) and given[field] <= 0:
                yield found(
                    'out-of-range',
                    f'`{field}` is `{given[field]}`: no training step will run',
                    field,
                    severity='warning',
                )


class EpochBasedTrainLoop(TrainLoop):
    """Trains for a number of passes over the dataset.

    Source: mmengine.runner.loops:EpochBasedTrainLoop
    """

    HINTS: ClassVar = {
        'max_iters': Hint('this loop counts epochs, write `max_epochs` or `by_epoch=False`', None, 'max_epochs')
    }

    by_epoch: Flag = Field(True, description='True for an epoch-based loop. Only without `type`.')
    max_epochs: Annotated[Whole, Says('AssertionError: `max_epochs` should be a integer number')] = Field(
        description='The number of epochs to train.'
    )
    val_interval: Interval = Field(1, description='The number of epochs between two validations.')


class IterBasedTrainLoop(TrainLoop):
    """Trains for a number of batches.

    Source: mmengine.runner.loops:IterBasedTrainLoop
    """

    HINTS: ClassVar = {
        'max_epochs': Hint(
            'this loop, the default, counts iterations: write `by_epoch=True` as well, or `max_iters`',
            None,
            'max_iters',
        )
    }

    by_epoch: Flag = Field(False, description='False for an iteration-based loop. Only without `type`.')
    max_iters: Annotated[Whole, Says('AssertionError: `max_iters` should be a integer number')] = Field(
        description='The number of iterations (batches) to train.'
    )
    val_interval: Interval = Field(1000, description='The number of iterations between two validations.')


_BELONGS = {
    'interval': Hint('validation runs every `train_cfg.val_interval`'),
    'val_interval': Hint('validation runs every `train_cfg.val_interval`'),
    'begin': Hint('validation begins at `train_cfg.val_begin`'),
    'val_begin': Hint('validation begins at `train_cfg.val_begin`'),
}


class ValLoop(Model):
    """Validates once over the dataset.

    Source: mmengine.runner.loops:ValLoop
    """

    HINTS: ClassVar = _BELONGS

    fp16: Flag = Field(False, description='Whether to run the model under automatic mixed precision.')


class TestLoop(Model):
    """Tests once over the dataset.

    Source: mmengine.runner.loops:TestLoop
    """

    HINTS: ClassVar = _BELONGS

    fp16: Flag = Field(False, description='Whether to run the model under automatic mixed precision.')


class TrainSection(Component):
    """train_cfg: without a `type`, `by_epoch` decides which loop is built."""

    def check(self, value: object, path: Path, shadowed: Collection[str]) -> Iterator[Violation]:
        if isinstance(value, dict) and 'type' in value and 'by_epoch' in value:
            message = (
                '`type` and `by_epoch` cannot be given together: the type already says how to count; '
                'MMEngine raises RuntimeError: Only one of type` or `by_epoch` can exist in `loop_cfg`.`'
            )
            yield Violation((*path, 'by_epoch'), 'conflict', message)
        yield from super().check(value, path, shadowed)

    def class_name(self, value: Dict, shadowed: Collection[str]) -> str | None:
        if 'type' in value:
            return super().class_name(value, shadowed)
        by_epoch = value.get('by_epoch')
        if undecided(by_epoch) or not decided_keys(value):
            return None
        return 'EpochBasedTrainLoop' if by_epoch else 'IterBasedTrainLoop'

    def branches(self) -> Iterator[tuple[dict[str, Any], str]]:
        for condition, name in super().branches():
            if name != self.default or 'properties' in condition:
                yield condition, name
        untyped = {'type': 'object', 'not': {'required': ['type']}}
        by_epoch = {'properties': {'by_epoch': {'const': True}}, 'required': ['by_epoch']}
        yield {**untyped, **by_epoch}, 'EpochBasedTrainLoop'
        yield {**untyped, 'not': {'anyOf': [{'required': ['type']}, by_epoch]}}, 'IterBasedTrainLoop'


_LOOPS = {name: f'loops:{name}' for name in ('EpochBasedTrainLoop', 'IterBasedTrainLoop', 'ValLoop', 'TestLoop')}
TRAIN_LOOP = TrainSection(
    '`train_cfg`',
    _LOOPS,
    optional=True,
    default='IterBasedTrainLoop',
    says='TypeError: train_loop should be a Loop object or dict',
)
VAL_LOOP = Component(
    '`val_cfg`', _LOOPS, optional=True, default='ValLoop', says='TypeError: val_loop should be a Loop object or dict'
)
TEST_LOOP = Component(
    '`test_cfg`', _LOOPS, optional=True, default='TestLoop', says='TypeError: test_loop should be a Loop object or dict'
)


def _interval(given: Dict) -> Iterator[Violation]:
    interval = given.get('val_interval')
    if not is_number(interval):
        return
    if interval == 0:
        message = '`val_interval` must be a positive integer, got `0`; MMEngine raises ZeroDivisionError'
        yield found('out-of-range', message, 'val_interval')
    elif interval < 0 or interval != interval // 1:
        message = (
            f'`val_interval` is `{interval}`: validation will not run when one would expect, write a positive integer'
        )
        yield found('out-of-range', message, 'val_interval', severity='warning')


def _milestones(given: Dict) -> Iterator[Violation]:
    intervals = given.get('dynamic_intervals')
    if not isinstance(intervals, list):
        return
    place = 'dynamic_intervals'
    pairs = [pair for pair in intervals if isinstance(pair, tuple)]
    for index, pair in enumerate(intervals):
        if isinstance(pair, tuple) and len(pair) < 2:
            message = f'each item of `{place}` must be a tuple (milestone, interval), got {len(pair)} of the two'
            yield found('out-of-range', f'{message}; MMEngine raises IndexError', place, index)
        elif isinstance(pair, tuple) and is_number(pair[1]) and pair[1] == 0:
            message = f'an interval in `{place}` must be a positive integer, got `0`'
            yield found('out-of-range', f'{message}; MMEngine raises ZeroDivisionError', place, index, 1)
    starts = [pair[0] for pair in pairs if pair]
    if is_number(*starts) and starts != sorted(starts):
        message = '`dynamic_intervals` must have its milestones in ascending order: MMEngine looks them up by bisection'
        yield found('out-of-range', message, 'dynamic_intervals', severity='warning')
