"""Evaluation of statements: one function a kind of `ast` node."""

from __future__ import annotations

import ast
import builtins
from functools import partial
from typing import TYPE_CHECKING, Any

from cfglint.language.errors import ConfigError
from cfglint.language.evaluation import operators
from cfglint.language.evaluation.assignment import assign, delete
from cfglint.language.evaluation.callables import Function
from cfglint.language.evaluation.costs import OPERATORS
from cfglint.language.evaluation.evaluator import (
    STATEMENTS,
    ClassScope,
    Evaluator,
    FunctionScope,
    Return,
    each,
    evaluate,
    run,
)
from cfglint.language.evaluation.expressions import default_values, reachable_scopes
from cfglint.language.evaluation.imports import import_from, import_module, may_be_absent
from cfglint.language.evaluation.iterables import UnknownItem
from cfglint.language.evaluation.limits import check_length
from cfglint.language.evaluation.methods import extend, table_of
from cfglint.language.evaluation.mutation import put, replace_everywhere
from cfglint.language.evaluation.operators import truth_of
from cfglint.language.evaluation.undecided import Undecided, bound_names, forget, give_up
from cfglint.language.values import Array, Opaque, Table, Unknown

if TYPE_CHECKING:
    from collections.abc import Iterable


class _Break(Exception):
    """A ``break`` statement was reached."""


class _Continue(Exception):
    """A ``continue`` statement was reached."""


def run_module(ev: Evaluator, statements: list[ast.stmt]) -> None:
    """Run the statements of a file; an error tells the top-level key in which it happens.

    What MMEngine refuses is noted in the evaluator's `errors`; what such a statement makes or changes is unknown.

    Raises:
        ConfigError: Nothing can be known of the rest of the file.
    """
    for node in statements:
        noted = len(ev.errors)
        try:
            STATEMENTS[type(node)](ev, node)
        except ConfigError as error:
            if error.key is None and error.source is ev.source:
                error.key = key_of(node)
            forget(ev, [node], ev.tolerate(error))
        for new in ev.errors[noted:]:
            if new.key is None and new.source is ev.source:
                new.key = key_of(node)


def key_of(node: ast.stmt) -> str | None:
    """Return the name that a statement assigns to, if it is a plain assignment."""
    if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
        return node.targets[0].id
    return None


def _assign(ev: Evaluator, node: ast.Assign) -> None:
    value_node = node.value
    try:
        value = evaluate(ev, value_node)
    except ConfigError as error:
        value = ev.tolerate(error)
    for target in node.targets:
        assign(ev, target, value, value_node)


def _annotated(ev: Evaluator, node: ast.AnnAssign) -> None:
    if not any(isinstance(scope, FunctionScope) for scope in ev.scopes):
        evaluate(ev, node.annotation)
    if node.value is not None:
        assign(ev, node.target, evaluate(ev, node.value), node.value)


def _augmented(ev: Evaluator, node: ast.AugAssign) -> None:
    old = evaluate(ev, node.target)
    new = evaluate(ev, node.value)
    try:
        ev.pay(node, OPERATORS[type(node.op)], old, new)
        value = _changed_in_place(ev, node, old, new)
    except Exception as error:
        ev.fail(node, error)
    assign(ev, node.target, value, node.value)


def _changed_in_place(ev: Evaluator, node: ast.AugAssign, old: Any, new: Any) -> Any:
    """Do ``old += new`` and the like, where that changes `old` itself."""
    kind = type(node.op)
    if isinstance(new, Unknown):
        forget(ev, [node], new)
        return new
    if isinstance(old, Array) and kind is ast.Add:
        return extend(ev, node, old, new) or old
    if isinstance(old, Array) and kind is ast.Mult and isinstance(new, int):
        check_length(len(old) * max(new, 0))
        old.origins *= new
        old[:] = list(old) * new
        return old
    if type(old) is Table and kind is ast.BitOr and not isinstance(new, Table):
        new = table_of(ev, node, new)  # ``|=`` takes pairs, too
        if isinstance(new, Unknown):
            replace_everywhere(ev, [old], new, node)
            return new
    if isinstance(old, Table) and kind is ast.BitOr and isinstance(new, Table):
        ev.weigh(node, new)
        for key, item in new.items():
            put(old, key, item, new.origins.get(key))
        return old
    if isinstance(old, set) and isinstance(new, (set, frozenset)) and kind in _SET_OPERATORS:
        getattr(old, _SET_OPERATORS[kind])(new)
        return old
    return operators.binary(kind, old, new, partial(ev.weigh, node))


_SET_OPERATORS: dict[type[ast.operator], str] = {
    ast.BitOr: 'update',
    ast.BitAnd: 'intersection_update',
    ast.Sub: 'difference_update',
    ast.BitXor: 'symmetric_difference_update',
}


