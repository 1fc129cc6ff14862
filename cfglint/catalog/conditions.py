"""What the constructors of the libraries' classes demand of their arguments.

Each condition is an expression of arguments and constants, such as ``max(out_indices) < num_stages``, which
`tools/build_conditions.py` has found in an `assert`, or in the test in front of a `raise`. It is computed here, node by node.
"""

from __future__ import annotations

import ast
import json
import operator
import os
from functools import cache
from itertools import takewhile
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from cfglint.catalog.store import DATA

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

CONDITIONS: Final = os.path.join(DATA, 'conditions')


class Undecided(Exception):
    """What a condition asks is not known."""


class Condition(NamedTuple):
    """What a constructor demands.

    Attributes:
        text: The expression.
        raises: What is raised where it does not hold; empty: nothing is, the results are wrong.
        when: The expression that tells when it counts; empty: always.
        names: The arguments in both.
        paths: What of them is asked for: the argument, or what is inside of it, such as ``bbox_head.num_classes``.
    """

    text: str
    raises: str
    when: str
    names: tuple[str, ...]
    paths: tuple[str, ...]


def conditions_of(path: str) -> tuple[Condition, ...]:
    """Return what the constructor of a class demands, by its full name."""
    return tuple(_condition(*each) for each in _file(path.partition('.')[0]).get(path, ()))


@cache
def demanding_names() -> frozenset[str]:
    """Return the names of all classes, without their modules, of whose constructors something is known."""
    packages = (name.removesuffix('.json') for name in os.listdir(CONDITIONS))
    return frozenset(path.rpartition('.')[2] for package in packages for path in _file(package))


def holds(condition: Condition, values: Mapping[str, Any]) -> bool:
    """Tell whether a condition holds.

    Args:
        condition: The condition.
        values: The arguments that are known.

    Raises:
        Undecided: It depends on others, or cannot be computed.
    """
    try:
        counts = not condition.when or _value(_tree(condition.when), values)
        return not counts or bool(_value(_tree(condition.text), values))
    except (ArithmeticError, IndexError, KeyError, TypeError, ValueError):
        raise Undecided from None


def is_computable(text: str) -> bool:
    """Tell whether an expression has only what can be computed, once the names in it are known."""
    calls = (each for each in ast.walk(_tree(text)) if isinstance(each, ast.Call))
    known = all(isinstance(each.func, ast.Name) and each.func.id in _CALLED.keys() | _CONVERTED for each in calls)
    return known and all(type(each) in _KNOWN for each in ast.walk(_tree(text)))


@cache
def _file(package: str) -> dict[str, list[list[str]]]:
    path = os.path.join(CONDITIONS, f'{package}.json')
    if not package.isidentifier() or not os.path.isfile(path):
        return {}
    with open(path, 'rb') as file:
        found: dict[str, list[list[str]]] = json.load(file)
    return found


@cache
def _condition(text: str, raises: str, when: str) -> Condition:
    paths = tuple(dict.fromkeys(path for each in (text, when) if each for path in _paths(_tree(each))))
    return Condition(text, raises, when, tuple(dict.fromkeys(path.partition('.')[0] for path in paths)), paths)


def _paths(tree: ast.expr) -> list[str]:
    """Return the arguments in an expression, with the keys that are asked for, in their order."""
    inner: set[ast.AST] = set()
    bound, found = _bound(tree), list[tuple[int, str]]()
    for each in ast.walk(tree):  # outer ones first
        keys: list[str] = []
        node = each
        while isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant):
            keys.append(node.slice.value if isinstance(node.slice.value, str) else '')
            inner.add(node.value)
            node = node.value
        is_argument = isinstance(node, ast.Name) and node.id not in {*bound, *_CALLED, *_TYPES}
        if is_argument and isinstance(node, ast.Name) and each not in inner:
            found.append((node.col_offset, '.'.join((node.id, *takewhile(bool, reversed(keys))))))
    return [path for _, path in sorted(found)]


@cache
def _tree(text: str) -> ast.expr:
    return ast.parse(text, mode='eval').body


def _bound(tree: ast.expr) -> set[str]:
    loops = (each.target for each in ast.walk(tree) if isinstance(each, ast.comprehension))
    return {target.id for target in loops if isinstance(target, ast.Name)}


def _is_seq_of(value: Any, kind: Any, seq_type: Any = (list, tuple)) -> bool:
    return isinstance(value, seq_type) and all(isinstance(each, kind) for each in value)


def _is(value: Any, other: Any) -> bool:
    if other is not None and not isinstance(other, bool):
        raise Undecided
    return value is other


_SEQUENCE: Final = (list, tuple, str, range)
_CALLED: Final[dict[str, Callable[..., Any]]] = {
    'len': len, 'isinstance': isinstance, 'max': max, 'min': min, 'sum': sum, 'all': all, 'any': any, 'abs': abs,
    'sorted': sorted, 'is_seq_of': _is_seq_of, 'is_list_of': lambda value, kind: _is_seq_of(value, kind, list),
    'is_tuple_of': lambda value, kind: _is_seq_of(value, kind, tuple), 'is_str': lambda value: isinstance(value, str),
}  # fmt: skip
_TYPES: Final[dict[str, Any]] = {
    'int': int, 'float': float, 'str': str, 'bool': bool, 'list': list, 'tuple': tuple, 'dict': dict, 'set': set,
    'Sequence': _SEQUENCE, 'Number': (int, float),
}  # fmt: skip
_CONVERTED: Final = frozenset({'int', 'float', 'str', 'bool', 'list', 'tuple', 'set'})

