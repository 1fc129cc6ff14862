"""Colours, and text that a terminal shows as it is."""

from __future__ import annotations

import unicodedata
from typing import NamedTuple

from cfglint.diagnostics import Severity

_COLOURS = {Severity.ERROR: '1;31', Severity.WARNING: '1;33', Severity.INFO: '1;36'}
_TAB = 4


class Style(NamedTuple):
    """How text is laid out for its reader.

    Attributes:
        colour: Whether to paint it.
        columns: The width of the terminal, to which long texts are wrapped; None where nothing is wrapped.
        links: Whether the terminal shows hyperlinks (OSC 8).
        all_paths: Whether all paths of a list are named.
    """

    colour: bool
    columns: int | None = None
    links: bool = False
    all_paths: bool = False

    def paint(self, code: str, text: str) -> str:
        """Return the text in a colour given by its ANSI code."""
        return f'\x1b[{code}m{text}\x1b[0m' if self.colour and text else text

    def bold(self, text: str) -> str:
        """Return the text in bold."""
        return self.paint('1', text)

    def faint(self, text: str) -> str:
        """Return the text of what frames an excerpt."""
        return self.paint('1;34', text)

    def link(self, address: str, text: str) -> str:
        """Return the text as a link to an address."""
        return f'\x1b]8;;{address}\x1b\\{text}\x1b]8;;\x1b\\' if self.links else text

    def wrap(self, text: str, indent: int) -> list[str]:
        """Return the text in lines, of which all but the first are to be indented by as many columns as `indent`."""
        if self.columns is None or len(text) + indent <= self.columns:
            return [text]
        from textwrap import wrap  # only terminals need it

        room = max(self.columns - indent, 40)
        return wrap(text, room, break_long_words=False, break_on_hyphens=False)

    def severity(self, severity: Severity, text: str) -> str:
        """Return the text in the colour of a severity."""
        return self.paint(_COLOURS[severity], text)


PLAIN = Style(colour=False)


def printable(text: str) -> str:
    """Return text without what would steer the terminal: control characters as escapes, line ends as blanks."""
    if text.isprintable():
        return text
    return ''.join(_visible(char) for char in text.replace('\r\n', ' ').replace('\n', ' '))


def _visible(char: str) -> str:
    if char.isprintable() or unicodedata.category(char) in ('Zs', 'Cn', 'Co'):
        return char
    return char.encode('unicode_escape').decode('ascii')


def expand(line: str) -> tuple[str, list[int]]:
    """Return a line as it is shown, tabs expanded; and for each of its characters (and its end) the screen column."""
    if line.isascii() and line.isprintable():
        return line, list(range(len(line) + 1))
    out: list[str] = []
    columns = [0]
    for char in line:
        at = columns[-1]
        shown = ' ' * (_TAB - at % _TAB) if char == '\t' else _visible(char)
        out.append(shown)
        columns.append(at + sum(width(each) for each in shown))
    return ''.join(out), columns


def width(char: str) -> int:
    """Return how many columns of a terminal a character takes."""
    if char.isascii():
        return 1
    if unicodedata.combining(char) or unicodedata.category(char) in ('Mn', 'Me', 'Cf'):
        return 0
    return 2 if unicodedata.east_asian_width(char) in 'WF' else 1
