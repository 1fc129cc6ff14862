"""``cfglint show``."""

from __future__ import annotations

from typing import Annotated, List, Optional  # noqa: UP035 (read by older versions of Typer)

import typer

from cfglint.cli.choices import Colour, ShowFormat
from cfglint.cli.guard import Guard


def show(
    file: Annotated[Optional[str], typer.Argument(help='The config.')] = None,
    key: Annotated[Optional[str], typer.Argument(help='A dotted key, such as optim_wrapper.optimizer.lr.')] = None,
    format: Annotated[
        Optional[ShowFormat], typer.Option(help='How the config is printed.  [default: py; with --batch: jsonl]')
    ] = None,
    origins: Annotated[
        bool, typer.Option('--origins', help='Say where each value comes from and what it overrides.')
    ] = False,
    cfg_options: Annotated[
        Optional[List[str]],
        typer.Option('--cfg-options', metavar='KEY=VALUE', help='Override a value as the OpenMMLab tools do; may be repeated.'),
    ] = None,
    batch: Annotated[
        Optional[str],
        typer.Option(metavar='LISTFILE', help='Print many configs: LISTFILE has a path a line (`-`: standard input).'),
    ] = None,
    color: Annotated[Colour, typer.Option(help='When to print colours.')] = Colour.auto,
    verbose: Annotated[bool, typer.Option('--verbose', '-v', help='Show tracebacks.')] = False,
) -> None:
    """Print a config as MMEngine would see it: inheritance, templates and expressions resolved."""
    with Guard(verbose=verbose):
        from cfglint.cli.run_show import Options, run

        code = run(
            Options(
                file=file,
                key=key,
                format=None if format is None else format.value,
                origins=origins,
                cfg_options=tuple(cfg_options or ()),
                batch=batch,
                color=color.value,
            )
        )
    raise typer.Exit(code)


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(show)
