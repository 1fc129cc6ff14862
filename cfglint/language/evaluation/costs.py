"""What the operations of the config language cost: one table. Each is paid for by its operands' sizes before it is done.

Work is counted in items looked at (four characters are one): sixteen of them are a step of the evaluator. What an operation
makes is counted in bytes, at most. What an operation does to values that it looks *into* (comparing, hashing, printing) is
paid for by `limits.Weight`, and what functions do that it calls, by those.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any, NamedTuple

from cfglint.language.evaluation.iterables import View
from cfglint.language.evaluation.limits import MAX_ITEMS, MAX_TEXT
from cfglint.language.values import Array, ConfigTable, OpenTable, Row, Table

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    Measure = Callable[[Sequence[Any]], int]

_CHARACTER = 4
_ITEM = 16
"""An item of a list: the pointer to it, and that to where it was written."""
_NUMBER = 48
_MEMBER = 72
_ENTRY = 200
_PIECE = 90
_ROW = 300
_CONTAINERS = frozenset({Table, ConfigTable, OpenTable, Array, Row, dict, list, tuple, set, frozenset})


class Cost(NamedTuple):
    """What an operation costs, as functions of its operands: the owner of a method first, then the arguments.

    Attributes:
        work: How many items it looks at.
        result: How many bytes it makes, at most.
    """

    work: Measure
    result: Measure


def size(value: Any) -> int:
    """Return how many items, characters or bits a value has, without a look at what is in it."""
    kind = type(value)
    if kind is str or kind is bytes or kind in _CONTAINERS:
        return len(value)
    if kind is int:
        return int(value.bit_length())
    if kind is range:
        return min(max((value.stop - value.start) // value.step + 1, 0), MAX_ITEMS)
    return len(value.owner) if isinstance(value, View) else 0


def _work(value: Any) -> int:
    kind = type(value)
    if kind is str or kind is bytes:
        return len(value) >> 2
    if kind is int:
        return value.bit_length() >> 5
    return size(value) << 2 if isinstance(value, View) else size(value)


def nothing(values: Sequence[Any]) -> int:
    """The operation looks at a fixed number of items, or makes no more than it was given."""
    return 0


def _all(values: Sequence[Any]) -> int:
    return sum(map(_work, values))


def _owner(values: Sequence[Any]) -> int:
    return _work(values[0]) if values else 0


def _arguments(values: Sequence[Any]) -> int:
    return sum(map(_work, values[1:]))


def _times(factor: int, measure: Measure) -> Measure:
    return lambda values: factor * measure(values)


def _product(values: Sequence[Any]) -> int:
    """Python looks for a text from the end by comparing it at each place."""
    needle = values[1] if len(values) > 1 else ''
    return _all(values) + (size(values[0]) * max(size(needle) - 1, 0) >> 5)


def _made(factor: int) -> Measure:
    """What is made has as many items as all that was given."""
    return lambda values: factor * min(sum(map(size, values)), MAX_ITEMS)


def _of_owner(factor: int) -> Measure:
    return lambda values: factor * size(values[0]) if values else 0


def _pairs_of(value: Any) -> int:
    """Return the bytes of the items that a loop over a value sees, as far as they are made for it."""
    if isinstance(value, View):
        return size(value) * (_ROW if value.kind == 'dict_items' else _ITEM)
    return size(value) * (_NUMBER if type(value) is range else _ITEM)


def _iterated(values: Sequence[Any]) -> int:
    return sum(map(_pairs_of, values))


def _text(values: Sequence[Any]) -> int:
    """The text has about as many characters as all that was given."""
    return _CHARACTER * sum(map(size, values))


def _joined_text(values: Sequence[Any]) -> int:
    separator, *rest = values
    value = rest[0] if rest else ()
    items = value.owner if isinstance(value, View) else value
    if not hasattr(items, '__len__'):
        return 0
    length = len(separator) * len(items) + sum(len(item) for item in items if isinstance(item, str))
    return _CHARACTER * min(length, MAX_TEXT)


def _pieces(values: Sequence[Any]) -> int:
    """Return the bytes of what a text is split into: one piece more than there are places to split it at."""
    text = values[0]
    if len(values) > 1 and isinstance(values[1], str) and values[1]:
        return _CHARACTER * len(text) + _PIECE * (text.count(values[1]) + 1)
    return _CHARACTER * len(text) + _PIECE * (len(text) // 2 + 1)


def _replaced(values: Sequence[Any]) -> int:
    text, *rest = values
    if len(rest) < 2 or not all(isinstance(each, str) for each in rest[:2]):
        return 0
    count = text.count(rest[0]) if rest[0] else len(text) + 1
    return _CHARACTER * min(len(text) + count * len(rest[1]), MAX_TEXT)


def _padded(values: Sequence[Any]) -> int:
    width = values[1] if len(values) > 1 else 0
    return _CHARACTER * (len(values[0]) + min(max(width, 0), MAX_TEXT)) if isinstance(width, int) else 0


def _power(values: Sequence[Any]) -> int:
    return 16 * _all(values)


def _repeated(values: Sequence[Any]) -> int:
    """Return the bytes of ``left * right``, within the bounds."""
    left, right = values
    if isinstance(right, (str, bytes, list, tuple)):
        left, right = right, left
    if not isinstance(left, (str, bytes, list, tuple)) or not isinstance(right, int):
        return 0
    is_text = isinstance(left, (str, bytes))
    count = min(len(left) * min(max(right, 0), MAX_TEXT), MAX_TEXT if is_text else MAX_ITEMS)
    return count * (_CHARACTER if is_text else _ITEM)


def _repeated_work(values: Sequence[Any]) -> int:
    return (_repeated(values) >> 4) + _all(values)


def _joined(values: Sequence[Any]) -> int:
    """Return the bytes of what a binary operator makes of two values, by their type."""
    kind = type(values[0])
    each = _CHARACTER if kind is str or kind is bytes else _ENTRY if issubclass(kind, dict) else _ITEM
    return sum(map(size, values)) * (_MEMBER if kind in (set, frozenset) else each)


CONSTANT = Cost(nothing, nothing)
_SEARCH = Cost(_all, nothing)
_SEARCH_BACK = Cost(_product, nothing)
_ALTERED = Cost(_all, _text)
_ALTERED_SLOWLY = Cost(_times(8, _all), _text)
_PADDED = Cost(lambda values: _padded(values) >> 4, _padded)
_ONE_ITEM = Cost(nothing, lambda values: _ENTRY)
_LIST = Cost(_all, _iterated)
_SET = Cost(_all, _made(_MEMBER))
_SET_QUESTION = Cost(_all, nothing)
_DICT = Cost(_times(2, _all), _made(_ENTRY))
_COPIED = Cost(_times(4, _owner), _of_owner(_ENTRY))
_NUMBERS = Cost(_times(4, _all), _text)
_MATH = Cost(_times(4, _all), lambda values: _NUMBER)
_PATH = Cost(_times(4, _all), _text)


def _named(prefix: str, names: str, cost: Cost) -> dict[str, Cost]:
    return {f'{prefix}{name}': cost for name in names.split()}


_DICT_METHODS = {
    **_named('', 'get pop popitem', CONSTANT),
    **_named('', 'keys values items', _ONE_ITEM),
    'setdefault': _ONE_ITEM,
    'clear': Cost(_owner, nothing),
    'update': Cost(_times(2, _arguments), lambda values: _made(_ENTRY)(values[1:])),
    'copy': _COPIED,
}
_SET_METHODS = {
    **_named('', 'union intersection difference symmetric_difference copy', _SET),
    **_named('', 'issubset issuperset isdisjoint', _SET_QUESTION),
}

COSTS: dict[str, Cost] = {
    # Texts.
    **_named('str.', 'find index count startswith endswith isdigit isalpha isalnum isupper islower isspace isnumeric '
             'isdecimal isidentifier istitle isascii', _SEARCH),
    **_named('str.', 'rfind rindex', _SEARCH_BACK),
    **_named('str.', 'strip lstrip rstrip lower upper removeprefix removesuffix', _ALTERED),
    **_named('str.', 'title capitalize swapcase casefold', _ALTERED_SLOWLY),
    **_named('str.', 'zfill ljust rjust center', _PADDED),
    'str.join': Cost(_times(4, _all), _joined_text),
    'str.split': Cost(_all, _pieces),
    'str.rsplit': Cost(_product, _pieces),
    'str.splitlines': Cost(_all, _pieces),
    'str.partition': Cost(_all, _text),
    'str.rpartition': Cost(_product, _text),
    'str.replace': Cost(lambda values: _all(values) + (_replaced(values) >> 4), _replaced),
    'str.expandtabs': Cost(_times(2, _all), _text),
    'str.format': Cost(_times(16, _owner), _text),
    # Dicts.
    **{f'dict.{name}': cost for name, cost in _DICT_METHODS.items()},
    **{f'ConfigDict.{name}': cost for name, cost in _DICT_METHODS.items()},
    **_named('ConfigDict.', 'values', Cost(_owner, _of_owner(_ITEM))),
    **_named('ConfigDict.', 'items', Cost(_times(8, _owner), _of_owner(_ROW))),
    **_named('ConfigDict.', 'merge to_dict deepcopy', Cost(_times(8, _all), _of_owner(2 * _ENTRY))),
    # Lists and tuples.
    **_named('list.', 'index count remove', _SEARCH),
    **_named('tuple.', 'index count', _SEARCH),
    'list.append': Cost(nothing, lambda values: 4 * _ITEM),
    'list.extend': Cost(_arguments, lambda values: _iterated(values[1:])),
    'list.insert': Cost(_owner, lambda values: 4 * _ITEM),
    **_named('list.', 'pop reverse clear', Cost(_owner, nothing)),
    'list.sort': Cost(_times(8, _owner), _of_owner(_NUMBER)),
    'list.copy': Cost(_owner, _of_owner(_ITEM)),
    # Sets.
    **{f'set.{name}': cost for name, cost in _SET_METHODS.items()},
    **{f'frozenset.{name}': cost for name, cost in _SET_METHODS.items()},
    **_named('set.', 'add discard remove pop', _ONE_ITEM),
    **_named('set.', 'update intersection_update difference_update symmetric_difference_update', _SET),
    'set.clear': Cost(_owner, nothing),
    # Types.
    'dict': _DICT,
    'dict.fromkeys': _DICT,
    **_named('', 'list tuple', _LIST),
    **_named('', 'set frozenset', _SET),
    **_named('', 'bool slice range iter next print isinstance getattr hasattr len chr vars', CONSTANT),
    **_named('', 'str repr format', Cost(_times(12, _all), _text)),
    **_named('', 'int float complex hex oct bin ord abs divmod round', _NUMBERS),
    'pow': Cost(_power, _text),
    # Iterators.
    **_named('', 'enumerate zip map filter', _ONE_ITEM),
    'reversed': Cost(_all, _iterated),
    **_named('', 'any all', CONSTANT),
    **_named('', 'sum min max', Cost(_times(2, _all), _iterated)),
    'sorted': Cost(_times(8, _all), _made(2 * _NUMBER)),
    **_named('', 'globals locals', CONSTANT),
    'dir': _ONE_ITEM,
    'eval': Cost(_times(64, _all), _text),
    # The standard library.
    **_named('math.', 'ceil floor sqrt log log2 log10 exp sin cos tan fabs trunc hypot radians degrees isclose isnan isinf '
             'copysign atan atan2 pow', _MATH),
    **_named('math.', 'gcd prod', Cost(_times(64, _all), _text)),
    **_named('os.path.', 'join dirname basename splitext split normpath isabs', _PATH),
    **_named('os.', 'getenv environ.get', _SEARCH),
    'copy.copy': _COPIED,
    'copy.deepcopy': Cost(_times(4, _owner), _of_owner(_ENTRY)),
    **_named('', 'itertools.chain chain.from_iterable', _ONE_ITEM),
    **_named('', 'itertools.product functools.reduce', CONSTANT),
}  # fmt: skip
"""By the name of a function, or of a type and its method."""

OPERATORS: dict[type[ast.AST], Cost] = {
    ast.Add: Cost(_all, _joined),
    ast.Sub: Cost(_all, _joined),
    ast.BitOr: Cost(_times(2, _all), _joined),
    ast.BitAnd: Cost(_all, _joined),
    ast.BitXor: Cost(_times(2, _all), _joined),
    ast.Mult: Cost(_repeated_work, _repeated),
    **dict.fromkeys((ast.Div, ast.FloorDiv, ast.Mod, ast.LShift, ast.RShift, ast.MatMult), _NUMBERS),
    ast.Pow: Cost(_power, _text),
    **dict.fromkeys((ast.Eq, ast.NotEq, ast.Lt, ast.LtE, ast.Gt, ast.GtE, ast.In, ast.NotIn), Cost(_all, nothing)),
    **dict.fromkeys((ast.Is, ast.IsNot), CONSTANT),
}
"""By the node of an operator; those of one operand cost nothing but for integers, which are bounded."""
ITERATE = Cost(_all, _iterated)
"""A loop over a value."""
EXPAND = Cost(_times(2, _all), _made(_ENTRY))
"""What ``**value`` adds to a dict, or to the keywords of a call."""
SLICE = Cost(lambda values: _owner(values), lambda values: _joined(values[:1]))
"""A slice of a value, at most all of it."""
JOIN = Cost(_all, _text)
"""The parts of an f-string."""
FORMAT = Cost(_times(8, _all), _text)
"""A value in an f-string, or in what ``%`` formats."""
