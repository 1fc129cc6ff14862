"""The options of `cfglint check`, in one table: Typer's command and the reader of common command lines are made from it.

The tables of other commands are made of the same rows.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

RULES = 'RULE,…'


class CheckOptions(NamedTuple):
    """The command line. What is None or empty is left to the settings."""

    paths: tuple[str, ...] = ()
    code: tuple[str, ...] = ()
    select: tuple[str, ...] = ()
    extend_select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    fail_on: str | None = None
    exit_zero: bool = False
    max_warnings: int | None = None
    min_severity: str | None = None
    stdin_filename: str | None = None
    since: str | None = None
    staged: bool = False
    with_dependents: bool = False
    add_ignores: str | None = None
    suppressions: bool = True
    baseline: str | None = None
    write_baseline: bool = False
    prune_baseline: bool = False
    output_formats: tuple[str, ...] = ()
    output_file: str | None = None
    statistics: bool = False
    fix: bool = False
    unsafe_fixes: bool = False
    diff: bool = False
    targets: tuple[str, ...] = ()
    python: str | None = None
    exclude: tuple[str, ...] = ()
    force_exclude: bool = False
    config: str | None = None
    isolated: bool = False
    cache: bool = True
    color: Literal['auto', 'always', 'never'] = 'auto'
    quiet: bool = False
    verbose: bool = False


class Option(NamedTuple):
    """An option.

    Attributes:
        name: As it is written, such as ``--fail-on``.
        field: The field of `CheckOptions` that it sets.
        help: What it does.
        kind: ``flag`` takes no value, ``value`` one, ``number`` a count, ``real`` a number; ``switch`` has a form with ``--no-``; ``list`` may
            be repeated; ``names`` may, too, and each value is a list with commas.
        short: Its short form.
        metavar: What its value is, in the help.
        choices: The only values that it takes.
        envvar: The environment variable that counts where the option is not given.
        least: The smallest number that it takes.
    """

    name: str
    field: str
    help: str
    kind: Literal['flag', 'value', 'number', 'real', 'switch', 'list', 'names'] = 'value'
    short: str | None = None
    metavar: str | None = None
    choices: tuple[str, ...] = ()
    envvar: str | None = None
    least: float = 0

    @property
    def switches_off(self) -> bool:
        """Whether the flag makes its field false."""
        return self.name.startswith('--no-')


PATHS_HELP = 'Files, folders or globs; `-` for the standard input. Default: the `paths` of the settings, else folders called like `configs`, else all of the repository.'

TRACEBACKS = Option('--verbose', 'verbose', 'Show tracebacks.', 'flag', short='-v')
CHECK_OPTIONS = (
    Option(
        '--code',
        'code',
        'Check the Python code there, too: a module, or a folder of them; may be repeated.',
        'list',
        metavar='PATH',
    ),
    Option('--select', 'select', 'Ask only these rules (names or families).', 'names', metavar=RULES),
    Option('--extend-select', 'extend_select', 'Ask these rules as well.', 'names', metavar=RULES),
    Option('--ignore', 'ignore', 'Do not ask these rules (names or families).', 'names', metavar=RULES),
    Option(
        '--fail-on',
        'fail_on',
        'The lowest severity that makes the exit code 1.  [default: warning]',
        choices=('error', 'warning', 'info', 'never'),
    ),
    Option('--exit-zero', 'exit_zero', 'Make the exit code 0 whatever is found.', 'flag'),
    Option(
        '--max-warnings',
        'max_warnings',
        'Let so many warnings pass: the exit code is 1 if there are more.',
        'number',
        metavar='N',
    ),
    Option(
        '--min-severity', 'min_severity', 'Print only what is at least as bad.', choices=('error', 'warning', 'info')
    ),
    Option(
        '--stdin-filename',
        'stdin_filename',
        'The file that the standard input stands for, where the path is `-`.',
        metavar='FILE',
    ),
    Option(
        '--since',
        'since',
        'Check only what changed since the branch left this revision, and the configs that depend on it.',
        metavar='REV',
    ),
    Option('--staged', 'staged', 'Check only what is staged for the next commit, and what depends on it.', 'flag'),
    Option(
        '--with-dependents',
        'with_dependents',
        'Check the configs that depend on the given files, too (for hooks).',
        'flag',
    ),
    Option(
        '--add-ignores', 'add_ignores', 'Write a suppression with this reason for all that is found.', metavar='REASON'
    ),
    Option('--no-suppressions', 'suppressions', 'Report what comments suppress as well.', 'flag'),
    Option('--baseline', 'baseline', 'Leave out the findings that this file has.', metavar='FILE'),
    Option('--write-baseline', 'write_baseline', 'Write all findings of this run to the baseline.', 'flag'),
    Option('--prune-baseline', 'prune_baseline', 'Remove from the baseline what is not found any more.', 'flag'),
    Option(
        '--output-format',
        'output_formats',
        'How diagnostics are printed: full, concise, json, github, sarif, gitlab, junit or markdown; with a file, it is '
        'written there; may be repeated.  [default: full]',
        'list',
        metavar='FORMAT[:FILE]',
        envvar='CFGLINT_OUTPUT_FORMAT',
    ),
    Option(
        '--output-file', 'output_file', 'Write diagnostics to a file instead of the standard output.', metavar='FILE'
    ),
    Option('--statistics', 'statistics', 'Print how often each rule spoke instead.', 'flag'),
    Option('--fix', 'fix', 'Apply safe fixes.', 'flag'),
    Option('--unsafe-fixes', 'unsafe_fixes', 'Let --fix and --diff apply unsafe fixes, too.', 'flag'),
    Option('--diff', 'diff', 'Print what --fix would change, and change nothing.', 'flag'),
    Option(
        '--target',
        'targets',
        'The release of a library that the configs are for, or a range of them; may be repeated.',
        'list',
        metavar='LIB==VERSION',
    ),
    Option(
        '--python',
        'python',
        'The interpreter that trains, or its environment: its packages count; it is not run.',
        metavar='PATH',
    ),
    Option(
        '--exclude',
        'exclude',
        'Leave out what matches, as in a .gitignore; may be repeated.',
        'list',
        metavar='PATTERN',
    ),
    Option('--force-exclude', 'force_exclude', 'Treat named files as if found in a folder (for hooks).', 'flag'),
    Option('--config', 'config', 'The settings file, instead of the nearest one.', metavar='FILE'),
    Option('--isolated', 'isolated', 'Read no settings file.', 'flag'),
    Option('--no-cache', 'cache', 'Check anew, even if nothing has changed since the last time.', 'flag'),
    Option('--color', 'color', 'When to print colours.', choices=('auto', 'always', 'never')),
    Option('--quiet', 'quiet', 'Print diagnostics only, no summary.', 'flag', short='-q'),
    Option('--verbose', 'verbose', 'Say which settings and files are read, and show tracebacks.', 'flag', short='-v'),
)


def shared(*fields: str) -> tuple[Option, ...]:
    """Return options that another command has in common with `check`, by field."""
    return tuple(option for option in CHECK_OPTIONS if option.field in fields)


def check_options(paths: list[str], values: dict[str, object]) -> CheckOptions:
    """Return the options from what was given on a command line.

    Args:
        paths: The arguments.
        values: What was given, by field: True for a flag, a string, or a list of strings.
    """
    given: dict[str, object] = {}
    for option in CHECK_OPTIONS:
        value = values.get(option.field)
        if value is None or value is False or value == []:
            continue
        if option.kind == 'flag':
            given[option.field] = not option.switches_off
        elif isinstance(value, list):
            listed = [
                name.strip() for each in value for name in (each.split(',') if option.kind == 'names' else [each])
            ]
            given[option.field] = tuple(name for name in listed if name or option.kind == 'list')
        else:
            given[option.field] = value
    return CheckOptions(tuple(paths), **given)  # type: ignore[arg-type]
