"""Every command and format, run in this process."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Iterator
from typing import NamedTuple

FORMATS = ('full', 'concise', 'json', 'github', 'sarif', 'gitlab', 'junit', 'markdown')
COMMANDS: tuple[tuple[str, ...], ...] = (
    *(('check', '--no-cache', '--output-format', name, 'configs') for name in FORMATS),
    ('check', '--no-cache', '--verbose', '--statistics', 'configs'),
    ('check', '--no-cache', '--diff', '--unsafe-fixes', 'configs'),
    ('graph', 'configs'),
    ('graph', '--output-format', 'json', 'configs'),
    ('graph', '--output-format', 'mermaid', 'configs'),
    ('graph', '--output-format', 'dot', 'configs'),
    ('migrate', '--diff', 'configs'),
    ('compat', 'configs'),
    ('compat', '--format', 'json', 'configs'),
    ('targets',),
    ('report', '--output', 'report.html', 'configs'),
)
"""What is done with a tree."""
OF_A_FILE: tuple[tuple[str, ...], ...] = (
    ('show',),
    ('show', '--format', 'json'),
    ('show', '--origins'),
    ('show', '--origins', '--format', 'json'),
    ('show', '--as', '1.x'),
    ('show', '--schedule'),
    ('show', '--schedule', '--format', 'json'),
)
"""What is done with a config."""


class Ran(NamedTuple):
    """What a command did."""

    code: int | None
    out: str
    err: str


class _Terminal(io.TextIOWrapper):
    """Takes what is printed, as bytes, so that nothing is lost."""


def run(*arguments: str) -> Ran:
    """Run a command line as `cfglint` does, in this process."""
    from cfglint.cli import exits
    from cfglint.cli.app import make_app
    from cfglint.cli.reader import read

    out, err = io.BytesIO(), io.BytesIO()
    streams = [io.TextIOWrapper(each, 'utf-8', 'backslashreplace', newline='') for each in (out, err)]
    code: int | str | None = exits.OK
    with contextlib.redirect_stdout(streams[0]), contextlib.redirect_stderr(streams[1]):
        try:
            options = read(arguments[1:]) if arguments[0] == 'check' else None
            if options is not None:
                from cfglint.cli.run_check import check_as_told

                code = check_as_told(options)
            else:
                make_app(arguments[0])(list(arguments), prog_name='cfglint')
        except SystemExit as end:
            code = end.code  # type: ignore[assignment]
        for stream in streams:
            stream.flush()
    return Ran(code, out.getvalue().decode('utf-8', 'replace'), err.getvalue().decode('utf-8', 'replace'))  # type: ignore[arg-type]


def all_of(files: list[str]) -> Iterator[tuple[str, ...]]:
    """Yield the command lines for a tree and its first files."""
    yield from COMMANDS
    for path in files[:1]:
        yield from ((*command, '--', path) for command in OF_A_FILE)
