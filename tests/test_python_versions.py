"""What newer Pythons than the oldest one that we support would let pass."""

from __future__ import annotations

import ast
from pathlib import Path

import cfglint


def test_named_tuples_have_no_other_base() -> None:
    """Python 3.10 refuses to define such a class."""
    files = sorted(Path(cfglint.__file__).parent.rglob('*.py'))
    mixed = [
        f'{path}:{node.lineno}'
        for path in files
        for node in ast.walk(ast.parse(path.read_text('utf-8')))
        if isinstance(node, ast.ClassDef)
        and len(node.bases) > 1
        and any(isinstance(base, ast.Name) and base.id == 'NamedTuple' for base in node.bases)
    ]
    assert len(files) > 200 and mixed == []
