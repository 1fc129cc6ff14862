"""The interpreter of the Python subset that configs are written in. Nothing of a config is ever executed.

`Evaluator` holds the state of one file; expressions and statements are functions beside it, one a kind of node
(`expressions.py`, `statements.py`, `calls.py`).
"""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NoReturn

from cfglint.language.errors import ConfigError
from cfglint.language.limits import MAX_STEPS, TooLarge
from cfglint.language.methods import set_item
from cfglint.language.operators import type_name
from cfglint.language.values import Array, ConfigTable, Opaque, Origin, Unknown

if TYPE_CHECKING:
    from cfglint.language.source import Place, SourceFile

Scope = dict[str, Any]

EXPRESSIONS: dict[type, Callable[[Evaluator, Any], Any]] = {}
"""How each kind of expression is evaluated; filled by `expressions.py` and `calls.py`."""


def evaluate(ev: Evaluator, node: ast.expr) -> Any:
    """Return the value of an expression, an `Unknown` where only running it would tell.

    Raises:
        ConfigError: MMEngine would fail to evaluate it, or it exceeds the bounds.
    """
    return EXPRESSIONS[node.__class__](ev, node)


class Evaluator:
    """The state of evaluating one file: its names, where they were written, and the fuel that is left.

    Attributes:
        source: The file.
        lazy: Whether the file is a pure-Python config, whose imports become `Lazy` values.
        names: The names of the module, with their values, in the order of their first assignment.
        origins: Where each name of the module was written last.
        scopes: The names in reach, innermost last; the first is `names`.
        loads: The names that some expression of the file reads.
        mutated: The names of the module that were changed in place (``x.update(…)``, ``x['a'] = 1``).
    """

    def __init__(self, source: SourceFile, *, lazy: bool) -> None:
        self.source = source
        self.lazy = lazy
        self.names: Scope = {}
        self.origins: dict[str, Origin] = {}
        self.scopes: list[Scope] = [self.names]
        self.loads: set[str] = set()
        self.rebound: dict[str, Origin] = {}
        self.imported: dict[str, ast.stmt] = {}
        self.base: Callable[[], Any] | None = None
        """Hands out ``_base_``: the merged bases as a value of this file's own, made at the first use."""
        self.from_base: set[int] = set()
        """The ids of the nodes that import from a base; their names are bound before the first statement runs."""
        self.steps = MAX_STEPS
        self.depth = 0

    def tick(self, node: Place, cost: int = 1) -> None:
        """Use up fuel.

        Raises:
            ConfigError: Nothing is left.
        """
        self.steps -= cost
        if self.steps < 0:
            message = f'evaluation stopped after {MAX_STEPS} steps: this file computes more than a config should'
            raise ConfigError('endless-evaluation', message, self.source, node)

    def fail(self, node: Place, error: Exception) -> NoReturn:
        """Turn what Python raised for `node` into the diagnostic that a user needs.

        Raises:
            ConfigError: Always.
        """
        if isinstance(error, ConfigError):
            raise error
        if isinstance(error, (TooLarge, MemoryError, OverflowError)):
            message = f'evaluation stopped: {error or "out of memory"}; a config should not need it'
            raise ConfigError('endless-evaluation', message, self.source, node) from None
        if isinstance(error, RecursionError):
            raise ConfigError('endless-evaluation', 'nested too deeply', self.source, node) from None
        name = type(error).__name__
        words = f'{name}: {error}' if str(error) else name
        message = f'MMEngine fails here: `{words}`'
        raise ConfigError('failing-expression', message, self.source, node, exception=name) from None

    def refuse(self, node: Place, rule: str, message: str, exception: str = 'Exception') -> NoReturn:
        """Report what MMEngine refuses.

        Raises:
            ConfigError: Always.
        """
        raise ConfigError(rule, message, self.source, node, exception=exception)

    def bind(self, name: str, value: Any, key: Place, node: Place) -> None:
        """Assign to a name of the innermost scope."""
        self._bind_in(self.scopes[-1], name, value, key, node)

    def bind_outside_comprehension(self, name: str, value: Any, key: Place, node: Place) -> None:
        """Assign to a name as ``:=`` does: in the innermost scope that is no comprehension's."""
        scope = next(scope for scope in reversed(self.scopes) if not isinstance(scope, ComprehensionScope))
        self._bind_in(scope, name, value, key, node)

    def _bind_in(self, scope: Scope, name: str, value: Any, key: Place, node: Place) -> None:
        scope[name] = value
        if scope is self.names:
            before = self.origins.get(name)
            if before is not None and name not in self.rebound:
                self.rebound[name] = before
            self.origins[name] = Origin(self.source, key, node)


