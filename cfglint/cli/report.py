"""``cfglint report``: Typer's command, made from the table of options."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cfglint.cli.from_table import add_command
from cfglint.cli.guard import Guard
from cfglint.cli.options import TRACEBACKS, CheckOptions, Option, shared

if TYPE_CHECKING:
    import typer

_SUMMARY = 'Write a page about configs: findings, inheritance, schedules, compatibility, migration.'
_PATHS = 'Configs, folders or globs; the same as those of `check` if not given.'
_OPTIONS = (
    Option('--output', 'output', 'Where the page is written.  [default: report.html]', metavar='FILE.html'),
    *shared('targets', 'config'),
    TRACEBACKS,
)


def _report(paths: list[str], values: dict[str, Any]) -> int:
    verbose = values['verbose']
    with Guard(verbose=verbose):
        from cfglint.cli.run_report import run

        targets = tuple(values['targets'] or ())
        options = CheckOptions(paths=tuple(paths), targets=targets, config=values['config'], verbose=verbose)
        return run(options, values['output'] or 'report.html')


def register(app: typer.Typer) -> None:
    """Add the command."""
    add_command(app, 'report', _SUMMARY, _OPTIONS, _PATHS, _report)
