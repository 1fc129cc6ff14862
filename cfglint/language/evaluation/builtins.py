"""Python's builtins, as far as configs use them.

What is not listed here is `Unknown`: configs may call it, cfglint does not.
"""

from __future__ import annotations

import ast
import builtins
from types import BuiltinFunctionType, FunctionType, ModuleType
from typing import TYPE_CHECKING, Any

from cfglint.language.copies import placed
from cfglint.language.evaluation.attributes import METHODS_OF_TYPES, attribute_of
from cfglint.language.evaluation.callables import Builtin
from cfglint.language.evaluation.calls import invoke
from cfglint.language.evaluation.evaluator import Evaluator, each, evaluate, iterate, source_of
from cfglint.language.evaluation.iterables import Iterated, UnknownItem, View
from cfglint.language.evaluation.iterators import iterator, next_item
from cfglint.language.evaluation.limits import TooLarge, check_length
from cfglint.language.evaluation.methods import order_of, table_of
from cfglint.language.evaluation.mutation import forget_names
from cfglint.language.evaluation.namespaces import global_names, local_names, names_in_order, variables
from cfglint.language.evaluation.operators import decided, power, truth_of, type_name
from cfglint.language.evaluation.texts import convert, format_value
from cfglint.language.numbers import is_number
from cfglint.language.values import Array, Lazy, Opaque, Origin, Row, Table, Unknown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from cfglint.language.evaluation.callables import Implementation


def function(name: str, implementation: Implementation, kind: str = 'builtin_function_or_method') -> Builtin:
    """Declare a function."""
    return Builtin(kind, name, implementation)


def builtin_type(python: type, implementation: Implementation) -> Builtin:
    """Declare a class."""
    return Builtin('type', python.__name__, implementation, python)


def pure(python: Callable[..., Any]) -> Implementation:
    """Make an implementation of a Python function that only looks at its arguments."""

    def implementation(ev: Evaluator, node: ast.Call, args: list[Any], kwargs: dict[str, Any]) -> Any:
        args = [_items_of(ev, node, value) if isinstance(value, (Iterated, View)) else value for value in args]
        if not ev.weigh(node, *args, *kwargs.values()):
            return Unknown('a call with a value that is not known')
        return placed(python(*args, **kwargs))

    return implementation


def _items_of(ev: Evaluator, node: ast.Call, value: Iterated | View) -> Array | Unknown:
    items = iterate(ev, node, value)
    return items if isinstance(items, Unknown) else Array(items)


def _dict(ev: Evaluator, node: ast.Call, args: list[Any], kwargs: dict[str, Any]) -> Any:
    table = Table()
    if args:
        (first,) = args
        items = table_of(ev, node, first)
        if isinstance(items, Unknown):
            return items
        table.update(items)
        table.origins.update(items.origins)
    for key, value in kwargs.items():
        table[key] = value
        table.origins[key] = Origin(ev.source, None, node)
    return table


def _from_keys(ev: Evaluator, node: ast.Call, args: list[Any], kwargs: dict[str, Any]) -> Any:
    keys = iterate(ev, node, args[0])
    if isinstance(keys, Unknown) or not ev.weigh(node, Array(keys)):
        return keys if isinstance(keys, Unknown) else Unknown('keys that are not known')
    table = Table(dict.fromkeys(keys, *args[1:], **kwargs))
    table.origins.update(dict.fromkeys(table, Origin(ev.source, None, node)))
    return table


def _list(ev: Evaluator, node: ast.Call, args: list[Any], kwargs: dict[str, Any]) -> Any:
    if kwargs:
        raise TypeError('list() takes no keyword arguments')
    if not args:
        return Array()
    (value,) = args
    items = iterate(ev, node, value)
    if isinstance(items, Unknown):
        return items
    if isinstance(value, (Array, Row)):
        return Array(items, [*value.origins])
    return Array(items, [Origin(ev.source, None, node)] * len(items))


def _tuple(ev: Evaluator, node: ast.Call, args: list[Any], kwargs: dict[str, Any]) -> Any:
    items = _list(ev, node, args, kwargs)
    return Row(items, tuple(items.origins)) if isinstance(items, Array) else items


