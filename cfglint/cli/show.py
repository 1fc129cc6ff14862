"""``cfglint show``."""

from __future__ import annotations

from typing import Annotated

import typer

from cfglint.cli.choices import Colour, Era, ShowFormat
from cfglint.cli.guard import Guard
from cfglint.usage import UsageError


def show(
    file: Annotated[str | None, typer.Argument(help='The config.')] = None,
    key: Annotated[
        list[str] | None,
        typer.Argument(
            metavar='[KEY]',
            help='A dotted key, such as optim_wrapper.optimizer.lr; with --schedule and --diff: more configs.',
        ),
    ] = None,
    output_format: Annotated[
        ShowFormat | None,
        typer.Option(
            '--output-format', '--format', help='How the config is printed.  [default: py; with --batch: jsonl]'
        ),
    ] = None,
    origins: Annotated[
        bool, typer.Option('--origins', help='Say where each value comes from and what it overrides.')
    ] = False,
    cfg_options: Annotated[
        list[str] | None,
        typer.Option('--cfg-options', metavar='KEY=VALUE …', help='Override values, as the OpenMMLab tools do.'),
    ] = None,
    batch: Annotated[
        str | None,
        typer.Option(metavar='LISTFILE', help='Print many configs: LISTFILE has a path a line (`-`: standard input).'),
    ] = None,
    color: Annotated[Colour, typer.Option(help='When to print colours.')] = Colour.auto,
    as_: Annotated[
        Era | None, typer.Option('--as', help='Print what a config of 0.x becomes in 1.x, as `migrate` writes it.')
    ] = None,
    schedule: Annotated[
        bool,
        typer.Option('--schedule', help='Draw learning rates and momenta over the training, and what happens when.'),
    ] = False,
    output: Annotated[
        str | None, typer.Option(metavar='FILE.svg', help='With --schedule: draw a picture into this file.')
    ] = None,
    diff: Annotated[
        bool, typer.Option('--diff', help='Compare two configs, or one at two revisions, after resolution.')
    ] = False,
    at: Annotated[
        list[str] | None,
        typer.Option(
            metavar='REV', help='Read configs as they are at this revision of git; twice: of each, for --diff.'
        ),
    ] = None,
    verbose: Annotated[bool, typer.Option('--verbose', '-v', help='Show tracebacks.')] = False,
) -> None:
    """Print a config as MMEngine would see it: inheritance, templates and expressions resolved."""
    with Guard(verbose=verbose):
        from cfglint.cli.run_show import Options, run

        # `--cfg-options a=1 b=2`, as the OpenMMLab tools take it: what follows the first one arrives as an argument.
        words = [word for word in key or () if '=' not in word]
        code = run(
            Options(
                files=(*([] if file is None else [file]), *(words if schedule or diff else ())),
                key=None if schedule or diff else _only(words),
                format=None if output_format is None else output_format.value,
                origins=origins,
                cfg_options=(*(cfg_options or ()), *(word for word in key or () if '=' in word)),
                batch=batch,
                color=color.value,
                as_modern=as_ is not None,
                schedule=schedule,
                output=output,
                diff=diff,
                at=tuple(at or ()),
            )
        )
    raise typer.Exit(code)


def _only(keys: list[str]) -> str | None:
    if len(keys) > 1:
        raise UsageError(f'one key at a time: `{keys[0]}` and `{keys[1]}` are two')
    return keys[0] if keys else None


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(show)
