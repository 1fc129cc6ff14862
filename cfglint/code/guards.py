"""Code that is prepared not to find what it asks for: in a `try` with an `except`, or below a question for a version."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from cfglint.catalog.syntax import dotted
from cfglint.code.walking import below

if TYPE_CHECKING:
    from collections.abc import Iterator

_MAY_ASK = re.compile(r'version|\bexcept\b|hasattr|find_spec|\bhas_|suppress|TYPE_CHECKING', re.IGNORECASE)


def guarded(tree: ast.Module, text: str) -> frozenset[ast.AST]:
    """Return the nodes of a module that are prepared for releases which do not have what they use."""
    if not _MAY_ASK.search(text):
        return frozenset()
    guards = _Guards(frozenset(_flags(tree)))
    guards.visit(tree)
    return frozenset(guards.found)


class _Guards(ast.NodeVisitor):
    def __init__(self, flags: frozenset[str]) -> None:
        self.found: set[ast.AST] = set()
        self._flags = flags

    def _add(self, *nodes: ast.AST) -> None:
        for node in nodes:
            self.found.update(below(node))

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        self._function(node)

    def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> None:
        self._function(node)

    def _function(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        self.generic_visit(node)
        for index, statement in enumerate(node.body):
            # The function ends there in some releases: the rest is for the others.
            if self._decides(statement):
                self._add(*node.body[index + 1 :])
                break

    def _decides(self, node: ast.stmt) -> bool:
        return isinstance(node, ast.If) and self._asks(node.test) and isinstance(node.body[-1], (ast.Return, ast.Raise))

    def visit_Try(self, node: ast.Try) -> None:
        if node.handlers:
            self._add(*node.body, *node.handlers, *node.orelse)
        self.generic_visit(node)

    def visit_If(self, node: ast.If) -> None:
        self._condition(node.test, node)

    def visit_IfExp(self, node: ast.IfExp) -> None:
        self._condition(node.test, node)

    def visit_BoolOp(self, node: ast.BoolOp) -> None:
        self._condition(node.values[0], node)

    def _condition(self, test: ast.expr, node: ast.AST) -> None:
        if self._asks(test):
            self._add(node)
        else:
            self.generic_visit(node)

    def visit_With(self, node: ast.With) -> None:
        calls = (item.context_expr for item in node.items if isinstance(item.context_expr, ast.Call))
        if any((dotted(call.func) or '').endswith('suppress') for call in calls):
            self._add(node)
        self.generic_visit(node)

    def _asks(self, test: ast.expr) -> bool:
        return _asks_what_is_there(test, self._flags)


def _flags(tree: ast.Module) -> Iterator[str]:
    """Yield the variables that tell about releases, or about what could be imported."""
    for node in below(tree):
        if isinstance(node, ast.Assign) and _asks_what_is_there(node.value):
            yield from (target.id for target in node.targets if isinstance(target, ast.Name))
        elif isinstance(node, ast.Try) and node.handlers:
            inner = (each for handler in node.handlers for statement in handler.body for each in below(statement))
            yield from (each.id for each in inner if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store))


def _asks_what_is_there(test: ast.expr, flags: frozenset[str] = frozenset()) -> bool:
    """Tell whether a condition is about releases, or about what can be imported."""
    for node in below(test):
        word = node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ''
        if word in flags or word in ('hasattr', 'TYPE_CHECKING', 'find_spec'):
            return True
        if 'version' in word.lower() or word.lower().startswith('has_'):
            return True
    return False
