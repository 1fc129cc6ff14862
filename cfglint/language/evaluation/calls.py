"""Evaluation of calls: ``dict(…)`` above all, builtins, methods, and functions that the config defines."""

from __future__ import annotations

import ast
import sys
from ast import Constant
from typing import TYPE_CHECKING, Any

from cfglint.diagnostics import Advice
from cfglint.language.errors import ConfigError
from cfglint.language.evaluation.callables import Builtin, Function, Method, is_of_python
from cfglint.language.evaluation.costs import EXPAND
from cfglint.language.evaluation.evaluator import EXPRESSIONS, Evaluator, FunctionScope, Return, evaluate, iterate, run
from cfglint.language.evaluation.iterables import Iterated, UnknownItem, View
from cfglint.language.evaluation.limits import MAX_CALLS, MAX_FRAMES
from cfglint.language.evaluation.mutation import escape, forget_names
from cfglint.language.evaluation.operators import type_name
from cfglint.language.evaluation.undecided import REACH_NAMES, Undecided, forget
from cfglint.language.values import Lazy, Opaque, Origin, Row, Table, Unknown, new_origin, new_table

if TYPE_CHECKING:
    from cfglint.language.evaluation.evaluator import Scope


def call(ev: Evaluator, node: ast.Call) -> Any:
    """Return the value of a call."""
    func = node.func
    if type(func) is ast.Name and func.id == 'dict' and not node.args and 'dict' not in ev.names:
        return _dict(ev, node)
    made_objects = ev.made_objects
    callee = evaluate(ev, func)
    if isinstance(callee, Builtin):
        ev.made_objects = made_objects  # it is called, not kept
    args, unknown = _positional(ev, node)
    kwargs = _keywords(ev, node)
    if unknown is not None or isinstance(kwargs, Unknown):
        reason = unknown if unknown is not None else kwargs
        assert isinstance(reason, Unknown)
        escape(ev, [callee, *args, *(() if isinstance(kwargs, Unknown) else kwargs.values())], reason, node)
        return reason
    if isinstance(callee, Builtin) and callee.name == 'dict':
        return _with_origins(node, ev, invoke(ev, node, callee, args, kwargs))
    return invoke(ev, node, callee, args, kwargs)


def _dict(ev: Evaluator, node: ast.Call) -> Any:
    """Evaluate ``dict(key=value, **other)``, four calls of five in a config."""
    table = new_table(Table)
    origins = table.origins = {}
    source = ev.source
    spread: ast.expr | None = None
    unknown: Unknown | None = None
    for keyword in node.keywords:
        value_node = keyword.value
        kind = type(value_node)
        try:
            value = value_node.value if kind is Constant else EXPRESSIONS[kind](ev, value_node)  # type: ignore[attr-defined]
        except ConfigError as error:
            value = ev.tolerate(error)
        key = keyword.arg
        if key is None:
            spread = value_node
            if isinstance(value, (Unknown, Opaque)) and not is_of_python(value):
                unknown = value if isinstance(value, Unknown) else Unknown('the items of an object')
            else:
                _expand(ev, table, value, value_node)
        elif key in table:
            _given_twice(ev, node, keyword)
        else:
            table[key] = value
            origins[key] = new_origin(Origin, (source, keyword, value_node, None, None))
    # Python looks at the names when all values are computed.
    if spread is not None and not all(isinstance(name, str) for name in table):
        ev.fail(spread, TypeError('keywords must be strings'))
    return table if unknown is None else unknown


_TWICE = 'key `{}` is given twice: by name and by `**`'
_MULTIPLE = "TypeError: dict() got multiple values for keyword argument '{}'"


def _expand(ev: Evaluator, table: Table, value: Any, value_node: ast.expr) -> None:
    """Add what ``**value`` gives to a call's keywords."""
    if not isinstance(value, Table):
        ev.fail(value_node, TypeError(f'argument after ** must be a mapping, not {type_name(value)}'))
    ev.pay(value_node, EXPAND, value)
    for key, item in value.items():
        if key in table:
            ev.refuse(value_node, 'repeated-key', _TWICE.format(key), 'TypeError', raises=_MULTIPLE.format(key))
        table[key] = item
        if key in value.origins:
            table.origins[key] = value.origins[key]


def _given_twice(ev: Evaluator, node: ast.Call, keyword: ast.keyword) -> None:
    names = [other.arg for other in node.keywords[: node.keywords.index(keyword)]]
    if keyword.arg in names:
        ev.refuse(
            keyword,
            'repeated-key',
            f'key `{keyword.arg}` is given twice',
            'SyntaxError',
            raises=f'SyntaxError: keyword argument repeated: {keyword.arg}',
            advice=Advice('remove one of them'),
        )
    name = str(keyword.arg)
    ev.refuse(keyword, 'repeated-key', _TWICE.format(name), 'TypeError', raises=_MULTIPLE.format(name))


def _positional(ev: Evaluator, node: ast.Call) -> tuple[list[Any], Unknown | None]:
    args: list[Any] = []
    unknown = None
    for arg in node.args:
        if type(arg) is ast.Starred:
            items = iterate(ev, arg, evaluate(ev, arg.value))
            if isinstance(items, Unknown):
                unknown = items
            else:
                args += items
        else:
            try:
                args.append(evaluate(ev, arg))
            except ConfigError as error:
                args.append(ev.tolerate(error))
    return args, unknown


def _keywords(ev: Evaluator, node: ast.Call) -> dict[str, Any] | Unknown:
    if not node.keywords:
        return {}
    table = _dict(ev, node)
    return table if isinstance(table, Unknown) else dict(table)


