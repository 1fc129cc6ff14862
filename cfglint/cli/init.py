"""``cfglint init``."""

from __future__ import annotations

import typer

from cfglint.cli.guard import Guard


def init() -> None:
    """Set cfglint up in this repository: settings, a baseline of what is found now, a hook, a workflow; overwrites nothing."""
    with Guard():
        from cfglint.cli.run_init import run

        code = run()
    raise typer.Exit(code)


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(init)
