"""Exit codes, the same for every command and every output format; and the end of a process."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from typing import NoReturn

OK = 0
"""Nothing at or above ``--fail-on``."""
DIAGNOSTICS = 1
"""There are diagnostics at or above ``--fail-on``."""
USAGE = 2
"""Wrong usage or settings."""
INTERNAL = 3
"""cfglint itself failed."""
INTERRUPTED = 130
"""Ctrl-C, as shells report it."""
PIPE_CLOSED = 141
"""The reader of the output went away, as shells report it."""


def leave(code: int) -> NoReturn:
    """End the process without freeing what ends with it."""
    os._exit(flushed(code))


def flushed(code: int) -> int:
    """Write what has been printed; return the exit code, another one if it cannot be written."""
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except OSError as error:
        return unwritable(error)
    return code


def unwritable(error: OSError) -> int:
    """Return the exit code for output that cannot be written; say so, if anybody listens."""
    if isinstance(error, BrokenPipeError):
        return PIPE_CLOSED
    with suppress(OSError):
        print(f'cfglint: error: cannot write the output: {error.strerror}', file=sys.stderr)
    return INTERNAL