def _set(python: type) -> Implementation:
    """Make an implementation of `set` or `frozenset`."""

    def implementation(ev: Evaluator, node: ast.Call, args: list[Any], kwargs: dict[str, Any]) -> Any:
        if not args:
            return python()
        items = iterate(ev, node, *args, ordered=False)
        if isinstance(items, Unknown) or not ev.weigh(node, Array(items)):
            return items if isinstance(items, Unknown) else Unknown('a set of values that are not known')
        return python(items)

    return implementation


def _zip(ev: Evaluator, node: ast.Call, args: list[Any], kwargs: dict[str, Any]) -> Any:
    def row(items: tuple[Any, ...]) -> Row:
        ev.tick(node, len(items) >> 2)
        ev.make(node, 2 * _POINTER * len(items))
        return Row(items)

    sources = map(source_of, args)
    return Iterated(zip, map(row, zip(*sources, strict=bool(kwargs.get('strict', False)))), args)


_POINTER = 8
"""Bytes; a row has one to each item, and one to where that was written."""


def _enumerate(ev: Evaluator, node: ast.Call, args: list[Any], kwargs: dict[str, Any]) -> Any:
    return Iterated(enumerate, map(Row, enumerate(source_of(args[0]), *args[1:], **kwargs)), args[:1])


def _reversed(ev: Evaluator, node: ast.Call, args: list[Any], kwargs: dict[str, Any]) -> Any:
    (value,) = args
    if isinstance(value, View):
        value = value.content(value.owner)
    elif isinstance(value, (set, frozenset, Iterated, Opaque, Lazy)):
        if type(value) is Opaque:
            return Unknown('an object, reversed')
        raise TypeError(f"'{type_name(value)}' object is not reversible")
    source = reversed(value)
    return Iterated(type(source), iter(source), args)


def _map(ev: Evaluator, node: ast.Call, args: list[Any], kwargs: dict[str, Any]) -> Any:
    function, *values = args
    if not values:
        raise TypeError('map() must have at least two arguments.')
    made = map(lambda *items: invoke(ev, node, function, list(items), {}), *map(source_of, values))
    return Iterated(map, made, values)


def _filter(ev: Evaluator, node: ast.Call, args: list[Any], kwargs: dict[str, Any]) -> Any:
    function, values = args

    def is_true(item: Any) -> bool:
        ev.tick(node)
        return decided(item if function is None else invoke(ev, node, function, [item], {}))

    return Iterated(filter, filter(is_true, source_of(values)), [values])


def _isinstance(ev: Evaluator, node: ast.Call, args: list[Any], kwargs: dict[str, Any]) -> Any:
    value, kinds = args
    named = [getattr(kind, 'python', None) for kind in (kinds if isinstance(kinds, tuple) else (kinds,))]
    classes = tuple(cls for cls in named if isinstance(cls, type))
    python = _python_type(value)
    if python is None or len(classes) < len(named):
        return Unknown('isinstance of an object')
    return issubclass(python, classes)


def _python_type(value: Any) -> type | None:
    """Return the type of a value, as far as the types of data have to be told from it."""
    if isinstance(value, (View, Iterated)):
        return value.python
    if isinstance(value, (Opaque, Lazy)):
        return _OBJECTS.get(value.kind) if isinstance(value, Opaque) else Lazy
    return None if isinstance(value, Unknown) else type(value)


_OBJECTS: dict[str, type] = {
    'dict': dict,
    'function': FunctionType,
    'builtin_function_or_method': BuiltinFunctionType,
    'module': ModuleType,
    'type': type,
}


def _sorted(ev: Evaluator, node: ast.Call, args: list[Any], kwargs: dict[str, Any]) -> Any:
    (value,) = args
    # Without a key, equal items of a set are one: its own order does not matter.
    items = iterate(ev, node, value, ordered=kwargs.get('key') is not None)
    if isinstance(items, Unknown):
        return items
    order = order_of(ev, node, items, **kwargs)
    if isinstance(order, Unknown):
        return order
    origins = value.origins if isinstance(value, (Array, Row)) else [None] * len(items)
    return Array([items[index] for index in order], [origins[index] for index in order])


