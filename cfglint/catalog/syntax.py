"""Small questions about `ast` nodes."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

MAX_TEXT = 200
_PART = '{…}'
"""What stands for a part of a text that only running it would tell."""


def dotted(node: ast.AST | None) -> str | None:
    """`a.b.c` of a chain of attributes, None for anything else."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    if not isinstance(node, ast.Name):
        return None
    return '.'.join([node.id, *reversed(parts)])


def text(node: ast.AST) -> str:
    """The source of an expression, normalised and shortened."""
    code = ' '.join(ast.unparse(node).split())
    return code if len(code) <= MAX_TEXT else code[: MAX_TEXT - 1] + '…'


def string(node: ast.AST | None) -> str | None:
    """The value of a string literal (adjacent and f-strings' fixed parts joined), None for anything else."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return ''.join(string(part) or _PART for part in node.values)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        left, right = string(node.left), string(node.right)
        return None if left is None or right is None else left + right
    return None


def literal(node: ast.AST | None) -> str | None:
    """The value of a string that is written out whole, None for anything else."""
    found = string(node)
    return None if found is not None and _PART in found else found


def strings(node: ast.AST | None) -> list[str] | None:
    """The strings of a literal string, list or tuple of strings."""
    if isinstance(node, (ast.List, ast.Tuple)):
        found = [literal(item) for item in node.elts]
        return None if None in found else [item for item in found if item is not None]
    one = literal(node)
    return None if one is None else [one]


def keyword(call: ast.Call, name: str) -> ast.expr | None:
    """The value of one keyword argument of a call."""
    return next((item.value for item in call.keywords if item.arg == name), None)


def walk(node: ast.AST) -> Iterator[ast.AST]:
    """Like `ast.walk`, but in source order."""
    yield node
    for child in ast.iter_child_nodes(node):
        yield from walk(child)


def absolute_module(node: ast.ImportFrom, package: Sequence[str]) -> str:
    """The module that `from … import` names, in a module of `package`."""
    if not node.level:
        return node.module or ''
    kept = len(package) - node.level + 1
    return '.'.join([*package[: max(kept, 0)], *([node.module] if node.module else [])])
