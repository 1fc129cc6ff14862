"""``cfglint graph``."""

from __future__ import annotations

from typing import Annotated

import typer

from cfglint.cli.choices import GraphFormat
from cfglint.cli.guard import Guard


def graph(
    paths: Annotated[
        list[str] | None, typer.Argument(help='Configs, folders or globs; the same as those of `check` if not given.')
    ] = None,
    dependents: Annotated[
        str | None, typer.Option(metavar='FILE', help='Only this file and the configs that inherit it.')
    ] = None,
    bases: Annotated[str | None, typer.Option(metavar='FILE', help='Only this config and what it inherits.')] = None,
    output_format: Annotated[GraphFormat, typer.Option(help='How the graph is printed.')] = GraphFormat.text,
    config: Annotated[
        str | None, typer.Option(metavar='FILE', help='The settings file, instead of the nearest one.')
    ] = None,
) -> None:
    """Show which configs inherit which, and how many findings stand in each."""
    with Guard():
        from cfglint.cli.run_graph import run

        code = run(tuple(paths or ()), dependents, bases, output_format.value, config)
    raise typer.Exit(code)


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(graph)
