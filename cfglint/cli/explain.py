"""``cfglint explain``, ``cfglint rules`` and ``cfglint schema``."""

from __future__ import annotations

from typing import Annotated, Optional

import typer

from cfglint.cli.choices import TableFormat, complete_rule_name
from cfglint.cli.guard import Guard


def explain(
    rule: Annotated[str, typer.Argument(help='The name of a rule.', autocompletion=complete_rule_name)],
) -> None:
    """Print the documentation of a rule."""
    with Guard():
        from cfglint.report.rules import page

        typer.echo(page(rule), nl=False)


def rules(
    format: Annotated[TableFormat, typer.Option(help='How the list is printed.')] = TableFormat.text,
) -> None:
    """List all rules."""
    with Guard():
        from cfglint.report.rules import as_json, table

        typer.echo(as_json() if format is TableFormat.json else table(), nl=False)


def schema(
    section: Annotated[Optional[str], typer.Argument(help='A section, such as train_cfg. Default: all of them.')] = None,
) -> None:
    """Print what MMEngine accepts in a section of a config, as JSON Schema."""
    with Guard():
        from cfglint.report.schema import document

        typer.echo(document(section), nl=False)


def register(app: typer.Typer) -> None:
    """Add the commands."""
    for command in (explain, rules, schema):
        app.command()(command)
