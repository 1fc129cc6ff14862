"""Every operation of the evaluator has an entry in the table of costs, which is paid before the operation is done."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from cfglint.language import loader  # noqa: F401  (fills the tables)
from cfglint.language.evaluation.attributes import _NAMES, METHODS, METHODS_OF_TYPES, MODULES
from cfglint.language.evaluation.builtins import BUILTINS
from cfglint.language.evaluation.callables import Builtin
from cfglint.language.evaluation.costs import COSTS, OPERATORS
from tests.hostile import evaluation


def _names() -> Iterator[str]:
    for kind, methods in METHODS.items():
        yield from (f'{_NAMES[kind]}.{name}' for name in methods)
    for holder, members in (('', BUILTINS), *MODULES.items(), *METHODS_OF_TYPES.items()):
        for name, member in members.items():
            if isinstance(member, Builtin) and (not holder or member is not BUILTINS['dict']):
                yield f'{holder}.{name}'.lstrip('.')


def test_every_function_has_its_cost() -> None:
    assert set(_names()) == COSTS.keys()


def test_every_operator_has_its_cost() -> None:
    kinds = {*ast.operator.__subclasses__(), *ast.cmpop.__subclasses__()}
    assert kinds == OPERATORS.keys()


def test_functions_are_in_the_corpus() -> None:
    """What is registered is also tried with large operands."""
    words = set(''.join(char if char.isalnum() or char == '_' else ' ' for char in evaluation.EXPRESSIONS).split())
    tried = {name for name in COSTS if name.rpartition('.')[2] in words or name.startswith('ConfigDict.')}
    assert COSTS.keys() - tried <= UNTRIED


UNTRIED: set[str] = set()
