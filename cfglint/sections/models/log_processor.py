"""log_processor."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field

from cfglint.sections.models.base import (
    Flag,
    Integer,
    Missing,
    Model,
    Says,
    Words,
)


class CustomLog(Model):
    """One value that is logged in another way.

    Source: mmengine.runner.log_processor:LogProcessor._check_custom_cfg
    """

    NAME: ClassVar[Any] = 'custom_cfg'

    CALL: ClassVar[Any] = 'LogProcessor._collect_scalars()'

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
