"""``cfglint targets``."""

from __future__ import annotations

from typing import Annotated

import typer

from cfglint.cli.guard import Guard


def targets(
    path: Annotated[str | None, typer.Argument(help='A file or folder. Default: the current folder.')] = None,
    target: Annotated[
        list[str] | None,
        typer.Option(
            metavar='LIB==VERSION',
            help='The release of a library that the configs are for, or a range of them; may be repeated.',
        ),
    ] = None,
    config: Annotated[
        str | None, typer.Option(metavar='FILE', help='The settings file, instead of the nearest one.')
    ] = None,
    python: Annotated[
        str | None,
        typer.Option(
            metavar='PATH', help='The interpreter that trains, or its environment: its packages count; it is not run.'
        ),
    ] = None,
) -> None:
    """Print the release of each library that configs are checked against, and why it was taken."""
    with Guard():
        import os

        from cfglint.report.releases import table
        from cfglint.settings import project
        from cfglint.targeting import libraries_for
        from cfglint.usage import UsageError

        if path is not None and not os.path.exists(path):
            raise UsageError(f'`{path}` does not exist')
        place = os.path.abspath(path or '.')
        file = os.path.join(place, '_') if os.path.isdir(place) else place
        libraries = libraries_for([file], project(os.getcwd(), config), target or (), python)
        typer.echo(table(libraries.all_targets()), nl=False)


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(targets)
