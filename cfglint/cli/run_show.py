"""What ``cfglint show`` does, once its options are read."""

from __future__ import annotations

import gc
import json
import sys
from typing import TYPE_CHECKING, Any, NamedTuple

from cfglint.check import CarefulLoader
from cfglint.cli import exits
from cfglint.language.errors import ConfigError
from cfglint.report.values import encode
from cfglint.usage import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator


class Options(NamedTuple):
    """The command line."""

    file: str | None = None
    key: str | None = None
    format: str | None = None
    origins: bool = False
    cfg_options: tuple[str, ...] = ()
    batch: str | None = None
    color: str = 'auto'


def run(options: Options) -> int:
    """Print, and return the exit code."""
    gc.disable()
    if options.batch is not None:
        return _batch(options)
    raise UsageError('give a config, or --batch LISTFILE')


def _batch(options: Options) -> int:
    """Print a line for each file; a file that cannot be resolved gets its reason, and the rest goes on."""
    if options.file is not None or options.origins or options.format not in (None, 'jsonl'):
        raise UsageError('--batch prints whole configs as jsonl: it goes with no FILE, no --origins and no other --format')
    loader = CarefulLoader()
    for path in _listed(options.batch or '-'):
        sys.stdout.write(json.dumps(_line(path, loader), ensure_ascii=False) + '\n')
        sys.stdout.flush()
    return exits.INTERNAL if loader.crashes else exits.OK


def _listed(listfile: str) -> Iterator[str]:
    try:
        if listfile == '-':
            yield from (line.rstrip('\n') for line in sys.stdin if line.strip())
            return
        with open(listfile, encoding='utf-8', errors='surrogateescape') as file:
            yield from (line.rstrip('\n') for line in file if line.strip())
    except OSError as error:
        raise UsageError(f'cannot read `{listfile}`: {(error.strerror or "").lower()}') from None


def _line(path: str, loader: CarefulLoader) -> dict[str, Any]:
    try:
        return {'path': path, 'config': encode(loader.load(path).table), 'error': None}
    except ConfigError as error:
        return {'path': path, 'config': None, 'error': error.message}
