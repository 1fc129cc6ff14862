"""The members of standard-library modules that configs use: pure functions, and constants."""

from __future__ import annotations

import itertools
import math
import os
from typing import TYPE_CHECKING, Any

from cfglint.language.attributes import MODULES
from cfglint.language.builtins import BUILTINS, builtin_type, function, pure
from cfglint.language.callables import Iterated
from cfglint.language.copies import deep_copy, shallow_copy
from cfglint.language.environment import ENVIRONMENT
from cfglint.language.evaluator import Evaluator, iterate
from cfglint.language.values import Unknown

if TYPE_CHECKING:
    import ast

    from cfglint.language.callables import Implementation


def _environ_get(ev: Evaluator, node: ast.Call, args: list[Any], kwargs: dict[str, Any]) -> Any:
    return ENVIRONMENT.get(*args, **kwargs)


def _deepcopy(ev: Evaluator, node: ast.Call, args: list[Any], kwargs: dict[str, Any]) -> Any:
    ev.weigh(node, args[0])
    return deep_copy(args[0], {})


def _copy(ev: Evaluator, node: ast.Call, args: list[Any], kwargs: dict[str, Any]) -> Any:
    return shallow_copy(args[0])


def _chain(ev: Evaluator, node: ast.Call, args: list[Any], kwargs: dict[str, Any]) -> Any:
    lists = [iterate(ev, node, arg) for arg in args]
    unknown = next((items for items in lists if isinstance(items, Unknown)), None)
    if unknown is not None:
        return unknown
    return Iterated(itertools.chain, [item for items in lists if not isinstance(items, Unknown) for item in items])


def _module_function(name: str, implementation: Implementation) -> Any:
    return function(name, implementation, 'function')


_MATH = ('ceil', 'floor', 'sqrt', 'log', 'log2', 'log10', 'exp', 'sin', 'cos', 'tan', 'fabs', 'gcd', 'trunc', 'hypot',
         'radians', 'degrees', 'isclose', 'isnan', 'isinf', 'copysign', 'atan', 'atan2', 'pow')  # fmt: skip
_PATH = ('join', 'dirname', 'basename', 'splitext', 'split', 'normpath', 'isabs')

MODULES |= {
    'math': {
        **{name: function(name, pure(getattr(math, name))) for name in _MATH},
        'pi': math.pi, 'e': math.e, 'inf': math.inf, 'nan': math.nan, 'tau': math.tau,
    },
    'os.path': {name: _module_function(name, pure(getattr(os.path, name))) for name in _PATH},
    'os': {'getenv': _module_function('getenv', _environ_get), 'sep': os.sep, 'linesep': os.linesep},
    'os.environ': {'get': function('get', _environ_get, 'method')},
    'copy': {'deepcopy': _module_function('deepcopy', _deepcopy), 'copy': _module_function('copy', _copy)},
    'itertools': {'chain': builtin_type(itertools.chain, _chain)},
    # Its order methods apart, an OrderedDict is a dict.
    'collections': {'OrderedDict': BUILTINS['dict']},
}  # fmt: skip
