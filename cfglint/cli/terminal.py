"""What depends on the terminal: colour, and progress on long runs."""

from __future__ import annotations

import os
import re
import sys
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TextIO

    from typing_extensions import Self

_STEERING = re.compile('[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]|\r(?!\n|$)')
"""What steers a terminal, ends a line, or changes the order of what is shown."""
_COMMAND = re.compile(r'#(?=#\w*\[)|(?<![^\n])(?P<blanks>[^\S\n]+):(?=:\w)')
"""What is taken for a command wherever it stands in a line, or after blanks; our own for GitHub stand at its beginning."""
_LOGS = ('GITHUB_ACTIONS', 'TF_BUILD', 'TEAMCITY_VERSION')
"""The environment variables of systems (GitHub, Azure, TeamCity) that look for commands in what is printed."""
_STYLES = re.compile('(\r?\x1b\\[[0-9;]*[mK]|\x1b\\]8;;[^\x07\x1b]*\x1b\\\\)')
"""Our own colours and hyperlinks, and what removes the progress line."""
_STYLED = 'has_styles'
"""The attribute of a stream for which colours were wanted."""
Colour = Literal['auto', 'always', 'never']
_DELAY = 1.0
_INTERVAL = 0.1


def wants_colour(choice: Colour, stream: TextIO) -> bool:
    """Tell whether to print colours: the option decides, then ``NO_COLOR``, then ``FORCE_COLOR``, then the terminal."""
    wanted = choice == 'always' or (choice == 'auto' and _wants_colour(stream))
    if wanted:
        with suppress(AttributeError):  # not every stream takes notes
            setattr(stream, _STYLED, True)
    return wanted


def _wants_colour(stream: TextIO) -> bool:
    if os.environ.get('NO_COLOR'):
        return False
    if os.environ.get('FORCE_COLOR'):
        return True
    return stream.isatty() and os.environ.get('TERM') != 'dumb'


def escaped(text: str, *, styles: bool = False) -> str:
    """Return a text with escapes for what steers a terminal; they are those of JSON and of Python.

    Args:
        text: What is to be printed: it may hold names and values of configs, of whatever characters.
        styles: Whether colours and hyperlinks are left in it.
    """
    if _STEERING.search(text) is None:
        return text
    if styles:
        return ''.join(part if index % 2 else escaped(part) for index, part in enumerate(_STYLES.split(text)))
    return _STEERING.sub(lambda match: f'\\u{ord(match[0]):04x}', text)


def escape_output() -> None:
    """Let nothing out that steers a terminal, whatever command prints it."""
    for stream in (sys.stdout, sys.stderr):
        if 'write' not in getattr(stream, '__dict__', {'write': None}):
            stream.write = _escaping(stream)  # type: ignore[method-assign]


def _escaping(stream: TextIO) -> Callable[[str], int]:
    write = stream.write
    is_log = any(map(os.environ.get, _LOGS))

    def escaping(text: str) -> int:
        shown = escaped(text, styles=getattr(stream, _STYLED, False) or stream.isatty())
        write(_without_commands(shown) if is_log else shown)
        return len(text)

    return escaping


def _without_commands(text: str) -> str:
    """Return a text with an escape, as those of `escaped`, in each command to a system that runs us."""
    return _COMMAND.sub(lambda match: f'{match["blanks"] or ""}\\u{ord(match[0][-1]):04x}', text)


def terminal(stream: TextIO) -> tuple[int | None, bool]:
    """Return how many columns the terminal of a stream has, and whether it shows hyperlinks; (None, False) for none.

    Which terminals show hyperlinks cannot be asked: these name themselves in the environment.
    """
    if not stream.isatty() or os.environ.get('TERM') == 'dumb':
        return None, False
    try:
        columns = os.get_terminal_size(stream.fileno()).columns
    except OSError:
        return None, False
    known = {'vscode', 'iTerm.app', 'WezTerm', 'ghostty', 'Hyper', 'Tabby'}
    links = os.environ.get('TERM_PROGRAM') in known or any(
        name in os.environ for name in ('VTE_VERSION', 'KITTY_WINDOW_ID', 'WT_SESSION', 'KONSOLE_VERSION')
    )
    return columns or None, links and not os.environ.get('CI')


class Progress:
    """A line on a terminal's standard error that says how far a run is; only when it takes more than a second."""

    def __init__(self, total: int, *, enabled: bool) -> None:
        self._total = total
        self._done = 0
        self._enabled = enabled and sys.stderr.isatty()
        self._next = time.monotonic() + _DELAY
        self._shown = False

    def __call__(self, path: str) -> None:
        """Note that the next file begins."""
        self._done += 1
        if not self._enabled or time.monotonic() < self._next:
            return
        self._next = time.monotonic() + _INTERVAL
        self._shown = True
        name = escaped(os.path.basename(path)[:60])
        print(f'\r\x1b[K{self._done}/{self._total} {name}', end='', file=sys.stderr, flush=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        """Remove the line."""
        if self._shown:
            print('\r\x1b[K', end='', file=sys.stderr, flush=True)
