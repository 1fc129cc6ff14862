"""The command line: thin commands, heavy imports only where a command needs them."""

from __future__ import annotations

import gc

from cfglint.cli.app import app

__all__ = ['app', 'main']


def main() -> None:
    """Run the command line: the entry point of ``cfglint`` and of ``python -m cfglint``."""
    # What a run makes is needed until it ends: looking for garbage would take a third of its time.
    gc.disable()
    try:
        app(prog_name='cfglint')
    finally:
        gc.freeze()  # nor is the interpreter to look through all of it at its end
