"""The command line: thin commands, heavy imports only where a command needs them."""

from __future__ import annotations

from cfglint.cli.app import app

__all__ = ['app', 'main']


def main() -> None:
    """Run the command line: the entry point of ``cfglint`` and of ``python -m cfglint``."""
    app(prog_name='cfglint')
