"""Evaluation of expressions: one function a kind of `ast` node."""

from __future__ import annotations

import ast
from functools import partial
from typing import Any, NoReturn

from cfglint.diagnostics import Advice
from cfglint.language.errors import ConfigError
from cfglint.language.evaluation import operators
from cfglint.language.evaluation.attributes import attribute_of, is_key_only, item_of
from cfglint.language.evaluation.builtins import BUILTINS
from cfglint.language.evaluation.callables import Function
from cfglint.language.evaluation.calls import call
from cfglint.language.evaluation.costs import FORMAT, JOIN, OPERATORS, SLICE
from cfglint.language.evaluation.displays import comprehension, dict_display, list_display, set_display, tuple_display
from cfglint.language.evaluation.evaluator import (
    EXPRESSIONS,
    ClassScope,
    Evaluator,
    FunctionScope,
    evaluate,
    is_base,
)
from cfglint.language.evaluation.iterables import Iterated
from cfglint.language.evaluation.iterators import contains
from cfglint.language.evaluation.limits import check_text, is_container
from cfglint.language.evaluation.operators import truth_of
from cfglint.language.evaluation.texts import convert, format_value
from cfglint.language.values import Unknown


def _constant(ev: Evaluator, node: ast.Constant) -> Any:
    return node.value


def _name(ev: Evaluator, node: ast.Name) -> Any:
    name = node.id
    ev.loads.add(name)
    for scope in reversed(ev.scopes):
        if name in scope:
            return scope[name]
        if type(scope) is FunctionScope:
            if name in scope.outer and name in scope.outer[name]:
                return scope.outer[name][name]
            if name in scope.local and name not in scope.outer:
                ev.fail(
                    node,
                    UnboundLocalError(f"cannot access local variable '{name}' where it is not associated with a value"),
                )
    if name == '_base_' and ev.base is not None:
        return ev.base()
    if name in BUILTINS:
        ev.made_objects = True
        return BUILTINS[name]
    return _undefined(ev, node)


def _undefined(ev: Evaluator, node: ast.Name) -> Any:  # noqa: RET503 (`refuse` never returns)
    if node.id == '__name__':
        return 'builtins'
    if node.id.startswith('__') and node.id in (
        '__builtins__',
        '__annotations__',
        '__doc__',
        '__spec__',
        '__debug__',
        '__import__',
    ):
        return Unknown(f'`{node.id}`')
    if ev.partial is not None:
        return Unknown(ev.partial)
    message, advice = f'name `{node.id}` is not defined', None
    if ev.base is not None and ev.base.has(node.id):
        message += ' in this file, only in a base'
        advice = Advice('write', f'_base_.{node.id}')
    elif node.id == '__file__':
        message += ' in a text-style config'
        advice = Advice('write', "'{{ fileDirname }}/{{ fileBasename }}'")
    elif node.id in _OF_YAML:
        advice = Advice('write', _OF_YAML[node.id])
    raises = f"NameError: name '{node.id}' is not defined"
    ev.refuse(node, 'undefined-name', message, 'NameError', raises=raises, advice=advice)


def _unary(ev: Evaluator, node: ast.UnaryOp) -> Any:
    value = evaluate(ev, node.operand)
    try:
        return operators.unary(type(node.op), value)
    except Exception as error:
        ev.fail(node, error)


def _binary(ev: Evaluator, node: ast.BinOp) -> Any:
    left, right = evaluate(ev, node.left), evaluate(ev, node.right)
    try:
        kind = type(node.op)
        if type(left) is not float and type(right) is not float:
            ev.pay(node, FORMAT if kind is ast.Mod and isinstance(left, (str, bytes)) else OPERATORS[kind], left, right)
        return operators.binary(kind, left, right, partial(ev.weigh, node))
    except Exception as error:
        ev.fail(node, error)


