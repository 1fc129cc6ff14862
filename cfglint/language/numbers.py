"""Telling which values of a config are numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, TypeGuard

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_LARGE: Final = 1e18
_INT: Final = frozenset({int})


def is_number(value: Any) -> bool:
    """Tell whether a value is an int or a float of a reasonable size; a bool is none, nor is a value that is not known."""
    return isinstance(value, (int, float)) and not isinstance(value, bool) and -_LARGE < value < _LARGE


def are_numbers(*values: Any) -> bool:
    """Tell whether all values are such numbers."""
    return all(map(is_number, values))


def is_int(value: Any) -> TypeGuard[int]:
    """Tell whether a value is an int and no bool."""
    return isinstance(value, int) and not isinstance(value, bool)


def are_ints(values: Iterable[Any]) -> TypeGuard[Sequence[int]]:
    """Tell whether all values are ints and no bools."""
    return _INT.issuperset(map(type, values))


def as_float(number: float) -> float:
    """Return a number as a float; an int that is too large for one stays what it is."""
    try:
        return float(number)
    except OverflowError:
        return number
