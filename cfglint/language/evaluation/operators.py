"""Python's operators on config values, within bounds and with origins kept."""

from __future__ import annotations

import ast
import operator
from typing import TYPE_CHECKING, Any

from cfglint.language.copies import as_config, placed
from cfglint.language.evaluation.iterables import UnknownItem, View
from cfglint.language.evaluation.limits import check_bits, check_length, check_text, expanded_size
from cfglint.language.evaluation.texts import printf
from cfglint.language.values import Array, ConfigTable, Lazy, Opaque, Row, Table, Unknown

if TYPE_CHECKING:
    from collections.abc import Callable


def binary(kind: type[ast.operator], left: Any, right: Any, weigh: Callable[..., bool]) -> Any:
    """Apply a binary operator; `weigh` pays for walking over values, and tells whether they are plain data.

    Raises:
        TooLarge: The result would be beyond the bounds.
        Exception: Whatever Python raises.
    """
    if isinstance(left, Unknown):
        return left
    if isinstance(right, Unknown):
        return right
    if kind is ast.Mod and isinstance(left, (str, bytes)):
        weigh(right)
        return printf(left, right)
    if isinstance(left, Lazy) or isinstance(right, Lazy):
        raise TypeError(f"unsupported operand type(s): '{type_name(left)}' and '{type_name(right)}'")
    if isinstance(left, Opaque) or isinstance(right, Opaque):
        return Unknown('an operation on an object')
    special = _SPECIAL.get(kind)
    if special is not None:
        return special(left, right)
    return _plain(kind, left, right)


def _plain(kind: type[ast.operator], left: Any, right: Any) -> Any:
    check_bits(_bits(left))
    check_bits(_bits(right))
    return _PLAIN[kind](left, right)


def _add(left: Any, right: Any) -> Any:
    if isinstance(left, Array) and isinstance(right, Array):
        check_length(len(left) + len(right))
        return Array(list.__add__(left, right), left.origins + right.origins)
    if isinstance(left, Row) and isinstance(right, Row):
        check_length(len(left) + len(right))
        return Row(tuple.__add__(left, right), left.origins + right.origins)
    if isinstance(left, ConfigTable) and not left:
        return right  # addict's `Dict.__add__`
    if isinstance(left, str) and isinstance(right, str):
        check_text(len(left) + len(right))
    else:
        check_bits(_bits(left))
        check_bits(_bits(right))
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
            return Array(list.__mul__(left, count), left.origins * count)
        assert isinstance(left, Row)
        return Row(tuple.__mul__(left, count), left.origins * count)
    check_bits(_bits(left) + _bits(right))
    return left * right


def power(left: Any, right: Any) -> Any:
    """Return ``left ** right``."""
    if isinstance(left, int) and isinstance(right, int):
        check_bits(_bits(left) * max(right, 1))
    return left**right


def _shift(left: Any, right: Any) -> Any:
    if isinstance(left, int) and isinstance(right, int):
        check_bits(_bits(left) + max(right, 0))
    return left << right


def _or(left: Any, right: Any) -> Any:
    if isinstance(left, Table) and isinstance(right, Table):
        if isinstance(left, ConfigTable) or isinstance(right, ConfigTable):  # addict's `Dict.__or__`
            expanded_size(left)
            expanded_size(right)
            return ConfigTable(_merged_items(left, right), {**left.origins, **right.origins})
        return Table({**left, **right}, {**left.origins, **right.origins})
    return _plain(ast.BitOr, left, right)


def _merged_items(left: Table, right: Table) -> dict[Any, Any]:
    result = {key: as_config(item) for key, item in left.items()}
    for key, item in right.items():
        mine = result.get(key)
        if isinstance(mine, Table) and isinstance(item, Table):
            result[key] = ConfigTable(_merged_items(mine, item), {**mine.origins, **item.origins})
        else:
            result[key] = as_config(item)
    return result


def type_name(value: Any) -> str:
    """Return the name that Python would print for the type of `value`."""
    for kind, name in (
        (ConfigTable, 'ConfigDict'),
        (Table, 'dict'),
        (Array, 'list'),
        (Row, 'tuple'),
        (Lazy, 'LazyObject'),
    ):
        if isinstance(value, kind):
            return name
    return value.kind if isinstance(value, Opaque) else type(value).__name__


def _bits(value: Any) -> int:
    return value.bit_length() if isinstance(value, int) else 0


_SPECIAL: dict[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: _add,
    ast.Mult: _multiply,
    ast.Pow: power,
    ast.LShift: _shift,
    ast.BitOr: _or,
}
_PLAIN: dict[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Sub: operator.sub,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.RShift: operator.rshift,
    ast.Mod: operator.mod,
    ast.BitOr: operator.or_,
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
_IDENTITY: dict[type[ast.cmpop], Callable[[Any, Any], Any]] = {
    ast.Is: lambda left, right: is_same(left, right),
    ast.IsNot: lambda left, right: not same if isinstance(same := is_same(left, right), bool) else same,
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
    return Unknown('an operation on an object') if isinstance(value, Opaque) else _UNARY[kind](value)


def is_same(left: Any, right: Any) -> bool | Unknown:
    """Return ``left is right``, where that does not depend on the interpreter."""
    if isinstance(left, Unknown) or isinstance(right, Unknown):
        return Unknown('a comparison with a value that is not known')
    if left is None or right is None or isinstance(left, bool) or isinstance(right, bool):
        return left is right
    if (
        type(left) is type(right)
        and isinstance(left, (str, bytes, int, float, complex, tuple, Opaque))
        and left is not right
    ):
        return Unknown('whether two equal values are one')
    return left is right


_SCALARS = frozenset({bool, int, float, type(None)})


def compare(kind: type[ast.cmpop], left: Any, right: Any, weigh: Callable[..., bool]) -> Any:
    """Apply a comparison; with something unknown on either side, the answer is unknown.

    Args:
        kind: The operator.
        left: What stands on its left.
        right: What stands on its right.
        weigh: Pays for walking over values, and tells whether they are plain data.
    """
    if type(left) in _SCALARS and type(right) in _SCALARS:
        return (_COMPARE.get(kind) or _IDENTITY[kind])(left, right)
    if kind in _IDENTITY:
        return _IDENTITY[kind](left, right)
    if isinstance(right, View) and kind in (ast.In, ast.NotIn):
        right = placed(list(right.content(right.owner)))
    if type(right) is range and (type(left) is int if kind in (ast.In, ast.NotIn) else type(left) is range):
        return _COMPARE[kind](left, right)  # which needs no look at the items
    among_keys = isinstance(right, Table) and kind in (ast.In, ast.NotIn)  # what is below the keys does not matter
    if not (weigh(left) if among_keys else weigh(left, right)):
        return Unknown('a comparison with a value that is not known')
    return _COMPARE[kind](left, right)


def decided(value: Any) -> bool:
    """Return the truth value.

    Raises:
        UnknownItem: It is not known.
    """
    truth = truth_of(value)
    if isinstance(truth, Unknown):
        raise UnknownItem(truth)
    return truth


def truth_of(value: Any) -> bool | Unknown:
    """Return the truth value, or the unknown."""
    if isinstance(value, View):
        return bool(value.owner)
    return value if isinstance(value, Unknown) else bool(value)
