"""The versions of mmcv, mmengine and other libraries that a package asserts when it is imported."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_BOUND = re.compile(
    r'(?P<library>mmcv|mmengine|mmdet|mmcls|mmpretrain|mmseg|mmpose|mmaction|mmrazor|mmyolo|mmedit|mmagic|mmtrack)_'
    r'(?P<end>min|max)(?:imum)?(?:_version)?',
    re.IGNORECASE,
)
_DISTRIBUTIONS = {'mmseg': 'mmsegmentation', 'mmaction': 'mmaction2'}


def windows(source: bytes) -> dict[str, list[object]]:
    """`{distribution: [minimum, maximum, whether the maximum is allowed]}` of a package's `__init__.py`."""
    tree = ast.parse(source)
    bounds: dict[str, dict[str, str]] = {}
    for variable, value in _constants(tree):
        found = _BOUND.fullmatch(variable)
        if found is not None:
            bounds.setdefault(found['library'].lower(), {})[found['end'].lower()] = value
    result: dict[str, list[object]] = {}
    for library, ends in sorted(bounds.items()):
        if 'min' in ends and 'max' in ends:
            distribution = _DISTRIBUTIONS.get(library, library)
            result[distribution] = [ends['min'], ends['max'], _inclusive(tree, library)]
    return result


def _constants(tree: ast.Module) -> Iterator[tuple[str, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
            for target in node.targets:
                if isinstance(target, ast.Name):
                    yield target.id, node.value.value


def _inclusive(tree: ast.Module, library: str) -> bool:
    """Whether the comparison with the maximum is `<=`."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Compare):
            continue
        for operator, right in zip(node.ops, node.comparators, strict=True):
            names = [inner.id for inner in ast.walk(right) if isinstance(inner, ast.Name)]
            ends = [found for name in names if (found := _BOUND.fullmatch(name)) is not None]
            if any(end['library'].lower() == library and end['end'].lower() == 'max' for end in ends):
                return isinstance(operator, ast.LtE)
    return False
