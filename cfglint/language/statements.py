"""Evaluation of statements: one function a kind of `ast` node."""

from __future__ import annotations

import ast
import builtins
from typing import TYPE_CHECKING, Any

from cfglint.language import operators
from cfglint.language.builtins import iterate
from cfglint.language.errors import ConfigError
from cfglint.language.evaluator import STATEMENTS, Evaluator, Function, Return, assign, evaluate, run
from cfglint.language.expressions import default_values
from cfglint.language.imports import import_from, import_module
from cfglint.language.methods import delete_item
from cfglint.language.operators import truth_of
from cfglint.language.values import Array, Opaque, Table, Unknown


class _Break(Exception):
    """A ``break`` statement was reached."""


class _Continue(Exception):
    """A ``continue`` statement was reached."""


def _assign(ev: Evaluator, node: ast.Assign) -> None:
    value = evaluate(ev, node.value)
    for target in node.targets:
        assign(ev, target, value, node.value)


def _annotated(ev: Evaluator, node: ast.AnnAssign) -> None:
    if node.value is not None:
        assign(ev, node.target, evaluate(ev, node.value), node.value)


_LOAD = {ast.Name: ast.Name, ast.Attribute: ast.Attribute, ast.Subscript: ast.Subscript}


def _augmented(ev: Evaluator, node: ast.AugAssign) -> None:
    old = evaluate(ev, node.target)
    new = evaluate(ev, node.value)
    try:
        if isinstance(old, Array) and isinstance(node.op, ast.Add) and not isinstance(new, Unknown):
            old.__iadd__(_extended(ev, node, old, new))
            value: Any = old
        elif isinstance(old, Table) and isinstance(node.op, ast.BitOr) and isinstance(new, Table):
            old.update(new)
            old.origins.update(new.origins)
            value = old
        else:
            value = operators.binary(type(node.op), old, new)
    except Exception as error:
        ev.fail(node, error)
    assign(ev, node.target, value, node.value)


def _extended(ev: Evaluator, node: ast.AugAssign, old: Array, new: Any) -> list[Any]:
    items = list(new)
    operators.check_length(len(old) + len(items))
    added = operators.origins_of(new) if isinstance(new, Array) else [None] * len(items)
    old.origins = operators.origins_of(old) + added
    return items


def _expression(ev: Evaluator, node: ast.Expr) -> None:
    if node.value.__class__ is not ast.Constant:
        evaluate(ev, node.value)


def _if(ev: Evaluator, node: ast.If) -> None:
    truth = truth_of(evaluate(ev, node.test))
    if isinstance(truth, Unknown):
        forget(ev, [*node.body, *node.orelse], truth)
    else:
        run(ev, node.body if truth else node.orelse)


def _for(ev: Evaluator, node: ast.For) -> None:
    items = iterate(ev, node.iter, evaluate(ev, node.iter))
    if isinstance(items, Unknown):
        forget(ev, [node], items)
        return
    for item in items:
        ev.tick(node)
        assign(ev, node.target, item, node.iter)
        try:
            run(ev, node.body)
        except _Continue:
            continue
        except _Break:
            return
    run(ev, node.orelse)


def _while(ev: Evaluator, node: ast.While) -> None:
    while True:
        ev.tick(node)
        truth = truth_of(evaluate(ev, node.test))
        if isinstance(truth, Unknown):
            forget(ev, [node], truth)
            return
        if not truth:
            run(ev, node.orelse)
            return
        try:
            run(ev, node.body)
        except _Continue:
            continue
        except _Break:
            return


def _try(ev: Evaluator, node: ast.Try) -> None:
    try:
        run(ev, node.body)
    except ConfigError as error:
        handler = next((handler for handler in node.handlers if _catches(handler, error)), None)
        if handler is None:
            run(ev, node.finalbody)
            raise
        if handler.name is not None:
            ev.bind(handler.name, Unknown('an exception'), handler, handler)
        run(ev, handler.body)
        if handler.name is not None:
            ev.scopes[-1].pop(handler.name, None)
    else:
        run(ev, node.orelse)
    run(ev, node.finalbody)


def _catches(handler: ast.ExceptHandler, error: ConfigError) -> bool:
    raised = getattr(builtins, error.exception, None)
    if error.rule in {'endless-evaluation', 'syntax-error'} or not isinstance(raised, type):
        return False
    if handler.type is None:
        return True
    caught = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    classes = [getattr(builtins, node.id, None) for node in caught if isinstance(node, ast.Name)]
    return any(isinstance(cls, type) and issubclass(raised, cls) for cls in classes)


def _with(ev: Evaluator, node: ast.With) -> None:
    for item in node.items:
        evaluate(ev, item.context_expr)
        if item.optional_vars is not None:
            assign(ev, item.optional_vars, Unknown('what a `with` statement hands out'), item.context_expr)
    run(ev, node.body)


def _function(ev: Evaluator, node: ast.FunctionDef) -> None:
    function = Function(node.name, node.args, node.body, list(ev.scopes), default_values(ev, node.args))
    value: Any = Unknown('a decorated function') if node.decorator_list else function
    ev.bind(node.name, value, node, node)


