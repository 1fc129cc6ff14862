"""``cfglint compat``."""

from __future__ import annotations

from typing import Annotated

import typer

from cfglint.cli.choices import TableFormat
from cfglint.cli.guard import Guard


def compat(
    paths: Annotated[list[str] | None, typer.Argument(help='Configs, or folders of them.')] = None,
    output_format: Annotated[TableFormat, typer.Option(help='How the tables are printed.')] = TableFormat.text,
    environment: Annotated[
        bool, typer.Option('--environment', help='Say what will break with the versions that are installed.')
    ] = False,
    target: Annotated[
        list[str] | None,
        typer.Option(
            metavar='LIB==VERSION', help='The release of the other libraries, or the range to try; may be repeated.'
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
    """Say in which releases of the libraries configs work, and why not in the others."""
    with Guard():
        from cfglint.cli.run_compat import Options, run

        code = run(Options(tuple(paths or ()), output_format.value, environment, tuple(target or ()), config, python))
    raise typer.Exit(code)


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(compat)
