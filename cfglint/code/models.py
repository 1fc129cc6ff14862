"""Classes that may be models: what tells them, and what their training steps do by hand."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from cfglint.code.classes import kinds
from cfglint.code.module import methods
from cfglint.code.scopes import FUNCTIONS, parameters
from cfglint.code.walking import below

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cfglint.code.module import Code
    from cfglint.code.scopes import Function
    from cfglint.code.successors import Releases

BASE_MODEL: Final = 'mmengine.BaseModel'
_MODULES: Final = frozenset({'torch.Module', 'mmengine.BaseModule', 'mmcv.BaseModule', BASE_MODEL})
_MANUAL: Final = frozenset({'backward', 'step', 'zero_grad', 'unscale_', 'update', 'prepare_for_backward'})


def trained(code: Code, releases: Releases) -> Iterator[tuple[ast.ClassDef, frozenset[str], Function]]:
    """Yield the modules of torch that have a training step of their own: the class, what it is, and the step."""
    for node in code.classes:
        step = methods(node).get('train_step')
        if step is not None and node not in code.guarded:
            names = kinds(code, releases, node)
            if not names.isdisjoint(_MODULES) and not _is_wrapper(names):
                yield node, names, step


def is_model(code: Code, releases: Releases, node: ast.ClassDef) -> bool:
    """Tell whether MMEngine would call a class as a model, today or in the days of 0.x."""
    names = kinds(code, releases, node)
    if BASE_MODEL in names:
        return True
    return 'train_step' in methods(node) and not names.isdisjoint(_MODULES) and not _is_wrapper(names)


def _is_wrapper(names: frozenset[str]) -> bool:
    return any('DataParallel' in name or 'Distributed' in name for name in names)


def takes(function: Function) -> list[str]:
    """Return the names of all parameters but `self`."""
    return [each.arg for each in parameters(function.args)][1:]


def optimizers(function: Function) -> list[str]:
    """Return the parameters that hold optimizers, or what wraps them."""
    return [name for name in takes(function) if 'optim' in name.lower()]


def is_read(function: Function, name: str) -> bool:
    """Tell whether a method reads a variable."""
    return any(
        isinstance(each, ast.Name) and each.id == name and isinstance(each.ctx, ast.Load) for each in below(function)
    )


def backwards(function: Function) -> list[ast.Call]:
    """Return the calls `loss.backward()` in a method."""
    return [
        each
        for each in below(function)
        if isinstance(each, ast.Call)
        and isinstance(each.func, ast.Attribute)
        and each.func.attr == 'backward'
        and not each.args
    ]


def manual_statements(function: Function) -> list[ast.stmt]:
    """Return the statements that do nothing but compute gradients and update parameters, in the order of the text."""
    found: list[ast.stmt] = []

    def look(body: list[ast.stmt]) -> None:
        for each in body:
            if _is_manual(each):
                found.append(each)
            else:
                for field in ('body', 'orelse', 'finalbody'):
                    look(getattr(each, field, None) or [])

    look(function.body)
    return found


def _is_manual(node: ast.stmt) -> bool:
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call) and isinstance(node.value.func, ast.Attribute):
        return node.value.func.attr in _MANUAL
    inner = [*getattr(node, 'body', ()), *getattr(node, 'orelse', ())]
    if isinstance(node, (ast.If, ast.With)):
        return all(_is_manual(each) or isinstance(each, (ast.Import, ast.ImportFrom)) for each in inner)
    return False


def own_methods(node: ast.ClassDef) -> Iterator[Function]:
    """Yield the methods in the body of a class."""
    return (each for each in node.body if isinstance(each, FUNCTIONS))