def _class(ev: Evaluator, node: ast.ClassDef) -> None:
    ev.bind(node.name, Opaque('type', node.name), node, node)


def _return(ev: Evaluator, node: ast.Return) -> None:
    if len(ev.scopes) == 1:
        ev.refuse(node, 'syntax-error', "'return' outside function (MMEngine: `SyntaxError`)", 'SyntaxError')
    raise Return(None if node.value is None else evaluate(ev, node.value))


def _break(ev: Evaluator, node: ast.Break) -> None:
    raise _Break


def _continue(ev: Evaluator, node: ast.Continue) -> None:
    raise _Continue


def _delete(ev: Evaluator, node: ast.Delete) -> None:
    for target in node.targets:
        _delete_target(ev, target)


def _delete_target(ev: Evaluator, target: ast.expr) -> None:
    if isinstance(target, ast.Name):
        if target.id not in ev.scopes[-1]:
            message = f'name `{target.id}` is not defined (MMEngine: `NameError`)'
            ev.refuse(target, 'undefined-name', message, 'NameError')
        del ev.scopes[-1][target.id]
    elif isinstance(target, (ast.Tuple, ast.List)):
        for child in target.elts:
            _delete_target(ev, child)
    elif isinstance(target, (ast.Subscript, ast.Attribute)):
        owner = evaluate(ev, target.value)
        key = evaluate(ev, target.slice) if isinstance(target, ast.Subscript) else target.attr
        try:
            if not isinstance(owner, (Unknown, Opaque)) and not isinstance(key, Unknown):
                delete_item(owner, key)
        except Exception as error:
            ev.fail(target, error)


def _assert(ev: Evaluator, node: ast.Assert) -> None:
    truth = truth_of(evaluate(ev, node.test))
    if truth is False:
        message = None if node.msg is None else evaluate(ev, node.msg)
        ev.fail(node, AssertionError(message) if isinstance(message, str) else AssertionError())


def _raise(ev: Evaluator, node: ast.Raise) -> None:
    raised = node.exc.func if isinstance(node.exc, ast.Call) else node.exc
    name = raised.id if isinstance(raised, ast.Name) else 'Exception'
    message = f'MMEngine fails here: `{name}` is raised'
    raise ConfigError('failing-expression', message, ev.source, node, exception=name)


def _nothing(ev: Evaluator, node: ast.stmt) -> None:
    """``pass`` does nothing; ``global`` at the top of a config neither."""


def _global(ev: Evaluator, node: ast.Global | ast.Nonlocal) -> None:
    if len(ev.scopes) > 1:
        for name in node.names:
            ev.bind_outside_comprehension(name, Unknown('a global name changed by a function'), node, node)
            ev.names[name] = Unknown('a global name changed by a function')


def _not_for_configs(ev: Evaluator, node: ast.stmt) -> None:
    forget(ev, [node], Unknown(f'a {type(node).__name__} statement'))


def forget(ev: Evaluator, statements: list[ast.stmt], reason: Unknown) -> None:
    """Make all names unknown that `statements` may change, since it is not known whether they run."""
    for statement in statements:
        for node in ast.walk(statement):
            name = _changed_name(node)
            if name is not None and not (isinstance(node, ast.Call) and name not in ev.names):
                ev.scopes[-1][name] = reason


def _changed_name(node: ast.AST) -> str | None:
    if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
        return node.name
    if isinstance(node, ast.alias):
        return (node.asname or node.name).partition('.')[0]
    if isinstance(node, ast.Name):
        return None if isinstance(node.ctx, ast.Load) else node.id
    if isinstance(node, ast.Call):  # x.update(…)
        node = node.func
    elif not (isinstance(node, (ast.Subscript, ast.Attribute)) and not isinstance(node.ctx, ast.Load)):
        return None
    while isinstance(node, (ast.Subscript, ast.Attribute)):
        node = node.value
        if isinstance(node, ast.Name):
            return node.id
    return None


STATEMENTS |= {
    ast.Assign: _assign,
    ast.AnnAssign: _annotated,
    ast.AugAssign: _augmented,
    ast.Expr: _expression,
    ast.If: _if,
    ast.For: _for,
    ast.While: _while,
    ast.Try: _try,
    ast.With: _with,
    ast.FunctionDef: _function,
    ast.ClassDef: _class,
    ast.Return: _return,
    ast.Break: _break,
    ast.Continue: _continue,
    ast.Delete: _delete,
    ast.Assert: _assert,
    ast.Raise: _raise,
    ast.Import: import_module,
    ast.ImportFrom: import_from,
    ast.Pass: _nothing,
    ast.Global: _global,
    ast.Nonlocal: _global,
    **dict.fromkeys((ast.Match, ast.AsyncFor, ast.AsyncWith, ast.AsyncFunctionDef), _not_for_configs),
}
STATEMENTS |= {kind: _not_for_configs for kind in ast.stmt.__subclasses__() if kind not in STATEMENTS}
