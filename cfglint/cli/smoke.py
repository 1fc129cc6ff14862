"""``cfglint smoke``: Typer's command, made from the table of options."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cfglint.cli.from_table import add_command
from cfglint.cli.guard import Guard
from cfglint.cli.smoke_options import PATHS_HELP, SMOKE_OPTIONS

if TYPE_CHECKING:
    import typer

SUMMARY = 'Build the real Runner of configs and run one accumulated iteration, in a process of its own.'


def _smoke(paths: list[str], values: dict[str, Any]) -> int:
    with Guard(verbose=values.pop('verbose')):
        from cfglint.cli.run_smoke import run

        return run(paths, values)


def register(app: typer.Typer) -> None:
    """Add the command."""
    add_command(app, 'smoke', SUMMARY, SMOKE_OPTIONS, PATHS_HELP, _smoke, needs_paths=True)
