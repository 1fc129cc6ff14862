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


def tree_of(code: str | bytes) -> ast.Module:
    """Parse code.

    Raises:
        SyntaxError: It is malformed.
        ValueError: It has NUL in it, or would take too long.
        RecursionError: It is nested too deeply.
        MemoryError: It is nested too deeply for the parser.
    """
    if sys.version_info < (3, 12):  # before, each field of an f-string was looked for from its beginning
        _check_fields(code.decode('latin-1') if isinstance(code, bytes) else code)
    with warnings.catch_warnings():
        warnings.simplefilter('ignore')  # Python warns about odd escapes
        return ast.parse(code)


def _check_fields(text: str) -> None:
    """Raise `ValueError` when f-strings have so many fields that Python takes seconds to place them."""
    if text.count('{') < _FIELDS:
        return
    work = sum(
        match.group(1).count('{') * len(match.group(1)) for pattern in _JOINED for match in pattern.finditer(text)
    )
    if work > _LOOKED_AT:
        raise ValueError('an f-string has too many fields')
