"""Typer's commands from tables of options."""

from __future__ import annotations

from enum import Enum
from inspect import Parameter, Signature
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cfglint.cli.choices import complete_rule

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from cfglint.cli.options import Option

_TYPES = {
    'flag': bool,
    'switch': bool,
    'value': str,
    'number': int,
    'real': float,
    'list': list[str],
    'names': list[str],
}


def add_command(
    app: typer.Typer,
    name: str,
    summary: str,
    options: Sequence[Option],
    paths_help: str,
    run: Callable[[list[str], dict[str, Any]], int],
    *,
    needs_paths: bool = False,
    metavar: str | None = None,
) -> None:
    """Add a command to an application.

    Args:
        app: The application.
        name: The command.
        summary: What it does, for the help.
        options: Its options.
        paths_help: What its arguments are.
        run: Gets the arguments, and what was given of the options by field, the others None or False; returns the exit code.
        needs_paths: Whether there has to be an argument.
        metavar: What the help calls the arguments, if not paths.
    """

    def command(paths: list[str] | None, **values: Any) -> None:
        plain = {field: value.value if isinstance(value, Enum) else value for field, value in values.items()}
        raise typer.Exit(run(list(paths or ()), plain))

    paths: Any = list[str] if needs_paths else list[str] | None
    metavar = metavar or ('PATHS...' if needs_paths else None)
    parameters = {
        'paths': (
            Annotated[paths, typer.Argument(help=paths_help, metavar=metavar)],
            Parameter.empty if needs_paths else None,
        ),
        **{option.field: _parameter(option) for option in options},
    }
    command.__doc__ = summary
    command.__signature__ = Signature(  # type: ignore[attr-defined]
        [
            Parameter(field, Parameter.KEYWORD_ONLY, default=default, annotation=annotation)
            for field, (annotation, default) in parameters.items()
        ]
    )
    command.__annotations__ = {field: annotation for field, (annotation, _) in parameters.items()}
    app.command(name)(command)


def _parameter(option: Option) -> tuple[Any, Any]:
    """Return the annotation and the default of an option, as Typer reads them."""
    name = f'{option.name}/--no-{option.name[2:]}' if option.kind == 'switch' else option.name
    settings: dict[str, Any] = {'help': option.help, 'metavar': option.metavar}
    if option.envvar:
        settings['envvar'] = option.envvar
    if option.kind == 'names':
        settings['autocompletion'] = complete_rule
    if option.kind in ('number', 'real'):
        settings['min'] = option.least
    information = typer.Option(name, *filter(None, [option.short]), **settings)
    if option.kind == 'flag':
        return Annotated[bool, information], False
    if option.choices:
        choice = Enum(option.field, {each: each for each in option.choices}, type=str)  # type: ignore[misc]
        return Annotated[choice | None, information], None
    kind: Any = _TYPES[option.kind]
    return Annotated[kind | None, information], None
