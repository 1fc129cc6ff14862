"""The command line: thin commands, heavy imports only where a command needs them."""

from __future__ import annotations

import gc
import sys

from cfglint.cli.app import make_app

__all__ = ['main', 'make_app']


def main() -> None:
    """Run the command line: the entry point of ``cfglint`` and of ``python -m cfglint``."""
    # What a run makes is needed until it ends: looking for garbage would take a third of its time.
    gc.disable()
    try:
        make_app(sys.argv[1] if len(sys.argv) > 1 else None)(prog_name='cfglint')
    finally:
        gc.freeze()  # nor is the interpreter to look through all of it at its end