def _extreme(python: Callable[..., Any]) -> Implementation:
    """Make an implementation of `min` or `max`."""

    def implementation(ev: Evaluator, node: ast.Call, args: list[Any], kwargs: dict[str, Any]) -> Any:
        items = iterate(ev, node, args[0], ordered=False) if len(args) == 1 else args
        key = kwargs.pop('key', None)
        if isinstance(items, Unknown):
            return items
        keys = items if key is None else [invoke(ev, node, key, [item], {}) for item in items]
        if not ev.weigh(node, Array(keys)):
            return Unknown('a comparison with a value that is not known')
        if not items:
            return python(items, **kwargs)
        return items[python(range(len(items)), key=keys.__getitem__)]

    return implementation


def _sum(ev: Evaluator, node: ast.Call, args: list[Any], kwargs: dict[str, Any]) -> Any:
    start = args[1] if len(args) > 1 else kwargs.get('start', 0)
    if isinstance(args[0], (set, frozenset)) and is_number(start) and any(isinstance(each, str) for each in args[0]):
        raise TypeError("unsupported operand type(s) for +: 'int' and 'str'")  # in whatever order
    items = iterate(ev, node, args[0])
    if isinstance(items, Unknown):
        return items
    if isinstance(start, Array) and all(isinstance(item, Array) for item in items):
        return _joined_lists(ev, node, [start, *items])
    if not ev.weigh(node, start, Array(items)):
        return Unknown('a sum of values that are not known')
    if isinstance(start, (list, tuple)):
        # Python copies the growing list for every item.
        check_length(len(start) + sum(len(item) for item in items))
        ev.tick(node, len(items) * sum(len(item) for item in items) >> 6)
    return placed(sum(items, start))


def _joined_lists(ev: Evaluator, node: ast.Call, lists: list[Array]) -> Array:
    check_length(sum(map(len, lists)))
    # Python copies the growing list for every item.
    ev.tick(node, len(lists) * sum(map(len, lists)) >> 6)
    return Array([item for each in lists for item in each], [origin for each in lists for origin in each.origins])


def _quantifier(python: Callable[[Any], bool]) -> Implementation:
    """Make an implementation of `any` or `all`."""

    def implementation(ev: Evaluator, node: ast.Call, args: list[Any], kwargs: dict[str, Any]) -> Any:
        (values,) = args
        try:
            return python(decided(item) for item in _counted(ev, node, each(ev, node, values, ordered=False)))
        except UnknownItem as error:
            return error.reason

    return implementation


def _counted(ev: Evaluator, node: ast.Call, items: Iterable[Any]) -> Iterator[Any]:
    for item in items:
        ev.tick(node)
        yield item


def _getattr(ev: Evaluator, node: ast.Call, args: list[Any], kwargs: dict[str, Any]) -> Any:
    try:
        return attribute_of(args[0], _attribute_name(args[1]))
    except AttributeError:
        if len(args) > 2:
            return args[2]
        raise


def _hasattr(ev: Evaluator, node: ast.Call, args: list[Any], kwargs: dict[str, Any]) -> Any:
    try:
        value = attribute_of(args[0], _attribute_name(args[1]))
    except AttributeError:
        return False
    return value if isinstance(value, Unknown) else True


def _attribute_name(name: Any) -> str:
    if not isinstance(name, str):
        raise TypeError('attribute name must be string')
    return name


def _len(ev: Evaluator, node: ast.Call, args: list[Any], kwargs: dict[str, Any]) -> Any:
    (value,) = args
    if isinstance(value, View):
        return len(value.owner)
    if isinstance(value, (Lazy, Iterated)):
        raise TypeError(f"object of type '{type_name(value)}' has no len()")
    return Unknown('the length of an object') if isinstance(value, Opaque) else len(value)


def _text(ev: Evaluator, node: ast.Call, args: list[Any], kwargs: dict[str, Any]) -> Any:
    if len(args) > 1 or kwargs:
        return Unknown('decoding')
    return format_value(args[0], '') if args else ''


def _repr(ev: Evaluator, node: ast.Call, args: list[Any], kwargs: dict[str, Any]) -> Any:
    (value,) = args
    return convert(value, 'r')


def _bool(ev: Evaluator, node: ast.Call, args: list[Any], kwargs: dict[str, Any]) -> Any:
    return truth_of(*args) if args else False


