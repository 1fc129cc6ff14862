"""``cfglint migrate``: Typer's command, made from the table of options."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cfglint.cli.from_table import add_command
from cfglint.cli.guard import Guard
from cfglint.cli.options import Option

if TYPE_CHECKING:
    import typer

_SUMMARY = 'Rewrite configs and code of 0.x (mmcv < 2) for MMEngine; without an option, say what would become of them.'
_OPTIONS = (
    Option(
        '--code', 'code', 'Migrate the Python code there, too: a module, or a folder of them.', 'list', metavar='PATH'
    ),
    Option('--diff', 'diff', 'Print what would change.', 'flag'),
    Option('--write', 'write', 'Change the files in place.', 'flag'),
    Option('--output', 'output', 'Write the migrated tree there, bases included.', metavar='DIR'),
    Option(
        '--target',
        'target',
        'The library to migrate to, such as mmdet==3.3.0.',
        'list',
        metavar='LIB[==VERSION]',
    ),
    Option('--report', 'report', 'Write what became what, and what is open, as .md or .html.', metavar='FILE'),
)


def _migrate(paths: list[str], values: dict[str, Any]) -> int:
    with Guard():
        from cfglint.cli.run_migrate import Options, run

        targets, code = tuple(values['target'] or ()), tuple(values['code'] or ())
        return run(
            Options(tuple(paths), values['diff'], values['write'], values['output'], targets, values['report'], code)
        )


def register(app: typer.Typer) -> None:
    """Add the command."""
    add_command(app, 'migrate', _SUMMARY, _OPTIONS, 'Configs of 0.x, or folders of them.', _migrate)
