"""log_processor: how logged values are averaged and printed."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from cfglint.sections.slots import Component, Many, Plain, Spec
from cfglint.sections.terms import Dict, decided_keys, found
from cfglint.sections.violations import Violation

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from cfglint.sections.violations import Path


class LogSpec(Spec):
    """What is logged under another name; MMEngine looks for nothing else in it before the value is there."""

    def check(self, value: Dict, path: Path, shadowed: Collection[str], name: str | None = None) -> Iterator[Violation]:
        """No value has the empty name, so that nothing comes of an item that asks for it."""
        if value.get('data_src') == '':
            message = '`data_src` is empty: no value is logged under that name, and this item does nothing; remove it'
            yield Violation((*path, 'data_src'), 'out-of-range', message, severity='warning')
            return
        yield from super().check(value, path, shadowed, name)


_PARTS = {
    'custom_cfg': Many(
        '`custom_cfg`',
        Plain('an item of `custom_cfg`', LogSpec('log_processor:CustomLog')),
        optional=True,
        says='TypeError: string indices must be integers',
    )
}


def log_processor_relations(given: Dict, name: str) -> Iterator[Violation]:
    pattern = given.get('mean_pattern')
    if isinstance(pattern, str):
        try:
            re.compile(pattern)
        except (re.error, RecursionError, OverflowError) as error:
            message = f'`mean_pattern` must be a regular expression: {error}'
            yield found('wrong-type', message, 'mean_pattern', raises='re.error')
    items = given.get('custom_cfg')
    if isinstance(items, (list, tuple)):
        yield from _logs(items, given.get('by_epoch', True))


def _logs(items: Any, by_epoch: object) -> Iterator[Violation]:
    names: list[str] = []
    for index, item in enumerate(items):
        if not isinstance(item, dict) or not decided_keys(item):
            continue
        log = item.get('log_name', item.get('data_src'))
        if isinstance(log, str) and log in names:
            message = f'`{log:.60}` is logged twice: give each value its own `log_name`'
            yield found('conflict', message, 'custom_cfg', index, raises='AssertionError: Found duplicate')
        elif isinstance(log, str):
            names.append(log)
        yield from _window(item, index, by_epoch)


def _window(item: Dict, index: int, by_epoch: object) -> Iterator[Violation]:
    if by_epoch is False and 'window_size' not in item:
        message = 'an item of `custom_cfg` needs `window_size` when `by_epoch` is False'
        yield found('missing-field', message, 'custom_cfg', index, raises="KeyError: 'window_size'")
    elif by_epoch is False and item['window_size'] == 'epoch':
        message = "`window_size` cannot be `'epoch'` when `by_epoch` is False"
        said = 'AssertionError: window_size cannot be epoch if LoggerHook.by_epoch is False.'
        yield found('conflict', message, 'custom_cfg', index, 'window_size', raises=said, depends_on=('by_epoch',))
    if item.get('method_name') == 'current' and isinstance(item.get('window_size'), (int, str)):
        message = '`window_size` is not for the method `current`, which takes the last value'
        yield found('conflict', message, 'custom_cfg', index, 'window_size', raises='TypeError')


LOG_PROCESSOR = Component(
    '`log_processor`',
    {'LogProcessor': Spec('log_processor:LogProcessor', log_processor_relations, _PARTS)},
    default='LogProcessor',
    optional=True,
    says='TypeError: log processor should be a LogProcessor object or dict',
)
