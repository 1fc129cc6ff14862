"""Functions that make or walk iterators: ``iter``, ``next``, and those of `itertools` and `functools`."""

from __future__ import annotations

import itertools
import math
from typing import TYPE_CHECKING, Any

from cfglint.language.evaluation.calls import invoke
from cfglint.language.evaluation.evaluator import Evaluator, iterate
from cfglint.language.evaluation.iterables import Iterated
from cfglint.language.evaluation.limits import check_length
from cfglint.language.evaluation.operators import type_name
from cfglint.language.values import Opaque, Row, Unknown

if TYPE_CHECKING:
    import ast


_MAX_REPEAT = 20


def iterator(ev: Evaluator, node: ast.Call, args: list[Any], kwargs: dict[str, Any]) -> Any:
    """Do ``iter(value)``."""
    if len(args) != 1:
        return Unknown('`iter` with a sentinel')
    if isinstance(args[0], Iterated):
        return args[0]
    items = iterate(ev, node, args[0])
    return items if isinstance(items, Unknown) else Iterated(type(iter([])), items)


def next_item(ev: Evaluator, node: ast.Call, args: list[Any], kwargs: dict[str, Any]) -> Any:
    """Do ``next(iterator, default)``."""
    source, *default = args
    if not isinstance(source, Iterated):
        if isinstance(source, Opaque):
            return Unknown('the next item of an object')
        raise TypeError(f"'{type_name(source)}' object is not an iterator")
    if source.items:
        ev.tick(node, len(source.items) >> 6)
        first, *source.items = source.items
        return first
    if default:
        return default[0]
    raise StopIteration


def chain(ev: Evaluator, node: ast.Call, args: list[Any], kwargs: dict[str, Any]) -> Any:
    """Do ``itertools.chain(*args)``."""
    found: list[Any] = []
    for arg in args:
        items = iterate(ev, node, arg)
        if isinstance(items, Unknown):
            return items
        found += items
        check_length(len(found))
    return Iterated(itertools.chain, found)


def chain_from(ev: Evaluator, node: ast.Call, args: list[Any], kwargs: dict[str, Any]) -> Any:
    """Do ``itertools.chain.from_iterable(lists)``."""
    lists = iterate(ev, node, *args)
    return lists if isinstance(lists, Unknown) else chain(ev, node, lists, {})


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
    return Iterated(itertools.product, [Row(row) for row in itertools.product(*lists, repeat=repeat)])


def reduce(ev: Evaluator, node: ast.Call, args: list[Any], kwargs: dict[str, Any]) -> Any:
    """Do ``functools.reduce(function, items, start)``."""
    function, source, *start = args
    items = iterate(ev, node, source)
    if isinstance(items, Unknown):
        return items
    items = [*start, *items]
    if not items:
        raise TypeError('reduce() of empty iterable with no initial value')
    value = items[0]
    for item in items[1:]:
        value = invoke(ev, node, function, [value, item], {})
    return value
