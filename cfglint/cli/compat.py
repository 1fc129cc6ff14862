"""``cfglint compat``: Typer's command, made from the table of options."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cfglint.cli.from_table import add_command
from cfglint.cli.guard import Guard
from cfglint.cli.options import Option, shared

if TYPE_CHECKING:
    import typer

_SUMMARY = 'Say in which releases of the libraries configs work, and why not in the others.'
_OPTIONS = (
    Option(
        '--output-format', 'output_format', 'How the tables are printed.  [default: text]', choices=('text', 'json')
    ),
    Option('--environment', 'environment', 'Say what will break with the versions that are installed.', 'flag'),
    Option(
        '--target',
        'target',
        'The release of the other libraries, or the range to try; may be repeated.',
        'list',
        metavar='LIB==VERSION',
    ),
    *shared('config', 'python'),
)


def _compat(paths: list[str], values: dict[str, Any]) -> int:
    with Guard():
        from cfglint.cli.run_compat import Options, run

        form, targets = values['output_format'] or 'text', tuple(values['target'] or ())
        return run(Options(tuple(paths), form, values['environment'], targets, values['config'], values['python']))


def register(app: typer.Typer) -> None:
    """Add the command."""
    add_command(app, 'compat', _SUMMARY, _OPTIONS, 'Configs, or folders of them.', _compat)
