"""The interpreter of the Python subset that configs are written in. Nothing of a config is ever executed.

`Evaluator` holds the state of one file; expressions and statements are functions beside it, one a kind of node
(`expressions.py`, `statements.py`, `calls.py`).
"""

from __future__ import annotations

import ast
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NoReturn

from cfglint.diagnostics import Advice, shortened
from cfglint.language.config import spent_on
from cfglint.language.errors import ConfigError, nearest
from cfglint.language.evaluation.costs import ITERATE
from cfglint.language.evaluation.iterables import Iterated, UnknownItem
from cfglint.language.evaluation.limits import MAX_BYTES, MAX_STEPS, TooLarge, Weight, check_length, is_container
from cfglint.language.values import Lazy, Opaque, Origin, Table, Unknown, new_origin

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from cfglint.language.base_table import BaseTable
    from cfglint.language.config import Base
    from cfglint.language.environment_variables import Environment
    from cfglint.language.evaluation.costs import Cost
    from cfglint.language.places import Place
    from cfglint.language.source import SourceFile

Scope = dict[str, Any]
_SUGGESTION = 2_000
"""Steps that looking for a similar name takes."""
_COMPARED = 50
"""With how many of the last errors a further one is compared: a loop may meet the same one again and again."""

EXPRESSIONS: dict[type, Callable[[Evaluator, Any], Any]] = {}
"""How each kind of expression is evaluated; filled by `expressions.py`."""
STATEMENTS: dict[type, Callable[[Evaluator, Any], None]] = {}
"""How each kind of statement is run; filled by `statements.py`."""


class ComprehensionScope(dict[str, Any]):
    """The names of a comprehension's loops; ``:=`` in it binds outside."""


class ClassScope(dict[str, Any]):
    """The names in the body of a class; functions in it do not see them."""


class FunctionScope(dict[str, Any]):
    """The names of a function while it runs.

    Attributes:
        local: The names that the function binds itself: they hide outer ones even before they are bound.
        outer: The scopes of names that the function declares ``global`` or ``nonlocal``.
    """

    def __init__(self, names: Scope, local: frozenset[str]) -> None:
        super().__init__(names)
        self.local = local
        self.outer: dict[str, Scope] = {}


