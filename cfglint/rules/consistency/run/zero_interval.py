"""Hooks that are asked to act every 0 iterations."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cfglint.diagnostics import Advice, Severity
from cfglint.language.values import Table
from cfglint.rules.context import type_name
from cfglint.rules.facts.data import is_int
from cfglint.rules.rule import rule
from cfglint.sections.table import HOOKS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cfglint.diagnostics import Diagnostic
    from cfglint.rules.context import Context, Item

NEVER: Final = {
    'CheckpointHook': (
        'only the last checkpoint is saved',
        Advice('say how often to save (-1 if it is meant), such as', 'interval=1'),
    ),
    'LoggerHook': ('nothing is logged', Advice('say how often to log, such as', 'interval=50')),
}
SLOTS: Final = {'checkpoint': 'CheckpointHook', 'logger': 'LoggerHook'}


@rule(severity=Severity.WARNING, reads=HOOKS)
def zero_interval(context: Context) -> Iterator[Diagnostic]:
    """An `interval=0` of a hook of MMEngine: it never acts.

    Source: `mmengine/hooks/hook.py`, `every_n_epochs`: `(runner.epoch + 1) % n == 0 if n > 0 else False`.

    ```py title="bad"
    default_hooks = dict(checkpoint=dict(type='CheckpointHook', interval=0))
    ```

    ```py title="good"
    default_hooks = dict(checkpoint=dict(type='CheckpointHook', interval=1))
    ```
    """
    for section in ('default_hooks', 'custom_hooks'):
        item = context.root.get(section)
        for hook in item.items() if item is not None else ():
            if isinstance(hook.value, Table):
                yield from _judge(context, hook)


def _judge(context: Context, hook: Item) -> Iterator[Diagnostic]:
    interval = hook.get('interval')
    kind = type_name(hook.value.get('type')) if 'type' in hook.value else SLOTS.get(hook.name)
    if interval is not None and is_int(interval.value) and interval.value == 0 and kind in NEVER:
        effect, advice = NEVER[kind]
        yield context.report(interval, f'`{kind}` never acts with `interval=0`: {effect}', advice=advice)
