"""``cfglint check``: Typer's command, made from the table of options."""

from __future__ import annotations

from enum import Enum
from inspect import Parameter, Signature
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cfglint.cli.choices import complete_rule
from cfglint.cli.options import CHECK_OPTIONS, PATHS_HELP, Option, check_options

if TYPE_CHECKING:
    from collections.abc import Callable


def _command() -> Callable[..., None]:
    def check(paths: list[str] | None, **values: Any) -> None:
        """Check configs: say what MMEngine would refuse, silently ignore, or not take as meant."""
        plain = {name: value.value if isinstance(value, Enum) else value for name, value in values.items()}
        from cfglint.cli.run_check import check_as_told

        raise typer.Exit(check_as_told(check_options(list(paths or ()), plain)))

    paths = Annotated[list[str] | None, typer.Argument(help=PATHS_HELP)]
    parameters = {'paths': (paths, None)}
    parameters |= {option.field: _parameter(option) for option in CHECK_OPTIONS}
    check.__signature__ = Signature(  # type: ignore[attr-defined]
        [
            Parameter(name, Parameter.KEYWORD_ONLY, default=default, annotation=annotation)
            for name, (annotation, default) in parameters.items()
        ]
    )
    check.__annotations__ = {name: annotation for name, (annotation, _) in parameters.items()}
    return check


def _parameter(option: Option) -> tuple[Any, Any]:
    """Return the annotation and the default of an option, as Typer reads them."""
    names = [option.name, *filter(None, [option.short])]
    settings: dict[str, Any] = {'help': option.help, 'metavar': option.metavar}
    if option.envvar:
        settings['envvar'] = option.envvar
    if option.kind == 'names':
        settings['autocompletion'] = complete_rule
    if option.kind == 'number':
        settings['min'] = 0
    information = typer.Option(*names, **settings)
    if option.kind == 'flag':
        return Annotated[bool, information], False
    if option.kind == 'number':
        return Annotated[int | None, information], None
    if option.kind != 'value':
        return Annotated[list[str] | None, information], None
    if option.choices:
        kind = Enum(option.field, {choice: choice for choice in option.choices}, type=str)  # type: ignore[misc]
        return Annotated[kind | None, information], None
    return Annotated[str | None, information], None


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(_command())
