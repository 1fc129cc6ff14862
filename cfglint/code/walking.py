"""Walks over trees: many rules look at the same functions and classes."""

from __future__ import annotations

import ast

_BELOW = '_cfglint_below'


def below(node: ast.AST) -> list[ast.AST]:
    """Return a node and all that is below it, in the order of `ast.walk`; what is below it is looked for once."""
    known: list[ast.AST] | None = getattr(node, _BELOW, None)
    if known is None:
        known = _walked(node)
        setattr(node, _BELOW, known[1:])  # without the node itself: what refers to itself is not freed at once
        return known
    return [node, *known]


def _walked(node: ast.AST) -> list[ast.AST]:
    found = [node]
    for each in found:  # which grows
        for field in each._fields:
            value = getattr(each, field, None)
            if isinstance(value, list):
                found += [item for item in value if isinstance(item, ast.AST)]
            elif isinstance(value, ast.AST):
                found.append(value)
    return found
