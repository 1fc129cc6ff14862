"""What happens in the timeline of a training: validations, checkpoints, switches of the pipeline, freezing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from cfglint.language.numbers import is_number
from cfglint.rules.reading.types import type_name
from cfglint.sections.table import STAGES
from cfglint.timeline.setup import Clock, Event, dicts_in

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_MOST: Final = 2000
"""Of how many times of one event all are kept."""
_LAST_EPOCHS: Final = {'YOLOXModeSwitchHook': 15, 'YOLOXPoseModeSwitchHook': 20}
"""Hooks that switch so many epochs, and one, before the end; by default."""


def modern_events(table: Mapping[str, Any], clock: Clock) -> Iterator[Event]:
    """Yield what happens in a training of 1.x."""
    loop = table.get('train_cfg')
    if isinstance(loop, dict) and all(table.get(key) is not None for key in STAGES['val']):
        yield from _validations(loop, clock)
    slots = table.get('default_hooks') if isinstance(table.get('default_hooks'), dict) else {}
    checkpoint = (slots or {}).get('checkpoint', {'interval': 1})
    if isinstance(checkpoint, dict):
        by_epoch = bool(checkpoint.get('by_epoch', True))
        yield from _checkpoints(checkpoint, clock, in_epochs=by_epoch, last=bool(checkpoint.get('save_last', True)))
    yield from _of_hooks(table, clock)


def legacy_events(table: Mapping[str, Any], clock: Clock) -> Iterator[Event]:
    """Yield what happens in a training of 0.x."""
    evaluation = table.get('evaluation')
    if isinstance(evaluation, dict):
        interval, start = evaluation.get('interval', 1), evaluation.get('start') or 0
        in_epochs = bool(evaluation.get('by_epoch', clock.by_epoch))
        if _counts(interval) and is_number(start):
            yield from _repeated('validation', 'validation', interval, clock, in_epochs=in_epochs, begin=start)
    checkpoint = table.get('checkpoint_config')
    if isinstance(checkpoint, dict):
        in_epochs = bool(checkpoint.get('by_epoch', clock.by_epoch))
        yield from _checkpoints(checkpoint, clock, in_epochs=in_epochs, last=bool(checkpoint.get('save_last', True)))
    yield from _of_hooks(table, clock)


def _validations(loop: dict[Any, Any], clock: Clock) -> Iterator[Event]:
    interval = loop.get('val_interval', 1 if clock.by_epoch else 1000)
    begin = loop.get('val_begin', 1)
    changes = loop.get('dynamic_intervals')
    if not _counts(interval) or not is_number(begin):
        return
    if not isinstance(changes, (list, tuple)) or not changes:
        yield from _repeated('validation', 'validation', interval, clock, begin=begin, last=True)
        return
    steps = [each for each in changes if isinstance(each, (list, tuple)) and len(each) == 2 and _counts(*each)]
    # MMEngine looks which interval counts one epoch or iteration ahead.
    begins = [0, *(step - 1 for step, _ in steps)]
    ends = [*(start - 1 for start in begins[1:]), clock.length]
    at: list[float] = []
    count = 0
    for start, end, each in zip(begins, ends, [interval, *(each for _, each in steps)], strict=True):
        first = -(-max(start, begin, 1) // each) * each
        found = range(int(first), min(end, clock.length) + 1, each)
        count += len(found)
        at += found[:: max(1, len(found) // _MOST)]
    if not at or at[-1] < clock.length:
        at.append(clock.length)
        count += 1
    yield Event('validation', f'validation: {count} times', tuple(at))


def _checkpoints(hook: dict[Any, Any], clock: Clock, *, in_epochs: bool, last: bool) -> Iterator[Event]:
    interval, begin = hook.get('interval', 1), hook.get('save_begin', 0)
    if _counts(interval) and is_number(begin):
        yield from _repeated('checkpoint', 'checkpoint', interval, clock, in_epochs=in_epochs, begin=begin, last=last)
    elif last and is_number(interval):
        yield Event('checkpoint', 'checkpoint at the end', (clock.length,))


def _repeated(
    kind: str,
    what: str,
    interval: int,
    clock: Clock,
    *,
    in_epochs: bool | None = None,
    begin: float = 0,
    last: bool = False,
) -> Iterator[Event]:
    """Yield what happens every few epochs or iterations, counted from `begin` on, and at the end if `last` is set."""
    in_epochs = clock.by_epoch if in_epochs is None else in_epochs
    unit = 'epoch' if in_epochs else 'iteration'
    step = clock.place(interval, in_epochs=in_epochs)
    if step is None:  # all of a training that counts iterations is one epoch
        yield Event(kind, f'{what} at the end', (clock.length,))
        return
    first = -(-begin // interval) * interval if kind == 'validation' else begin
    start = clock.place(first or interval, in_epochs=in_epochs) or step
    count = int((clock.length - start) / step + 1e-9) + 1 if clock.length >= start else 0
    at = [start + index * step for index in range(0, count, max(1, count // _MOST))]
    if last and (not at or at[-1] < clock.length):
        at.append(clock.length)
    every = f'every {unit}' if interval == 1 else f'every {interval:,} {unit}s'
    yield Event(kind, f'{what} {every}' if count else f'{what} at the end', tuple(at))


def _of_hooks(table: Mapping[str, Any], clock: Clock) -> Iterator[Event]:
    for hook in dicts_in(table.get('custom_hooks')):
        yield from _switches(hook, clock)
        yield from _thaws(hook, clock)
    for hook in dicts_in(table.get('optimizer_config')):
        yield from _thaws(hook, clock)
    for key, stages in _frozen(table.get('model'), 'model'):
        yield Event('freezing', f'`{key}`: frozen up to stage {stages}, from the start to the end', (0,))


def _switches(hook: dict[Any, Any], clock: Clock) -> Iterator[Event]:
    name = type_name(hook.get('type')) or ''
    epochs: list[tuple[Any, str]] = []
    if name == 'PipelineSwitchHook':
        epochs = [(hook.get('switch_epoch'), 'pipeline')]
    elif name in _LAST_EPOCHS:
        last = hook.get('num_last_epochs', _LAST_EPOCHS[name])
        epochs = [(max(clock.length - last - 1, 0), 'pipeline')] if is_number(last) and clock.by_epoch else []
    elif name == 'SwitchRecipeHook':
        for each in dicts_in(hook.get('schedule')):
            what = ', '.join(key for key in ('train_pipeline', 'batch_augments', 'loss') if key in each)
            epochs += [(each['action_epoch'] - 1, what)] if is_number(each.get('action_epoch')) else []
    elif name == 'RTMOModeSwitchHook' and isinstance(hook.get('epoch_attributes'), dict):
        epochs = [(epoch, 'losses') for epoch in hook['epoch_attributes']]
    for epoch, what in epochs:
        if clock.by_epoch and is_number(epoch) and 0 <= epoch < clock.length:
            yield Event('pipeline', f'`{name}` switches {what} after epoch {epoch}', (epoch,))


def _thaws(hook: dict[Any, Any], clock: Clock) -> Iterator[Event]:
    """Yield when a part of the model that was frozen begins to learn."""
    frozen = hook.get('frozen_layers_cfg')
    for part, iterations in frozen.items() if isinstance(frozen, dict) else ():
        at = clock.place(iterations, in_epochs=False) if is_number(iterations) else None
        if at is not None and at <= clock.length:
            yield Event('freezing', f'`{part}`: frozen until iteration {iterations:,}', (at,))
    epoch: Any = hook.get('backbone_start_train_epoch')
    if is_number(epoch) and clock.by_epoch:
        yield Event('freezing', f'`backbone`: frozen until epoch {epoch}', (epoch,))


def _frozen(value: Any, key: str) -> Iterator[tuple[str, int]]:
    if isinstance(value, dict):
        stages = value.get('frozen_stages')
        if isinstance(stages, int) and stages >= 0:
            yield key, stages
        for name, each in value.items():
            yield from _frozen(each, f'{key}.{name}')
    elif isinstance(value, (list, tuple)):
        for index, each in enumerate(value):
            yield from _frozen(each, f'{key}.{index}')


def _counts(*values: Any) -> bool:
    return all(isinstance(value, int) and value > 0 for value in values)
