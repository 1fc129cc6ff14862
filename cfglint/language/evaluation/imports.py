"""Evaluation of import statements. Nothing is imported; a name stands for what it would be.

In a pure-Python config MMEngine replaces imports by placeholders
(``mmengine.config.utils.ImportTransformer``), but for the standard library and ``mmengine.config``.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any

from cfglint.diagnostics import Advice
from cfglint.language.evaluation.attributes import member
from cfglint.language.evaluation.mutation import forget_names
from cfglint.language.style import is_standard_library
from cfglint.language.values import Lazy, Opaque, Unknown

if TYPE_CHECKING:
    from cfglint.language.evaluation.evaluator import Evaluator


def import_module(ev: Evaluator, node: ast.Import) -> None:
    """Bind the names of ``import a.b, c as d``."""
    ev.made_objects = ev.made_uncopyable = True
    for alias in node.names:
        if alias.asname is None:
            name = module = alias.name.partition('.')[0]
        else:
            name, module = alias.asname, alias.name
        ev.bind(name, _module(ev, module), alias, alias)
        ev.imported[name] = node


def _module(ev: Evaluator, name: str) -> Any:
    return Lazy(name) if ev.lazy and not is_standard_library(name) else Opaque('module', name)


def import_from(ev: Evaluator, node: ast.ImportFrom) -> None:
    """Bind the names of ``from a import b as c``."""
    if id(node) in ev.from_base:
        return  # MMEngine takes the names of bases over before it runs the first statement.
    ev.made_uncopyable = True
    ev.made_objects = ev.made_objects or not ev.lazy or is_standard_library(str(node.module))
    for alias in node.names:
        if alias.name == '*':  # refused in a pure-Python config before anything runs
            forget_names(ev, Unknown(f'`from {node.module} import *` may define any name'))
            return
        name = alias.asname or alias.name
        ev.bind(name, _member(ev, node, alias.name), alias, alias)
        ev.imported[name] = node


def _member(ev: Evaluator, node: ast.ImportFrom, name: str) -> Any:
    module = '.' * node.level + str(node.module)  # MMEngine says `.None` for `from . import x`
    if module.startswith('mmengine.config') or (module == 'mmengine' and not ev.lazy):
        return Opaque('type' if name[:1].isupper() else 'function', name)
    if not node.level and is_standard_library(module):
        return member(module, name)
    if node.level and not ev.lazy:
        ev.refuse(
            node,
            'failing-expression',
            f'a text-style config cannot import from `{module}`: it is in no package',
            'ImportError',
            raises='ImportError: attempted relative import with no known parent package',
            advice=Advice('inherit the values with `_base_`, or import by the full name of the module'),
        )
    return Lazy(f'{module}.{name}') if ev.lazy else Unknown(f'`{module}.{name}` is not imported')


def may_be_absent(ev: Evaluator, node: ast.stmt) -> bool:
    """Tell whether a statement really imports something that may not be installed."""
    if ev.lazy and not isinstance(node, ast.Import):
        return False
    if isinstance(node, ast.Import):
        return not all(is_standard_library(alias.name) for alias in node.names)
    return isinstance(node, ast.ImportFrom) and not is_standard_library(node.module or '')
