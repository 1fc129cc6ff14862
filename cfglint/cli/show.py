"""``cfglint show``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cfglint.cli.from_table import add_command
from cfglint.cli.guard import Guard
from cfglint.cli.options import TRACEBACKS, Option
from cfglint.usage import UsageError

if TYPE_CHECKING:
    import typer

_SUMMARY = 'Print a config as MMEngine would see it: inheritance, templates and expressions resolved.'
_ARGUMENTS = (
    'The config, and a dotted key, such as optim_wrapper.optimizer.lr; with --schedule and --diff: more configs.'
)
SHOW_OPTIONS = (
    Option(
        '--output-format',
        'format',
        'How the config is printed.  [default: py; with --batch: jsonl]',
        short='--format',
        choices=('py', 'json', 'jsonl'),
    ),
    Option('--origins', 'origins', 'Say where each value comes from and what it overrides.', 'flag'),
    Option(
        '--cfg-options', 'cfg_options', 'Override values, as the OpenMMLab tools do.', 'list', metavar='KEY=VALUE …'
    ),
    Option(
        '--batch',
        'batch',
        'Print many configs: LISTFILE has a path a line (`-`: standard input).',
        metavar='LISTFILE',
    ),
    Option('--color', 'color', 'When to print colours.', choices=('auto', 'always', 'never')),
    Option('--as', 'as_modern', 'Print what a config of 0.x becomes in 1.x, as `migrate` writes it.', choices=('1.x',)),
    Option(
        '--schedule',
        'schedule',
        'Draw learning rates and momenta over the training, and what happens when.',
        'flag',
    ),
    Option('--output', 'output', 'With --schedule: draw a picture into this file.', metavar='FILE.svg'),
    Option('--diff', 'diff', 'Compare two configs, or one at two revisions, after resolution.', 'flag'),
    Option(
        '--at',
        'at',
        'Read configs as they are at this revision of git; twice: of each, for --diff.',
        'list',
        metavar='REV',
    ),
    TRACEBACKS,
)


def show(arguments: list[str], given: dict[str, Any]) -> int:
    """Print configs; return the exit code."""
    with Guard(verbose=given['verbose']):
        from cfglint.cli.run_show import Options, run

        # `--cfg-options a=1 b=2`, as the OpenMMLab tools take it: what follows the first one arrives as an argument.
        file, words = arguments[:1], [word for word in arguments[1:] if '=' not in word]
        takes_files = given['schedule'] or given['diff']
        return run(
            Options(
                files=(*file, *(words if takes_files else ())),
                key=None if takes_files else _only(words),
                format=given['format'],
                origins=given['origins'],
                cfg_options=(*(given['cfg_options'] or ()), *(word for word in arguments[1:] if '=' in word)),
                batch=given['batch'],
                color=given['color'] or 'auto',
                as_modern=given['as_modern'] is not None,
                schedule=given['schedule'],
                output=given['output'],
                diff=given['diff'],
                at=tuple(given['at'] or ()),
            )
        )


def _only(keys: list[str]) -> str | None:
    if len(keys) > 1:
        raise UsageError(f'one key at a time: `{keys[0]}` and `{keys[1]}` are two')
    return keys[0] if keys else None


def register(app: typer.Typer) -> None:
    """Add the command."""
    add_command(app, 'show', _SUMMARY, SHOW_OPTIONS, _ARGUMENTS, show, metavar='[FILE] [KEY]...')
