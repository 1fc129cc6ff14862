"""Write the files of facts, `cfglint/catalog/data/libraries/LIB.json`, as a person would: what fits stands on one line."""

from __future__ import annotations

import json
from typing import Any

WIDTH = 120


def text(facts: dict[str, Any]) -> str:
    """Return the text of a file."""
    return f'{_text(facts, 0, WIDTH)}\n'


def _text(value: Any, indent: int, room: int) -> str:
    """Return a value whose further lines are indented, and whose first line has some room."""
    line = json.dumps(value, ensure_ascii=False)
    if len(line) <= room or not isinstance(value, (dict, list)):
        return line
    inner, within = ' ' * (indent + 2), WIDTH - indent - 3  # a comma follows
    if isinstance(value, dict):
        keys = {name: f'{json.dumps(name, ensure_ascii=False)}: ' for name in value}
        items = [key + _text(value[name], indent + 2, within - len(key)) for name, key in keys.items()]
        return '\n'.join(('{', ',\n'.join(inner + item for item in items), ' ' * indent + '}'))
    items = [_text(item, indent + 2, within) for item in value]
    if not any(isinstance(item, (dict, list)) for item in value):
        items = _filled(items, within)
    return '\n'.join(('[', ',\n'.join(inner + item for item in items), ' ' * indent + ']'))


def _filled(items: list[str], width: int) -> list[str]:
    """Return lines with as many items as fit."""
    lines: list[str] = []
    for item in items:
        if lines and len(lines[-1]) + 2 + len(item) <= width:
            lines[-1] += f', {item}'
        else:
            lines.append(item)
    return lines
