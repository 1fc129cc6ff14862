"""The dicts of names that ``globals()``, ``locals()``, ``vars()`` and ``dir()`` hand out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cfglint.language.evaluation.callables import Builtin, Method, is_of_python
from cfglint.language.evaluation.evaluator import ClassScope, ComprehensionScope, Evaluator, FunctionScope
from cfglint.language.evaluation.iterables import Iterated, View
from cfglint.language.evaluation.mutation import forget_names
from cfglint.language.values import Array, ConfigTable, Opaque, Row, Table, Unknown

if TYPE_CHECKING:
    import ast

BUILTINS_OF_NAMES = Opaque('dict', '__builtins__')
"""What Python puts into the names of all code that it runs by ``exec`` or ``eval``."""

_PLAIN = frozenset({Table, Array, Row, set, frozenset, str, bytes, int, float, complex, bool, range, slice, type(None)})
"""Types whose values have no ``__dict__``."""


def global_names(ev: Evaluator, node: ast.Call, args: list[Any], kwargs: dict[str, Any]) -> Any:
    """Return the names of the file themselves: what changes them changes the file's."""
    if args or kwargs:
        raise TypeError('globals() takes no arguments')
    if ev.partial is not None:
        reason = Unknown(ev.partial)
        forget_names(ev, reason)
        return reason
    if ev.base is not None and '_base_' not in ev.names:
        # MMEngine runs a text-style config in `{'_base_': …}`, to which Python adds `__builtins__`.
        own = dict(ev.names)
        ev.names.clear()
        ev.names.update({'_base_': ev.base(), '__builtins__': BUILTINS_OF_NAMES}, **own)
    return ev.names


def local_names(ev: Evaluator, node: ast.Call, args: list[Any], kwargs: dict[str, Any]) -> Any:
    """Return the names of the innermost scope; at the top level of a file, those of the file."""
    if args or kwargs:
        raise TypeError('locals() takes no arguments')
    scope = ev.scopes[-1]
    if scope is ev.names:
        return global_names(ev, node, args, kwargs)
    if isinstance(scope, FunctionScope) and not scope.local:
        return Table(scope)
    if isinstance(scope, (ComprehensionScope, ClassScope)) and len(ev.scopes) == 2:
        ev.undecided += 1
    return Unknown('`locals()` in a function, a class or a comprehension')


def variables(ev: Evaluator, node: ast.Call, args: list[Any], kwargs: dict[str, Any]) -> Any:
    """Return what ``vars()`` does; that of an object is not known."""
    if not args:
        return local_names(ev, node, args, kwargs)
    (value,) = args
    if isinstance(value, Method) and isinstance(value.owner, ConfigTable):
        return Unknown('`vars` of a method')
    if isinstance(value, Builtin) and value.kind == 'type':
        return Unknown('`vars` of a type')
    if type(value) in _PLAIN or is_of_python(value) or isinstance(value, (View, Iterated)):
        raise TypeError('vars() argument must have __dict__ attribute')
    return Unknown('`vars` of an object')


def names_in_order(ev: Evaluator, node: ast.Call, args: list[Any], kwargs: dict[str, Any]) -> Any:
    """Return what ``dir()`` does; that of an object is not known."""
    if args:
        return Unknown('`dir` of an object')
    names = local_names(ev, node, args, kwargs)
    return names if isinstance(names, Unknown) else Array(sorted(names))
