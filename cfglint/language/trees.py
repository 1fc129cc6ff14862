"""Python's parser, in bounded time."""

from __future__ import annotations

import ast
import re
import sys
import warnings

_FIELDS = 4_000
"""So many braces are looked at more closely: the official config with most of them has fewer."""
_LOOKED_AT = 1 << 30
"""How many characters Python may look at to find the places of the fields of f-strings."""
_JOINED = [
    re.compile(rf'(?:[fF][rR]?|[rR][fF]){quote}((?:{text}|\\.)*)', flags)
    for quote, text, flags in (
        ('"""', r'[^"\\]|"(?!"")', re.DOTALL),
        ("'''", r"[^'\\]|'(?!'')", re.DOTALL),
        ('"', r'[^"\\\n]', re.DOTALL),
        ("'", r"[^'\\\n]", re.DOTALL),
    )
]


_LONG_NUMBER = re.compile(r'(?<![0-9a-fA-F_])0[xXoObB][0-9a-fA-F_]{1000}')
_MAX_BITS = 14_000
"""Bits of a number: Python reads more of them in hexadecimal digits, but cannot print them, as MMEngine does."""
_DOTTED = re.compile(r'(?<!\w)(?:\w+[ \t\f\\\n]*\.[ \t\f\\\n]*)+')
"""A name of several parts, but for the last one."""
_SIGNS = ',([{.=:+-~\n*/%<>'
"""Some of which each expression or statement has."""
_MAX_SIGNS = 40_000
"""How many a module may have; the longest known, of mmdet 3.3.0, has 14,000."""
_JOINED_CHARACTERS = 1 << 25
"""How many characters Python may join for the names of imports: it makes a text for each part, of all parts up to it."""


class TooManyDigits(ValueError):
    """A number is longer than Python prints."""


def tree_of(code: str | bytes) -> ast.Module:
    """Parse code.

    Raises:
        SyntaxError: It is malformed.
        ValueError: It has NUL in it, or would take too long.
        RecursionError: It is nested too deeply.
        MemoryError: It is nested too deeply for the parser.
    """
    text = code.decode('latin-1') if isinstance(code, bytes) else code
    if text.count('.') * len(text) > _JOINED_CHARACTERS:
        _check_names(text)
    if sys.version_info < (3, 12):  # before, each field of an f-string was looked for from its beginning
        _check_fields(text)
    with warnings.catch_warnings():
        warnings.simplefilter('ignore')  # Python warns about odd escapes
        tree = ast.parse(code)
    if _LONG_NUMBER.search(text):
        _check_numbers(tree)
    return tree


def module_tree(code: str | bytes) -> ast.Module:
    """Parse a module of the user's own, which is then looked at by many.

    Raises:
        SyntaxError: It is malformed.
        ValueError: It has NUL in it, or is longer than modules are.
        RecursionError: It is nested too deeply.
        MemoryError: It is nested too deeply for the parser.
    """
    if is_long(code.decode('latin-1') if isinstance(code, bytes) else code):
        raise ValueError('the module is too long')
    return tree_of(code)


def is_long(text: str) -> bool:
    """Tell whether a module has so many expressions that it is not looked at: it would take more than a second."""
    return sum(map(text.count, _SIGNS)) > _MAX_SIGNS


def _check_numbers(tree: ast.Module) -> None:
    """Raise `TooManyDigits` when a number has so many that it cannot be printed."""
    values = (node.value for node in ast.walk(tree) if isinstance(node, ast.Constant))
    if any(isinstance(value, int) and value.bit_length() > _MAX_BITS for value in values):
        raise TooManyDigits('a number of more digits than can be printed')


def _check_names(text: str) -> None:
    """Raise `ValueError` when names have so many parts that Python takes gigabytes to join them."""
    names = (match[0] for match in _DOTTED.finditer(text))
    if sum(name.count('.') * len(name) for name in names) > _JOINED_CHARACTERS:
        raise ValueError('a name has too many parts')


def _check_fields(text: str) -> None:
    """Raise `ValueError` when f-strings have so many fields that Python takes seconds to place them."""
    if text.count('{') < _FIELDS:
        return
    work = sum(
        match.group(1).count('{') * len(match.group(1)) for pattern in _JOINED for match in pattern.finditer(text)
    )
    if work > _LOOKED_AT:
        raise ValueError('an f-string has too many fields')
