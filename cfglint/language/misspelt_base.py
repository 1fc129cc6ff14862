"""Names that were meant to be `_base_`."""

from __future__ import annotations

import ast
import re
from typing import Final

from cfglint.language.style import is_base_assignment

MISSPELT: Final = 'its `_base_` is misspelt'
_CONFIG: Final = re.compile(r'.\.(?:py|ya?ml|json)$')
_NEAR: Final = re.compile(
    r'base?|bases|[a-z]?ase|b[a-z]?se|ba[a-z]?e|bas[a-z]|[a-z]base|b[a-z]ase|ba[a-z]se|bas[a-z]e|base[a-z]'
    r'|abse|bsae|baes|basis|parents?|inherits?|extends'
)
"""`base` with one letter wrong, left out, added or in another place, and words that mean the same."""
_PLAIN: Final = frozenset({'base', 'bases', 'parent', 'parents', 'inherit', 'inherits', 'extends'})
"""Those that mean it without an underscore, too: `case = 'a.py'` may be anything."""


def misspelt_base(tree: ast.Module | None) -> ast.Name | None:
    """Return the top-level name that is given paths of configs and was meant to be `_base_`; None if `_base_` is there.

    A name that the file reads is a variable of its own.
    """
    if tree is None:
        return None
    found: ast.Name | None = None
    for node in tree.body:
        if type(node) is not ast.Assign:
            continue
        if is_base_assignment(node):
            return None
        target = node.targets[0]
        if found is None and type(target) is ast.Name and _is_near(target.id) and _names_configs(node.value):
            found = target
    return None if found is None or _is_read(tree, found.id) else found


def _is_near(name: str) -> bool:
    letters = name.replace('_', '').lower()
    if len(name) > 12 or name == '_base_' or _NEAR.fullmatch(letters) is None:
        return False
    return letters in _PLAIN or name[0] == '_' or name[-1] == '_'


def _names_configs(value: ast.expr) -> bool:
    items = value.elts if isinstance(value, (ast.List, ast.Tuple)) else [value]
    texts = [each.value for each in items if isinstance(each, ast.Constant) and isinstance(each.value, str)]
    return bool(items) and len(texts) == len(items) and all(_CONFIG.search(each) for each in texts)


def _is_read(tree: ast.Module, name: str) -> bool:
    """Tell whether the file uses a name, or joins other files by itself."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and node.id == name and isinstance(node.ctx, ast.Load):
            return True
        if isinstance(node, ast.With):
            return True
    return False
