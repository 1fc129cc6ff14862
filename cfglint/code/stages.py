"""What a model does in each stage, as far as its methods say: which modes `forward` knows, which optimizers it takes."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Literal, NamedTuple

from cfglint.code.models import takes
from cfglint.code.module import methods
from cfglint.code.scopes import FUNCTIONS
from cfglint.code.walking import below

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cfglint.code.scopes import Function

Outcome = Literal['value', 'nothing', 'error', 'on']
"""How a piece of code ends for a mode: it returns a value, returns nothing, raises, or goes on."""


class Stages(NamedTuple):
    """What the body of a class says.

    Attributes:
        modes: Mode → the ways in which `forward` may end; empty where the class has no `forward`, or hands the mode on.
        parts: The attributes that its methods set on `self`.
        optimizers: The names by which `train_step` asks `optim_wrapper` for one of several.
    """

    modes: dict[str, frozenset[Outcome]]
    parts: frozenset[str]
    optimizers: frozenset[str]


def stages(node: ast.ClassDef) -> Stages:
    """Return what the body of a class says."""
    given = methods(node)
    forward, step = given.get('forward'), given.get('train_step')
    modes = (
        {} if forward is None or _hands_on(forward) else {each: _ends(forward, each) for each in ('loss', 'predict')}
    )
    parts = frozenset(
        each.attr
        for each in below(node)
        if isinstance(each, ast.Attribute) and isinstance(each.ctx, ast.Store) and ast.unparse(each.value) == 'self'
    )
    return Stages(modes, parts, frozenset() if step is None else frozenset(_asked(step)))


def _hands_on(forward: Function) -> bool:
    """Tell whether the mode is used otherwise than in comparisons with what is written out."""
    is_stub = all(isinstance(each, ast.Expr) and isinstance(each.value, ast.Constant) for each in forward.body)
    if 'mode' not in takes(forward) or forward.decorator_list or is_stub:
        return True
    compared = {
        part
        for each in below(forward)
        if isinstance(each, ast.Compare)
        for part in (each.left, *each.comparators)
    }  # fmt: skip
    names = (each for each in below(forward) if isinstance(each, ast.Name) and each.id == 'mode')
    formatted = {part for each in below(forward) if isinstance(each, ast.JoinedStr) for part in below(each)}
    return any(each not in compared and each not in formatted for each in names)


def _ends(forward: Function, mode: str) -> frozenset[Outcome]:
    found = _block(forward.body, mode)
    nothing: Outcome = 'nothing'
    return frozenset(nothing if each == 'on' else each for each in found)


def _block(body: Sequence[ast.stmt], mode: str) -> frozenset[Outcome]:
    """Return the ways in which statements may end."""
    found: set[Outcome] = set()
    for each in body:
        ends = _statement(each, mode)
        found |= ends - {'on'}
        if 'on' not in ends:
            return frozenset(found)
    return frozenset({*found, 'on'})


def _statement(node: ast.stmt, mode: str) -> frozenset[Outcome]:
    if isinstance(node, ast.Return):
        is_nothing = node.value is None or (isinstance(node.value, ast.Constant) and node.value.value is None)
        return frozenset({'nothing'}) if is_nothing else frozenset({'value'})
    if isinstance(node, ast.Raise):
        return frozenset({'error'})
    if isinstance(node, ast.If):
        told = _is_true(node.test, mode)
        branches = [node.body] if told is True else [node.orelse] if told is False else [node.body, node.orelse]
        return _either(branches, mode)
    if isinstance(node, (*FUNCTIONS, ast.ClassDef)):
        return frozenset({'on'})
    inner = [
        value
        for _, value in ast.iter_fields(node)
        if isinstance(value, list) and value and isinstance(value[0], ast.stmt)
    ]
    return _either([[], *inner], mode)


def _either(branches: Sequence[Sequence[ast.stmt]], mode: str) -> frozenset[Outcome]:
    """Return the ways in which one of several pieces of code may end; an empty one goes on."""
    return frozenset(end for each in branches for end in _block(each, mode))


def _is_true(test: ast.expr, mode: str) -> bool | None:
    """Return what a condition is for a mode; None where more than the mode decides."""
    if (
        isinstance(test, ast.Compare)
        and len(test.ops) == 1
        and isinstance(test.left, ast.Name)
        and test.left.id == 'mode'
    ):
        try:
            value = ast.literal_eval(test.comparators[0])
        except ValueError:
            return None
        match test.ops[0]:
            case ast.Eq():
                return bool(mode == value)
            case ast.NotEq():
                return bool(mode != value)
            case ast.In() if isinstance(value, (tuple, list, set)):
                return mode in value
            case ast.NotIn() if isinstance(value, (tuple, list, set)):
                return mode not in value
    return None


def _asked(step: Function) -> Iterator[str]:
    """Yield the names by which a step asks for optimizers."""
    for each in below(step):
        if not isinstance(each, ast.Subscript) or ast.unparse(each.value) != 'optim_wrapper':
            continue
        if isinstance(each.slice, ast.Constant) and isinstance(each.slice.value, str):
            yield each.slice.value
