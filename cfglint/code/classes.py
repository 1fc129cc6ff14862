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

_MAX_ANCESTORS = 30
"""Classes of one module that one is looked for in."""


def kinds(code: Code, releases: Releases, node: ast.ClassDef) -> frozenset[str]:
    """Return the classes that a class is, as `package.Name`, itself not included."""
    paths = code.foreign_bases.get(node)
    if paths is None:
        paths = code.foreign_bases[node] = tuple(_foreign_bases(code, node))
    return frozenset(kind for path in paths for kind in releases.kinds(path))


def _foreign_bases(code: Code, node: ast.ClassDef) -> Iterator[str]:
    """Yield what a class, or those of the module that it inherits from, inherit from elsewhere."""
    waiting, seen = [node], {node}
    while waiting:
        for base in waiting.pop().bases:
            inner = code.scopes.definition(base)
            if not isinstance(inner, ast.ClassDef):
                path = code.scopes.path(base)
                if path is not None:
                    yield path
            elif inner not in seen and len(seen) < _MAX_ANCESTORS:
                seen.add(inner)
                waiting.append(inner)


def interfaces_of(names: frozenset[str]) -> list[Interface]:
    """Return the kinds of classes that one is which inherits from these."""
    return [each for each in interfaces() if not each.classes.isdisjoint(names)]
