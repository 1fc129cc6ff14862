"""``cfglint clean``."""

from __future__ import annotations

import typer

from cfglint.cli.guard import Guard


def clean() -> None:
    """Remove what cfglint keeps in the user's folder for caches."""
    with Guard():
        import shutil

        from cfglint.targeting import cache_folder
        from cfglint.usage import UsageError

        folder = cache_folder()
        try:
            if folder is not None:
                shutil.rmtree(folder)
                typer.echo(f'removed {folder}')
                return
        except FileNotFoundError:
            pass
        except OSError as error:
            raise UsageError(f'cannot remove `{folder}`: {(error.strerror or "it failed").lower()}') from None
        typer.echo('there is no cache')


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(clean)
