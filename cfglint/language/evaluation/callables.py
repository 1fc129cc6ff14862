"""Values that can be called, but hold no data of a config: functions and methods."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cfglint.language.values import Opaque

if TYPE_CHECKING:
    import ast
    from collections.abc import Callable

    from cfglint.language.evaluation.costs import Cost
    from cfglint.language.evaluation.evaluator import Evaluator, Scope

    Implementation = Callable[[Evaluator, ast.Call, list[Any], dict[str, Any]], Any]
    MethodImplementation = Callable[[Evaluator, ast.Call, Any, list[Any], dict[str, Any]], Any]


class Builtin(Opaque):
    """A function or class of Python's, with what calling it gives."""

    __slots__ = ('cost', 'implementation', 'python')

    cost: Cost

    def __init__(self, kind: str, name: str, implementation: Implementation, python: Any = None) -> None:
        super().__init__(kind, name)
        self.implementation = implementation
        self.python = python

    @property
    def is_of_python(self) -> bool:
        """Whether it is a function or class of Python's own, which nothing can be added to."""
        return isinstance(self.python, type) or super().is_of_python


class Method(Opaque):
    """A method of a value, bound to it."""

    __slots__ = ('cost', 'implementation', 'owner')

    def __init__(self, owner: Any, name: str, implementation: MethodImplementation, cost: Cost) -> None:
        super().__init__('builtin_function_or_method', name)
        self.cost = cost
        self.owner = owner
        self.implementation = implementation


def is_of_python(value: Any) -> bool:
    """Tell whether a value is a function or class of Python's own, which nothing can be added to."""
    return isinstance(value, Opaque) and value.is_of_python


class Function(Opaque):
    """A function or lambda that the config defines.

    Attributes:
        arguments: Its parameters.
        body: Its statements, or the expression of a lambda.
        scopes: The names in reach where it was defined, innermost last.
        defaults: The values of parameters that have one.
        local: The names that it binds itself.
    """

    __slots__ = ('arguments', 'body', 'defaults', 'local', 'scopes')

    def __init__(
        self,
        name: str,
        arguments: ast.arguments,
        body: list[ast.stmt] | ast.expr,
        scopes: list[Scope],
        defaults: dict[str, Any],
        local: frozenset[str] = frozenset(),
    ) -> None:
        super().__init__('function', name)
        self.arguments = arguments
        self.body = body
        self.scopes = scopes
        self.defaults = defaults
        self.local = local
