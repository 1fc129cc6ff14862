"""Functions that make or walk iterators: ``iter``, ``next``, and those of `itertools` and `functools`."""

from __future__ import annotations

import ast
import itertools
import math
from functools import partial
from typing import TYPE_CHECKING, Any

from cfglint.language.evaluation.calls import invoke
from cfglint.language.evaluation.evaluator import Evaluator, each, iterate, source_of
from cfglint.language.evaluation.iterables import Iterated, UnknownItem
from cfglint.language.evaluation.limits import check_length
from cfglint.language.evaluation.operators import compare, type_name
from cfglint.language.values import Opaque, Row, Unknown

if TYPE_CHECKING:
    from collections.abc import Iterator


_MAX_REPEAT = 20


def iterator(ev: Evaluator, node: ast.Call, args: list[Any], kwargs: dict[str, Any]) -> Any:
    """Do ``iter(value)``."""
    if len(args) != 1:
        return Unknown('`iter` with a sentinel')
    if isinstance(args[0], Iterated):
        return args[0]
    source = source_of(args[0])
    return Iterated(type(source), source, args)


def next_item(ev: Evaluator, node: ast.Call, args: list[Any], kwargs: dict[str, Any]) -> Any:
    """Do ``next(iterator, default)``."""
    source, *default = args
    if not isinstance(source, Iterated):
        if isinstance(source, Opaque):
            return Unknown('the next item of an object')
        raise TypeError(f"'{type_name(source)}' object is not an iterator")
    try:
        return next(source)
    except UnknownItem as error:
        return error.reason
    except StopIteration:
        if default:
            return default[0]
        raise


def chain(ev: Evaluator, node: ast.Call, args: list[Any], kwargs: dict[str, Any]) -> Any:
    """Do ``itertools.chain(*args)``."""
    return Iterated(itertools.chain, _chained(ev, node, iter(args)), args)


def _chained(ev: Evaluator, node: ast.Call, values: Iterator[Any]) -> Iterator[Any]:
    for value in values:
        ev.tick(node)
        yield from each(ev, node, value)


def chain_from(ev: Evaluator, node: ast.Call, args: list[Any], kwargs: dict[str, Any]) -> Any:
    """Do ``itertools.chain.from_iterable(lists)``."""
    (values,) = args
    return Iterated(itertools.chain, _chained(ev, node, source_of(values)), args)


def product(ev: Evaluator, node: ast.Call, args: list[Any], kwargs: dict[str, Any]) -> Any:
    """Do ``itertools.product(*args, repeat=1)``."""
    lists = []
    for arg in args:
        items = iterate(ev, node, arg)
        if isinstance(items, Unknown):
            return items
        lists.append(items)
    repeat = kwargs.get('repeat', 1)
    if not isinstance(repeat, int) or not 0 <= repeat <= _MAX_REPEAT:
        return Unknown('`product` with many repetitions')
    count = math.prod(map(len, lists)) ** repeat
    check_length(count)
    ev.tick(node, count)
    ev.make(node, count * (300 + 16 * repeat * len(lists)))
    return Iterated(itertools.product, map(Row, itertools.product(*lists, repeat=repeat)))


def reduce(ev: Evaluator, node: ast.Call, args: list[Any], kwargs: dict[str, Any]) -> Any:
    """Do ``functools.reduce(function, items, start)``."""
    function, source, *start = args
    items = itertools.chain(start, each(ev, node, source))
    try:
        value = next(items, _NOTHING)
        for item in items:
            value = invoke(ev, node, function, [value, item], {})
    except UnknownItem as error:
        return error.reason
    if value is _NOTHING:
        raise TypeError('reduce() of empty iterable with no initial value')
    return value


_NOTHING = object()


def contains(ev: Evaluator, node: ast.expr, iterator: Iterated, value: Any) -> bool | Unknown:
    """Do ``value in iterator``, which takes items until one is equal."""
    try:
        for item in iterator:
            ev.tick(node)
            found = compare(ast.Eq, item, value, partial(ev.weigh, node))
            if isinstance(found, Unknown) or found:
                return found
    except UnknownItem as error:
        return error.reason
    return False
