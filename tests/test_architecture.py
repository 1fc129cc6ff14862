"""The modules of the package need each other in one direction: no circles, neither when it runs nor for types."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / 'cfglint'
LATER = {'cfglint.cli', 'cfglint.server', 'cfglint.report', 'cfglint.smoke'}
"""Rooms that nothing below knows."""


def modules() -> dict[str, Path]:
    """Return the modules of the package by name."""
    found = {}
    for path in PACKAGE.rglob('*.py'):
        parts = path.relative_to(PACKAGE.parent).with_suffix('').parts
        found['.'.join(parts[:-1] if parts[-1] == '__init__' else parts)] = path
    return found


MODULES = modules()


def imports(body: list[ast.stmt], kind: str) -> Iterator[tuple[str, str]]:
    """Yield what statements import, with the kind: `run`, `types` (below `TYPE_CHECKING`) or `lazy` (in a function)."""
    for node in body:
        if isinstance(node, ast.ImportFrom):
            names = (f'{node.module}.{each.name}' for each in node.names)
            yield from ((name if name in MODULES else str(node.module), kind) for name in names)
        elif isinstance(node, ast.Import):
            yield from ((each.name, kind) for each in node.names)
        elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            yield from imports(node.body, 'lazy')
        elif isinstance(node, ast.If) and ast.unparse(node.test) == 'TYPE_CHECKING':
            yield from imports(node.body, 'types')
        else:
            for field in ('body', 'orelse', 'finalbody'):
                yield from imports(getattr(node, field, []), kind)


@cache
def edges() -> list[tuple[str, str, str]]:
    """Return which module imports which one, and how.

    What the package itself gives to those who import it does not count: each module imports the package.
    """
    return [
        (name, target, kind)
        for name, path in MODULES.items()
        for target, kind in imports(ast.parse(path.read_text(encoding='utf-8')).body, 'run')
        if name != 'cfglint' and target in MODULES and target != name
    ]


def graph(*kinds: str) -> dict[str, set[str]]:
    """Return which modules each module imports in some ways."""
    found: dict[str, set[str]] = defaultdict(set)
    for name, target, kind in edges():
        if kind in kinds:
            found[name].add(target)
    return found


@pytest.mark.parametrize('kinds', [('run',), ('run', 'types')], ids=['run', 'types'])
def test_no_modules_need_each_other(kinds: tuple[str, ...]) -> None:
    found = graph(*kinds)
    assert len(found) > 300
    try:
        TopologicalSorter(found).prepare()
    except CycleError as error:
        pytest.fail(' needs '.join(error.args[1]))


def test_rules_know_neither_commands_nor_formats() -> None:
    rooms = ('cfglint.rules.', 'cfglint.language.', 'cfglint.catalog.', 'cfglint.sections.')
    wrong = [each for each in edges() if each[0].startswith(rooms) and '.'.join(each[1].split('.')[:2]) in LATER]
    assert wrong == []
