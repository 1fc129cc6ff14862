"""Evaluation of import statements. Nothing is imported; a name stands for what it would be.

In a pure-Python config MMEngine replaces imports by placeholders
(``mmengine.config.utils.ImportTransformer``), but for the standard library and ``mmengine.config``.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any

from cfglint.language.builtins import member
from cfglint.language.style import is_standard_library
from cfglint.language.values import Lazy, Opaque, Unknown

if TYPE_CHECKING:
    from cfglint.language.evaluator import Evaluator


def import_module(ev: Evaluator, node: ast.Import) -> None:
    """Bind the names of ``import a.b, c as d``."""
    if ev.lazy and len(node.names) != 1:
        message = 'several modules in one `import`: MMEngine fails with `import multiple modules in one line is not supported`'
        ev.refuse(node, 'unsupported-import', message, 'AssertionError')
    for alias in node.names:
        if alias.asname is None:
            name = module = alias.name.partition('.')[0]
        else:
            name, module = alias.asname, alias.name
        ev.bind(name, _module(ev, module), alias, alias)
        ev.imported[name] = node


def _module(ev: Evaluator, name: str) -> Any:
    if is_standard_library(name):
        return Opaque('module', name)
    return Lazy(name) if ev.lazy else Opaque('module', name)


def import_from(ev: Evaluator, node: ast.ImportFrom) -> None:
    """Bind the names of ``from a import b as c``."""
    if id(node) in ev.from_base:
        return  # MMEngine takes the names of bases over before it runs the first statement.
    module = '.' * node.level + (node.module or '')
    for alias in node.names:
        if alias.name == '*':
            _import_star(ev, node, module)
            return
        name = alias.asname or alias.name
        ev.bind(name, _member(ev, module, alias.name), alias, alias)
        ev.imported[name] = node


def _member(ev: Evaluator, module: str, name: str) -> Any:
    if module.startswith('mmengine.config') or module == 'mmengine':
        if ev.lazy and module == 'mmengine':
            return Lazy(f'{module}.{name}')
        return Opaque('type' if name[:1].isupper() else 'function', name)
    if is_standard_library(module):
        return member(module, name)
    return Lazy(f'{module}.{name}') if ev.lazy else Unknown(f'`{module}.{name}` is not imported')


def _import_star(ev: Evaluator, node: ast.ImportFrom, module: str) -> None:
    if ev.lazy:
        message = (
            f'`from {module} import *` outside of `with read_base():`: MMEngine fails with '
            '`from xxx import * is not allowed`; import the names, or move it into the block'
        )
        ev.refuse(node, 'unsupported-import', message, 'RuntimeError')
