"""``cfglint check``: Typer's command, made from the table of options."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cfglint.cli.from_table import add_command
from cfglint.cli.options import CHECK_OPTIONS, PATHS_HELP, check_options

if TYPE_CHECKING:
    import typer

SUMMARY = 'Check configs: say what MMEngine would refuse, silently ignore, or not take as meant.'


def _check(paths: list[str], values: dict[str, Any]) -> int:
    from cfglint.cli.run_check import check_as_told

    return check_as_told(check_options(paths, values))


def register(app: typer.Typer) -> None:
    """Add the command."""
    add_command(app, 'check', SUMMARY, CHECK_OPTIONS, PATHS_HELP, _check)