_COMPARED: Final[dict[type[ast.cmpop], Callable[[Any, Any], Any]]] = {
    ast.Eq: operator.eq, ast.NotEq: operator.ne, ast.Lt: operator.lt, ast.LtE: operator.le, ast.Gt: operator.gt,
    ast.GtE: operator.ge, ast.Is: lambda left, right: _is(left, right), ast.IsNot: lambda left, right: not _is(left, right),
    ast.In: lambda left, right: left in right, ast.NotIn: lambda left, right: left not in right,
}  # fmt: skip


def _times(left: Any, right: Any) -> Any:
    if not isinstance(left, (int, float)) or not isinstance(right, (int, float)):
        raise Undecided  # of texts and lists, it could become huge
    return left * right


_COMPUTED: Final[dict[type[ast.operator], Callable[[Any, Any], Any]]] = {
    ast.Add: operator.add, ast.Sub: operator.sub, ast.Div: operator.truediv, ast.FloorDiv: operator.floordiv, ast.Mod: operator.mod,
    ast.BitXor: operator.xor, ast.Mult: _times,
}  # fmt: skip


def _of_name(node: ast.Name, values: Mapping[str, Any]) -> Any:
    if node.id in values:
        return values[node.id]
    if node.id in _TYPES:
        return _TYPES[node.id]
    raise Undecided


def _of_call(node: ast.Call, values: Mapping[str, Any]) -> Any:
    name = node.func.id if isinstance(node.func, ast.Name) else ''
    called = _CALLED.get(name) or (_TYPES[name] if name in _CONVERTED else None)
    if called is None:
        raise Undecided
    given = {each.arg: _value(each.value, values) for each in node.keywords if each.arg is not None}
    return called(*(_value(each, values) for each in node.args), **given)


def _of_comparison(node: ast.Compare, values: Mapping[str, Any]) -> bool:
    left = _value(node.left, values)
    for kind, right in zip(node.ops, node.comparators, strict=True):
        other = _value(right, values)
        if not _COMPARED[type(kind)](left, other):
            return False
        left = other
    return True


def _of_choice(node: ast.BoolOp, values: Mapping[str, Any]) -> Any:
    """Return what `and` or `or` gives: one side that is known may be enough."""
    wanted, undecided, found = isinstance(node.op, ast.Or), False, None
    for each in node.values:
        try:
            found = _value(each, values)
        except Undecided:
            undecided = True
        else:
            if bool(found) is wanted:
                return found
            if undecided:
                continue
    if undecided:
        raise Undecided
    return found


def _of_generator(node: ast.GeneratorExp | ast.ListComp | ast.SetComp, values: Mapping[str, Any]) -> list[Any]:
    (source,) = node.generators
    if not isinstance(source.target, ast.Name):
        raise Undecided
    inner = [{**values, source.target.id: each} for each in _iterated(_value(source.iter, values))]
    return [_value(node.elt, each) for each in inner if all(_value(test, each) for test in source.ifs)]


def _iterated(value: Any) -> Iterable[Any]:
    if not isinstance(value, (list, tuple, set, str)):
        raise Undecided
    return value


_VALUES: Final[dict[type[ast.AST], Callable[[Any, Mapping[str, Any]], Any]]] = {
    ast.Constant: lambda node, _: node.value,
    ast.Name: _of_name,
    ast.Tuple: lambda node, values: tuple(_value(each, values) for each in node.elts),
    ast.List: lambda node, values: [_value(each, values) for each in node.elts],
    ast.Set: lambda node, values: {_value(each, values) for each in node.elts},
    ast.BoolOp: _of_choice,
    ast.UnaryOp: lambda node, values: _UNARY[type(node.op)](_value(node.operand, values)),
    ast.BinOp: lambda node, values: _COMPUTED[type(node.op)](_value(node.left, values), _value(node.right, values)),
    ast.Compare: _of_comparison,
    ast.Call: _of_call,
    ast.Subscript: lambda node, values: _value(node.value, values)[_value(node.slice, values)],
    ast.GeneratorExp: _of_generator,
    ast.ListComp: _of_generator,
    ast.SetComp: _of_generator,
}
_UNARY: Final[dict[type[ast.unaryop], Callable[[Any], Any]]] = {ast.Not: operator.not_, ast.USub: operator.neg}
_KNOWN: Final = frozenset({
    *_VALUES, *_COMPARED, *_COMPUTED, *_UNARY, ast.And, ast.Or, ast.Load, ast.Store, ast.comprehension, ast.keyword,
})  # fmt: skip


def _value(node: ast.expr, values: Mapping[str, Any]) -> Any:
    made = _VALUES.get(type(node))
    if made is None:
        raise Undecided
    return made(node, values)
