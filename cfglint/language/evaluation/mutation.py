"""Changes of values in place, and what becomes of values that code which is not run may have changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cfglint.language.copies import as_config
from cfglint.language.evaluation.callables import Function, Method
from cfglint.language.evaluation.evaluator import Evaluator, FunctionScope, iterate
from cfglint.language.evaluation.iterables import Iterated, View
from cfglint.language.evaluation.limits import check_length, expanded_size
from cfglint.language.values import Array, ConfigTable, Origin, Row, Table, Unknown

if TYPE_CHECKING:
    import ast
    from collections.abc import Iterable

    from cfglint.language.places import Place


def set_item(ev: Evaluator, owner: Any, key: Any, value: Any, key_node: ast.expr, node: ast.expr) -> None:
    """Do ``owner[key] = value``, as Python or as ``ConfigDict`` would."""
    if isinstance(owner, Table):
        check_key(ev, key_node, key)
        if isinstance(owner, ConfigTable):
            ev.tick(node, expanded_size(value))  # it is converted
        put(owner, key, value, Origin(ev.source, key_node, node))
    elif isinstance(owner, Array):
        if isinstance(key, slice):
            items = iterate(ev, node, value)
            if isinstance(items, Unknown):
                replace_everywhere(ev, [owner], items, node)
                return
            list.__setitem__(owner, key, items)
            owner.origins[key] = [Origin(ev.source, None, node)] * len(items)
            check_length(len(owner))
        else:
            owner[key] = value
            owner.origins[key] = Origin(ev.source, None, node)
    else:
        owner[key] = value


def put(owner: Table, key: Any, value: Any, origin: Origin | None) -> None:
    """Store an item of a dict with its origin, which remembers what a base had said."""
    if isinstance(owner, ConfigTable):
        expanded_size(value)
        value = as_config(value)
    if origin is not None:
        before = owner.origins.get(key)
        if before is not None and before.source is not origin.source:
            origin = origin._replace(overrides=before, replaced=owner.get(key))
        owner.origins[key] = origin
    owner[key] = value
    check_length(len(owner))


def check_key(ev: Evaluator, node: Place, key: Any) -> None:
    """Pay for hashing `key`.

    Raises:
        ConfigError: No fuel is left.
        TooLarge: It does not come to an end.
    """
    if isinstance(key, (tuple, frozenset)):
        ev.weigh(node, key)


def delete_item(owner: Any, key: Any) -> None:
    """Do ``del owner[key]``; the key was checked."""
    del owner[key]
    if isinstance(owner, Array):
        del owner.origins[key]
    elif isinstance(owner, Table):
        owner.origins.pop(key, None)


def escape(ev: Evaluator, values: Iterable[Any], reason: Unknown, node: Place) -> None:
    """Give up on all that can be changed in `values`, since code that is not run has got hold of it."""
    held = [value for value in values if isinstance(value, (Table, Array, Row, set, Iterated, View, Method))]
    if held:
        replace_everywhere(ev, held, reason, node)


def replace_everywhere(ev: Evaluator, values: list[Any], reason: Unknown, node: Place) -> None:
    """Put `reason` in the place of `values`, and of all containers in them, wherever the file can reach them."""
    lost: dict[int, Any] = {}
    for value in values:
        _collect(value, lost)
    if not lost:
        return
    if id(ev.names) in lost:
        forget_names(ev, reason)
    seen: dict[int, Any] = {}
    for scope in [ev.names, *ev.scopes]:
        _replace(scope, lost, reason, seen)
    held = None if ev.base is None else ev.base.copy
    if held is not None and id(held) in lost:
        held.update(dict.fromkeys(held, reason))
    elif held is not None:
        _replace(held, lost, reason, seen)
    ev.tick(node, (len(seen) + len(lost)) >> 2)


def _collect(value: Any, lost: dict[int, Any]) -> None:
    stack = [value]
    while stack:
        value = stack.pop()
        if isinstance(value, (View, Method)):
            value = value.owner
        if not isinstance(value, (Table, Array, Row, set, Iterated)) or id(value) in lost:
            continue
        if not isinstance(value, Row):
            lost[id(value)] = value
        stack += value.values() if isinstance(value, Table) else value.owners if isinstance(value, Iterated) else value


def _replace(holder: Any, lost: dict[int, Any], reason: Unknown, seen: dict[int, Any]) -> None:
    stack = [holder]
    while stack:
        holder = stack.pop()
        if isinstance(holder, Function):
            stack += [scope for scope in holder.scopes if id(scope) not in seen]
        if not isinstance(holder, (dict, Array)) or id(holder) in seen:
            continue
        seen[id(holder)] = holder
        for key, item in list(holder.items() if isinstance(holder, dict) else enumerate(holder)):
            if id(item) in lost or (isinstance(item, Row) and _holds(item, lost)):
                holder[key] = reason
            elif isinstance(item, (dict, Array, Function)):
                stack.append(item)


def _holds(row: Row, lost: dict[int, Any]) -> bool:
    stack: list[Row] = [row]
    seen = {id(row)}
    while stack:
        for item in stack.pop():
            if id(item) in lost:
                return True
            if isinstance(item, Row) and id(item) not in seen:
                seen.add(id(item))
                stack.append(item)
    return False


def forget_names(ev: Evaluator, reason: Unknown) -> None:
    """Give up on everything: code that is not run may have changed any name."""
    for scope in ev.scopes:
        for name in scope:
            scope[name] = reason
        if isinstance(scope, FunctionScope):
            for outer in scope.outer.values():
                outer.update(dict.fromkeys(outer, reason))
    ev.partial = ev.partial or reason.reason
