"""Text-style or pure-Python ("lazy") config: MMEngine decides by the statements of the file."""

from __future__ import annotations

import ast
import sys
from typing import TYPE_CHECKING, Literal, NamedTuple

from cfglint.diagnostics import Advice
from cfglint.language.errors import ConfigError
from cfglint.language.parsing import is_nested

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cfglint.language.source import SourceFile

Style = Literal['text', 'lazy']


class Decision(NamedTuple):
    """How a file is read.

    Attributes:
        style: The style.
        decisive: The statement that decides for a pure-Python config.
        doubtful: The standard-library import that makes some interpreters decide otherwise.
    """

    style: Style
    decisive: ast.stmt | None = None
    doubtful: ast.stmt | None = None


def is_standard_library(module: str) -> bool:
    """Tell whether MMEngine means `module` to be "builtin": imported for real, even in a lazy config.

    MMEngine's own test (``mmengine.config.utils._is_builtin_module``) compares installation paths and calls most of
    the standard library foreign in a virtual environment, and ``os`` on Python ≥ 3.11. Here the list of modules
    decides.
    """
    return module.startswith('mmengine.config') or module.split('.')[0] in sys.stdlib_module_names


def is_base_assignment(node: ast.AST) -> bool:
    """Tell whether `node` is ``_base_ = …``, as MMEngine recognises it."""
    if type(node) is not ast.Assign:
        return False
    target = node.targets[0]
    return type(target) is ast.Name and target.id == '_base_'


def decide(source: SourceFile, tree: ast.Module) -> Decision:
    """Decide as ``mmengine.config.Config._is_lazy_import`` does: the first decisive node, breadth first.

    Raises:
        ConfigError: A ``with`` statement over anything but ``read_base()``.
    """
    doubtful: ast.stmt | None = None
    for node in _nodes(tree):
        if is_base_assignment(node):
            # A standard-library import above makes MMEngine read the file as lazy where it calls the module foreign.
            return Decision('text', doubtful=doubtful)
        if isinstance(node, ast.With):
            _check_with(source, node)
            return Decision('lazy', node)
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            modules = _modules(node)
            if not all(is_standard_library(module) for module in modules):
                return Decision('lazy', node)
            if doubtful is None and any(not always_builtin(module) for module in modules):
                doubtful = node
    return Decision('text', doubtful=doubtful)


def _nodes(tree: ast.Module) -> Iterable[ast.AST]:
    """Return the statements among which the decision falls, in the order of `ast.walk`."""
    if not is_nested(tree):
        return tree.body  # nothing nested: walking expressions would only cost time
    return ast.walk(tree)


def _modules(node: ast.Import | ast.ImportFrom) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if node.level:
        return ['.']
    if node.module == 'mmengine' and len(node.names) == 1 and node.names[0].name == 'Config':
        return []
    return [node.module] if node.module else []


def always_builtin(module: str) -> bool:
    """Tell whether MMEngine takes a standard-library module for one on every interpreter."""
    # Compiled into CPython on every platform; the rest of sys.builtin_module_names depends on the build.
    return module.startswith('mmengine.config') or module in {'sys', 'time', 'itertools', 'builtins', '_thread', 'gc'}


def is_read_base(node: ast.With) -> bool:
    """Tell whether `node` is ``with read_base():``."""
    call = node.items[0].context_expr
    return isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == 'read_base'


def unsupported_with(source: SourceFile, place: ast.expr) -> ConfigError:
    """Make the error about a ``with`` statement over anything else."""
    return ConfigError(
        'unsupported-with',
        'a config may use `with` only as `with read_base():`',
        source,
        place,
        exception='RuntimeError',
        raises='ConfigParsingError: Only `read_base` context manager can be used in the config',
        advice=Advice('write the values themselves, or compute them outside of the config'),
    )


def _check_with(source: SourceFile, node: ast.With) -> None:
    if not is_read_base(node):
        raise unsupported_with(source, node.items[0].context_expr)
