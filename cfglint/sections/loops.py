"""train_cfg, val_cfg and test_cfg: the loops."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cfglint.diagnostics import Advice
from cfglint.language.numbers import are_numbers, is_number
from cfglint.sections.slots import Component, Spec
from cfglint.sections.terms import Dict, decided_keys, found, undecided
from cfglint.sections.violations import Path, Violation

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator


def train_loop_relations(given: Dict, name: str) -> Iterator[Violation]:
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


class TrainSection(Component):
    """train_cfg: without a `type`, `by_epoch` decides which loop is built."""

    def check(self, value: object, path: Path, shadowed: Collection[str]) -> Iterator[Violation]:
        given = value if isinstance(value, dict) else {}
        if 'type' in given and 'by_epoch' in given and not undecided(given['by_epoch']):
            message = '`type` and `by_epoch` cannot be given together'
            yield Violation(
                (*path, 'by_epoch'),
                'conflict',
                message,
                raises='RuntimeError: Only one of `type` or `by_epoch` can exist in `loop_cfg`.',
                advice=Advice('remove `by_epoch`: the type says how to count'),
                depends_on=((*path, 'type'),),
            )
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


_LOOPS = {
    'EpochBasedTrainLoop': Spec('loops:EpochBasedTrainLoop', train_loop_relations),
    'IterBasedTrainLoop': Spec('loops:IterBasedTrainLoop', train_loop_relations),
    'ValLoop': Spec('loops:ValLoop'),
    'TestLoop': Spec('loops:TestLoop'),
}

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
    interval: Any = given.get('val_interval')
    if not is_number(interval):
        return
    if interval == 0:
        message = '`val_interval` must be a positive integer, got `0`'
        yield found('out-of-range', message, 'val_interval', raises='ZeroDivisionError')
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
            yield found('out-of-range', message, place, index, raises='IndexError')
        elif isinstance(pair, tuple) and is_number(pair[1]) and pair[1] == 0:
            message = f'an interval in `{place}` must be a positive integer, got `0`'
            yield found('out-of-range', message, place, index, 1, raises='ZeroDivisionError')
    starts = [pair[0] for pair in pairs if pair]
    if are_numbers(*starts) and starts != sorted(starts):
        message = '`dynamic_intervals` must have its milestones in ascending order: MMEngine looks them up by bisection'
        yield found('out-of-range', message, 'dynamic_intervals', severity='warning')