STATEMENTS: dict[type, Callable[[Evaluator, Any], None]] = {}
"""How each kind of statement is run; filled by `statements.py`."""


class Return(Exception):
    """A ``return`` statement was reached."""

    def __init__(self, value: Any) -> None:
        self.value = value


def run(ev: Evaluator, statements: list[ast.stmt]) -> None:
    """Run statements in order.

    Raises:
        ConfigError: MMEngine would fail to run them, or they exceed the bounds.
    """
    for node in statements:
        ev.steps -= 1
        if ev.steps < 0:
            ev.tick(node)
        STATEMENTS[node.__class__](ev, node)


def run_function(ev: Evaluator, statements: list[ast.stmt]) -> Any:
    """Run the body of a function and return what it returns."""
    try:
        run(ev, statements)
    except Return as result:
        return result.value
    return None


def assign(ev: Evaluator, target: ast.expr, value: Any, node: ast.expr) -> None:
    """Assign `value`, the value of `node`, to a target: a name, an item, an attribute, or several of them."""
    if isinstance(target, ast.Name):
        ev.bind(target.id, value, target, node)
    elif isinstance(target, (ast.Tuple, ast.List)):
        _unpack(ev, target, value, node)
    elif isinstance(target, ast.Starred):
        assign(ev, target.value, value, node)
    elif isinstance(target, (ast.Subscript, ast.Attribute)):
        _assign_inside(ev, target, value, node)


def _assign_inside(ev: Evaluator, target: ast.Subscript | ast.Attribute, value: Any, node: ast.expr) -> None:
    owner = evaluate(ev, target.value)
    is_item = isinstance(target, ast.Subscript)
    key = evaluate(ev, target.slice) if is_item else target.attr
    if isinstance(owner, (Unknown, Opaque)):
        return
    try:
        if isinstance(key, Unknown):
            raise TooLarge('an assignment to a key that is not known')
        if not is_item and not isinstance(owner, ConfigTable):
            raise AttributeError(f"'{type_name(owner)}' object has no attribute '{key}'")
        set_item(ev, owner, key, value, target, node)
    except Exception as error:
        ev.fail(target, error)


def _unpack(ev: Evaluator, target: ast.Tuple | ast.List, value: Any, node: ast.expr) -> None:
    if isinstance(value, (Unknown, Opaque)):
        for child in target.elts:
            assign(ev, child, value if isinstance(value, Unknown) else Unknown('a part of an object'), node)
        return
    try:
        items = list(value)
        stars = [index for index, child in enumerate(target.elts) if isinstance(child, ast.Starred)]
        if stars:
            after = len(target.elts) - stars[0] - 1
            rest = items[stars[0] : len(items) - after]
            if len(items) < len(target.elts) - 1:
                raise ValueError(f'not enough values to unpack (expected at least {len(target.elts) - 1}, got {len(items)})')
            items = [*items[: stars[0]], Array(rest), *items[len(items) - after :]]
        if len(items) != len(target.elts):
            few = len(items) < len(target.elts)
            words = f'not enough values to unpack (expected {len(target.elts)}, got {len(items)})'
            raise ValueError(words if few else f'too many values to unpack (expected {len(target.elts)})')
    except Exception as error:
        ev.fail(node, error)
    for child, item in zip(target.elts, items, strict=True):
        assign(ev, child, item, node)


class ComprehensionScope(dict[str, Any]):
    """The names of a comprehension's loops; ``:=`` in it binds outside."""


class Generator(Array):
    """A generator expression, with what it yields. MMEngine cannot copy a config that holds one."""

    __slots__ = ()


class Function(Opaque):
    """A function or lambda that the config defines."""

    __slots__ = ('arguments', 'body', 'defaults', 'scopes')

    def __init__(
        self,
        name: str,
        arguments: ast.arguments,
        body: list[ast.stmt] | ast.expr,
        scopes: list[Scope],
        defaults: dict[str, Any],
    ) -> None:
        super().__init__('function', name)
        self.arguments = arguments
        self.body = body
        self.scopes = scopes
        self.defaults = defaults
