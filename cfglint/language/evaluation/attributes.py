"""Attributes and items of values."""

from __future__ import annotations

import ast
from collections import OrderedDict
from typing import TYPE_CHECKING, Any

from cfglint.language.evaluation.callables import Builtin, Method, is_of_python
from cfglint.language.evaluation.costs import CONSTANT, COSTS
from cfglint.language.evaluation.iterables import Iterated, View
from cfglint.language.evaluation.mutation import escape
from cfglint.language.evaluation.operators import type_name
from cfglint.language.values import Array, ConfigTable, Lazy, Opaque, Row, Table, Unknown

if TYPE_CHECKING:
    from cfglint.language.evaluation.callables import MethodImplementation
    from cfglint.language.evaluation.evaluator import Evaluator

METHODS: dict[type, dict[str, MethodImplementation]] = {}
"""The methods that are evaluated, by the type of their owner; filled by `methods.py`."""
METHODS_OF_TYPES: dict[str, dict[str, Any]] = {}
"""The methods of classes themselves (``dict.fromkeys``), by the class; filled by `builtins.py`."""
MODULES: dict[str, dict[str, Any]] = {}
"""The members of standard-library modules that are evaluated; filled by `modules.py`."""

_NAMES: dict[type[Any], str] = {
    Table: 'dict',
    ConfigTable: 'ConfigDict',
    Array: 'list',
    Row: 'tuple',
    str: 'str',
    set: 'set',
    frozenset: 'frozenset',
}
"""The types whose methods are evaluated, as the table of costs names them."""
_PYTHON_TYPES: dict[type[Any], type[Any]] = {Table: dict, ConfigTable: dict, Array: list, Row: tuple}
_CONFIG_ATTRIBUTES = frozenset({
    'build_lazy', 'deepcopy', 'freeze', 'lazy', 'merge', 'to_dict', 'unfreeze', '_hook', '_to_lazy_dict', '__copy__', '__deepcopy__',
    '__getattr__', '__getnewargs__', '__missing__', '__setstate__',
})  # fmt: skip
"""What MMEngine's ``ConfigDict`` has beyond Python's ``dict``, but for the modules and slots of its class."""


def attribute_of(value: Any, name: str) -> Any:
    """Return ``value.name``.

    Raises:
        AttributeError: There is none.
    """
    if isinstance(value, Unknown):
        return value
    if isinstance(value, Lazy):
        return _attribute_of_placeholder(value, name)
    if isinstance(value, Opaque):
        return _attribute_of_object(value, name)
    kind = type(value)
    implementation = METHODS.get(kind, {}).get(name)
    if implementation is not None:
        return Method(value, name, implementation, COSTS[f'{_NAMES[kind]}.{name}'])
    if hasattr(_PYTHON_TYPES.get(kind, kind), name) or (kind is ConfigTable and name in _CONFIG_ATTRIBUTES):
        if isinstance(value, range) and name in ('start', 'stop', 'step'):
            return getattr(value, name)
        if isinstance(value, (int, float)) and name in ('real', 'imag', 'numerator', 'denominator'):
            return getattr(value, name)
        return Method(value, name, unknown_method, CONSTANT)
    if kind is ConfigTable and name in value:
        return value[name]
    raise AttributeError(f"'{type_name(value)}' object has no attribute '{name}'", name=name, obj=value)


def is_key_only(name: str) -> bool:
    """Tell whether ``config.name`` is the value of that key, if there is one: some keys are hidden by methods."""
    return name not in METHODS[ConfigTable] and name not in _CONFIG_ATTRIBUTES and not hasattr(dict, name)


def unknown_method(ev: Evaluator, node: ast.Call, owner: Any, args: list[Any], kwargs: dict[str, Any]) -> Any:
    """Call a method that is not evaluated here: it may change its owner and its arguments."""
    reason = Unknown(f'a method of a {type_name(owner)}')
    escape(ev, [owner, *args, *kwargs.values()], reason, node)
    return reason


def _attribute_of_placeholder(value: Lazy, name: str) -> Any:
    """Return an attribute of what is imported; some are those of MMEngine's `LazyObject` and `LazyAttr` themselves."""
    if name == 'build':
        return Method(value, name, _imported, CONSTANT)
    if name in ('module', 'location'):
        return Unknown(f'`.{name}` of a lazy import')
    return Lazy(f'{value.name}.{name}')


def _imported(ev: Evaluator, node: ast.Call, owner: Any, args: list[Any], kwargs: dict[str, Any]) -> Any:
    """Return what `LazyObject.build()` does: it imports the module while the config is read."""
    return Unknown(f'`{owner.name}` is imported')


def _attribute_of_object(value: Opaque, name: str) -> Any:
    if value.kind == 'module':
        return member(value.name, name)
    if isinstance(value, (View, Iterated)):
        if not hasattr(value.python, name):
            raise AttributeError(f"'{value.kind}' object has no attribute '{name}'")
        return Method(value, name, unknown_method, CONSTANT)
    if is_of_python(value) and not _has_attribute(value, name):
        owner = f"type object '{value.name}'" if value.kind == 'type' else f"'{value.kind}' object"
        raise AttributeError(f"{owner} has no attribute '{name}'")
    known = METHODS_OF_TYPES.get(value.name, {}).get(name) if value.kind == 'type' else None
    return known or Unknown(f'`.{name}` of a {value.kind}')


def _has_attribute(value: Opaque, name: str) -> bool:
    """Tell whether a function or class of Python's own may have an attribute."""
    if value.kind != 'type':
        return hasattr(len, name) or (isinstance(value, Method) and hasattr(_METHOD, name))
    python = value.python if isinstance(value, Builtin) else None
    return hasattr(OrderedDict if python is dict else python, name)  # `dict` stands for both


_METHOD = ast.NodeVisitor().visit
"""A method that Python code defines, as those of `ConfigDict` are."""


def member(module: str, name: str) -> Any:
    """Return ``module.name`` of the standard library, an `Unknown` where only importing it would tell."""
    known = MODULES.get(module)
    if known is not None and name in known:
        return known[name]
    if f'{module}.{name}' in MODULES:
        return Opaque('module', f'{module}.{name}')
    return Unknown(f'`{module}.{name}` is not evaluated')


def item_of(value: Any, key: Any) -> Any:
    """Return ``value[key]``; slices keep origins."""
    if isinstance(value, Unknown) or isinstance(key, Unknown):
        return value if isinstance(value, Unknown) else key
    if isinstance(value, Lazy):
        raise TypeError("'LazyObject' object is not subscriptable")
    if isinstance(value, (View, Iterated)):
        raise TypeError(f"'{value.kind}' object is not subscriptable")
    if isinstance(value, Opaque):
        if value.kind == 'builtin_function_or_method':
            raise TypeError(f"'{value.kind}' object is not subscriptable")
        if (
            isinstance(value, Builtin)
            and isinstance(value.python, type)
            and not hasattr(value.python, '__class_getitem__')
        ):
            raise TypeError(f"type '{value.python.__name__}' is not subscriptable")
        return Unknown('an item of an object')
    if isinstance(key, slice):
        if isinstance(value, Array):
            return Array(list.__getitem__(value, key), value.origins[key])
        if isinstance(value, Row):
            return Row(tuple.__getitem__(value, key), value.origins[key])
        if isinstance(value, Table):
            raise TypeError("unhashable type: 'slice'")
    return value[key]
