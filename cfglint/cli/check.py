"""``cfglint check``."""

from __future__ import annotations

from typing import Annotated

import typer

from cfglint.cli.choices import Colour, FailOn, OutputFormat, complete_rule
from cfglint.cli.guard import Guard
from cfglint.cli.task import CheckOptions, task_of

RULES = 'RULE,…'


def check(
    context: typer.Context,
    paths: Annotated[
        list[str] | None,
        typer.Argument(help='Files, folders or globs. Default: the `paths` of the settings, else the current folder.'),
    ] = None,
    select: Annotated[
        list[str] | None,
        typer.Option(metavar=RULES, help='Ask only these rules (names or families).', autocompletion=complete_rule),
    ] = None,
    ignore: Annotated[
        list[str] | None,
        typer.Option(metavar=RULES, help='Do not ask these rules (names or families).', autocompletion=complete_rule),
    ] = None,
    fail_on: Annotated[
        FailOn | None, typer.Option(help='The lowest severity that makes the exit code 1.  [default: warning]')
    ] = None,
    output_format: Annotated[
        OutputFormat | None,
        typer.Option(envvar='CFGLINT_OUTPUT_FORMAT', help='How diagnostics are printed.  [default: full]'),
    ] = None,
    statistics: Annotated[bool, typer.Option('--statistics', help='Print how often each rule spoke instead.')] = False,
    fix: Annotated[bool, typer.Option('--fix', help='Apply safe fixes.')] = False,
    unsafe_fixes: Annotated[
        bool, typer.Option('--unsafe-fixes', help='Let --fix and --diff apply unsafe fixes, too.')
    ] = False,
    diff: Annotated[bool, typer.Option('--diff', help='Print what --fix would change, and change nothing.')] = False,
    target: Annotated[
        list[str] | None,
        typer.Option(
            metavar='LIB==VERSION', help='The release of a library that the configs are for; may be repeated.'
        ),
    ] = None,
    exclude: Annotated[
        list[str] | None,
        typer.Option(metavar='PATTERN', help='Leave out what matches, as in a .gitignore; may be repeated.'),
    ] = None,
    force_exclude: Annotated[
        bool, typer.Option('--force-exclude', help='Leave out excluded files even if they are named (for hooks).')
    ] = False,
    config: Annotated[
        str | None, typer.Option(metavar='FILE', help='The settings file, instead of the nearest one.')
    ] = None,
    isolated: Annotated[bool, typer.Option('--isolated', help='Read no settings file.')] = False,
    no_cache: Annotated[
        bool, typer.Option('--no-cache', help='Check anew, even if nothing has changed since the last time.')
    ] = False,
    color: Annotated[Colour, typer.Option(help='When to print colours.')] = Colour.auto,
    quiet: Annotated[bool, typer.Option('--quiet', '-q', help='Print diagnostics only, no summary.')] = False,
    verbose: Annotated[
        bool, typer.Option('--verbose', '-v', help='Say which settings and files are read, and show tracebacks.')
    ] = False,
) -> None:
    """Check configs: say what MMEngine would refuse, silently ignore, or not take as meant."""
    options = CheckOptions(
        paths=tuple(paths or ()),
        select=_names(select),
        ignore=_names(ignore),
        fail_on=None if fail_on is None else fail_on.value,
        output_format=None if output_format is None else output_format.value,
        statistics=statistics,
        fix=fix,
        unsafe_fixes=unsafe_fixes,
        diff=diff,
        targets=tuple(target or ()),
        exclude=tuple(exclude or ()),
        force_exclude=force_exclude,
        config=config,
        isolated=isolated,
        cache=not no_cache,
        color=color.value,
        quiet=quiet,
        verbose=verbose,
    )
    with Guard(verbose=verbose):
        task = task_of(options)
        if context.obj is not None:
            context.obj(task)
            return
        from cfglint.cli.run_check import run

        code = run(task)
    raise typer.Exit(code)


def _names(values: list[str] | None) -> tuple[str, ...]:
    """Split ``--select a,b --select c``."""
    return tuple(name.strip() for value in values or () for name in value.split(',') if name.strip())


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(check)
