"""Values that can be called or iterated, but hold no data of a config: functions, methods, iterators, views."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cfglint.language.values import Opaque

if TYPE_CHECKING:
    import ast
    from collections.abc import Callable, Iterable

    from cfglint.language.evaluation.evaluator import Evaluator, Scope

    Implementation = Callable[[Evaluator, ast.Call, list[Any], dict[str, Any]], Any]
    MethodImplementation = Callable[[Evaluator, ast.Call, Any, list[Any], dict[str, Any]], Any]


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

    def __init__(self, owner: Any, name: str, implementation: MethodImplementation) -> None:
        super().__init__('builtin_function_or_method', name)
        self.owner = owner
        self.implementation = implementation


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


class Iterated(Opaque):
    """What can be walked over once: a generator expression, ``zip(…)``, ``map(…)``."""

    __slots__ = ('items', 'python')

    def __init__(self, python: type, items: list[Any]) -> None:
        super().__init__(python.__name__)
        self.python = python
        self.items = items

    def take(self) -> list[Any]:
        """Return what is left, and leave nothing."""
        items, self.items = self.items, []
        return items


class View(Opaque):
    """What ``d.keys()``, ``d.values()`` and ``d.items()`` give: always the present content of the dict."""

    __slots__ = ('content', 'owner', 'python')

    def __init__(self, name: str, owner: dict[Any, Any], content: Callable[[Any], Iterable[Any]]) -> None:
        super().__init__(f'dict_{name}')
        self.python = type(getattr({}, name)())
        self.owner = owner
        self.content = content


UNCOPYABLE = frozenset({'generator', 'module', 'dict_keys', 'dict_values', 'dict_items'})
"""The kinds of objects that ``copy.deepcopy`` refuses: MMEngine copies every text-style config."""