class Evaluator:
    """The state of evaluating one file: its names, where they were written, and the fuel that is left.

    Attributes:
        source: The file.
        environment: The environment variables, as `os.environ`.
        lazy: Whether the file is a pure-Python config, whose imports become `Lazy` values.
        names: The names of the module, with their values, in the order of their first assignment.
        origins: Where each name of the module was written last.
        scopes: The names in reach, innermost last; the first is `names`.
        loads: The names that some expression of the file reads.
        rebound: The names that are assigned more than once, with the first assignment.
        imported: The names that imports bind.
        base: Hands out ``_base_``: the merged bases as a value of this file's own, made at the first use.
        from_base: The ids of the nodes that import from a base; their names are bound before the first statement runs.
        partial: Why names may exist that are not known here, else none.
        undecided: How often something was left open that may raise an exception where MMEngine runs it.
        errors: What MMEngine refuses, in the order in which it would meet it; what it concerns is not known here.
        handled: What the ``except`` blocks caught that are being run, the innermost last.
        guarded: How many statements that may catch exceptions are being run.
        made_uncopyable: Whether some value may be an object that MMEngine cannot copy.
        made_objects: Whether some value may be an object that is no plain data.
        odd_keys: Whether some key of a dict is a keyword, or has a quote or a line end.
        own_size: How many items the values of the file have, once they were counted.
    """

    def __init__(self, source: SourceFile, environment: Environment, *, lazy: bool) -> None:
        self.source = source
        self.environment = environment
        self.lazy = lazy
        self.names = Table()
        self.origins = self.names.origins
        self.scopes: list[Scope] = [self.names]
        self.loads: set[str] = set()
        self.rebound: dict[str, Origin] = {}
        self.imported: dict[str, ast.stmt] = {}
        self.base: BaseTable | None = None
        self.from_base: set[int] = set()
        self.partial: str | None = None
        self.undecided = 0
        self.errors: list[ConfigError] = []
        self.handled: list[ConfigError] = []
        self.guarded = 0
        self.made_objects = False
        self.made_uncopyable = False
        self.odd_keys = False
        self.steps = MAX_STEPS
        self.bytes = MAX_BYTES
        self._given = self.steps, self.bytes
        self.own_size = 0
        self.depth = 0
        self._sizes: dict[int, int] = {}

    def tick(self, node: Place, cost: int = 1) -> None:
        """Use up fuel.

        Raises:
            ConfigError: Nothing is left.
        """
        self.steps -= cost
        if self.steps < 0:
            message = f'evaluation stopped after {MAX_STEPS} steps: this file computes more than a config should'
            raise ConfigError('endless-evaluation', message, self.source, node)

    def weigh(self, node: Place, *values: Any) -> bool:
        """Use up the fuel that Python's own functions need to walk over `values`; tell whether they are plain data.

        Raises:
            ConfigError: Nothing is left.
            TooLarge: The values exceed the bounds.
        """
        weight = Weight(*values)
        if weight.steps:
            self.tick(node, weight.steps)
        return weight.plain

    def pay(self, node: Place, cost: Cost, *values: Any) -> None:
        """Use up what an operation on `values` costs, before it is done.

        Raises:
            ConfigError: Nothing is left.
        """
        work = cost.work(values) >> 4
        if work:
            self.tick(node, work)
        made = cost.result(values)
        if made:
            self.make(node, made)

    def make(self, node: Place, size: int) -> None:
        """Use up `size` bytes of what a file may make.

        Raises:
            ConfigError: Nothing is left.
        """
        self.bytes -= size
        if self.bytes < 0:
            message = f'evaluation stopped: this file makes more than {MAX_BYTES >> 20} MB of values; a config should not need it'
            raise ConfigError('endless-evaluation', message, self.source, node)

    def inherit(self, bases: Sequence[Base]) -> None:
        """Leave less fuel to a file for what was used for its bases: MMEngine evaluates them for each config anew."""
        steps, made = spent_on(bases)
        self.steps -= steps
        self.bytes -= made
        self._given = self.steps, self.bytes

    @property
    def spent(self) -> tuple[int, int]:
        """How many steps the file itself took, and how many bytes it made."""
        return self._given[0] - self.steps, self._given[1] - self.bytes

    def size_of(self, *nodes: ast.AST) -> int:
        """Return the number of nodes below `nodes`: the fuel for running them once."""
        total = 0
        for node in nodes:
            size = self._sizes.get(id(node))
            if size is None:
                size = self._sizes[id(node)] = sum(1 for _ in ast.walk(node))
            total += size
        return total

    def fail(self, node: Place, error: Exception) -> NoReturn:
        """Turn what Python raised for `node` into the diagnostic that a user needs.

        Raises:
            ConfigError: Always.
        """
        if isinstance(error, (ConfigError, UnknownItem)):
            raise error
        if isinstance(error, (TooLarge, MemoryError)):
            message = f'evaluation stopped: {error or "out of memory"}; a config should not need it'
            raise ConfigError('endless-evaluation', message, self.source, node) from None
        if isinstance(error, RecursionError):
            raise ConfigError('endless-evaluation', 'nested too deeply', self.source, node) from None
        name = type(error).__name__
        # What a `KeyError` says is its key, however long.
        words = '' if isinstance(error, KeyError) and is_container(*error.args) else shortened(str(error), 100)
        advice = None
        if isinstance(error, AttributeError) and isinstance(error.obj, dict) and not self.guarded:
            self.tick(node, _SUGGESTION)
            near = nearest(error.name or '', error.obj)
            advice = None if near is None else Advice(f'for `{error.name}`, write', near)
        raise ConfigError(
            'failing-expression',
            f'this fails: {words}' if words else 'this fails',
            self.source,
            node,
            exception=name,
            raises=name,
            advice=advice,
        ) from None

    def refuse(
        self,
        node: Place,
        rule: str,
        message: str,
        exception: str = 'Exception',
        *,
        raises: str | None = None,
        advice: Advice | None = None,
    ) -> NoReturn:
        """Report what MMEngine refuses.

        Raises:
            ConfigError: Always.
        """
        raise ConfigError(rule, message, self.source, node, exception=exception, raises=raises, advice=advice)

    @contextmanager
    def guard(self) -> Iterator[None]:
        """Run code whose exceptions the file itself may catch."""
        self.guarded += 1
        try:
            yield
        finally:
            self.guarded -= 1

    def tolerate(self, error: ConfigError) -> Unknown:
        """Note what MMEngine refuses, and go on with a value that is not known: the rest of the file is judged.

        Raises:
            ConfigError: Nothing can be known of the rest, or code of the file itself may catch the exception.
        """
        if self.guarded or not error.is_local:
            raise error
        if not any(error.place is known.place and error.rule == known.rule for known in self.errors[-_COMPARED:]):
            self.errors.append(error.bare())
        return Unknown('MMEngine fails to evaluate it')

    def bind(self, name: str, value: Any, key: Place, node: Place) -> None:
        """Assign to a name of the innermost scope."""
        self._bind_in(self.scopes[-1], name, value, key, node)

    def bind_outside_comprehension(self, name: str, value: Any, key: Place, node: Place) -> None:
        """Assign to a name as ``:=`` does: in the innermost scope that is no comprehension's."""
        self._bind_in(self.own_scope(), name, value, key, node)

    def own_scope(self) -> Scope:
        """Return the innermost scope that is no comprehension's."""
        return next(scope for scope in reversed(self.scopes) if not isinstance(scope, ComprehensionScope))

    def _bind_in(self, scope: Scope, name: str, value: Any, key: Place, node: Place) -> None:
        if type(scope) is FunctionScope:
            scope = scope.outer.get(name, scope)
        scope[name] = value
        if type(value) is Unknown:
            self.undecided += 1
        if scope is self.names:
            before = self.origins.get(name)
            if before is not None and name not in self.rebound:
                self.rebound[name] = before
            self.origins[name] = new_origin(Origin, (self.source, key, node, None, None))


