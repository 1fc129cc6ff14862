"""Evaluation of calls: ``dict(…)`` above all, builtins, methods, and functions that the config defines."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any

from cfglint.language.builtins import Builtin, Method, iterate
from cfglint.language.evaluator import EXPRESSIONS, Evaluator, Function, evaluate, run_function
from cfglint.language.limits import MAX_DEPTH
from cfglint.language.operators import type_name
from cfglint.language.values import Lazy, Opaque, Origin, Row, Table, Unknown

if TYPE_CHECKING:
    from cfglint.language.evaluator import Scope


def call(ev: Evaluator, node: ast.Call) -> Any:
    """Return the value of a call."""
    func = node.func
    if func.__class__ is ast.Name and func.id == 'dict' and not node.args and 'dict' not in ev.names:  # type: ignore[attr-defined]
        return _dict(ev, node)
    callee = evaluate(ev, func)
    args = _positional(ev, node)
    if isinstance(args, Unknown):
        return args
    kwargs = _keywords(ev, node)
    if isinstance(kwargs, Unknown):
        return kwargs
    if isinstance(callee, Builtin) and callee.name == 'dict':
        return _with_origins(node, ev, invoke(ev, node, callee, args, kwargs))
    return invoke(ev, node, callee, args, kwargs)


def _dict(ev: Evaluator, node: ast.Call) -> Any:
    """Evaluate ``dict(key=value, **other)``, four calls of five in a config."""
    table = Table()
    origins = table.origins
    source = ev.source
    for keyword in node.keywords:
        value_node = keyword.value
        value = EXPRESSIONS[value_node.__class__](ev, value_node)
        key = keyword.arg
        if key is None:
            if isinstance(value, Unknown):
                return value
            _expand(ev, node, table, value, value_node)
        elif key in table:
            _given_twice(ev, node, keyword)
        else:
            table[key] = value
            origins[key] = Origin(source, keyword, value_node)
    return table


def _expand(ev: Evaluator, node: ast.Call, table: Table, value: Any, value_node: ast.expr) -> None:
    """Add what ``**value`` gives to a call's keywords."""
    if not isinstance(value, Table):
        ev.fail(value_node, TypeError(f'argument after ** must be a mapping, not {type_name(value)}'))
    for key, item in value.items():
        if not isinstance(key, str):
            ev.fail(value_node, TypeError('keywords must be strings'))
        if key in table:
            message = f'key `{key}` is given twice: by name and by `**` (MMEngine: `TypeError: got multiple values for keyword argument`)'
            ev.refuse(value_node, 'repeated-key', message, 'TypeError')
        table[key] = item
        if key in value.origins:
            table.origins[key] = value.origins[key]


def _given_twice(ev: Evaluator, node: ast.Call, keyword: ast.keyword) -> None:
    names = [other.arg for other in node.keywords[: node.keywords.index(keyword)]]
    if keyword.arg in names:
        message = f'key `{keyword.arg}` is given twice (MMEngine: `SyntaxError: keyword argument repeated`); remove one'
        ev.refuse(keyword, 'repeated-key', message, 'SyntaxError')
    message = f'key `{keyword.arg}` is given twice: by name and by `**` (MMEngine: `TypeError: got multiple values for keyword argument`)'
    ev.refuse(keyword, 'repeated-key', message, 'TypeError')


def _positional(ev: Evaluator, node: ast.Call) -> list[Any] | Unknown:
    args: list[Any] = []
    for arg in node.args:
        if isinstance(arg, ast.Starred):
            items = iterate(ev, arg, evaluate(ev, arg.value))
            if isinstance(items, Unknown):
                return items
            args += items
        else:
            args.append(evaluate(ev, arg))
    return args


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


def invoke(ev: Evaluator, node: ast.Call, callee: Any, args: list[Any], kwargs: dict[str, Any]) -> Any:
    """Call `callee` with values."""
    ev.tick(node)
    if isinstance(callee, Unknown):
        return callee
    if isinstance(callee, Lazy):
        message = (
            f'`{callee.name}` is called while the config is read, but in a pure-Python config an import is a '
            'placeholder: MMEngine fails with a `RuntimeError` without a message; write `dict(type=…)`, or the value itself'
        )
        ev.refuse(node, 'lazy-call-at-parse-time', message, 'RuntimeError')
    if isinstance(callee, Function):
        return _call_function(ev, node, callee, args, kwargs)
    try:
        if isinstance(callee, Method):
            return callee.implementation(ev, node, callee.owner, args, kwargs)
        if isinstance(callee, Builtin):
            if any(isinstance(value, Unknown) for value in (*args, *kwargs.values())):
                return _first_unknown(callee, args, kwargs)
            return callee.implementation(ev, node, args, kwargs)
        if isinstance(callee, Opaque):
            return Unknown(f'a call of `{callee.name}`')
        raise TypeError(f"'{type_name(callee)}' object is not callable")
    except Exception as error:
        ev.fail(node, error)


def _first_unknown(callee: Builtin, args: list[Any], kwargs: dict[str, Any]) -> Any:
    if callee.name == 'dict' and not args:
        return Table(kwargs)
    return next(value for value in (*args, *kwargs.values()) if isinstance(value, Unknown))


def _call_function(ev: Evaluator, node: ast.Call, function: Function, args: list[Any], kwargs: dict[str, Any]) -> Any:
    from cfglint.language.expressions import evaluate
    from cfglint.language.statements import run_function

    ev.depth += 1
    if ev.depth > MAX_DEPTH // 3:
        ev.refuse(node, 'endless-evaluation', f'`{function.name}` calls itself too deeply', 'RecursionError')
    try:
        scope = _bound(function, args, kwargs)
    except TypeError as error:
        ev.fail(node, error)
    outer, ev.scopes = ev.scopes, [*function.scopes, scope]
    try:
        return evaluate(ev, function.body) if isinstance(function.body, ast.expr) else run_function(ev, function.body)
    finally:
        ev.scopes = outer
        ev.depth -= 1


def _bound(function: Function, args: list[Any], kwargs: dict[str, Any]) -> Scope:
    """Bind arguments to parameters.

    Raises:
        TypeError: They do not fit, in Python's words.
    """
    signature = function.arguments
    positional = [arg.arg for arg in signature.posonlyargs + signature.args]
    names = positional + [arg.arg for arg in signature.kwonlyargs]
    scope: Scope = dict(zip(positional, args, strict=False))
    if len(args) > len(positional):
        if signature.vararg is None:
            raise TypeError(f'{function.name}() takes {len(positional)} positional arguments but {len(args)} were given')
    if signature.vararg is not None:
        scope[signature.vararg.arg] = Row(args[len(positional) :])
    extra = Table()
    for key, value in kwargs.items():
        if key in scope and key in names:
            raise TypeError(f"{function.name}() got multiple values for argument '{key}'")
        (scope if key in names else extra)[key] = value
    if signature.kwarg is not None:
        scope[signature.kwarg.arg] = extra
    elif extra:
        raise TypeError(f"{function.name}() got an unexpected keyword argument '{next(iter(extra))}'")
    for name in names:
        if name not in scope:
            if name not in function.defaults:
                raise TypeError(f"{function.name}() missing required argument: '{name}'")
            scope[name] = function.defaults[name]
    return scope
