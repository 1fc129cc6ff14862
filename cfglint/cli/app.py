"""The Typer application: every command is a module that is imported when its command runs."""

from __future__ import annotations

from typing import Annotated

import typer

from cfglint.cli import check, compat, explain, show, targets

# Rich is not used: importing it takes longer than checking a config.
app = typer.Typer(
    name='cfglint',
    help='Check, explain and migrate OpenMMLab (MMEngine) configs without running them.',
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    no_args_is_help=True,
    context_settings={'help_option_names': ['-h', '--help'], 'max_content_width': 100},
)


def _show_version(value: bool) -> None:
    if value:
        from cfglint import __version__

        typer.echo(f'cfglint {__version__}')
        raise typer.Exit


@app.callback()
def common(
    version: Annotated[
        bool | None,
        typer.Option('--version', '-V', callback=_show_version, is_eager=True, help='Print the version and exit.'),
    ] = None,
) -> None:
    """Check, explain and migrate OpenMMLab (MMEngine) configs without running them."""


check.register(app)
show.register(app)
explain.register(app)
targets.register(app)
compat.register(app)
