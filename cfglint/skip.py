"""Python files in a config folder that are no configs: scripts and modules."""

from __future__ import annotations

import ast
import os
from typing import TYPE_CHECKING

from cfglint.era import MODERN_KEYS
from cfglint.language.errors import ConfigError
from cfglint.language.parsing import parse

if TYPE_CHECKING:
    from cfglint.language.source import SourceFile


def reason_to_skip(path: str, source: SourceFile) -> str | None:
    """Say why a Python file is no config, None if it may be one.

    A config assigns names. What defines classes (and no section of a config), runs as a script, or only imports and
    defines functions is a module.
    """
    if not path.endswith('.py'):
        return None
    if os.path.basename(path) in ('__init__.py', 'conftest.py', 'setup.py'):
        return 'a Python module'
    text = source.text
    if not any(mark in text for mark in ('def ', 'class ', '__name__', 'import ')):
        return None
    try:
        tree = parse(source)
    except ConfigError:
        return None
    return _reason(tree)


def _reason(tree: ast.Module) -> str | None:
    if any(isinstance(node, ast.ClassDef) for node in tree.body) and not any(_is_section(node) for node in tree.body):
        return 'a Python module that defines classes'
    if any(_is_main_guard(node) for node in tree.body):
        return 'a Python script'
    if any(_assigns(node) for node in tree.body):
        return None
    has_code = any(isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) for node in tree.body)
    has_base = any(isinstance(node, ast.With) for node in tree.body)
    imports = any(isinstance(node, (ast.Import, ast.ImportFrom)) for node in tree.body)
    return 'a Python module' if has_code or (imports and not has_base) else None


def _is_section(node: ast.stmt) -> bool:
    return isinstance(node, ast.Assign) and any(
        isinstance(target, ast.Name) and (target.id in MODERN_KEYS or target.id == '_base_') for target in node.targets
    )


def _is_main_guard(node: ast.stmt) -> bool:
    return isinstance(node, ast.If) and any(isinstance(n, ast.Name) and n.id == '__name__' for n in ast.walk(node.test))


def _assigns(node: ast.stmt) -> bool:
    targets = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
    return any(not (isinstance(target, ast.Name) and target.id.startswith('__')) for target in targets)
