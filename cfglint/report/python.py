"""A resolved config as Python, the way configs are written: ``dict(…)``, single quotes, four spaces."""

from __future__ import annotations

import keyword
from typing import TYPE_CHECKING, Any

from cfglint.language.values import Lazy, Opaque, Unknown

if TYPE_CHECKING:
    from collections.abc import Iterator

_WIDTH = 79


def render(table: dict[Any, Any]) -> str:
    """Return one assignment for each top-level key."""
    return ''.join(_assignment(key, value) for key, value in table.items())


def _assignment(key: Any, value: Any) -> str:
    """Return how a top-level key is written; one that is no name only data and `globals()` can give."""
    name = key if isinstance(key, str) and key.isidentifier() else f'globals()[{key!r}]'
    return f'{name} = {text(value, len(name) + 3)}\n'


def text(value: Any, column: int = 0, indent: int = 0) -> str:
    """Return a value that begins at `column`: on one line if it fits, else an item a line."""
    flat = inline(value)
    if column + len(flat) <= _WIDTH or not isinstance(value, (dict, list, tuple)) or not value:
        return flat
    opening, closing = _brackets(value)
    inner = indent + 4
    lines = [f'{" " * inner}{start}{text(item, inner + len(start) + 1, inner)},' for start, item in _items(value)]
    return '\n'.join([opening, *lines, ' ' * indent + closing])


def inline(value: Any) -> str:
    """Return a value on one line. What has no literal is in angle brackets."""
    if isinstance(value, (dict, list, tuple)):
        opening, closing = _brackets(value)
        comma = ',' if isinstance(value, tuple) and len(value) == 1 else ''
        return f'{opening}{", ".join(start + inline(item) for start, item in _items(value))}{comma}{closing}'
    if isinstance(value, Unknown):
        return f'<unknown: {value.reason}>'
    if isinstance(value, Lazy):
        return value.name
    if isinstance(value, Opaque):
        return f'<{value.kind} {value.name}>' if value.name else f'<{value.kind}>'
    if isinstance(value, float) and (value != value or value in (float('inf'), float('-inf'))):
        return f'float({str(value)!r})'
    return repr(value)


def _items(value: Any) -> Iterator[tuple[str, Any]]:
    if not isinstance(value, dict):
        yield from (('', item) for item in value)
    elif _is_call(value):
        yield from ((f'{key}=', item) for key, item in value.items())
    else:
        yield from ((f'{inline(key)}: ', item) for key, item in value.items())


def _brackets(value: Any) -> tuple[str, str]:
    if isinstance(value, dict):
        return ('dict(', ')') if _is_call(value) else ('{', '}')
    return ('[', ']') if isinstance(value, list) else ('(', ')')


def _is_call(value: dict[Any, Any]) -> bool:
    return all(isinstance(key, str) and key.isidentifier() and not keyword.iskeyword(key) for key in value)
