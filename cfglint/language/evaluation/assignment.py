"""Assignment to names, items, attributes, and to several of them at once."""

from __future__ import annotations

import ast
from itertools import islice
from typing import Any

from cfglint.language.evaluation.callables import is_of_python
from cfglint.language.evaluation.evaluator import Evaluator, evaluate, is_base, iterate
from cfglint.language.evaluation.iterables import Iterated
from cfglint.language.evaluation.mutation import check_key, delete_item, replace_everywhere, set_item
from cfglint.language.evaluation.operators import type_name
from cfglint.language.values import Array, ConfigTable, Opaque, Table, Unknown


def assign(ev: Evaluator, target: ast.expr, value: Any, node: ast.expr) -> None:
    """Assign `value`, the value of `node`, to a target: a name, an item, an attribute, or several of them."""
    if type(target) is ast.Name:
        ev.bind(target.id, value, target, node)
    elif isinstance(target, (ast.Tuple, ast.List)):
        _unpack(ev, target, value, node)
    elif isinstance(target, ast.Starred):
        message = 'starred assignment target must be in a list or tuple'
        ev.refuse(target, 'syntax-error', message, 'SyntaxError', raises=f'SyntaxError: {message}')
    elif isinstance(target, (ast.Subscript, ast.Attribute)):
        _assign_inside(ev, target, value, node)


def _assign_inside(ev: Evaluator, target: ast.Subscript | ast.Attribute, value: Any, node: ast.expr) -> None:
    owner, key = _place(ev, target)
    is_item = isinstance(target, ast.Subscript)
    if _is_changed_elsewhere(ev, target, owner):
        return
    if isinstance(key, Unknown):
        replace_everywhere(ev, [owner], key, node)
        return
    try:
        if not is_item:
            _check_attribute(owner, key)
        set_item(ev, owner, key, value, target, node)
    except Exception as error:
        ev.fail(target, error)


def _is_changed_elsewhere(ev: Evaluator, target: ast.expr, owner: Any) -> bool:
    """Tell whether what holds the target is no data of a config.

    Raises:
        ConfigError: It is a function or class of Python's own, which cannot be changed.
    """
    if is_of_python(owner):
        raised = AttributeError if isinstance(target, ast.Attribute) and owner.kind != 'type' else TypeError
        ev.fail(target, raised(f"cannot change what belongs to `{owner.name}`, which is Python's own"))
    return isinstance(owner, (Unknown, Opaque))


def _place(ev: Evaluator, target: ast.Subscript | ast.Attribute) -> tuple[Any, Any]:
    """Return what holds the item or attribute that a target names, and its key."""
    if ev.base is not None and is_base(ev, target.value):
        if isinstance(target, ast.Attribute):
            return ev.base.to_change(target.attr), target.attr
        if isinstance(target.slice, ast.Constant):
            return ev.base.to_change(target.slice.value), target.slice.value
    owner = evaluate(ev, target.value)
    return owner, evaluate(ev, target.slice) if isinstance(target, ast.Subscript) else target.attr


def _check_attribute(owner: Any, name: str) -> None:
    if not isinstance(owner, ConfigTable):
        raise AttributeError(f"'{type_name(owner)}' object has no attribute '{name}'")
    if hasattr(dict, name) or name in ('to_dict', 'merge', 'deepcopy', 'build_lazy', 'freeze', 'unfreeze'):
        raise AttributeError(f"'Dict' object attribute '{name}' is read-only")


def _unpack(ev: Evaluator, target: ast.Tuple | ast.List, value: Any, node: ast.expr) -> None:
    stars = [index for index, child in enumerate(target.elts) if isinstance(child, ast.Starred)]
    if len(stars) > 1:
        message = 'multiple starred expressions in assignment'
        ev.refuse(target, 'syntax-error', message, 'SyntaxError', raises=f'SyntaxError: {message}')
    wanted = len(target.elts) - len(stars)
    if isinstance(value, Iterated) and not stars:
        value = Iterated(islice, islice(value, wanted + 1))  # Python takes no more
    items = iterate(ev, node, value)
    if isinstance(items, Unknown):
        for child in target.elts:
            assign(ev, _without_star(child), items, node)
        return
    if len(items) < wanted or (len(items) > wanted and not stars):
        few = f'not enough values to unpack (expected {"at least " if stars else ""}{wanted}, got {len(items)})'
        many = f'too many values to unpack (expected {wanted})'
        ev.fail(node, ValueError(few if len(items) < wanted else many))
    if stars:
        start, end = stars[0], len(items) - (len(target.elts) - stars[0] - 1)
        items = [*items[:start], Array(items[start:end]), *items[end:]]
    for child, item in zip(target.elts, items, strict=True):
        assign(ev, _without_star(child), item, node)


def _without_star(target: ast.expr) -> ast.expr:
    return target.value if isinstance(target, ast.Starred) else target


def delete(ev: Evaluator, target: ast.expr) -> None:
    """Do ``del target``."""
    if isinstance(target, ast.Name):
        _delete_name(ev, target)
    elif isinstance(target, (ast.Tuple, ast.List)):
        for child in target.elts:
            delete(ev, child)
    elif isinstance(target, (ast.Subscript, ast.Attribute)):
        _delete_inside(ev, target)


def _delete_name(ev: Evaluator, target: ast.Name) -> None:
    scope = ev.own_scope()
    scope = getattr(scope, 'outer', {}).get(target.id, scope)
    if target.id == '_base_' and scope is ev.names and ev.base is not None and target.id not in scope:
        ev.base = None
    elif target.id in scope:
        del scope[target.id]
        if scope is ev.names:
            ev.origins.pop(target.id, None)
    elif ev.partial is None:
        message = f'name `{target.id}` is not defined'
        ev.refuse(
            target, 'undefined-name', message, 'NameError', raises=f"NameError: name '{target.id}' is not defined"
        )


def _delete_inside(ev: Evaluator, target: ast.Subscript | ast.Attribute) -> None:
    owner, key = _place(ev, target)
    is_item = isinstance(target, ast.Subscript)
    if _is_changed_elsewhere(ev, target, owner):
        return
    if isinstance(key, Unknown):
        replace_everywhere(ev, [owner], key, target)
        return
    try:
        if not is_item and not isinstance(owner, ConfigTable):
            raise AttributeError(f"'{type_name(owner)}' object has no attribute '{key}'")
        check_key(ev, target, key)
        if isinstance(owner, Table) and key not in owner:
            if ev.base is not None and owner is ev.base.copy and ev.base.partial is not None:
                return
            raise KeyError(key)
        delete_item(owner, key)
    except Exception as error:
        ev.fail(target, error)
