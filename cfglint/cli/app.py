"""The Typer application: every command is a module that is imported when its command runs."""

from __future__ import annotations

from importlib import import_module
from typing import Annotated

import typer

COMMANDS = {
    'check': 'check',
    'show': 'show',
    'explain': 'explain',
    'rules': 'explain',
    'schema': 'explain',
    'graph': 'graph',
    'report': 'report',
    'targets': 'targets',
    'compat': 'compat',
    'migrate': 'migrate',
    'smoke': 'smoke',
    'server': 'server',
    'init': 'init',
    'clean': 'clean',
}
"""Every command, in the order of the help, with the module in this package that registers it."""


def _show_version(value: bool) -> None:
    if value:
        from cfglint import __version__

        typer.echo(f'cfglint {__version__}')
        raise typer.Exit


def _common(
    version: Annotated[
        bool | None,
        typer.Option('--version', '-V', callback=_show_version, is_eager=True, help='Print the version and exit.'),
    ] = None,
) -> None:
    """Check and explain OpenMMLab (MMEngine) configs without running them."""


def make_app(command: str | None = None) -> typer.Typer:
    """Return the application, with one command only if `command` names one: Typer prepares all that it is given."""
    # Rich is not used: importing it takes longer than checking a config.
    app = typer.Typer(
        name='cfglint',
        help='Check and explain OpenMMLab (MMEngine) configs without running them.',
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        no_args_is_help=True,
        context_settings={'help_option_names': ['-h', '--help'], 'max_content_width': 100},
    )
    app.callback()(_common)
    modules = [COMMANDS[command]] if command in COMMANDS else dict.fromkeys(COMMANDS.values())
    for name in modules:
        import_module(f'cfglint.cli.{name}').register(app)
    return app
