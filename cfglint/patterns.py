"""Patterns of files, as in a ``.gitignore``: read and matched as git does (``gitignore(5)``, git's ``wildmatch.c``).

A path is matched in time that grows with its length times the pattern's, whatever the pattern. What git cannot
understand (a lone ``!``, a ``\\`` at the end, a bracket that is not closed) matches nothing, as in git.
"""

from __future__ import annotations

import os
import re
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

_ANY_FOLDERS = None
"""Stands for ``**`` between slashes."""
_STARS_WITHIN = re.compile(r'[^*?\[\\]*[^*?\[\\/](?=\*\*+(?:/|\\/|$))')
"""The beginning of a pattern in which the first special sign is a ``**`` that no slash comes before."""
_CLASSES = {
    'alnum': 'a-zA-Z0-9', 'alpha': 'a-zA-Z', 'blank': r' \t', 'cntrl': r'\x00-\x1f\x7f', 'digit': '0-9',
    'graph': r'\x21-\x7e', 'lower': 'a-z', 'print': r'\x20-\x7e', 'punct': r'\x21-/:-@\[-`{-~', 'space': r' \t\n\r\f\v',
    'upper': 'A-Z', 'xdigit': '0-9A-Fa-f',
}  # fmt: skip


class _Rule(NamedTuple):
    """One pattern.

    Attributes:
        matches: Tells whether a path's parts match.
        includes: Whether what matches is left out; else it is taken back.
        folders_only: Whether only folders match.
    """

    matches: Callable[[Sequence[str]], bool]
    includes: bool
    folders_only: bool


class Patterns:
    """Patterns that are relative to a folder; the last one that matches decides."""

    def __init__(self, folder: str, lines: Iterable[str]) -> None:
        self.prefix = folder.rstrip(os.sep) + os.sep
        self._rules = list(reversed([rule for line in lines if (rule := _rule_of(_as_bytes(line))) is not None]))

    def decide(self, path: str, *, is_folder: bool = False) -> bool | None:
        """Tell whether the path itself matches; None when no pattern says anything about it.

        Git looks at folders first: what lies below a folder that matches is left out whatever other patterns say.
        """
        if not self._rules or not path.startswith(self.prefix):
            return None
        parts = _as_bytes(path[len(self.prefix) :]).replace(os.sep, '/').split('/')
        for matches, includes, folders_only in self._rules:
            if (is_folder or not folders_only) and matches(parts):
                return includes
        return None

    def match(self, path: str) -> bool:
        """Tell whether the file, or a folder above it, matches."""
        if not self._rules or not path.startswith(self.prefix):
            return False
        end = path.find(os.sep, len(self.prefix))
        while end != -1:
            if self.decide(path[:end], is_folder=True):
                return True
            end = path.find(os.sep, end + 1)
        return bool(self.decide(path))


def lines_of(data: bytes) -> list[str]:
    """Return the lines of an ignore file, as git divides it."""
    text = os.fsdecode(data.removeprefix(b'\xef\xbb\xbf'))
    return [line.removesuffix('\r') for line in text.split('\n')]


def _as_bytes(text: str) -> str:
    """Return one character for each byte: ``?`` stands for a byte in git."""
    return text if text.isascii() else text.encode('utf-8', 'surrogateescape').decode('latin-1')


_MAX_LENGTH = 8_192
"""Characters of a pattern: no path of any system is as long."""


def _rule_of(line: str) -> _Rule | None:
    """Return the rule of a line, None for comments, blank lines and what matches nothing."""
    if line.startswith('#') or len(line) > _MAX_LENGTH:
        return None
    pattern = _without_spaces(line.partition('\0')[0])
    includes = not pattern.startswith('!')
    pattern = pattern.removeprefix('!')
    folders_only = pattern.endswith('/')
    pattern = pattern.removesuffix('/')
    if not pattern:
        return None
    matches = _path_test(pattern.removeprefix('/')) if '/' in pattern else _name_test(pattern)
    return None if matches is None else _Rule(matches, includes, folders_only)


def _without_spaces(line: str) -> str:
    """Remove the spaces at the end, but for one after a backslash."""
    kept = line.rstrip(' ')
    if len(kept) < len(line) and (len(kept) - len(kept.rstrip('\\'))) % 2:
        kept += ' '
    return kept


def _name_test(pattern: str) -> Callable[[Sequence[str]], bool] | None:
    """Return a test of the last part of a path."""
    if not _is_special(pattern):
        return lambda parts: parts[-1] == pattern
    if pattern.startswith('*') and not _is_special(pattern[1:]):
        ending = pattern[1:]
        return lambda parts: parts[-1].endswith(ending)
    parsed = _parsed(pattern)
    if parsed is None:
        return None
    (test,) = _tests([part or ['*'] for part in parsed])
    assert test is not None
    return lambda parts: test(parts[-1]) is not None