def _boolean(ev: Evaluator, node: ast.BoolOp) -> Any:
    stop = isinstance(node.op, ast.Or)
    value: Any = None
    for child in node.values:
        value = evaluate(ev, child)
        truth = truth_of(value)
        if isinstance(truth, Unknown) or truth is stop:
            return value
    return value


def _compare(ev: Evaluator, node: ast.Compare) -> Any:
    left = evaluate(ev, node.left)
    result: Any = True
    for kind, right_node in zip(node.ops, node.comparators, strict=True):
        right = evaluate(ev, right_node)
        try:
            ev.pay(node, OPERATORS[type(kind)], left, right)
            result = _compared(ev, node, type(kind), left, right)
        except Exception as error:
            ev.fail(node, error)
        if isinstance(result, Unknown) or not result:
            return result
        left = right
    return result


def _compared(ev: Evaluator, node: ast.Compare, kind: type[ast.cmpop], left: Any, right: Any) -> Any:
    if isinstance(right, Iterated) and kind in (ast.In, ast.NotIn):
        found = contains(ev, node, right, left)
        return found if isinstance(found, Unknown) else found is (kind is ast.In)
    return operators.compare(kind, left, right, partial(ev.weigh, node))


def _conditional(ev: Evaluator, node: ast.IfExp) -> Any:
    truth = truth_of(evaluate(ev, node.test))
    if isinstance(truth, Unknown):
        return truth
    return evaluate(ev, node.body if truth else node.orelse)


def _attribute(ev: Evaluator, node: ast.Attribute) -> Any:
    of_base = is_base(ev, node.value)
    value = _base_with(ev, node.attr) if of_base else evaluate(ev, node.value)
    try:
        return attribute_of(value, node.attr)
    except Exception as error:
        if of_base and isinstance(error, AttributeError):
            _lack(ev, node, error)
        ev.fail(node, error)


def _lack(ev: Evaluator, node: ast.Attribute, error: AttributeError) -> NoReturn:
    """Report a name that no base defines.

    Raises:
        ConfigError: Always.
    """
    try:
        ev.fail(node, error)
    except ConfigError as told:
        told.message, told.raises = f'no base defines `{node.attr}`', f'AttributeError: {error}'
        told.absent = node.attr if told.advice is None else None
        raise


def _base_with(ev: Evaluator, key: str) -> Any:
    assert ev.base is not None
    ev.loads.add('_base_')
    return ev.base.with_value(key) if is_key_only(key) else ev.base()


def _subscript(ev: Evaluator, node: ast.Subscript) -> Any:
    if type(node.slice) is ast.Constant and type(node.slice.value) is str and is_base(ev, node.value):
        value = _base_with(ev, node.slice.value)
    else:
        value = evaluate(ev, node.value)
    key = evaluate(ev, node.slice)
    try:
        if type(key) is slice:
            ev.pay(node, SLICE, value)
        elif isinstance(key, (tuple, frozenset)):
            ev.weigh(node, key)
        return item_of(value, key)
    except Exception as error:
        ev.fail(node, error)


def _slice(ev: Evaluator, node: ast.Slice) -> Any:
    parts = [None if part is None else evaluate(ev, part) for part in (node.lower, node.upper, node.step)]
    unknown = next((part for part in parts if isinstance(part, Unknown)), None)
    return slice(*parts) if unknown is None else unknown


def _joined(ev: Evaluator, node: ast.JoinedStr) -> Any:
    pieces: list[str] = []
    unknown: Unknown | None = None
    for child in node.values:
        piece = evaluate(ev, child)
        if isinstance(piece, Unknown):
            unknown = piece
        else:
            pieces.append(piece)
    if unknown is not None:
        return unknown
    try:
        check_text(sum(map(len, pieces)))
        ev.pay(node, JOIN, *pieces)
    except Exception as error:
        ev.fail(node, error)
    return ''.join(pieces)


