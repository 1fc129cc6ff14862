"""Bounds on what evaluating a config may cost, so that no file can hang the reader or eat the memory."""

from __future__ import annotations

from typing import Any

from cfglint.language.values import Array, ConfigTable, Row, Table, Unknown

MAX_STEPS = 200_000
"""Statements, loop turns and calls of one file; the hungriest official config takes some 4000."""
MAX_ITEMS = 200_000
"""Items of one container, characters of one computed string divided by five, expanded items of a whole value."""
MAX_TEXT = 1_000_000
MAX_BITS = 4096
MAX_DEPTH = 150


_CONTAINERS = frozenset({Table, ConfigTable, Array, Row, dict, list, tuple, set, frozenset})


class TooLarge(Exception):
    """A value would grow beyond the bounds."""


def check_length(length: int) -> None:
    """Raise `TooLarge` when a container would have more than `MAX_ITEMS` items."""
    if length > MAX_ITEMS:
        raise TooLarge(f'a value of {length} items')


def check_text(length: int) -> None:
    """Raise `TooLarge` when a string would have more than `MAX_TEXT` characters."""
    if length > MAX_TEXT:
        raise TooLarge(f'a string of {length} characters')


def expanded_size(value: Any) -> int:
    """Count the items of `value` as if nothing in it were shared.

    ``a = [a, a]`` forty times is small in memory, but a walk over it never ends.

    Raises:
        TooLarge: The count exceeds `MAX_ITEMS`, the nesting `MAX_DEPTH`, or the value contains itself.
    """
    return _size(value, {}, 0) if value.__class__ in _CONTAINERS else 1


def _size(value: Any, seen: dict[int, int], depth: int) -> int:
    known = seen.get(id(value))
    if known is not None:
        if known < 0:
            raise TooLarge('a value that contains itself')
        return known
    if depth > MAX_DEPTH:
        raise TooLarge(f'a value nested more than {MAX_DEPTH} levels deep')
    seen[id(value)] = -1
    total = 1
    for item in value.values() if isinstance(value, dict) else value:
        total += _size(item, seen, depth + 1) if item.__class__ in _CONTAINERS else 1
    if total > MAX_ITEMS:
        raise TooLarge(f'a value of more than {MAX_ITEMS} items')
    seen[id(value)] = total
    return total


def has_unknown(value: Any) -> bool:
    """Tell whether `value` is or holds an `Unknown`. The value must have passed `expanded_size`."""
    if isinstance(value, Unknown):
        return True
    if isinstance(value, dict):
        return any(has_unknown(item) for item in value.values())
    if isinstance(value, (list, tuple, set, frozenset)):
        return any(has_unknown(item) for item in value)
    return False
