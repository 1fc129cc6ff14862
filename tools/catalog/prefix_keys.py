"""Which keys of `data_prefix` a dataset reads, from its source and that of its bases."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

NAME = 'data_prefix'
PLAIN = frozenset({'BaseDataset', '_BaseDataset', 'object', 'ABC', 'Dataset', 'Generic'})
"""Bases of which nothing is known that read no key: MMEngine's joins all prefixes to `data_root`."""


class Found(NamedTuple):
    """What a method does with prefixes: the keys that it needs or takes, and whether there may be others."""

    needs: frozenset[str] = frozenset()
    takes: frozenset[str] = frozenset()
    is_open: bool = False

    def joined(self, other: Found) -> Found:
        return Found(self.needs | other.needs, self.takes | other.takes, self.is_open or other.is_open)


def prefix_keys(ancestry: list[ast.ClassDef | str]) -> dict[str, list[str]] | None:
    """Return the keys that a class needs and takes, None if that is not known.

    Args:
        ancestry: The class and its bases, nearest first; those of which there is no source by name.
    """
    if any(isinstance(each, str) and each not in PLAIN for each in ancestry):
        return None
    found, default = Found(), None
    for method in _methods([each for each in ancestry if isinstance(each, ast.ClassDef)]):
        found = found.joined(_read_by(method))
        default = _default(method) if default is None else default
    needs = found.needs - found.takes
    takes = (found.takes | (default or set())) - needs
    if found.is_open or not (needs or found.takes):
        return None
    parts = {'needs': sorted(needs), 'takes': sorted(takes)}
    return {name: keys for name, keys in parts.items() if keys}


def _methods(classes: list[ast.ClassDef]) -> Iterator[ast.FunctionDef]:
    """Yield the methods that run: each until a class replaces it without calling that of its base."""
    replaced: set[str] = set()
    for owner in classes:
        own = [item for item in owner.body if isinstance(item, ast.FunctionDef) and item.name not in replaced]
        yield from own
        replaced |= {each.name for each in own if f'super().{each.name}(' not in ast.unparse(each)}


def _read_by(method: ast.FunctionDef) -> Found:
    found, parents = Found(), dict[ast.AST, ast.AST]()
    for node in ast.walk(method):
        parents.update(dict.fromkeys(ast.iter_child_nodes(node), node))
    for node in ast.walk(method):
        if isinstance(node, ast.Attribute) and ast.unparse(node) == f'self.{NAME}' and isinstance(node.ctx, ast.Load):
            found = found.joined(_used(node, parents))
        elif isinstance(node, ast.Name) and node.id == NAME and isinstance(node.ctx, ast.Load):
            found = found.joined(_given(node, parents))
    return found


def _default(method: ast.FunctionDef) -> set[str] | None:
    """Return the keys of the dict that is the default of the argument, None where it is not an argument with one."""
    arguments = method.args
    pairs = [
        *zip(reversed(arguments.args), reversed(arguments.defaults), strict=False),
        *zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True),
    ]
    default = next((each for parameter, each in pairs if parameter.arg == NAME), None)
    if method.name != '__init__' or default is None:
        return None
    return {each.arg for each in default.keywords if each.arg} if isinstance(default, ast.Call) else set()


def _used(node: ast.AST, parents: dict[ast.AST, ast.AST]) -> Found:
    """Return what is read of a dict of prefixes at one place; anything else may read all."""
    parent: Any = parents[node]
    if isinstance(parent, ast.FormattedValue):
        return Found()
    key: ast.AST | None = None
    needed = isinstance(parent, ast.Subscript)
    if needed:
        key = parent.slice
    elif isinstance(parent, ast.Attribute) and parent.attr == 'get' and isinstance(parents[parent], ast.Call):
        key = parents[parent].args[0]  # type: ignore[attr-defined]
    elif isinstance(parent, ast.Compare) and isinstance(parent.ops[0], (ast.In, ast.NotIn)):
        key = parent.left
    if not isinstance(key, ast.Constant) or not isinstance(key.value, str):
        return Found(is_open=True)
    name = frozenset({key.value})
    return Found(needs=name) if needed else Found(takes=name)


def _given(node: ast.Name, parents: dict[ast.AST, ast.AST]) -> Found:
    """Return what is read of the argument: a text that is put into a dict is none."""
    parent = parents[node]
    if isinstance(parent, ast.Subscript) or (isinstance(parent, ast.Compare) and parent.left is not node):
        return _used(node, parents)
    outer = parents.get(parents.get(parent, parent))
    is_wrapped = isinstance(parent, ast.keyword) and parent.arg != NAME
    return Found(is_open=is_wrapped and isinstance(outer, ast.keyword) and outer.arg == NAME)
