"""Error messages as people paste them: the line that matters, and the names in it."""

from __future__ import annotations

import re

_ERROR = re.compile(r'^\s*(?:E\s+)?((?:[\w.]+\.)?[A-Z]\w*(?:Error|Exception|Warning)\b.*)', re.MULTILINE)
_SENTENCE = re.compile(r'(?<=\w)\. (?=[A-Z])')
_NAME = re.compile(r'[A-Za-z_][\w.]*\w')
_LONGEST = 80


def last_line(text: str) -> str:
    """Return what the last error of a traceback says, in its first sentence; a text without an error as it is."""
    found = _ERROR.findall(text)
    return ' '.join(_SENTENCE.split(found[-1])[0].split() if found else text.split())


def is_error(text: str) -> bool:
    """Tell whether a text is what an exception says."""
    return _ERROR.match(text) is not None


def names_in(text: str) -> list[str]:
    """Return what may be a name of something: words with capitals inside, digits, dots or underscores, or in quotes."""
    quoted = set(re.findall(r'[\'"`]([\w.]+)[\'"`]', text))
    named = (each for each in _NAME.findall(text) if each in quoted or not each.isalpha() or not each[1:].islower())
    return list(dict.fromkeys(each.removesuffix('.__init__') for each in named))


def shortened(text: str) -> str:
    """Return a text, cut if it is long."""
    return text if len(text) <= _LONGEST else f'{text[:_LONGEST]}…'