_OF_YAML = {
    'true': 'True',
    'false': 'False',
    'null': 'None',
    'none': 'None',
    'nan': "float('nan')",
    'inf': "float('inf')",
}
_CONVERSIONS = {-1: None, ord('s'): 's', ord('r'): 'r', ord('a'): 'a'}


def _formatted(ev: Evaluator, node: ast.FormattedValue) -> Any:
    value = evaluate(ev, node.value)
    spec = '' if node.format_spec is None else evaluate(ev, node.format_spec)
    if isinstance(value, Unknown) or isinstance(spec, Unknown):
        return value if isinstance(value, Unknown) else spec
    try:
        ev.pay(node, FORMAT, value)
        if is_container(value):
            ev.weigh(node, value)
        value = convert(value, _CONVERSIONS[node.conversion])
        return value if isinstance(value, Unknown) else format_value(value, spec)
    except Exception as error:
        ev.fail(node, error)


def _lambda(ev: Evaluator, node: ast.Lambda) -> Any:
    ev.made_objects = True
    return Function('<lambda>', node.args, node.body, reachable_scopes(ev), default_values(ev, node.args))


def reachable_scopes(ev: Evaluator) -> list[dict[str, Any]]:
    """Return the scopes that a function defined here sees: the names of a class are not among them."""
    return [scope for scope in ev.scopes if not isinstance(scope, ClassScope)]


def default_values(ev: Evaluator, arguments: ast.arguments) -> dict[str, Any]:
    """Evaluate the defaults of a function where it is defined."""
    positional = arguments.posonlyargs + arguments.args
    with_default = positional[len(positional) - len(arguments.defaults) :]
    defaults = {arg.arg: evaluate(ev, node) for arg, node in zip(with_default, arguments.defaults, strict=True)}
    for arg, node in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True):
        if node is not None:
            defaults[arg.arg] = evaluate(ev, node)
    return defaults


def _named(ev: Evaluator, node: ast.NamedExpr) -> Any:
    value = evaluate(ev, node.value)
    ev.bind_outside_comprehension(node.target.id, value, node.target, node.value)
    return value


def _yields(ev: Evaluator, node: ast.Await | ast.Yield | ast.YieldFrom) -> Any:
    word = 'await' if isinstance(node, ast.Await) else 'yield'
    if not any(isinstance(scope, FunctionScope) for scope in ev.scopes):
        ev.refuse(node, 'syntax-error', f"'{word}' outside function", 'SyntaxError')
    return Unknown(f'a `{word}` expression')


def _starred(ev: Evaluator, node: ast.Starred) -> Any:
    ev.refuse(node, 'syntax-error', "can't use starred expression here", 'SyntaxError')


EXPRESSIONS |= {
    ast.Constant: _constant,
    ast.Name: _name,
    ast.Call: call,
    ast.List: list_display,
    ast.Tuple: tuple_display,
    ast.Set: set_display,
    ast.Dict: dict_display,
    ast.UnaryOp: _unary,
    ast.BinOp: _binary,
    ast.BoolOp: _boolean,
    ast.Compare: _compare,
    ast.IfExp: _conditional,
    ast.Attribute: _attribute,
    ast.Subscript: _subscript,
    ast.Slice: _slice,
    ast.JoinedStr: _joined,
    ast.FormattedValue: _formatted,
    ast.Lambda: _lambda,
    ast.NamedExpr: _named,
    ast.ListComp: comprehension,
    ast.SetComp: comprehension,
    ast.GeneratorExp: comprehension,
    ast.DictComp: comprehension,
    ast.Starred: _starred,
    ast.Await: _yields,
    ast.Yield: _yields,
    ast.YieldFrom: _yields,
}


def _not_for_configs(ev: Evaluator, node: ast.expr) -> Any:
    return Unknown(f'a {type(node).__name__} expression')


EXPRESSIONS |= {kind: _not_for_configs for kind in ast.expr.__subclasses__() if kind not in EXPRESSIONS}
