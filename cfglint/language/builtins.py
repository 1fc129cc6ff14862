"""Python's builtins, methods and pure standard-library functions, as far as configs use them.

What is not listed here is `Unknown`: configs may call it, cfglint does not.
"""

from __future__ import annotations

import builtins
import math
import os
from typing import TYPE_CHECKING, Any

from cfglint.language import methods
from cfglint.language.limits import check_length, expanded_size, has_unknown
from cfglint.language.operators import format_value, origins_of, type_name
from cfglint.language.values import Array, ConfigTable, Lazy, Opaque, Origin, Row, Table, Unknown

if TYPE_CHECKING:
    import ast
    from collections.abc import Callable

    from cfglint.language.evaluator import Evaluator

    Implementation = Callable[[Evaluator, ast.Call, list[Any], dict[str, Any]], Any]


class Builtin(Opaque):
    """A function or class of Python's, with what calling it gives."""

    __slots__ = ('implementation', 'python')

    def __init__(self, kind: str, name: str, implementation: Implementation, python: Any = None) -> None:
        super().__init__(kind, name)
        self.implementation = implementation
        self.python = python


class Method(Opaque):
    """A method of a value, bound to it."""

    __slots__ = ('implementation', 'owner')

    def __init__(self, owner: Any, name: str, implementation: methods.Implementation) -> None:
        super().__init__('builtin_function_or_method', name)
        self.owner = owner
        self.implementation = implementation


def iterate(ev: Evaluator, node: ast.expr, value: Any) -> list[Any] | Unknown:
    """Return the items that a loop over `value` would see.

    Raises:
        ConfigError: It cannot be iterated, or has too many items.
    """
    if isinstance(value, Unknown):
        return value
    if isinstance(value, Opaque):
        return Unknown('a loop over an object')
    try:
        if isinstance(value, Lazy):
            raise TypeError("'LazyObject' object is not iterable")
        if hasattr(value, '__len__'):
            check_length(len(value))
        return list(value)
    except Exception as error:
        ev.fail(node, error)


def attribute_of(value: Any, name: str) -> Any:
    """Return ``value.name``.

    Raises:
        AttributeError: There is none.
    """
    if isinstance(value, Unknown):
        return value
    if isinstance(value, Lazy):
        return Lazy(f'{value.name}.{name}')
    if isinstance(value, Opaque):
        return _attribute_of_object(value, name)
    if isinstance(value, ConfigTable) and name not in methods.CONFIG_METHODS:
        if name in value:
            return value[name]
        raise AttributeError(f"'ConfigDict' object has no attribute '{name}'")
    implementation = methods.find(value, name)
    if implementation is not None:
        return Method(value, name, implementation)
    if not hasattr(_python_type(value), name):
        raise AttributeError(f"'{type_name(value)}' object has no attribute '{name}'")
    return Unknown(f'`.{name}` of a {type_name(value)}')


def _python_type(value: Any) -> type:
    for kind, plain in ((Table, dict), (Array, list), (Row, tuple)):
        if isinstance(value, kind):
            return plain
    return type(value)


def _attribute_of_object(value: Opaque, name: str) -> Any:
    if value.kind == 'module':
        return member(value.name, name)
    if isinstance(value, Builtin) and value.name == 'dict' and name == 'fromkeys':
        return Builtin('builtin_function_or_method', 'fromkeys', _fromkeys)
    return Unknown(f'`.{name}` of a {value.kind}')


def member(module: str, name: str) -> Any:
    """Return ``module.name`` of the standard library, an `Unknown` where only importing it would tell."""
    known = MODULES.get(module)
    if known is not None and name in known:
        return known[name]
    if f'{module}.{name}' in MODULES:
        return Opaque('module', f'{module}.{name}')
    return Unknown(f'`{module}.{name}` is not evaluated')


def _pure(function: Callable[..., Any]) -> Implementation:
    """Make an implementation of a function that maps scalars or containers to a scalar."""

    def implementation(ev: Evaluator, node: ast.Call, args: list[Any], kwargs: dict[str, Any]) -> Any:
        values = [*args, *kwargs.values()]
        for value in values:
            expanded_size(value)
        if any(has_unknown(value) or isinstance(value, (Opaque, Lazy)) for value in values):
            return Unknown('a call with a value that is not known')
        return function(*args, **kwargs)

    return implementation


def _dict(ev: Evaluator, node: ast.Call, args: list[Any], kwargs: dict[str, Any]) -> Any:
    table = Table()
    if args:
        (first,) = args
        if isinstance(first, Table):
            table.update(first)
            table.origins.update(first.origins)
        else:
            pairs = iterate(ev, node, first)
            if isinstance(pairs, Unknown):
                return pairs
            table.update(pairs)
            table.origins.update(dict.fromkeys(table, Origin(ev.source, None, node)))
    for key, value in kwargs.items():
        table[key] = value
        table.origins[key] = Origin(ev.source, None, node)
    return table


