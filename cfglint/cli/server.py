"""``cfglint server``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cfglint.cli.guard import Guard

if TYPE_CHECKING:
    import typer


def server() -> None:
    """Serve an editor: the language server protocol on the standard input and output."""
    with Guard():
        from cfglint.usage import UsageError

        try:
            from cfglint.server.wire import run
        except ModuleNotFoundError as error:
            if error.name not in ('pygls', 'lsprotocol'):
                raise
            raise UsageError("the language server needs pygls: pip install 'mmcfglint[server]'") from None

        run()


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(server)
