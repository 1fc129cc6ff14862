"""The members of standard-library modules that configs use: pure functions, and constants."""

from __future__ import annotations

import itertools
import math
import os
from typing import TYPE_CHECKING, Any

from cfglint.language.copies import deep_copy, shallow_copy
from cfglint.language.evaluation.attributes import METHODS_OF_TYPES, MODULES
from cfglint.language.evaluation.builtins import BUILTINS, builtin_type, function, pure
from cfglint.language.evaluation.callables import Builtin
from cfglint.language.evaluation.costs import COSTS
from cfglint.language.evaluation.iterators import chain, chain_from, product, reduce

if TYPE_CHECKING:
    import ast

    from cfglint.language.evaluation.callables import Implementation
    from cfglint.language.evaluation.evaluator import Evaluator


def _environ_get(ev: Evaluator, node: ast.Call, args: list[Any], kwargs: dict[str, Any]) -> Any:
    return ev.environment.get(*args, **kwargs)


def _deepcopy(ev: Evaluator, node: ast.Call, args: list[Any], kwargs: dict[str, Any]) -> Any:
    ev.weigh(node, args[0])
    return deep_copy(args[0], {})


def _copy(ev: Evaluator, node: ast.Call, args: list[Any], kwargs: dict[str, Any]) -> Any:
    return shallow_copy(args[0])


def _module_function(name: str, implementation: Implementation) -> Any:
    return function(name, implementation, 'function')


_MATH = ('ceil', 'floor', 'sqrt', 'log', 'log2', 'log10', 'exp', 'sin', 'cos', 'tan', 'fabs', 'gcd', 'trunc', 'hypot',
         'prod', 'radians', 'degrees', 'isclose', 'isnan', 'isinf', 'copysign', 'atan', 'atan2', 'pow')  # fmt: skip
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
    'itertools': {'chain': builtin_type(itertools.chain, chain), 'product': builtin_type(itertools.product, product)},
    'functools': {'reduce': function('reduce', reduce)},
    # Its order methods apart, an OrderedDict is a dict.
    'collections': {'OrderedDict': BUILTINS['dict']},
}  # fmt: skip
METHODS_OF_TYPES['chain'] = {'from_iterable': function('from_iterable', chain_from)}


def _set_costs() -> None:
    """Give each function its entry in the table of costs: none may be without."""
    for holder, members in (('', BUILTINS), *MODULES.items(), *METHODS_OF_TYPES.items()):
        for name, member in members.items():
            if isinstance(member, Builtin) and (not holder or member is not BUILTINS['dict']):
                member.cost = COSTS[f'{holder}.{name}'.lstrip('.')]


_set_costs()
