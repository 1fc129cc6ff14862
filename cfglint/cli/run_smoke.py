"""What a command line of ``cfglint smoke`` asks for."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from cfglint.cli.output import Output, parsed, require_places
from cfglint.smoke.command import run as run_request
from cfglint.smoke.fit import memory_of_gpu
from cfglint.smoke.options import Options
from cfglint.smoke.quantities import GIB, seconds, size
from cfglint.smoke.report import FORMATS
from cfglint.smoke.request import Request


def run(paths: list[str], values: dict[str, Any]) -> int:
    """Run the configs and return the exit code.

    Raises:
        UsageError: There are no configs, or an option cannot be used.
    """
    return run_request(request_of(paths, values))


def request_of(paths: list[str], values: dict[str, Any]) -> Request:
    """Return what was asked for.

    Args:
        paths: The arguments.
        values: What was given, by the field of `Options` or `Request`; None where nothing was.
    """
    given: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value for name, value in values.items() if value is not None
    }
    if given.get('meta'):
        given['device'] = 'cpu'
    if 'memory_limit' in given:
        given['memory_limit'] = int(given['memory_limit'] * GIB)
    if 'time_budget' in given:
        given['time_budget'] = seconds(given['time_budget'], '--time-budget')
    if 'max_memory' in given:
        given['max_memory'] = size(given['max_memory'], '--max-memory')
    if 'gpu' in given:
        given['max_memory'] = memory_of_gpu(given.pop('gpu'))
    outputs = parsed(given.pop('output_formats', ()), FORMATS) or [Output('text')]
    require_places(outputs)
    names = {field.name for field in fields(Options)}
    options: dict[str, Any] = {name: given.pop(name) for name in names & given.keys()}
    return Request(paths=tuple(paths), options=Options(**options), outputs=tuple(outputs), **given)
