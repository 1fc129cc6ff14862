"""The examples of all rules made long: what is in a list, in a dict, at the top level, in a string stands there very often.

Whoever writes a rule thinks of a few items; a hostile file has as many as fit in.
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Callable, Iterator
from functools import partial
from itertools import chain
from typing import Any, NamedTuple

from cfglint.rules import all_rules
from cfglint.rules.declaration import Rule
from tests.hostile.kit import Case, Files
from tests.kit.complete import example_files

SIZE = 150_000
"""Characters of a long config, about."""


class LongExample(NamedTuple):
    """An example of a rule, of which one thing may be as long as one likes.

    Attributes:
        name: The rule, which of its examples it is, and what is long.
        files: Makes the files, one of them about as long as it is told.
    """

    name: str
    files: Callable[[int], Files]


class _Varied(ast.NodeTransformer):
    """Changes numbers, and the strings of every second copy: what is the same everywhere may be looked at once."""

    def __init__(self, turn: int) -> None:
        self._turn = turn

    def visit_Constant(self, node: ast.Constant) -> ast.Constant:
        """Change a number or string."""
        if type(node.value) is int:
            return ast.Constant(node.value + self._turn)
        if isinstance(node.value, str) and self._turn % 2:
            return ast.Constant(f'{node.value}{self._turn}')
        return node


def long_examples(rule: Rule) -> Iterator[LongExample]:
    """Yield all that can be made long in the files of Python of a rule's examples."""
    for kind in ('bad', 'good'):
        files = example_files(rule, kind)
        for path, text in files.items():
            tree = _parsed(text) if path.endswith('.py') else None
            for what, lengthen in () if tree is None else _ways(tree):
                name = f'{rule.name}, {kind}, {what}' if path == 'config.py' else f'{rule.name}, {kind}, {path}, {what}'
                yield LongExample(name, partial(_made, files, path, lengthen))


def _made(files: Files, path: str, lengthen: _Way, size: int) -> Files:
    tree = lengthen(ast.parse(str(files[path])), size)
    return {**files, path: ast.unparse(ast.fix_missing_locations(tree)) + '\n'}


def cases() -> Iterator[Case]:
    """Yield a tree for each."""
    for each in chain.from_iterable(map(long_examples, all_rules().values())):
        yield Case(
            'long examples', each.name, lambda each=each: {f'configs/{path}': text for path, text in each.files(SIZE).items()}
        )  # fmt: skip


_Way = Callable[[ast.Module, int], ast.Module]


def _parsed(text: str) -> ast.Module | None:
    try:
        return ast.parse(text) if text else None
    except SyntaxError:
        return None


def _ways(tree: ast.Module) -> Iterator[tuple[str, _Way]]:
    yield 'names', _names
    if any(isinstance(node, _DEFINITIONS) for node in tree.body):
        yield 'definitions', _definitions
    for number in range(len(_classes(tree))):
        yield f'class {number}', lambda tree, size, number=number: _members(tree, size, number)
    for number in range(len(_lists(tree))):
        yield f'list {number}', lambda tree, size, number=number: _list(tree, size, number)
    for number in range(len(_dicts(tree))):
        yield f'dict {number}', lambda tree, size, number=number: _dict(tree, size, number)
    if _strings(tree):
        yield 'strings', _long_strings


_DEFINITIONS = (ast.ClassDef, ast.FunctionDef, ast.Import, ast.ImportFrom)


def _classes(tree: ast.Module) -> list[ast.ClassDef]:
    return [node for node in ast.walk(tree) if isinstance(node, ast.ClassDef)]


def _lists(tree: ast.Module) -> list[Any]:
    return [node for node in ast.walk(tree) if isinstance(node, (ast.List, ast.Tuple)) and node.elts]


def _dicts(tree: ast.Module) -> list[ast.Call]:
    return [node for node in ast.walk(tree) if isinstance(node, ast.Call) and any(each.arg for each in node.keywords)]


def _strings(tree: ast.Module) -> list[ast.Constant]:
    return [
        node for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value
    ]


def _copies(tree: ast.AST, size: int) -> range:
    return range(1, max(2, size // max(len(ast.unparse(tree)), 4)))


def _names(tree: ast.Module, size: int) -> ast.Module:
    """Assign the same to further names."""
    assigned = [(node, node.targets[0]) for node in tree.body if isinstance(node, ast.Assign)]
    for turn in _copies(tree, size):
        for node, name in assigned:
            if isinstance(name, ast.Name) and not name.id.startswith('_'):
                value = _Varied(turn).visit(copy.deepcopy(node.value))
                tree.body.append(ast.Assign([ast.Name(f'{name.id}_{turn}', ast.Store())], value))
    return tree


def _definitions(tree: ast.Module, size: int) -> ast.Module:
    """Define the same classes and functions, and import the same, under further names."""
    known = list(tree.body)
    for turn in _copies(tree, size):
        for node in map(copy.deepcopy, known):
            if isinstance(node, (ast.ClassDef, ast.FunctionDef)):
                node.name = f'{node.name}_{turn}'
            elif isinstance(node, (ast.Import, ast.ImportFrom)):
                for each in node.names:
                    each.asname = None if each.name == '*' else f'{each.asname or each.name.replace(".", "_")}_{turn}'
            tree.body.append(node)
    return tree


def _members(tree: ast.Module, size: int, number: int) -> ast.Module:
    """Give a class further members."""
    node = _classes(tree)[number]
    for turn in _copies(node, size):
        for each in [copy.deepcopy(each) for each in node.body[:9]]:
            if isinstance(each, ast.FunctionDef):
                each.name = f'{each.name}_{turn}'
            node.body.append(_Varied(turn).visit(each))
    return tree


def _list(tree: ast.Module, size: int, number: int) -> ast.Module:
    node = _lists(tree)[number]
    node.elts += [_Varied(turn).visit(copy.deepcopy(each)) for turn in _copies(node, size) for each in node.elts]
    return tree


def _dict(tree: ast.Module, size: int, number: int) -> ast.Module:
    node = _dicts(tree)[number]
    named = [(each.arg, each.value) for each in node.keywords if each.arg]
    node.keywords += [
        ast.keyword(f'{name}{turn}', _Varied(turn).visit(copy.deepcopy(value)))
        for turn in _copies(node, size)
        for name, value in named
    ]
    return tree


def _long_strings(tree: ast.Module, size: int) -> ast.Module:
    strings = _strings(tree)
    for node in strings:
        assert isinstance(node.value, str)
        node.value *= max(2, size // len(strings) // len(node.value))
    return tree
