"""The hook that logs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, ClassVar

from pydantic import Field

from cfglint.schemas.base import Dict, Flag, Hint, Mapped, Says, Strings, Text, Words, absent, found, undecided
from cfglint.schemas.hooks.common import Hook, storage

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cfglint.schemas import Violation


class LoggerHook(Hook):
    """Prints losses and metrics, and hands them to the visualizer.

    Source: mmengine.hooks.logger_hook:LoggerHook
    """

    HINTS: ClassVar = {
        'by_epoch': Hint(
            'write `log_metric_by_epoch`, and `log_processor.by_epoch` for the printed lines', 'log_metric_by_epoch'
        )
    }

    interval: Annotated[
        int | bool,
        Field(gt=0),
        Words('an integer greater than 0'),
        Says('ValueError: interval must be greater than 0', 'TypeError: interval must be an integer'),
    ] = Field(10, description='The number of iterations between two lines.')
    ignore_last: Annotated[bool, Words('a bool'), Says('TypeError: ignore_last must be a boolean')] = Field(
        True, description='Whether the last, incomplete interval of an epoch is not logged.'
    )
    interval_exp_name: Annotated[
        int | bool,
        Field(gt=0),
        Words('an integer greater than 0'),
        Says('ValueError: interval_exp_name must be greater than 0', 'TypeError: interval_exp_name must be an integer'),
    ] = Field(1000, description="The number of iterations between two lines with the experiment's name.")
    out_dir: Annotated[Text | None, Says('TypeError: out_dir must be a str or Path object')] = Field(
        None, description='The folder, or the address of a storage, to which logs are copied.'
    )
    out_suffix: Annotated[Strings, Says('TypeError: out_suffix should be a string or a sequence of string')] = Field(
        ('.json', '.log', '.py', 'yaml'), description='The ends of the names of files that are copied.'
    )
    keep_local: Annotated[bool, Words('a bool'), Says('TypeError: keep_local must be a boolean')] = Field(
        True, description='Whether the local logs stay after copying.'
    )
    file_client_args: Mapped | None = Field(None, description='The outdated name of `backend_args`.')
    log_metric_by_epoch: Flag = Field(
        True, description='Whether metrics are recorded by epoch; set it to False in an iteration-based loop.'
    )
    backend_args: Mapped | None = Field(None, description='The storage of `out_dir`: its backend and arguments.')

    @classmethod
    def relations(cls, given: Dict, name: str) -> Iterator[Violation]:
        yield from storage(given)
        if (
            absent(given, 'out_dir')
            and not absent(given, 'file_client_args')
            and not undecided(given['file_client_args'])
        ):
            message = '`file_client_args` needs `out_dir`'
            said = 'ValueError: file_client_args should be "None" when `out_dir` is notspecified.'
            yield found('conflict', message, 'file_client_args', says=said)
