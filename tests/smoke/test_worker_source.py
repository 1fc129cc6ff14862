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
ALLOWED = {'torch', 'mmengine', 'numpy', 'cv2', 'mmcv'}


@pytest.mark.parametrize('path', FILES, ids=[str(path.relative_to(process.WORKER)) for path in FILES])
def test_the_worker_parses_on_python_3_8_and_imports_nothing_else(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding='utf-8'), feature_version=(3, 8))
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name.partition('.')[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            names.add((node.module or '').partition('.')[0])
    assert names <= ALLOWED | set(sys.stdlib_module_names)


@pytest.mark.parametrize('path', FILES, ids=[str(path.relative_to(process.WORKER)) for path in FILES])
def test_annotations_are_not_evaluated(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding='utf-8'))
    _docstring, *rest = tree.body
    assert not rest or (isinstance(rest[0], ast.ImportFrom) and rest[0].module == '__future__')