def _with_origins(node: ast.Call, ev: Evaluator, table: Any) -> Any:
    if isinstance(table, Table):
        for keyword in node.keywords:
            if keyword.arg is not None:
                table.origins[keyword.arg] = Origin(ev.source, keyword, keyword.value)
    return table


def _as_dict(node: ast.Call) -> str | None:
    """Return a call with nothing but keywords as a dict with a `type`."""
    if node.args or any(keyword.arg is None for keyword in node.keywords):
        return None
    kind = ast.keyword('type', node.func)
    return ast.unparse(ast.Call(ast.Name('dict'), [], [kind, *node.keywords]))


def invoke(ev: Evaluator, node: ast.Call, callee: Any, args: list[Any], kwargs: dict[str, Any]) -> Any:
    """Call `callee` with values."""
    ev.tick(node, 2)
    if isinstance(callee, Lazy):
        ev.refuse(
            node,
            'lazy-call-at-parse-time',
            f'`{callee.name:.60}` cannot be called here: a pure-Python config imports nothing',
            'RuntimeError',
            advice=Advice('write the value itself, or a dict that is built later', _as_dict(node)),
        )
    if isinstance(callee, Function):
        return _call_function(ev, node, callee, args, kwargs)
    try:
        if isinstance(callee, Method):
            ev.pay(node, callee.cost, callee.owner, *args, *kwargs.values())
            return callee.implementation(ev, node, callee.owner, args, kwargs)
        if isinstance(callee, Builtin):
            ev.tick(node, len(args) >> 2)
            ev.pay(node, callee.cost, *args, *kwargs.values())
            return _call_builtin(ev, node, callee, args, kwargs)
        if isinstance(callee, (Opaque, Unknown)) and not isinstance(callee, (Iterated, View)):
            return _call_object(ev, node, callee, args, kwargs)
        raise TypeError(f"'{type_name(callee)}' object is not callable")
    except UnknownItem as error:
        return error.reason
    except Exception as error:
        ev.fail(node, error)


def _call_builtin(ev: Evaluator, node: ast.Call, callee: Builtin, args: list[Any], kwargs: dict[str, Any]) -> Any:
    unknown = next((value for value in (*args, *kwargs.values()) if isinstance(value, Unknown)), None)
    if unknown is None:
        return callee.implementation(ev, node, args, kwargs)
    if callee.name in REACH_NAMES:
        forget_names(ev, unknown)
    if callee.python is dict and not any(isinstance(value, Unknown) for value in args):
        return callee.implementation(ev, node, args, kwargs)
    return unknown


def _call_object(
    ev: Evaluator, node: ast.Call, callee: Opaque | Unknown, args: list[Any], kwargs: dict[str, Any]
) -> Any:
    """Call what is not run here: it may change all that it gets."""
    reason = callee if isinstance(callee, Unknown) else Unknown(f'a call of `{callee.name}`')
    if isinstance(callee, Opaque) and callee.name in REACH_NAMES:
        forget_names(ev, reason)
    escape(ev, [*args, *kwargs.values()], reason, node)
    ev.undecided += 1
    ev.made_objects = True
    return reason


def _call_function(ev: Evaluator, node: ast.Call, function: Function, args: list[Any], kwargs: dict[str, Any]) -> Any:
    if ev.depth >= MAX_CALLS:
        ev.refuse(node, 'endless-evaluation', f'`{function.name}` calls itself too deeply', 'RecursionError')
    try:
        scope = FunctionScope(_bound(function, args, kwargs), function.local)
    except TypeError as error:
        ev.fail(node, error)
    outer, ev.scopes = ev.scopes, [*function.scopes, scope]
    frames = sys.getrecursionlimit()
    if not ev.depth:
        sys.setrecursionlimit(max(frames, MAX_FRAMES))
    ev.depth += 1
    try:
        body = function.body
        if isinstance(body, ast.expr):
            ev.tick(node, ev.size_of(body))
            return evaluate(ev, body)
        ev.tick(node, ev.size_of(*body))
        run(ev, body)
    except Return as result:
        return result.value
    except Undecided as undecided:
        assert isinstance(function.body, list)
        forget(ev, function.body, undecided.reason)
        return undecided.reason
    finally:
        ev.scopes = outer
        ev.depth -= 1
        if not ev.depth:
            sys.setrecursionlimit(frames)
    return None


def _bound(function: Function, args: list[Any], kwargs: dict[str, Any]) -> Scope:
    """Bind arguments to parameters.

    Raises:
        TypeError: They do not fit, in Python's words.
    """
    signature = function.arguments
    positional = [arg.arg for arg in signature.posonlyargs + signature.args]
    by_name = [arg.arg for arg in signature.args + signature.kwonlyargs]
    scope: Scope = dict(zip(positional, args, strict=False))
    if len(args) > len(positional) and signature.vararg is None:
        raise TypeError(f'{function.name}() takes {len(positional)} positional arguments but {len(args)} were given')
    if signature.vararg is not None:
        scope[signature.vararg.arg] = Row(args[len(positional) :])
    extra = Table()
    for key, value in kwargs.items():
        if key in by_name and key in scope:
            raise TypeError(f"{function.name}() got multiple values for argument '{key}'")
        (scope if key in by_name else extra)[key] = value
    if signature.kwarg is not None:
        scope[signature.kwarg.arg] = extra
    elif extra:
        raise TypeError(f"{function.name}() got an unexpected keyword argument '{next(iter(extra))}'")
    for name in [*positional, *(arg.arg for arg in signature.kwonlyargs)]:
        if name not in scope:
            if name not in function.defaults:
                raise TypeError(f"{function.name}() missing required argument: '{name}'")
            scope[name] = function.defaults[name]
    return scope
