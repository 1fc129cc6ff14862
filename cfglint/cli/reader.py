"""Read the common command lines of `cfglint check` without Typer, whose import takes as long as checking a file.

What is not plain (help, a wrong or missing value, an option that does not exist) is left to Typer, which knows what to say.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from cfglint.cli.options import CHECK_OPTIONS, CheckOptions, Option, check_options

if TYPE_CHECKING:
    from collections.abc import Sequence


def read(arguments: Sequence[str]) -> CheckOptions | None:
    """Return what a command line of `check` says, None where Typer has to read it.

    Args:
        arguments: What follows ``check``.
    """
    by_name = {name: option for option in CHECK_OPTIONS for name in (option.name, option.short) if name}
    paths: list[str] = []
    values: dict[str, object] = {}
    waiting = list(reversed(arguments))
    while waiting:
        word = waiting.pop()
        if word == '--':
            paths += reversed(waiting)
            break
        if not word.startswith('-') or word == '-':
            paths.append(word)
            continue
        name, equals, value = word.partition('=')
        option = by_name.get(name)
        if option is None or (equals and (option.kind == 'flag' or name == option.short)):
            return None
        if option.kind == 'flag':
            values[option.field] = True
            continue
        if not equals:
            if not waiting or waiting[-1].startswith('-'):
                return None
            value = waiting.pop()
        if not _take(option, value, values):
            return None
    return check_options(paths, values) if _read_environment(values) else None


def _take(option: Option, value: str, values: dict[str, object]) -> bool:
    """Note the value of an option; tell whether the option takes it."""
    if option.choices and value not in option.choices:
        return False
    if option.kind == 'number':
        if not (value.isascii() and value.isdigit()):
            return False
        values[option.field] = int(value)
    elif option.kind == 'value':
        values[option.field] = value
    else:
        listed = values.setdefault(option.field, [])
        assert isinstance(listed, list)
        listed.append(value)
    return True


def _read_environment(values: dict[str, object]) -> bool:
    """Note what environment variables say of options that were not given; tell whether the options take it."""
    for option in CHECK_OPTIONS:
        value = os.environ.get(option.envvar, '') if option.envvar else ''
        given = value.split() if option.kind == 'list' else [value] if value else []
        if option.field not in values and not all(_take(option, each, values) for each in given):
            return False
    return True
