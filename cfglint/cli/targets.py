"""``cfglint targets``: Typer's command, made from the table of options."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cfglint.cli.from_table import add_command
from cfglint.cli.guard import Guard
from cfglint.cli.options import shared

if TYPE_CHECKING:
    import typer

_SUMMARY = 'Print the release of each library that configs are checked against, and why it was taken.'
_PATH = 'A file or folder. Default: the current folder.'


def _targets(paths: list[str], values: dict[str, Any]) -> int:
    with Guard():
        import os

        from cfglint.report.releases import table
        from cfglint.settings import project
        from cfglint.targeting import libraries_for
        from cfglint.usage import UsageError

        if len(paths) > 1:
            raise UsageError(f'one file or folder at a time: `{paths[0]}` and `{paths[1]}` are two')
        if paths and not os.path.exists(paths[0]):
            raise UsageError(f'`{paths[0]}` does not exist')
        place = os.path.abspath(paths[0] if paths else '.')
        file = os.path.join(place, '_') if os.path.isdir(place) else place
        settings = project(os.getcwd(), values['config'])
        libraries = libraries_for([file], settings, values['targets'] or (), values['python'])
        print(table(libraries.all_targets()), end='')
        return 0


def register(app: typer.Typer) -> None:
    """Add the command."""
    add_command(app, 'targets', _SUMMARY, shared('targets', 'config', 'python'), _PATH, _targets, metavar='[PATH]')
