"""What is around each node of a module."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from cfglint.code.scopes import FUNCTIONS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from cfglint.code.scopes import Function


class Parents:
    """What is around each node of a module.

    Args:
        nodes: All of them.
    """

    def __init__(self, nodes: Iterable[ast.AST]) -> None:
        self._of = {child: node for node in nodes for child in ast.iter_child_nodes(node)}

    def of(self, node: ast.AST) -> ast.AST | None:
        """Return what is around a node."""
        return self._of.get(node)

    def decorated(self, node: ast.expr) -> tuple[ast.expr, Function] | None:
        """Return the decorator that an expression is (called or not), with its function; None if it is none."""
        parent = self.of(node)
        decorator = parent if isinstance(parent, ast.Call) and parent.func is node else node
        function = self.of(decorator)
        if isinstance(function, FUNCTIONS) and decorator in function.decorator_list:
            return decorator, function
        return None

    def call(self, node: ast.expr) -> ast.Call | None:
        """Return the call of which an expression is the function."""
        parent = self.of(node)
        return parent if isinstance(parent, ast.Call) and parent.func is node else None

    def above(self, node: ast.AST) -> Iterator[ast.AST]:
        """Yield what is around a node, the nearest first."""
        parent = self.of(node)
        while parent is not None:
            yield parent
            parent = self.of(parent)