def _path_test(pattern: str) -> Callable[[Sequence[str]], bool] | None:
    """Return a test of a whole path."""
    start = _STARS_WITHIN.match(pattern)
    parsed = _parsed(pattern[start.end() :] if start else pattern)
    if parsed is None:
        return None
    tests = _tests(parsed)
    if not start:
        return lambda parts: _match_parts(tests, parts)
    # Git compares what has no special signs first, and forgets it: `foo**/` is `foo` before any path.
    begin = start[0]

    def matches(parts: Sequence[str]) -> bool:
        path = '/'.join(parts)
        return path.startswith(begin) and _match_parts(tests, path[len(begin) :].split('/'))

    return matches


def _match_parts(tests: Sequence[Callable[[str], object] | None], parts: Sequence[str]) -> bool:
    """Match parts one by one; go back to the last ``**`` only: the first way to get past one leaves the most to choose."""
    at = part = 0
    retry: tuple[int, int] | None = None
    while part < len(parts):
        if at < len(tests) and tests[at] is _ANY_FOLDERS:
            if at == len(tests) - 1:
                return True  # at the end, it stands for whatever is below
            retry = at + 1, part
            at += 1
        elif at < len(tests) and tests[at](parts[part]):  # type: ignore[misc]
            at += 1
            part += 1
        elif retry is not None:
            retry = retry[0], retry[1] + 1
            at, part = retry
        else:
            return False
    return at == len(tests)


def _is_special(pattern: str) -> bool:
    return any(sign in pattern for sign in '*?[\\')


def _parsed(pattern: str) -> list[list[str]] | None:
    """Return the parts of a pattern between slashes, each as regular expressions of one character, and ``*``.

    An empty part is ``**``. None for a pattern that git does not understand.
    """
    parts: list[list[str]] = [[]]
    at = 0
    while at < len(pattern):
        sign = pattern[at]
        at += 1
        if sign == '\\':
            if at == len(pattern):
                return None
            sign = pattern[at]
            at += 1
            if sign != '/':
                parts[-1].append(re.escape(sign))
                continue
            if len(parts[-1]) > 1 and set(parts[-1]) == {'*'}:
                parts.insert(-1, ['*'])  # only a bare slash after `**` may stand for nothing
        if sign == '/':
            parts.append([])
        elif sign == '*':
            parts[-1].append('*')
        elif sign == '?':
            parts[-1].append('[^/]')
        elif sign == '[':
            bracket = _bracket(pattern, at)
            if bracket is None:
                return None
            expression, at = bracket
            parts[-1].append(expression)
        else:
            parts[-1].append(re.escape(sign))
    if not all(parts):
        return None  # no path has an empty part
    return [[] if len(part) > 1 and set(part) == {'*'} else part for part in parts]


def _bracket(pattern: str, at: int) -> tuple[str, int] | None:
    """Return the expression of a bracket, and where it ends; None if it is not closed or not understood."""
    negated = pattern[at : at + 1] in ('!', '^') and at < len(pattern)
    at += negated
    members: list[str] = []
    previous = ''
    first = True
    while first or pattern[at] != ']':
        first = False
        sign = pattern[at : at + 1]
        if sign == '[' and pattern[at + 1 : at + 2] == ':':
            end = pattern.find(']', at + 2)
            if end == -1:
                return None
            if pattern[end - 1] == ':' and end - 1 > at + 1:
                name = pattern[at + 2 : end - 1]
                if name not in _CLASSES:
                    return None
                members.append(_CLASSES[name])
                at, previous = end + 1, ''
                if at >= len(pattern):
                    return None
                continue
        if sign == '-' and previous and pattern[at + 1 : at + 2] not in ('', ']'):
            at += 1
            at += pattern[at] == '\\'
            if at >= len(pattern):
                return None
            if previous <= pattern[at]:
                members.append(f'{re.escape(previous)}-{re.escape(pattern[at])}')
            previous = ''
        else:
            if sign == '\\':
                at += 1
            if at >= len(pattern):
                return None
            previous = pattern[at]
            members.append(re.escape(previous))
        at += 1
        if at >= len(pattern):
            return None
    inner = ''.join(members)
    if negated:
        return (f'[^/{inner}]', at + 1)
    return (f'(?!/)[{inner}]' if inner else '(?!)', at + 1)


def _tests(parts: Sequence[Sequence[str]]) -> list[Callable[[str], re.Match[str] | None] | None]:
    return [_part_test(tuple(part)) if part else _ANY_FOLDERS for part in parts]


@lru_cache(maxsize=4096)
def _part_test(part: tuple[str, ...]) -> Callable[[str], re.Match[str] | None]:
    return re.compile(''.join(_expression(part)), re.DOTALL).fullmatch


def _expression(part: Sequence[str]) -> Iterator[str]:
    """Yield the expression of a part. After each ``*``, the first place where what follows matches is as good as any.

    So it is never left again: ``(?=(?P<n>…))(?P=n)`` is an atomic group, which Python has from 3.11 on only.
    """
    pieces: list[list[str]] = [[]]
    for sign in part:
        if sign == '*':
            pieces.append([])
        else:
            pieces[-1].append(sign)
    yield ''.join(pieces[0])
    for number, piece in enumerate(filter(None, pieces[1:-1]), 1):
        yield f'(?=(?P<n{number}>.*?{"".join(piece)}))(?P=n{number})'
    if len(pieces) > 1:
        yield f'.*{"".join(pieces[-1])}'