def _expression(ev: Evaluator, node: ast.Expr) -> None:
    if type(node.value) is not ast.Constant:
        evaluate(ev, node.value)


def _if(ev: Evaluator, node: ast.If) -> None:
    truth = truth_of(evaluate(ev, node.test))
    if isinstance(truth, Unknown):
        give_up(ev, [*node.body, *node.orelse], truth)
    else:
        run(ev, node.body if truth else node.orelse)


def _for(ev: Evaluator, node: ast.For) -> None:
    items = each(ev, node.iter, evaluate(ev, node.iter))
    cost = ev.size_of(node)
    while True:
        try:
            item = next(items, _END)
        except UnknownItem as error:
            _give_up_loop(ev, node, error.reason)
            return
        if item is _END:
            run(ev, node.orelse)
            return
        ev.tick(node, cost)
        assign(ev, node.target, item, node.iter)
        if _leaves_loop(ev, node):
            return


_END = object()


def _while(ev: Evaluator, node: ast.While) -> None:
    cost = ev.size_of(node)
    while True:
        ev.tick(node, cost)
        truth = truth_of(evaluate(ev, node.test))
        if isinstance(truth, Unknown):
            _give_up_loop(ev, node, truth)
            return
        if not truth:
            run(ev, node.orelse)
            return
        if _leaves_loop(ev, node):
            return


def _leaves_loop(ev: Evaluator, node: ast.For | ast.While) -> bool:
    """Run the body of a loop once; tell whether it ended the loop."""
    try:
        run(ev, node.body)
    except _Continue:
        return False
    except _Break:
        return True
    except Undecided as undecided:
        forget(ev, [node], undecided.reason)
        if undecided.returns:
            raise
        return True
    return False


def _give_up_loop(ev: Evaluator, node: ast.For | ast.While, reason: Unknown) -> None:
    try:
        give_up(ev, [node], reason)
    except Undecided as undecided:
        if undecided.returns:
            raise


def _try(ev: Evaluator, node: ast.Try) -> None:
    undecided = ev.undecided
    try:
        try:
            with ev.guard():
                run(ev, node.body)
        except ConfigError as error:
            handler = _handler_of(ev, node, error)
            if isinstance(handler, Unknown):
                give_up(ev, [*node.body, *node.handlers], handler)  # type: ignore[list-item]
            elif handler is None:
                raise
            else:
                _handle(ev, handler, error)
        else:
            may_fail = ev.undecided != undecided or any(may_be_absent(ev, child) for child in node.body)
            run(ev, node.orelse)
            if may_fail and node.handlers:
                handlers = [child for handler in node.handlers for child in handler.body]
                give_up(ev, handlers, Unknown('what happens when something fails that is not known'))
    finally:
        run(ev, node.finalbody)


def _handle(ev: Evaluator, handler: ast.ExceptHandler, error: ConfigError) -> None:
    ev.handled.append(error)
    if handler.name is not None:
        ev.bind(handler.name, Unknown('an exception'), handler, handler)
    try:
        run(ev, handler.body)
    finally:
        ev.handled.pop()
        if handler.name is not None:
            _unbind(ev, handler.name)


def _unbind(ev: Evaluator, name: str) -> None:
    scope = ev.own_scope()
    scope.pop(name, None)
    if scope is ev.names:
        ev.origins.pop(name, None)


def _handler_of(ev: Evaluator, node: ast.Try, error: ConfigError) -> ast.ExceptHandler | Unknown | None:
    """Return the handler that catches what Python would raise; none if it is not caught."""
    raised = getattr(builtins, error.exception, None)
    if error.rule in ('endless-evaluation', 'syntax-error') or not isinstance(raised, type):
        return None
    for handler in node.handlers:
        kinds = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
        classes = [getattr(builtins, kind.id, None) if isinstance(kind, ast.Name) else None for kind in kinds]
        if handler.type is None or any(isinstance(cls, type) and issubclass(raised, cls) for cls in classes):
            return handler
        if None in classes:
            return Unknown('an exception of a class that is not known')
    return None


def _with(ev: Evaluator, node: ast.With) -> None:
    for item in node.items:
        evaluate(ev, item.context_expr)
        if item.optional_vars is not None:
            assign(ev, item.optional_vars, Unknown('what a `with` statement hands out'), item.context_expr)
    try:
        with ev.guard():
            run(ev, node.body)
    except ConfigError as error:
        if error.rule == 'endless-evaluation':
            raise
        # The context manager may be one that suppresses exceptions.
        give_up(ev, node.body, Unknown('a `with` statement'))