def _fromkeys(ev: Evaluator, node: ast.Call, args: list[Any], kwargs: dict[str, Any]) -> Any:
    keys = iterate(ev, node, args[0])
    if isinstance(keys, Unknown):
        return keys
    table = Table(dict.fromkeys(keys, *args[1:]))
    table.origins.update(dict.fromkeys(table, Origin(ev.source, None, node)))
    return table


def _list(ev: Evaluator, node: ast.Call, args: list[Any], kwargs: dict[str, Any]) -> Any:
    if not args:
        return Array()
    items = iterate(ev, node, *args)
    if isinstance(items, Unknown):
        return items
    origins = origins_of(args[0]) if isinstance(args[0], (Array, Row)) else [Origin(ev.source, None, node)] * len(items)
    return Array(items, origins)


def _tuple(ev: Evaluator, node: ast.Call, args: list[Any], kwargs: dict[str, Any]) -> Any:
    items = _list(ev, node, args, kwargs)
    return Row(items, tuple(items.origins)) if isinstance(items, Array) else items


def _rows(function: Callable[..., Any]) -> Implementation:
    """Make an implementation of a function that makes an iterable of tuples or items: `zip`, `enumerate`…"""

    def implementation(ev: Evaluator, node: ast.Call, args: list[Any], kwargs: dict[str, Any]) -> Any:
        lists = []
        for arg in args:
            is_items = isinstance(arg, (list, tuple, dict, set, frozenset, range, str))
            items = iterate(ev, node, arg) if is_items or isinstance(arg, (Unknown, Opaque)) else arg
            if isinstance(items, Unknown):
                return items
            lists.append(items)
        items = [Row(item) if isinstance(item, tuple) else item for item in function(*lists, **kwargs)]
        return Array(items)

    return implementation


def _map(ev: Evaluator, node: ast.Call, args: list[Any], kwargs: dict[str, Any]) -> Any:
    from cfglint.language.calls import invoke

    lists = [iterate(ev, node, arg) for arg in args[1:]]
    unknown = next((items for items in lists if isinstance(items, Unknown)), None)
    if unknown is not None:
        return unknown
    return Array([invoke(ev, node, args[0], list(items), {}) for items in zip(*lists, strict=False)])


def _filter(ev: Evaluator, node: ast.Call, args: list[Any], kwargs: dict[str, Any]) -> Any:
    from cfglint.language.calls import invoke

    items = iterate(ev, node, args[1])
    if isinstance(items, Unknown):
        return items
    truths = items if args[0] is None else [invoke(ev, node, args[0], [item], {}) for item in items]
    if any(has_unknown(truth) for truth in truths):
        return Unknown('a filter by a value that is not known')
    return Array([item for item, truth in zip(items, truths, strict=True) if truth])


def _isinstance(ev: Evaluator, node: ast.Call, args: list[Any], kwargs: dict[str, Any]) -> Any:
    value, kinds = args
    classes = [getattr(kind, 'python', None) for kind in (kinds if isinstance(kinds, tuple) else (kinds,))]
    if isinstance(value, (Unknown, Opaque, Lazy)) or not all(isinstance(cls, type) for cls in classes):
        return Unknown('isinstance of an object')
    return isinstance(value, tuple(classes))


def _sorted(ev: Evaluator, node: ast.Call, args: list[Any], kwargs: dict[str, Any]) -> Any:
    from cfglint.language.calls import invoke

    items = iterate(ev, node, args[0])
    if isinstance(items, Unknown):
        return items
    key = kwargs.get('key')
    keys = items if key is None else [invoke(ev, node, key, [item], {}) for item in items]
    expanded_size(Array(keys))
    if any(has_unknown(item) for item in keys):
        return Unknown('sorting values that are not known')
    order = sorted(range(len(items)), key=keys.__getitem__, reverse=bool(kwargs.get('reverse', False)))
    return Array([items[index] for index in order])


def _getattr(ev: Evaluator, node: ast.Call, args: list[Any], kwargs: dict[str, Any]) -> Any:
    try:
        return attribute_of(args[0], args[1])
    except AttributeError:
        if len(args) > 2:
            return args[2]
        raise


def _hasattr(ev: Evaluator, node: ast.Call, args: list[Any], kwargs: dict[str, Any]) -> Any:
    try:
        value = attribute_of(args[0], args[1])
    except AttributeError:
        return False
    return value if isinstance(value, Unknown) else True


