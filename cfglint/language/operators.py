"""Python's operators on config values, within bounds and with origins kept."""

from __future__ import annotations

import ast
import operator
from typing import TYPE_CHECKING, Any

from cfglint.language.limits import MAX_BITS, TooLarge, check_length, check_text, expanded_size, has_unknown
from cfglint.language.values import Array, Lazy, Opaque, Row, Table, Unknown

if TYPE_CHECKING:
    from collections.abc import Callable


def binary(kind: type[ast.operator], left: Any, right: Any) -> Any:
    """Apply a binary operator.

    Raises:
        TooLarge: The result would be beyond the bounds.
        Exception: Whatever Python raises.
    """
    if isinstance(left, Unknown):
        return left
    if isinstance(right, Unknown):
        return right
    if isinstance(left, Lazy) or isinstance(right, Lazy):
        raise TypeError(f"unsupported operand type(s): '{type_name(left)}' and '{type_name(right)}'")
    if isinstance(left, Opaque) or isinstance(right, Opaque):
        return Unknown('an operation on an object')
    special = _SPECIAL.get(kind)
    if special is not None:
        return special(left, right)
    return _PLAIN[kind](left, right)


def _add(left: Any, right: Any) -> Any:
    if isinstance(left, Array) and isinstance(right, Array):
        check_length(len(left) + len(right))
        return Array(list.__add__(left, right), origins_of(left) + origins_of(right))
    if isinstance(left, Row) and isinstance(right, Row):
        check_length(len(left) + len(right))
        return Row(tuple.__add__(left, right), (*origins_of(left), *origins_of(right)))
    if isinstance(left, str) and isinstance(right, str):
        check_text(len(left) + len(right))
    return left + right


def _multiply(left: Any, right: Any) -> Any:
    if isinstance(right, (list, tuple, str, bytes)):
        left, right = right, left
    if isinstance(left, (list, tuple, str, bytes)) and isinstance(right, int):
        count = max(right, 0)
        if isinstance(left, (str, bytes)):
            check_text(len(left) * count)
            return left * count
        check_length(len(left) * count)
        if isinstance(left, Array):
            return Array(list.__mul__(left, count), origins_of(left) * count)
        return Row(tuple.__mul__(left, count), tuple(origins_of(left) * count))
    _check_bits(_bits(left) + _bits(right))
    return left * right


def _power(left: Any, right: Any) -> Any:
    if isinstance(left, int) and isinstance(right, int) and right > 0:
        _check_bits(_bits(left) * right)
    return left**right


def _shift(left: Any, right: Any) -> Any:
    if isinstance(left, int) and isinstance(right, int):
        _check_bits(_bits(left) + max(right, 0))
    return left << right


def _modulo(left: Any, right: Any) -> Any:
    if isinstance(left, (str, bytes)):
        return printf(left, right)
    return left % right


def _or(left: Any, right: Any) -> Any:
    if isinstance(left, Table) and isinstance(right, Table):
        return type(left)({**left, **right}, {**left.origins, **right.origins})
    return left | right


def printf(template: Any, values: Any) -> Any:
    """Format with ``%``; a width is bounded, containers must be free of unknown values."""
    expanded_size(values)
    if has_unknown(values):
        return Unknown('formatting a value that is not known')
    check_widths(template if isinstance(template, str) else template.decode('latin-1'))
    result = template % values
    check_text(len(result))
    return result


def format_value(value: Any, spec: str) -> Any:
    """Format as f-strings and ``str.format`` do."""
    if isinstance(value, Lazy):
        return value.name.rpartition('.')[2]
    expanded_size(value)
    if isinstance(value, Opaque) or has_unknown(value):
        return Unknown('formatting a value that is not known')
    check_widths(spec)
    result = format(value, spec)
    check_text(len(result))
    return result


def check_widths(text: str) -> None:
    """Raise `TooLarge` when a format asks for more than 99999 characters, or for a computed number of them."""
    digits = 0
    for character in text:
        digits = digits + 1 if character.isdigit() else 0
        if digits > 5:
            raise TooLarge('a format with a width of more than 99999')
    if '*' in text:
        raise TooLarge('a format with a computed width')


def origins_of(items: Array | Row) -> list[Any]:
    """Return one origin (or none) an item; hand-made containers may have fewer."""
    origins = list(items.origins)
    return origins if len(origins) == len(items) else (origins + [None] * len(items))[: len(items)]


def type_name(value: Any) -> str:
    """Return the name that Python would print for the type of `value`."""
    for kind, name in ((Table, 'dict'), (Array, 'list'), (Row, 'tuple'), (Lazy, 'LazyObject')):
        if isinstance(value, kind):
            return name
    return value.kind if isinstance(value, Opaque) else type(value).__name__


def _bits(value: Any) -> int:
    return value.bit_length() if isinstance(value, int) else 0


def _check_bits(bits: int) -> None:
    if bits > MAX_BITS:
        raise TooLarge(f'an integer of {bits} bits')


_SPECIAL: dict[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: _add,
    ast.Mult: _multiply,
    ast.Pow: _power,
    ast.LShift: _shift,
    ast.Mod: _modulo,
    ast.BitOr: _or,
}
_PLAIN: dict[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Sub: operator.sub,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.RShift: operator.rshift,
    ast.BitXor: operator.xor,
    ast.BitAnd: operator.and_,
    ast.MatMult: operator.matmul,
}
_COMPARE: dict[type[ast.cmpop], Callable[[Any, Any], Any]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.In: lambda left, right: left in right,
    ast.NotIn: lambda left, right: left not in right,
}
_UNARY: dict[type[ast.unaryop], Callable[[Any], Any]] = {
    ast.USub: operator.neg,
    ast.UAdd: operator.pos,
    ast.Invert: operator.invert,
}


def unary(kind: type[ast.unaryop], value: Any) -> Any:
    """Apply a unary operator; an unknown value stays unknown."""
    if isinstance(value, Unknown):
        return value
    if kind is ast.Not:
        truth = truth_of(value)
        return truth if isinstance(truth, Unknown) else not truth
    if isinstance(value, (Opaque, Lazy)):
        return Unknown('an operation on an object')
    return _UNARY[kind](value)


def compare(kind: type[ast.cmpop], left: Any, right: Any) -> Any:
    """Apply a comparison; with something unknown on either side, the answer is unknown."""
    if kind in (ast.Is, ast.IsNot):
        if isinstance(left, Unknown) or isinstance(right, Unknown):
            return Unknown('a comparison with a value that is not known')
        same = left is right or (isinstance(left, Lazy) and left == right)
        return same if kind is ast.Is else not same
    expanded_size(left)
    expanded_size(right)
    if has_unknown(left) or has_unknown(right):
        return Unknown('a comparison with a value that is not known')
    return _COMPARE[kind](left, right)


def truth_of(value: Any) -> bool | Unknown:
    """Return the truth value, or the unknown."""
    return value if isinstance(value, Unknown) else bool(value)