def is_base(ev: Evaluator, node: ast.expr) -> bool:
    """Tell whether `node` is ``_base_`` at the top level, and hands the merged bases out."""
    return (
        type(node) is ast.Name
        and node.id == '_base_'
        and ev.base is not None
        and len(ev.scopes) == 1
        and '_base_' not in ev.names
    )


class Return(Exception):
    """A ``return`` statement was reached."""

    def __init__(self, value: Any) -> None:
        self.value = value


def evaluate(ev: Evaluator, node: ast.expr) -> Any:
    """Return the value of an expression, an `Unknown` where only running it would tell.

    Raises:
        ConfigError: MMEngine would fail to evaluate it, or it exceeds the bounds.
    """
    return EXPRESSIONS[type(node)](ev, node)


def run(ev: Evaluator, statements: list[ast.stmt]) -> None:
    """Run statements in order.

    Raises:
        ConfigError: MMEngine would fail to run them, or they exceed the bounds.
    """
    for node in statements:
        STATEMENTS[type(node)](ev, node)


def iterate(ev: Evaluator, node: Place, value: Any, *, ordered: bool = True) -> list[Any] | Unknown:
    """Return the items that a loop over `value` would see, in an order that matters or (`ordered=False`) does not.

    Raises:
        ConfigError: It cannot be iterated, or has too many items.
    """
    if isinstance(value, Unknown):
        return value
    try:
        if isinstance(value, Iterated):
            return _taken(ev, node, value)
        source = source_of(value, ordered=ordered)
        ev.pay(node, ITERATE, value)
        if hasattr(value, '__len__'):
            check_length(len(value))
        return list(source)
    except UnknownItem as error:
        return error.reason
    except Exception as error:
        ev.fail(node, error)


_TAKEN = 400
"""Bytes of an item that an iterator makes, with what holds it."""


def _taken(ev: Evaluator, node: Place, iterator: Iterated) -> list[Any]:
    items = []
    for item in iterator:
        ev.tick(node)
        ev.make(node, _TAKEN)
        items.append(item)
        check_length(len(items))
    return items


def each(ev: Evaluator, node: Place, value: Any, *, ordered: bool = True) -> Iterator[Any]:
    """Yield the items of `value` one by one, as a loop sees them: what it does to `value` meanwhile counts.

    Each has to be paid for by whoever takes it.

    Raises:
        ConfigError: It cannot be iterated, or was changed in a way that Python refuses.
        UnknownItem: The next item is not known.
    """
    try:
        source = source_of(value, ordered=ordered)
    except Exception as error:
        ev.fail(node, error)
    while True:
        try:
            item = next(source)
        except StopIteration:
            return
        except Exception as error:
            ev.fail(node, error)
        yield item


def source_of(value: Any, *, ordered: bool = True) -> Iterator[Any]:
    """Return Python's own iterator over a value.

    Raises:
        TypeError: There is none.
        UnknownItem: Nothing is known of what it would hand out.
    """
    if isinstance(value, Unknown):
        raise UnknownItem(value)
    if isinstance(value, Lazy):
        raise TypeError("'LazyObject' object is not iterable")
    if isinstance(value, Opaque) and value.is_of_python:
        raise TypeError(f"'{value.kind}' object is not iterable")
    if isinstance(value, Opaque) and not hasattr(value, '__iter__'):
        raise UnknownItem(Unknown('a loop over an object'))
    if ordered and isinstance(value, (set, frozenset)) and len(value) > 1 and not _has_order(value):
        raise UnknownItem(Unknown('the order of a set'))
    return iter(value)


def _has_order(items: set[Any] | frozenset[Any]) -> bool:
    """Tell whether a set has the same order in every process: strings have a random hash."""
    return all(isinstance(item, (int, float)) for item in items)
