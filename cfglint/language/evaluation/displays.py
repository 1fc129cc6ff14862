"""Evaluation of what makes containers: displays (``[1, 2]``, ``{'a': 1}``) and comprehensions."""

from __future__ import annotations

import ast
import keyword
from ast import Constant
from types import GeneratorType
from typing import TYPE_CHECKING, Any

from cfglint.language.errors import ConfigError
from cfglint.language.evaluation import operators
from cfglint.language.evaluation.assignment import assign
from cfglint.language.evaluation.costs import EXPAND
from cfglint.language.evaluation.evaluator import (
    EXPRESSIONS,
    ComprehensionScope,
    Evaluator,
    each,
    evaluate,
    iterate,
    source_of,
)
from cfglint.language.evaluation.iterables import Iterated, UnknownItem
from cfglint.language.evaluation.mutation import check_key
from cfglint.language.evaluation.operators import decided
from cfglint.language.values import Array, Opaque, Origin, Row, Table, Unknown, new_origin

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cfglint.language.evaluation.evaluator import Scope


def list_display(ev: Evaluator, node: ast.List | ast.Set) -> Any:
    """Return the value of a list that is written out."""
    result = _sequence(ev, node)
    return result if isinstance(result, Unknown) else Array(*result)


def tuple_display(ev: Evaluator, node: ast.Tuple) -> Any:
    """Return the value of a tuple that is written out."""
    result = _sequence(ev, node)
    return result if isinstance(result, Unknown) else Row(result[0], tuple(result[1]))


def _sequence(ev: Evaluator, node: ast.List | ast.Tuple | ast.Set) -> tuple[list[Any], list[Origin | None]] | Unknown:
    """Return the items of a list, tuple or set, and where they are written."""
    source = ev.source
    items: list[Any] = []
    origins: list[Origin | None] = []
    for child in node.elts:
        kind = type(child)
        if kind is Constant:
            items.append(child.value)  # type: ignore[attr-defined]
            origins.append(new_origin(Origin, (source, None, child, None, None)))
        elif kind is ast.Starred:
            value = evaluate(ev, child.value)  # type: ignore[attr-defined]
            part = iterate(ev, child, value)
            if isinstance(part, Unknown):
                return part
            items += part
            origins += value.origins if isinstance(value, (Array, Row)) else [None] * len(part)
        else:
            try:
                items.append(EXPRESSIONS[kind](ev, child))
            except ConfigError as error:
                items.append(ev.tolerate(error))
            origins.append(new_origin(Origin, (source, None, child, None, None)))
    return items, origins


def set_display(ev: Evaluator, node: ast.Set) -> Any:
    """Return the value of a set that is written out."""
    return _set_of(ev, node, list_display(ev, node))


def _set_of(ev: Evaluator, node: ast.expr, items: Any) -> Any:
    if isinstance(items, Unknown):
        return items
    try:
        return set(items) if ev.weigh(node, items) else Unknown('a set of values that are not known')
    except Exception as error:
        ev.fail(node, error)


def dict_display(ev: Evaluator, node: ast.Dict) -> Any:
    """Return the value of a dict that is written out."""
    table = Table()
    for key_node, value_node in zip(node.keys, node.values, strict=True):
        if key_node is None:
            value = evaluate(ev, value_node)
            if isinstance(value, (Unknown, Opaque)):
                return value if isinstance(value, Unknown) else Unknown('the items of an object')
            if not isinstance(value, Table):
                ev.fail(value_node, TypeError(f"'{operators.type_name(value)}' object is not a mapping"))
            ev.pay(node, EXPAND, value)
            table.update(value)
            table.origins.update(value.origins)
            continue
        key = evaluate(ev, key_node)
        try:
            value = evaluate(ev, value_node)
        except ConfigError as error:
            value = ev.tolerate(error)
        if isinstance(key, Unknown):
            return key
        _put(ev, table, key, value, key_node, value_node)
    return table


def _put(ev: Evaluator, table: Table, key: Any, value: Any, key_node: ast.expr, value_node: ast.expr) -> None:
    try:
        check_key(ev, key_node, key)
        table[key] = value
    except Exception as error:
        ev.fail(key_node, error)
    table.origins[key] = new_origin(Origin, (ev.source, key_node, value_node, None, None))
    if type(key) is str and (key in _KEYWORDS or "'" in key or '\n' in key):
        ev.odd_keys = True


_KEYWORDS = frozenset(keyword.kwlist)


def comprehension(ev: Evaluator, node: ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp) -> Any:
    """Return the value of a comprehension."""
    # A comprehension has a scope of its own; its first iterable is evaluated outside.
    first = evaluate(ev, node.generators[0].iter)
    if isinstance(node, ast.GeneratorExp):
        return _generator(ev, node, first)
    ev.scopes.append(ComprehensionScope())
    try:
        turns = list(_turns(ev, node, 0, first))
    except UnknownItem as error:
        return error.reason
    finally:
        ev.scopes.pop()
    if isinstance(node, ast.DictComp):
        table = Table()
        for key, value in turns:
            if isinstance(key, Unknown):
                return key
            _put(ev, table, key, value, node.key, node.value)
        return table
    origin = Origin(ev.source, None, node.elt)
    if isinstance(node, ast.SetComp):
        return _set_of(ev, node, Array(turns))
    return Array(turns, [origin] * len(turns))


def _generator(ev: Evaluator, node: ast.GeneratorExp, first: Any) -> Any:
    """Return a generator; what can be told of its first iterable is told at once, as Python does."""
    ev.made_objects = ev.made_uncopyable = True
    try:
        source_of(first)
    except UnknownItem as error:
        return error.reason
    except TypeError as error:
        ev.fail(node.generators[0].iter, error)
    scopes: list[Scope] = [*ev.scopes, ComprehensionScope()]
    return Iterated(GeneratorType, _resumed(ev, _turns(ev, node, 0, first), scopes), [first])


def _resumed(ev: Evaluator, turns: Iterator[Any], scopes: list[Scope]) -> Iterator[Any]:
    """Yield what a generator makes, each time with the names in reach where it was written."""
    while True:
        outer, ev.scopes = ev.scopes, scopes
        try:
            item = next(turns)
        except StopIteration:
            return
        finally:
            ev.scopes = outer
        yield item


def _turns(ev: Evaluator, node: Any, index: int, iterable: Any) -> Iterator[Any]:
    """Run the `index`-th ``for`` of a comprehension and those below it; yield what the innermost makes.

    Raises:
        UnknownItem: It is not known.
    """
    generator = node.generators[index]
    if generator.is_async:
        raise UnknownItem(Unknown('an asynchronous comprehension'))
    cost = ev.size_of(node)
    for item in each(ev, generator.iter, iterable):
        ev.tick(node, cost)
        assign(ev, generator.target, item, generator.iter)
        if not all(decided(evaluate(ev, test)) for test in generator.ifs):
            continue
        if index + 1 < len(node.generators):
            yield from _turns(ev, node, index + 1, evaluate(ev, node.generators[index + 1].iter))
        elif isinstance(node, ast.DictComp):
            yield evaluate(ev, node.key), evaluate(ev, node.value)
        else:
            yield evaluate(ev, node.elt)
