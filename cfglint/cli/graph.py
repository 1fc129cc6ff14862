"""``cfglint graph``: Typer's command, made from the table of options."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cfglint.cli.from_table import add_command
from cfglint.cli.guard import Guard
from cfglint.cli.options import Option, shared

if TYPE_CHECKING:
    import typer

_SUMMARY = 'Show which configs inherit which, and how many findings stand in each.'
_PATHS = 'Configs, folders or globs; the same as those of `check` if not given.'
_OPTIONS = (
    Option('--dependents', 'dependents', 'Only this file and the configs that inherit it.', metavar='FILE'),
    Option('--bases', 'bases', 'Only this config and what it inherits.', metavar='FILE'),
    Option(
        '--output-format',
        'output_format',
        'How the graph is printed.  [default: text]',
        choices=('text', 'dot', 'mermaid', 'svg', 'json'),
    ),
    *shared('config'),
)


def _graph(paths: list[str], values: dict[str, Any]) -> int:
    with Guard():
        from cfglint.cli.run_graph import run

        form = values['output_format'] or 'text'
        return run(tuple(paths), values['dependents'], values['bases'], form, values['config'])


def register(app: typer.Typer) -> None:
    """Add the command."""
    add_command(app, 'graph', _SUMMARY, _OPTIONS, _PATHS, _graph)
