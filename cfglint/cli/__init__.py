"""The command line: thin commands, heavy imports only where a command needs them."""

from __future__ import annotations

import gc
import os
import sys

from cfglint.cli import exits
from cfglint.cli.terminal import escape_output

__all__ = ['look_for_garbage_seldom', 'main']


def main() -> None:
    """Run the command line: the entry point of ``cfglint`` and of ``python -m cfglint``."""
    look_for_garbage_seldom()
    _open_what_is_closed()
    escape_output()
    command = sys.argv[1] if len(sys.argv) > 1 else None
    try:
        if command == 'check':
            _check(sys.argv[2:])
        from cfglint.cli.app import make_app

        make_app(command)(prog_name='cfglint')
    except SystemExit as end:
        # What others have loaded may have to clean up: only `smoke` runs code of others.
        if command != 'smoke' and isinstance(end.code, int):
            exits.leave(end.code)
        raise
    except OSError as error:  # a command has a guard of its own: what is left is help, which cannot be printed
        os._exit(exits.unwritable(error))


def look_for_garbage_seldom() -> None:
    """Note that nearly all that a command makes is needed until it ends."""
    gc.set_threshold(500_000, 20, 1000)


def _check(arguments: list[str]) -> None:
    """Check what a plain command line says, and exit; return if it takes Typer to read it."""
    from cfglint.cli.reader import read

    options = read(arguments)
    if options is not None:
        from cfglint.cli.run_check import check_as_told

        sys.exit(check_as_told(options))


def _open_what_is_closed() -> None:
    """Let what is printed go nowhere where a stream was closed before we began."""
    for name in ('stdout', 'stderr'):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, 'w', encoding='utf-8'))  # noqa: SIM115 (it lives as long as the process)
