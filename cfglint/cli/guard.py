"""Where a command's exceptions end: each becomes an exit code and at most one line, never a traceback."""

from __future__ import annotations

import errno
import os
import sys
from typing import TYPE_CHECKING

from cfglint.cli import exits
from cfglint.cli.terminal import escape_output
from cfglint.usage import UsageError

if TYPE_CHECKING:
    from types import TracebackType

REPORT_TO = 'please report this, with the config if you can (--verbose or CFGLINT_TRACEBACK=1 shows the traceback)'


_UNWRITABLE = frozenset({errno.ENOSPC, errno.EIO, errno.EFBIG, errno.EDQUOT})
"""What the system says when what is printed cannot be written."""


class Guard:
    """Surround the body of a command with it."""

    def __init__(self, *, verbose: bool = False) -> None:
        self._verbose = verbose

    def __enter__(self) -> None:
        _use_utf8_where_terminals_do_not_care()
        escape_output()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is None:
            try:
                sys.stdout.flush()
                return
            except OSError as unwritten:
                error = unwritten
        code = self._handle(error)
        if code is not None:
            raise SystemExit(code) from None

    def _handle(self, error: BaseException) -> int | None:
        if isinstance(error, BrokenPipeError):
            _discard_output()
            return exits.PIPE_CLOSED
        if isinstance(error, KeyboardInterrupt):
            return exits.INTERRUPTED
        if isinstance(error, OSError) and not _has_current_folder():
            error = UsageError('the current folder does not exist any more: go to another one')
        if isinstance(error, OSError) and error.errno in _UNWRITABLE and error.filename is None:
            _discard_output()
            return exits.unwritable(error)
        if isinstance(error, UsageError):
            print(f'cfglint: error: {error}', file=sys.stderr)
            return exits.USAGE
        if not isinstance(error, Exception):
            return None
        import traceback

        report_crash(
            f'{type(error).__name__}: {error}', ''.join(traceback.format_exception(error)), verbose=self._verbose
        )
        return exits.INTERNAL


def _has_current_folder() -> bool:
    try:
        os.getcwd()
    except OSError:
        return False
    return True


def report_crash(words: str, trace: str, *, verbose: bool = False) -> None:
    """Tell the user of a defect of cfglint itself."""
    first = words.partition('\n')[0]
    print(f'cfglint: internal error: {first}; {REPORT_TO}', file=sys.stderr)
    if verbose or os.environ.get('CFGLINT_TRACEBACK'):
        print(trace.rstrip(), file=sys.stderr)


def _use_utf8_where_terminals_do_not_care() -> None:
    """Never fail for a character: files and pipes get UTF-8, a terminal keeps its encoding and gets escapes."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, 'reconfigure', None)
        if reconfigure is not None:
            reconfigure(encoding=None if stream.isatty() else 'utf-8', errors='backslashreplace')


def _discard_output() -> None:
    """Point the standard output to nowhere, so that the interpreter's last flush does not fail."""
    try:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except (OSError, ValueError):
        sys.stdout = open(os.devnull, 'w', encoding='utf-8')  # noqa: SIM115 (it lives until the process ends)
