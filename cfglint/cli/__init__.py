"""The command line: thin commands, heavy imports only where a command needs them."""

from __future__ import annotations

import gc
import os
import sys

from cfglint.cli.app import make_app

__all__ = ['main', 'make_app']


def main() -> None:
    """Run the command line: the entry point of ``cfglint`` and of ``python -m cfglint``."""
    # What a run makes is needed until it ends: looking for garbage would take a third of its time.
    gc.disable()
    command = sys.argv[1] if len(sys.argv) > 1 else None
    try:
        make_app(command)(prog_name='cfglint')
    except SystemExit as end:
        # What others have loaded may have to clean up: only `smoke` runs code of others.
        if command != 'smoke' and isinstance(end.code, int):
            _leave(end.code)
        raise


def _leave(code: int) -> None:
    """End the process without freeing, one by one, the objects that end with it."""
    for stream in (sys.stdout, sys.stderr):
        if stream is not None:  # it was closed before we began
            stream.flush()
    os._exit(code)