def _len(ev: Evaluator, node: ast.Call, args: list[Any], kwargs: dict[str, Any]) -> Any:
    (value,) = args
    return Unknown('the length of an object') if isinstance(value, Opaque) else len(value)


def _text(ev: Evaluator, node: ast.Call, args: list[Any], kwargs: dict[str, Any]) -> Any:
    return format_value(args[0], '') if args else ''


def _nothing(ev: Evaluator, node: ast.Call, args: list[Any], kwargs: dict[str, Any]) -> Any:
    return None


def _environ_get(ev: Evaluator, node: ast.Call, args: list[Any], kwargs: dict[str, Any]) -> Any:
    return os.environ.get(*args, **kwargs)


def _deepcopy(ev: Evaluator, node: ast.Call, args: list[Any], kwargs: dict[str, Any]) -> Any:
    expanded_size(args[0])
    return methods.deep_copy(args[0], {})


def _copy(ev: Evaluator, node: ast.Call, args: list[Any], kwargs: dict[str, Any]) -> Any:
    return methods.shallow_copy(args[0])


def _chain(ev: Evaluator, node: ast.Call, args: list[Any], kwargs: dict[str, Any]) -> Any:
    lists = [iterate(ev, node, arg) for arg in args]
    unknown = next((items for items in lists if isinstance(items, Unknown)), None)
    return unknown if unknown is not None else Array([item for items in lists for item in items])


def _type(python: type, implementation: Implementation) -> Builtin:
    return Builtin('type', python.__name__, implementation, python)


def _function(name: str, implementation: Implementation, kind: str = 'builtin_function_or_method') -> Builtin:
    return Builtin(kind, name, implementation)


def _bounded_range(*bounds: int) -> range:
    return range(*bounds)


_IMPLEMENTATIONS: dict[str, Builtin] = {
    'dict': _type(dict, _dict),
    'list': _type(list, _list),
    'tuple': _type(tuple, _tuple),
    'str': _type(str, _text),
    'range': _type(range, _pure(_bounded_range)),
    'enumerate': _type(enumerate, _rows(enumerate)),
    'zip': _type(zip, _rows(zip)),
    'reversed': _type(reversed, _rows(lambda items: items[::-1])),
    'map': _type(map, _map),
    'filter': _type(filter, _filter),
    'isinstance': _function('isinstance', _isinstance),
    'sorted': _function('sorted', _sorted),
    'getattr': _function('getattr', _getattr),
    'hasattr': _function('hasattr', _hasattr),
    'len': _function('len', _len),
    'print': _function('print', _nothing),
    **{kind.__name__: _type(kind, _pure(kind)) for kind in (int, float, bool, set, frozenset, complex, slice)},
    **{
        function.__name__: _function(function.__name__, _pure(function))
        for function in (sum, min, max, abs, round, any, all, divmod, ord, chr, hex, oct, bin, repr, callable)
    },
}


def _unevaluated(name: str) -> Any:
    real = getattr(builtins, name)
    return Opaque(type(real).__name__, name) if callable(real) else real


BUILTINS: dict[str, Any] = {
    **{name: _unevaluated(name) for name in dir(builtins) if not name.startswith('_') or name == '__import__'},
    **_IMPLEMENTATIONS,
}

_MATH = ('ceil', 'floor', 'sqrt', 'log', 'log2', 'log10', 'exp', 'sin', 'cos', 'tan', 'fabs', 'gcd', 'trunc', 'hypot',
         'radians', 'degrees', 'isclose', 'isnan', 'isinf', 'copysign', 'atan', 'atan2')  # fmt: skip
_PATH = ('join', 'dirname', 'basename', 'splitext', 'split', 'normpath', 'isabs')

MODULES: dict[str, dict[str, Any]] = {
    'math': {
        **{name: _function(name, _pure(getattr(math, name))) for name in _MATH},
        'pow': _function('pow', _pure(math.pow)),
        'pi': math.pi, 'e': math.e, 'inf': math.inf, 'nan': math.nan, 'tau': math.tau,
    },
    'os.path': {name: _function(name, _pure(getattr(os.path, name)), 'function') for name in _PATH},
    'os': {'getenv': _function('getenv', _environ_get, 'function'), 'sep': os.sep, 'linesep': os.linesep},
    'os.environ': {'get': _function('get', _environ_get, 'method')},
    'copy': {'deepcopy': _function('deepcopy', _deepcopy, 'function'), 'copy': _function('copy', _copy, 'function')},
    'itertools': {'chain': _type(type('chain', (), {}), _chain)},
    'collections': {'OrderedDict': _type(dict, _dict)},
}  # fmt: skip
