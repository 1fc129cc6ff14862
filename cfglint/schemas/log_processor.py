"""log_processor: how logged values are averaged and printed."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal

from pydantic import Field

from cfglint.schemas.base import Dict, Flag, Integer, Missing, Model, Says, Words, decided_keys, found
from cfglint.schemas.slots import Component, Many, Plain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cfglint.schemas import Violation


class CustomLog(Model):
    """One value that is logged in another way.

    Source: mmengine.runner.log_processor:LogProcessor._check_custom_cfg
    """

    NAME: ClassVar = 'custom_cfg'
    CALL: ClassVar = 'LogProcessor._collect_scalars()'

    data_src: Annotated[Any, Missing('AssertionError')] = Field(description='The logged value to take.')
    log_name: Any = Field(None, description='The name to log it under; else its own.')
    method_name: Annotated[
        Literal['mean', 'min', 'max', 'current'],
        Says('KeyError: has not been registered in HistoryBuffer._statistics_methods'),
    ] = Field(description='What to compute over the window.')
    window_size: Annotated[
        int | bool | Literal['epoch', 'global'] | None,
        Words("an integer, `'epoch'` or `'global'`"),
        Says('TypeError: window_size should be int, epoch or global'),
    ] = Field(None, description='The number of iterations to compute it over.')


class LogProcessor(Model):
    """Averages logged values and formats them.

    Source: mmengine.runner.log_processor:LogProcessor
    """

    SLOTS: ClassVar = {
        'custom_cfg': Many(
            '`custom_cfg`',
            Plain('an item of `custom_cfg`', 'log_processor:CustomLog'),
            optional=True,
            says='TypeError: string indices must be integers',
        )
    }

    window_size: Annotated[Integer, Says('AssertionError: The type of window size should be int')] = Field(
        10, description='The number of iterations over which values are averaged.'
    )
    by_epoch: Flag = Field(True, description='Whether positions are printed in epochs; else in iterations.')
    custom_cfg: Any = Field(None, description='Values that are logged in another way.')
    num_digits: Annotated[Integer, Says('ValueError: Invalid format specifier')] = Field(
        4, description='The number of digits behind the point.'
    )
    log_with_hierarchy: Flag = Field(False, description='Whether names of values have a prefix: train, val or test.')
    mean_pattern: Annotated[str, Words('a regular expression'), Says('re.error')] = Field(
        '.*(loss|time|data_time|grad_norm).*',
        description='The values that are averaged; others are logged as they are.',
    )

    @classmethod
    def relations(cls, given: Dict, name: str) -> Iterator[Violation]:
        pattern = given.get('mean_pattern')
        if isinstance(pattern, str):
            try:
                re.compile(pattern)
            except (re.error, RecursionError, OverflowError) as error:
                message = f'`mean_pattern` must be a regular expression: {error}; MMEngine raises re.error'
                yield found('wrong-type', message, 'mean_pattern')
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
            yield found('conflict', f'{message}; MMEngine raises AssertionError: Found duplicate', 'custom_cfg', index)
        elif isinstance(log, str):
            names.append(log)
        yield from _window(item, index, by_epoch)


def _window(item: Dict, index: int, by_epoch: object) -> Iterator[Violation]:
    if by_epoch is False and 'window_size' not in item:
        message = 'an item of `custom_cfg` needs `window_size` when `by_epoch` is False'
        yield found('missing-field', message, 'custom_cfg', index, says="KeyError: 'window_size'")
    elif by_epoch is False and item['window_size'] == 'epoch':
        message = "`window_size` cannot be `'epoch'` when `by_epoch` is False"
        said = 'AssertionError: window_size cannot be epoch if LoggerHook.by_epoch is False.'
        yield found('conflict', message, 'custom_cfg', index, 'window_size', says=said)
    if item.get('method_name') == 'current' and item.get('window_size') is not None:
        message = '`window_size` is not for the method `current`, which takes the last value'
        yield found('conflict', f'{message}; MMEngine raises TypeError', 'custom_cfg', index, 'window_size')


LOG_PROCESSOR = Component(
    '`log_processor`',
    {'LogProcessor': 'log_processor:LogProcessor'},
    default='LogProcessor',
    optional=True,
    says='TypeError: log processor should be a LogProcessor object or dict',
)
