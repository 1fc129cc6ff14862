"""``cfglint migrate``."""

from __future__ import annotations

from typing import Annotated

import typer

from cfglint.cli.guard import Guard


def migrate(
    paths: Annotated[list[str] | None, typer.Argument(help='Configs of 0.x, or folders of them.')] = None,
    code: Annotated[
        list[str] | None,
        typer.Option(metavar='PATH', help='Migrate the Python code there, too: a module, or a folder of them.'),
    ] = None,
    diff: Annotated[bool, typer.Option('--diff', help='Print what would change.')] = False,
    write: Annotated[bool, typer.Option('--write', help='Change the files in place.')] = False,
    output: Annotated[
        str | None, typer.Option(metavar='DIR', help='Write the migrated tree there, bases included.')
    ] = None,
    target: Annotated[
        list[str] | None,
        typer.Option(metavar='LIB[==VERSION]', help='The library to migrate to, such as mmdet==3.3.0.'),
    ] = None,
    report: Annotated[
        str | None, typer.Option(metavar='FILE', help='Write what became what, and what is open, as .md or .html.')
    ] = None,
) -> None:
    """Rewrite configs and code of 0.x (mmcv < 2) for MMEngine; without an option, say what would become of them."""
    with Guard():
        from cfglint.cli.run_migrate import Options, run

        ended = run(Options(tuple(paths or ()), diff, write, output, tuple(target or ()), report, tuple(code or ())))
    raise typer.Exit(ended)


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(migrate)
