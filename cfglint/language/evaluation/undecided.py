"""What becomes of names when it is not known whether, or how often, statements run."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any

from cfglint.language.evaluation.mutation import escape, forget_names

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cfglint.language.evaluation.evaluator import Evaluator
    from cfglint.language.values import Unknown


_HARMLESS = frozenset(
    {'dict', 'list', 'tuple', 'set', 'len', 'str', 'int', 'float', 'bool', 'range', 'print', 'min', 'max', 'sum',
     'sorted', 'isinstance', 'enumerate', 'zip'}
)  # fmt: skip
"""Functions that change nothing of what they get."""


REACH_NAMES = frozenset({'exec', 'eval', 'globals', 'locals', 'vars', 'setattr', 'delattr'})
"""Builtins that may change or add any name."""


class Undecided(Exception):
    """It is not known whether a ``return`` (`returns`), ``break`` or ``continue`` was reached."""

    def __init__(self, reason: Unknown, *, returns: bool) -> None:
        self.reason = reason
        self.returns = returns


def give_up(ev: Evaluator, statements: Sequence[ast.stmt], reason: Unknown) -> None:
    """Go on after `statements`, of which it is not known whether they run.

    Raises:
        Undecided: They may leave the loop or the function.
    """
    forget(ev, statements, reason)
    leaving = [node for statement in statements for node in _leaving(statement)]
    if leaving:
        raise Undecided(reason, returns=any(isinstance(node, ast.Return) for node in leaving))


def forget(ev: Evaluator, statements: Sequence[ast.stmt], reason: Unknown) -> None:
    """Make all names unknown that `statements` may bind, and all values that they may change."""
    ev.undecided += 1
    scope = ev.own_scope()
    for node in (node for statement in statements for node in ast.walk(statement)):
        for name in bound_names(node):
            held = getattr(scope, 'outer', {}).get(name, scope)
            held[name] = reason
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in REACH_NAMES:
            forget_names(ev, reason)
        for name in _handled_names(node):
            escape(ev, [_looked_up(ev, name)], reason, statements[0])


def _looked_up(ev: Evaluator, name: str) -> Any:
    if name == '_base_' and ev.base is not None:
        return ev.base()
    return next((scope[name] for scope in reversed(ev.scopes) if name in scope), None)


def bound_names(node: ast.AST) -> Iterator[str]:
    """Yield the names that a node binds or deletes."""
    if isinstance(node, ast.Name):
        if not isinstance(node.ctx, ast.Load):
            yield node.id
    elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        yield node.name
    elif isinstance(node, ast.alias):
        yield (node.asname or node.name).partition('.')[0]
    elif isinstance(node, (ast.ExceptHandler, ast.MatchAs, ast.MatchStar)):
        if node.name is not None:
            yield node.name
    elif isinstance(node, ast.MatchMapping) and node.rest is not None:
        yield node.rest


def _handled_names(node: ast.AST) -> Iterator[str]:
    """Yield the names whose values a node may change in place: ``x.update(…)``, ``x['a'] = 1``, ``f(x)``."""
    if isinstance(node, ast.Call):
        if isinstance(node.func, ast.Name) and node.func.id in _HARMLESS:
            return
        yield from (child.id for child in ast.walk(node) if isinstance(child, ast.Name))
    elif isinstance(node, (ast.Subscript, ast.Attribute)) and not isinstance(node.ctx, ast.Load):
        yield from (child.id for child in ast.walk(node.value) if isinstance(child, ast.Name))
    elif isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name):
        yield node.target.id


def _leaving(statement: ast.stmt) -> Iterator[ast.stmt]:
    """Yield the statements that may end a loop's turn, a loop or a function."""
    stack: list[ast.AST] = [statement]
    while stack:
        node = stack.pop()
        if isinstance(node, (ast.Return, ast.Break, ast.Continue)):
            yield node
        elif not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.expr)):
            stack += ast.iter_child_nodes(node)
