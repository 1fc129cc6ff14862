"""What depends on the terminal: colour, and progress on long runs."""

from __future__ import annotations

import os
import sys
import time
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from typing import TextIO

    from typing_extensions import Self

Colour = Literal['auto', 'always', 'never']
_DELAY = 1.0
_INTERVAL = 0.1


def wants_colour(choice: Colour, stream: TextIO) -> bool:
    """Tell whether to print colours: the option decides, then ``NO_COLOR``, then ``FORCE_COLOR``, then the terminal."""
    if choice != 'auto':
        return choice == 'always'
    if os.environ.get('NO_COLOR'):
        return False
    if os.environ.get('FORCE_COLOR'):
        return True
    return stream.isatty() and os.environ.get('TERM') != 'dumb'


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
        name = os.path.basename(path)[:60]
        print(f'\r\x1b[K{self._done}/{self._total} {name}', end='', file=sys.stderr, flush=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        """Remove the line."""
        if self._shown:
            print('\r\x1b[K', end='', file=sys.stderr, flush=True)
