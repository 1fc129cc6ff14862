"""``cfglint report``."""

from __future__ import annotations

from typing import Annotated

import typer

from cfglint.cli.guard import Guard


def report(
    paths: Annotated[
        list[str] | None, typer.Argument(help='Configs, folders or globs; the same as those of `check` if not given.')
    ] = None,
    output: Annotated[str, typer.Option(metavar='FILE.html', help='Where the page is written.')] = 'report.html',
    target: Annotated[
        list[str] | None,
        typer.Option(
            metavar='LIB==VERSION', help='The release of a library that the configs are for; may be repeated.'
        ),
    ] = None,
    config: Annotated[
        str | None, typer.Option(metavar='FILE', help='The settings file, instead of the nearest one.')
    ] = None,
    verbose: Annotated[bool, typer.Option('--verbose', '-v', help='Show tracebacks.')] = False,
) -> None:
    """Write a page about configs: findings, inheritance, schedules, compatibility, migration."""
    with Guard(verbose=verbose):
        from cfglint.cli.options import CheckOptions
        from cfglint.cli.run_report import run

        options = CheckOptions(paths=tuple(paths or ()), targets=tuple(target or ()), config=config, verbose=verbose)
        code = run(options, output)
    raise typer.Exit(code)


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(report)