def _function(ev: Evaluator, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
    ev.made_objects = True
    local = _local_names(node)
    value: Any = Function(node.name, node.args, node.body, reachable_scopes(ev), default_values(ev, node.args), local)
    if isinstance(node, ast.AsyncFunctionDef) or any(map(_is_yield, _walk_function(node.body))):
        value = Opaque('function', node.name)  # its body does not run when it is called
    for decorator in reversed(node.decorator_list):
        evaluate(ev, decorator)
        value = Unknown('a decorated function')
    if not isinstance(value, Function):
        reason = value if isinstance(value, Unknown) else Unknown(f'what `{node.name}` does')
        forget(ev, [child for child in node.body if any(_declares_outer(each) for each in ast.walk(child))], reason)
    ev.bind(node.name, value, node, node)


def _is_yield(node: ast.AST) -> bool:
    return isinstance(node, (ast.Yield, ast.YieldFrom))


def _declares_outer(node: ast.AST) -> bool:
    return isinstance(node, (ast.Global, ast.Nonlocal))


def _local_names(node: ast.FunctionDef | ast.AsyncFunctionDef) -> frozenset[str]:
    names: set[str] = set()
    outer: set[str] = set()
    for child in _walk_function(node.body):
        names.update(bound_names(child))
        if isinstance(child, (ast.Global, ast.Nonlocal)):
            outer.update(child.names)
    return frozenset(names - outer)


def _walk_function(statements: list[ast.stmt]) -> Iterable[ast.AST]:
    """Yield the nodes of a function that belong to its own scope."""
    stack: list[ast.AST] = list(statements)
    while stack:
        node = stack.pop()
        yield node
        if not isinstance(node, _SCOPES):
            stack += ast.iter_child_nodes(node)


_SCOPES = (
    ast.FunctionDef,
    ast.AsyncFunctionDef,
    ast.ClassDef,
    ast.Lambda,
    ast.ListComp,
    ast.SetComp,
    ast.DictComp,
    ast.GeneratorExp,
)


def _class(ev: Evaluator, node: ast.ClassDef) -> None:
    for expression in (*node.decorator_list, *node.bases, *(keyword.value for keyword in node.keywords)):
        evaluate(ev, expression)
    ev.scopes.append(ClassScope())
    try:
        run(ev, node.body)
    finally:
        ev.scopes.pop()
    ev.made_objects = True
    value = Unknown('a decorated class') if node.decorator_list else Opaque('type', node.name)
    ev.bind(node.name, value, node, node)


def _return(ev: Evaluator, node: ast.Return) -> None:
    if not any(isinstance(scope, FunctionScope) for scope in ev.scopes):
        ev.refuse(node, 'syntax-error', "'return' outside function", 'SyntaxError')
    raise Return(None if node.value is None else evaluate(ev, node.value))


def _break(ev: Evaluator, node: ast.Break) -> None:
    raise _Break


def _continue(ev: Evaluator, node: ast.Continue) -> None:
    raise _Continue


def _delete(ev: Evaluator, node: ast.Delete) -> None:
    for target in node.targets:
        delete(ev, target)


def _assert(ev: Evaluator, node: ast.Assert) -> None:
    if truth_of(evaluate(ev, node.test)) is False:
        message = None if node.msg is None else evaluate(ev, node.msg)
        ev.fail(node, AssertionError(message) if isinstance(message, str) else AssertionError())


def _raise(ev: Evaluator, node: ast.Raise) -> None:
    if node.exc is None:
        if ev.handled:
            raise ev.handled[-1]
        ev.fail(node, RuntimeError('No active exception to reraise'))
    raised = node.exc.func if isinstance(node.exc, ast.Call) else node.exc
    name = raised.id if isinstance(raised, ast.Name) else 'Exception'
    message = 'this raises an exception'
    raise ConfigError('failing-expression', message, ev.source, node, exception=name)


def _nothing(ev: Evaluator, node: ast.stmt) -> None:
    """``pass`` does nothing."""


def _global(ev: Evaluator, node: ast.Global) -> None:
    scope = ev.own_scope()
    if isinstance(scope, FunctionScope):
        scope.outer.update(dict.fromkeys(node.names, ev.names))


def _nonlocal(ev: Evaluator, node: ast.Nonlocal) -> None:
    scope = ev.own_scope()
    if scope is ev.names:
        message = 'nonlocal declaration not allowed at module level'
        ev.refuse(node, 'syntax-error', message, 'SyntaxError')
    if isinstance(scope, FunctionScope):
        for name in node.names:
            holder = next((outer for outer in reversed(ev.scopes[1:-1]) if name in outer), None)
            scope.outer[name] = ev.scopes[0] if holder is None else holder


def _not_for_configs(ev: Evaluator, node: ast.stmt) -> None:
    give_up(ev, [node], Unknown(f'a {type(node).__name__} statement'))


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
    ast.AsyncFunctionDef: _function,
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
    ast.Nonlocal: _nonlocal,
}
STATEMENTS |= {kind: _not_for_configs for kind in ast.stmt.__subclasses__() if kind not in STATEMENTS}
