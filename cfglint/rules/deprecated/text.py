"""The user's own values in the words of a message: one line, without comments, long parts left out."""

from __future__ import annotations

import ast
from itertools import islice
from typing import TYPE_CHECKING, Any

from cfglint.language.values import Lazy, Opaque, Table, Unknown

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from cfglint.language.values import Origin

MORE = '…'
_LINE = 96
"""How long a dict in a message may get."""
_VALUE = 44
"""How long one value in it may get."""


def shown(value: Any, origin: Origin | None, limit: int = _LINE) -> str:
    """Return a value as the user wrote it, shortened."""
    if origin is not None and isinstance(origin.value, ast.expr) and not origin.source.shifts:
        return _of_node(origin.value, limit)
    return _of_value(value, limit)


def call(parts: Mapping[str, str], limit: int = _LINE) -> str:
    """Return ``dict(a=1, b=2)`` for names with their values as text."""
    if not all(name.isidentifier() for name in parts):
        return '{' + ', '.join(_fitting((f'{name!r}: {text}' for name, text in parts.items()), limit)) + '}'
    return 'dict(' + ', '.join(_fitting((f'{name}={text}' for name, text in parts.items()), limit)) + ')'


def quoted(names: Iterable[str]) -> str:
    """Return names in backticks, joined as in a sentence."""
    words = [f'`{name}`' for name in names]
    return ' and '.join([', '.join(words[:-1]), words[-1]] if len(words) > 1 else words)


def _fitting(parts: Iterable[str], limit: int) -> list[str]:
    found: list[str] = []
    size = 0
    for part in parts:
        size += len(part) + 2
        if size > limit and found:
            return [*found, MORE]
        found.append(part)
    return found


def _of_node(node: ast.expr, limit: int) -> str:
    lines = (node.end_lineno or node.lineno) - node.lineno
    if lines < 12:
        text = ast.unparse(node)
        if len(text) <= limit:
            return text
    part = max(limit // 2, 12)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and not node.args:
        inner = _fitting((_of_keyword(keyword, part) for keyword in node.keywords), limit)
        return f'{node.func.id}({", ".join(inner)})' if limit > 20 else f'{node.func.id}({MORE})'
    if isinstance(node, ast.Dict):
        return '{' + MORE + '}'
    if isinstance(node, ast.List):
        return f'[{MORE}]'
    return MORE if lines else text[: limit - 1] + MORE


def _of_keyword(keyword: ast.keyword, limit: int) -> str:
    text = _of_node(keyword.value, limit)
    return f'**{text}' if keyword.arg is None else f'{keyword.arg}={text}'


def _of_value(value: Any, limit: int) -> str:
    part = max(limit // 2, 12)
    if isinstance(value, Table):
        if limit <= 12 and value:
            return f'dict({MORE})'
        # No more than can fit, whatever the size of the value.
        first = list(islice(value.items(), limit // 4))
        return call({str(key): _of_value(item, part) for key, item in first}, limit)
    if isinstance(value, (list, tuple)):
        if limit <= 12 and value:
            return f'[{MORE}]'
        inner = ', '.join(_fitting((_of_value(item, part) for item in value[: limit // 4]), limit))
        if isinstance(value, tuple):
            return f'({inner},)' if len(value) == 1 else f'({inner})'
        return f'[{inner}]'
    if isinstance(value, (Unknown, Opaque)):
        return MORE
    if isinstance(value, Lazy):
        return value.name.rpartition('.')[2]
    text = repr(value)
    return text if len(text) <= limit else text[: limit - 1] + MORE
