"""Exit codes: the same for every command and every output format."""

from __future__ import annotations

import os
import sys
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

_kept: tuple[object, ...] = ()


def keep(*values: object) -> None:
    """Keep what a run has used until `leave`: freeing it takes longer than printing what was found."""
    global _kept
    _kept = values


def leave(code: int) -> NoReturn:
    """End the process without freeing what ends with it."""
    flush()
    os._exit(code)


def flush() -> None:
    """Write what has been printed."""
    for stream in (sys.stdout, sys.stderr):
        if stream is not None:  # it was closed before we began
            stream.flush()
