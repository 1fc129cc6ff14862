"""What a `setup.py` requires, read from its syntax tree: it is never run."""

from __future__ import annotations

import ast
import os
from typing import TYPE_CHECKING, Final

from cfglint.language.trees import tree_of
from cfglint.requirements.lines import is_relevant, parse
from cfglint.requirements.model import Requirement
from cfglint.requirements.pip_files import pip_file

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cfglint.requirements.model import Reader

_ARGUMENTS: Final = frozenset({'install_requires', 'extras_require', 'requires', 'setup_requires', 'tests_require'})
_MAX_DEPTH: Final = 8


def setup_script(folder: str, reader: Reader) -> Iterator[Requirement]:
    """Yield what a `setup.py` says: texts in the lists of `setup()`, and files that are handed to a function there."""
    path = os.path.join(folder, 'setup.py')
    text = reader.text(path)
    if text is None or '_require' not in text:
        return
    try:
        tree = tree_of(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return
    variables = _assigned(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.keyword) and node.arg in _ARGUMENTS:
            for value in _texts(node.value, variables, _MAX_DEPTH):
                yield from _said(value, path, folder, reader)


def _assigned(tree: ast.Module) -> dict[str, ast.expr]:
    """Return what names are assigned to, anywhere in the file; the last assignment counts."""
    return {
        target.id: node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }


def _texts(node: ast.expr, variables: dict[str, ast.expr], depth: int) -> Iterator[ast.Constant]:
    """Yield the texts in an expression; names are followed, a bounded number of times."""
    for inner in ast.walk(node):
        if isinstance(inner, ast.Constant) and isinstance(inner.value, str):
            yield inner
        elif isinstance(inner, ast.Name) and inner.id in variables and depth:
            value = variables[inner.id]
            yield from _texts(value, {name: each for name, each in variables.items() if name != inner.id}, depth - 1)


def _said(constant: ast.Constant, path: str, folder: str, reader: Reader) -> Iterator[Requirement]:
    value = str(constant.value)
    if value.endswith(('.txt', '.in')):
        yield from pip_file(os.path.join(folder, value), reader, set())
    elif is_relevant(value):
        parsed = parse(value)
        if parsed is not None:
            yield Requirement(*parsed, path, constant.lineno)
