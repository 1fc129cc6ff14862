"""Bounds on what evaluating a config may cost, so that no file can hang the reader or eat the memory."""

from __future__ import annotations

import sys
from typing import Any

from cfglint.language.values import Array, ConfigTable, Opaque, OpenTable, Row, Table, Unknown

MAX_STEPS = 600_000
"""Fuel of one file: nodes that run again (loops, functions), and what operations cost (`costs.py`). A step takes about 1 µs.
Official configs need at most 7,147; the hungriest one that is known, of OpenCompass, 465,458."""
MAX_BYTES = 64 * 1024 * 1024
"""What evaluating one file may make, all in all."""
MAX_ITEMS = 200_000
"""Items of one container; items of a whole value, expanded. Of the configs that are known, the largest has 79,467 (OpenCompass)."""
MAX_TEXT = 300_000
"""Characters of one computed string; the longest string of a config that is known has 26,981 (OpenCompass)."""
MAX_BITS = 4096
"""Bits of one computed integer."""
MAX_DEPTH = 150
"""Levels of nesting of a value."""
MAX_CALLS = 960
"""Levels of nested calls of a config's own functions: of Python's 1,000, MMEngine and what calls it take some."""
MAX_FRAMES = 24_000 if sys.version_info >= (3, 11) and sys.platform != 'win32' else 6_000
"""Frames that nested calls may take here, some 25 a level; before 3.11 each takes from the stack of the process."""
MAX_WIDTH = 1_000
"""Width or precision of a format."""

_CONTAINERS = frozenset({Table, ConfigTable, OpenTable, Array, Row, dict, list, tuple, set, frozenset})
_FEW = 16
_OBJECTS = (Unknown, Opaque)


class TooLarge(Exception):
    """A value would grow beyond the bounds."""


class ContainsItself(TooLarge):
    """A value contains itself: no walk over it would end."""


def check_length(length: int) -> None:
    """Raise `TooLarge` when a container would have more than `MAX_ITEMS` items."""
    if length > MAX_ITEMS:
        raise TooLarge(f'a value of {length} items')


def check_text(length: int) -> None:
    """Raise `TooLarge` when a string would have more than `MAX_TEXT` characters."""
    if length > MAX_TEXT:
        raise TooLarge(f'a string of {length} characters')


def check_bits(bits: int) -> None:
    """Raise `TooLarge` when an integer would have more than `MAX_BITS` bits."""
    if bits > MAX_BITS:
        raise TooLarge(f'an integer of {bits} bits')


def is_container(value: Any) -> bool:
    """Tell whether `value` is a dict, list, tuple or set."""
    return type(value) in _CONTAINERS


def expanded_size(value: Any) -> int:
    """Count the items of `value` as if nothing in it were shared.

    ``a = [a, a]`` forty times is small in memory, but a walk over it never ends.

    Raises:
        TooLarge: The count exceeds `MAX_ITEMS`, the nesting `MAX_DEPTH`, or the value contains itself.
    """
    return _size(value, {}, 0) if type(value) in _CONTAINERS else 1


def _size(value: Any, seen: dict[int, int], depth: int) -> int:
    total = 1 + len(value)
    items = value.values() if isinstance(value, dict) else value
    if total <= _FEW and depth <= MAX_DEPTH and _CONTAINERS.isdisjoint(map(type, items)):
        return total  # counting again takes no longer than remembering
    known = seen.get(id(value))
    if known is not None:
        if known < 0:
            raise ContainsItself('a value that contains itself')
        return known
    if depth > MAX_DEPTH:
        raise TooLarge(f'a value nested more than {MAX_DEPTH} levels deep')
    seen[id(value)] = -1
    for item in items:
        if type(item) in _CONTAINERS:
            total += _size(item, seen, depth + 1) - 1
    if total > MAX_ITEMS:
        raise TooLarge(f'a value of more than {MAX_ITEMS} items')
    seen[id(value)] = total
    return total


class Weight:
    """What walking over values costs, and whether they are plain data (or `Lazy`) throughout.

    Python's own functions (``==``, ``hash``, ``repr``, ``sum``…) may be asked about values that were weighed:
    they come to an end, and find nothing that is not known.

    Raises:
        TooLarge: The values exceed the bounds.
    """

    __slots__ = ('characters', 'plain', 'steps')

    def __init__(self, *values: Any) -> None:
        self.plain = True
        self.characters = 0
        items = 0
        for value in values:
            if type(value) in _CONTAINERS:
                items += expanded_size(value)
            self._add(value)
        self.steps = (items >> 1) + (self.characters >> 6)

    def _add(self, value: Any) -> None:
        kind = type(value)
        if kind is str or kind is bytes:
            self.characters += len(value) + 4
        elif kind in _CONTAINERS:
            self.characters += 4
            if isinstance(value, dict):
                for key in value:
                    self._add(key)
                value = value.values()
            for item in value:
                self._add(item)
        elif kind is int:
            bits = value.bit_length()
            check_bits(bits)
            self.characters += 8 + (bits >> 1 if bits > 64 else 0)
        elif kind is range:
            check_length(len(value))
            self.characters += 16
        elif isinstance(value, _OBJECTS):
            self.plain = False
        else:
            self.characters += 32
