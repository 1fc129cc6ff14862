"""``cfglint explain``, ``cfglint rules`` and ``cfglint schema``."""

from __future__ import annotations

from typing import Annotated

import typer

from cfglint.cli.choices import TableFormat, complete_rule_name
from cfglint.cli.guard import Guard


def explain(
    words: Annotated[
        list[str],
        typer.Argument(
            metavar='WORD...',
            help='A rule, a family, a section, a key, a component (RetinaHead, mmdet.RetinaHead), or an error message; - reads it.',
            autocompletion=complete_rule_name,
        ),
    ],
    target: Annotated[
        list[str] | None,
        typer.Option(metavar='LIB==VERSION', help='The release to look a component up in; may be repeated.'),
    ] = None,
) -> None:
    """Say what is known of a rule, a component, a key of a config, or an error message of MMEngine."""
    with Guard():
        import os
        import sys

        from cfglint.explain import answer
        from cfglint.settings import project
        from cfglint.targeting import libraries_for

        _load_plugins()
        here = os.getcwd()
        question = sys.stdin.read() if words == ['-'] else ' '.join(words)
        known = libraries_for([os.path.join(here, '_')], project(here), target or ())
        typer.echo(answer(question, known), nl=False)


def rules(
    output_format: Annotated[TableFormat, typer.Option(help='How the list is printed.')] = TableFormat.text,
) -> None:
    """List all rules."""
    with Guard():
        from cfglint.report.rules import as_json, table

        _load_plugins()
        typer.echo(as_json() if output_format is TableFormat.json else table(), nl=False)


def schema(
    section: Annotated[str | None, typer.Argument(help='A section, such as train_cfg. Default: all of them.')] = None,
) -> None:
    """Print what MMEngine accepts in a section of a config, as JSON Schema."""
    with Guard():
        from cfglint.report.schema import document

        typer.echo(document(section), nl=False)


def _load_plugins() -> None:
    """Load the rules that the settings of the current folder name."""
    import os

    from cfglint.rules.plugins import load_plugins
    from cfglint.settings import project

    load_plugins(project(os.getcwd()).settings.plugins)


def register(app: typer.Typer) -> None:
    """Add the commands."""
    for command in (explain, rules, schema):
        app.command()(command)