def _round(ev: Evaluator, node: ast.Call, args: list[Any], kwargs: dict[str, Any]) -> Any:
    if any(isinstance(value, int) and abs(value) > 5000 for value in (*args[1:], *kwargs.values())):
        raise TooLarge('rounding to more than 5000 digits')
    return pure(round)(ev, node, args, kwargs)


def _pow(ev: Evaluator, node: ast.Call, args: list[Any], kwargs: dict[str, Any]) -> Any:
    return pure(power)(ev, node, args, kwargs) if len(args) == 2 else Unknown('`pow` with a modulus')


def _format(ev: Evaluator, node: ast.Call, args: list[Any], kwargs: dict[str, Any]) -> Any:
    return format_value(*args) if len(args) == 2 else format_value(args[0], '')


def _eval(ev: Evaluator, node: ast.Call, args: list[Any], kwargs: dict[str, Any]) -> Any:
    if len(args) != 1 or kwargs or not isinstance(args[0], str) or len(args[0]) > _MAX_CODE:
        reason = Unknown('a call of `eval`')
        forget_names(ev, reason)
        return reason
    code = ast.parse(args[0].lstrip(' \t'), mode='eval').body
    nodes = list(ast.walk(code))
    for child in nodes:
        if isinstance(child, (ast.expr, ast.keyword)):
            ast.copy_location(child, node)
    ev.tick(node, len(nodes))
    return evaluate(ev, code)


_MAX_CODE = 2000
"""Characters of code in a string."""


def _print(ev: Evaluator, node: ast.Call, args: list[Any], kwargs: dict[str, Any]) -> None:
    unknown = kwargs.keys() - {'sep', 'end', 'file', 'flush'}
    if unknown:
        raise TypeError(f"'{min(unknown)}' is an invalid keyword argument for print()")
    for name in ('sep', 'end'):
        if not isinstance(kwargs.get(name, ''), (str, type(None))):
            raise TypeError(f'{name} must be None or a string, not {type_name(kwargs[name])}')


_IMPLEMENTATIONS: dict[str, Builtin] = {
    'dict': builtin_type(dict, _dict),
    'list': builtin_type(list, _list),
    'tuple': builtin_type(tuple, _tuple),
    'str': builtin_type(str, _text),
    'set': builtin_type(set, _set(set)),
    'frozenset': builtin_type(frozenset, _set(frozenset)),
    'bool': builtin_type(bool, _bool),
    **{kind.__name__: builtin_type(kind, pure(kind)) for kind in (int, float, complex, slice, range)},
    'enumerate': builtin_type(enumerate, _enumerate),
    'zip': builtin_type(zip, _zip),
    'reversed': builtin_type(reversed, _reversed),
    'map': builtin_type(map, _map),
    'filter': builtin_type(filter, _filter),
    'isinstance': function('isinstance', _isinstance),
    'sorted': function('sorted', _sorted),
    'min': function('min', _extreme(min)),
    'max': function('max', _extreme(max)),
    'sum': function('sum', _sum),
    'any': function('any', _quantifier(any)),
    'all': function('all', _quantifier(all)),
    'getattr': function('getattr', _getattr),
    'hasattr': function('hasattr', _hasattr),
    'len': function('len', _len),
    'repr': function('repr', _repr),
    'round': function('round', _round),
    'pow': function('pow', _pow),
    'print': function('print', _print),
    'iter': function('iter', iterator),
    'next': function('next', next_item),
    'format': function('format', _format),
    'eval': function('eval', _eval),
    'globals': function('globals', global_names),
    'locals': function('locals', local_names),
    'vars': function('vars', variables),
    'dir': function('dir', names_in_order),
    **{python.__name__: function(python.__name__, pure(python)) for python in (abs, divmod, ord, chr, hex, oct, bin)},
}
METHODS_OF_TYPES |= {'dict': {'fromkeys': function('fromkeys', _from_keys)}}


def _unevaluated(name: str) -> Any:
    real = getattr(builtins, name)
    return Opaque(type(real).__name__, name) if callable(real) else real


BUILTINS: dict[str, Any] = {
    **{name: _unevaluated(name) for name in dir(builtins) if not name.startswith('_') or name == '__import__'},
    **_IMPLEMENTATIONS,
}
