"""Hooks that are asked to act every 0 iterations."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cfglint.diagnostics import Advice, Severity
from cfglint.language.numbers import is_int
from cfglint.language.values import Table
from cfglint.rules.reading.official import data_facts_of
from cfglint.rules.rule import rule
from cfglint.sections.table import HOOKS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cfglint.diagnostics import Diagnostic
    from cfglint.rules.context import Context
    from cfglint.rules.reading.items import Item

NEVER: Final = {
    'CheckpointHook': (
        'only the last checkpoint is saved',
        Advice('say how often to save (-1 if it is meant), such as', 'interval=1'),
    ),
    'LoggerHook': ('nothing is logged', Advice('say how often to log, such as', 'interval=50')),
}
SLOTS: Final = {'checkpoint': 'CheckpointHook', 'logger': 'LoggerHook'}
SWITCHES: Final = ('draw', 'enable')
"""Arguments of hooks that draw, which do nothing until one of them is true."""


@rule(severity=Severity.WARNING, reads=HOOKS)
def zero_interval(context: Context) -> Iterator[Diagnostic]:
    """An `interval=0` of a hook: it never acts, or divides by it.

    MMEngine's hooks, and those of the libraries that ask MMEngine whether it is time (`CheckInvalidLossHook`), never act.
    Others compute the remainder themselves (`DetVisualizationHook` with `draw=True`, `MeanTeacherHook`), which is a
    `ZeroDivisionError` at the first iteration.

    Source: `mmengine/hooks/hook.py`, `every_n_epochs`: `(runner.epoch + 1) % n == 0 if n > 0 else False`;
    `mmdet/engine/hooks/visualization_hook.py`, `total_curr_iter % self.interval`.

    ```py title="bad"
    default_hooks = dict(checkpoint=dict(type='CheckpointHook', interval=0))
    ```

    ```py title="good"
    default_hooks = dict(checkpoint=dict(type='CheckpointHook', interval=1))
    ```
    """
    for section in ('default_hooks', 'custom_hooks'):
        item = context.section(section)
        for hook in item.items() if item is not None else ():
            if isinstance(hook.value, Table) and is_int(hook.value.get('interval')) and hook.value['interval'] == 0:
                yield from _judge(context, hook)


def _judge(context: Context, hook: Item) -> Iterator[Diagnostic]:
    interval = hook.get('interval')
    kind = hook.type_name if 'type' in hook.value else SLOTS.get(hook.name)
    if interval is None or kind is None:
        return
    if kind in NEVER:
        effect, advice = NEVER[kind]
        yield context.report(interval, f'`{kind}` never acts with `interval=0`: {effect}', advice=advice)
        return
    raises = data_facts_of(context, hook).intervals.get(kind)
    advice = Advice('say how often it is to act, such as', 'interval=50')
    if raises == '':
        yield context.report(interval, f'`{kind}` never acts with `interval=0`', ignored=True, advice=advice)
    elif raises and (not kind.endswith('VisualizationHook') or any(hook.value.get(name) is True for name in SWITCHES)):
        message = f'`{kind}` divides by its `interval`, which is 0'
        yield context.report(interval, message, severity=Severity.ERROR, raises=raises, advice=advice)
