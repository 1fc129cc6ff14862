"""The worker runs in environments that are not ours: old Pythons, without cfglint."""

from __future__ import annotations

import ast
import sys
from typing import TYPE_CHECKING

import pytest

import cfglint.smoke.process as process

if TYPE_CHECKING:
    from pathlib import Path

FILES = sorted(process.WORKER.rglob('*.py'))
IDS = [str(path.relative_to(process.WORKER)) for path in FILES]
NEEDED = {'torch', 'mmengine', 'numpy'}
# mmcv where it is there; opencv for synthetic data only; matplotlib because MMEngine's visualizer imports it.
OPTIONAL = {'mmcv', 'cv2', 'matplotlib'}
# What came after Python 3.8 and does not show in the grammar.
LATER_METHODS = {'removeprefix', 'removesuffix', 'bit_count', 'add_note', 'is_relative_to', 'with_stem'}
LATER_FUNCTIONS = {'aclosing', 'anext', 'batched', 'cache', 'pairwise', 'randbytes', 'to_thread'}
LATER_MODULES = {'graphlib', 'tomllib', 'zoneinfo'}


def imports(node: ast.AST) -> set[str]:
    """The packages that are imported below a node, our own left out."""
    found = set()
    for each in ast.walk(node):
        if isinstance(each, ast.Import):
            found |= {alias.name.partition('.')[0] for alias in each.names}
        elif isinstance(each, ast.ImportFrom) and each.level == 0:
            found.add((each.module or '').partition('.')[0])
    return found


def is_shielded(node: ast.AST) -> bool:
    """Whether an ImportError below the node is caught there."""
    if isinstance(node, ast.With):
        return any('suppress(ImportError)' in ast.unparse(item.context_expr) for item in node.items)
    return isinstance(node, ast.Try) and any('ImportError' in ast.unparse(each.type or each) for each in node.handlers)


@pytest.mark.parametrize('path', FILES, ids=IDS)
def test_the_worker_parses_on_python_3_8_and_imports_nothing_else(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding='utf-8'), feature_version=(3, 8))
    shielded = set().union(*(imports(node) for node in ast.walk(tree) if is_shielded(node)))
    assert imports(tree) - set(sys.stdlib_module_names) <= NEEDED | (OPTIONAL & shielded)
    assert not imports(tree) & LATER_MODULES


@pytest.mark.parametrize('path', FILES, ids=IDS)
def test_the_worker_calls_nothing_that_python_3_8_lacks(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding='utf-8'))
    for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
        name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, 'id', '')
        assert name not in LATER_METHODS | LATER_FUNCTIONS, ast.unparse(call)
        assert name != 'zip' or not call.keywords, ast.unparse(call)


@pytest.mark.parametrize('path', FILES, ids=IDS)
def test_types_of_later_pythons_stay_in_annotations(path: Path) -> None:
    """`list[int]` and `X | None` are errors on Python 3.8 wherever they are evaluated."""
    tree = ast.parse(path.read_text(encoding='utf-8'))
    annotations = {
        id(each)
        for node in ast.walk(tree)
        for field in ('annotation', 'returns')
        for each in ast.walk(getattr(node, field, None) or ast.Pass())
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Subscript) and id(node) not in annotations:
            generic = isinstance(node.value, ast.Name) and node.value.id in {'list', 'dict', 'tuple', 'set', 'type'}
            assert not generic, ast.unparse(node)
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr) and id(node) not in annotations:
            assert not {'None', 'str', 'int', 'bool'} & {ast.unparse(node.left), ast.unparse(node.right)}


@pytest.mark.parametrize('path', FILES, ids=IDS)
def test_annotations_are_not_evaluated(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding='utf-8'))
    _docstring, *rest = tree.body
    assert not rest or (isinstance(rest[0], ast.ImportFrom) and rest[0].module == '__future__')
