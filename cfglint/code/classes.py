"""The classes of a module: what they inherit from, in the releases of both eras."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from cfglint.catalog.interfaces import interfaces

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cfglint.catalog.interfaces import Interface
    from cfglint.code.module import Code
    from cfglint.code.successors import Releases

_MAX_DEPTH = 30


def kinds(code: Code, releases: Releases, node: ast.ClassDef) -> frozenset[str]:
    """Return the classes that a class is, as `package.Name`, itself not included."""
    return frozenset(_kinds(code, releases, node, 0))


def _kinds(code: Code, releases: Releases, node: ast.ClassDef, depth: int) -> Iterator[str]:
    for base in node.bases if depth < _MAX_DEPTH else ():
        inner = code.scopes.definition(base)
        if isinstance(inner, ast.ClassDef) and inner is not node:
            yield from _kinds(code, releases, inner, depth + 1)
            continue
        path = code.scopes.path(base)
        if path is not None:
            yield from releases.kinds(path)


def interfaces_of(names: frozenset[str]) -> list[Interface]:
    """Return the kinds of classes that one is which inherits from these."""
    return [each for each in interfaces() if not each.classes.isdisjoint(names)]
