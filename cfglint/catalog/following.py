"""Follow one value through the user's code: from a constructor's argument to where something is built from it."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final, NamedTuple, Protocol

from cfglint.catalog import syntax

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cfglint.catalog.model import Component
    from cfglint.catalog.names import Names

_Function = ast.FunctionDef | ast.AsyncFunctionDef
Keys = tuple[str, ...]
"""The keys that are between a value and the dict that is followed; none if it is that dict, or a list of such dicts."""

_MAX_FUNCTIONS: Final = 300
COPIES: Final = frozenset({
    'deepcopy', 'copy', 'dict', 'ConfigDict', 'Config', 'list', 'tuple', 'enumerate', 'zip', 'reversed', 'sorted', 'iter',
    'next', 'cast', 'OrderedDict', 'set', 'chain', 'Dict',
})  # fmt: skip
"""Functions that return what they get, or a copy, or what is in it."""
NEUTRAL: Final = frozenset({
    'isinstance', 'len', 'print', 'type', 'str', 'repr', 'id', 'bool', 'hasattr', 'issubclass', 'any', 'all', 'callable',
    'warn', 'info', 'debug', 'warning', 'error', 'format', 'range', 'is_list_of', 'is_seq_of', 'is_tuple_of', 'print_log',
    'is_list', 'max', 'min', 'sum', 'hash', 'dumps', 'pformat',
})  # fmt: skip
"""Functions that leave what they get as it is."""
COLLECTING: Final = frozenset({'append', 'extend', 'insert', 'add', 'appendleft'})
SPOILING: Final = frozenset(
    {'popitem', 'clear', 'merge_from_dict', 'remove', '__delitem__', '__setitem__', '__delattr__'}
)


class Module(NamedTuple):
    """A parsed module of the user's code."""

    name: str
    names: Names
    functions: dict[str, ast.FunctionDef | ast.AsyncFunctionDef]
    classes: dict[str, ast.ClassDef]
    roots: frozenset[str]
    """The variables of registries without a parent."""


class Definitions(Protocol):
    """Finds what the user's code defines; `cfglint.catalog.containers.Containers` does."""

    def mro(self, path: str) -> Sequence[str]:
        """Return the classes that a class is and inherits, itself first."""

    def resolve(self, reference: str, module: Module) -> Component | None:
        """Return the component that a reference in a module means; None where that is not known."""

    def parameters(self, path: str) -> Sequence[str]:
        """Return the names of the parameters that a library's class takes."""

    def is_library(self, path: str) -> bool:
        """Tell whether a class is a library's."""

    def definition(self, path: str) -> tuple[Module, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef] | None:
        """Return the module and the node of a class or function; None if the user's code does not define it."""


class Code(NamedTuple):
    """A function or method, and the class that it belongs to in the order in which methods are looked up."""

    node: _Function
    module: Module
    mro: Sequence[str]
    at: int


class Given(NamedTuple):
    """An argument of a call: its position, or its keyword; `**` for what is spread."""

    place: int | str
    keys: frozenset[Keys]


class Follower:
    """Follows one value, and notes what is done with it.

    Attributes:
        taken: The keys of the dict that are read or taken away.
        given: The keys that are set.
        gives_more: Whether other keys may be set as well.
        is_open: Whether it goes where it cannot be followed.
        goes_on: Whether a class gets it that only running the code would tell: `block(norm_cfg=norm_cfg)`.
        is_built: Whether something is built from it.
        registries: The paths of the registries that do.
        has_grown: Whether another function, variable or attribute turned out to hold it.
    """

    def __init__(self, definitions: Definitions) -> None:
        self.taken: set[str] = set()
        self.given: set[str] = set()
        self.gives_more = False
        self.is_open = False
        self.goes_on = False
        self.is_built = False
        self.registries: set[str] = set()
        self.definitions = definitions
        self.attributes: dict[tuple[str, str], set[Keys]] = {}
        self.returned: dict[int, set[Keys]] = {}
        self._entered: dict[int, tuple[Code, dict[str, set[Keys]]]] = {}
        self.has_grown = False

    def enter(self, path: str, keys: Keys) -> None:
        """Start at the arguments of a class or function."""
        given = [Given(keys[0], frozenset({keys[1:]}))]
        found = self.definitions.definition(path)
        if found is None:
            self.is_open = True
        elif isinstance(found[1], ast.ClassDef):
            self.construct(self.definitions.mro(path), 0, given)
        else:
            self.call(Code(found[1], found[0], (), 0), given, bound=False)

    def entered(self) -> list[tuple[Code, dict[str, set[Keys]]]]:
        """The functions that the value has reached so far, with the variables that hold it."""
        return list(self._entered.values())

    def construct(self, mro: Sequence[str], start: int, given: Sequence[Given]) -> None:
        """Hand arguments to the first constructor from `start` on."""
        self.call_method(mro, start, '__init__', given)

    def call_method(self, mro: Sequence[str], start: int, name: str, given: Sequence[Given]) -> None:
        """Hand arguments to the first method of a name from `start` on."""
        for at in range(start, len(mro)):
            found = self.definitions.definition(mro[at])
            if found is None:
                self._leave(mro, at, given)
                return
            module, node = found
            method = next((item for item in getattr(node, 'body', ()) if _is_method(item, name)), None)
            if method is not None:
                self.call(Code(method, module, mro, at), given, bound=not _is_static(method))
                return
        self.is_open = True

    def _leave(self, mro: Sequence[str], at: int, given: Sequence[Given]) -> None:
        """Note that a class outside of the user's code gets the value: libraries build what they are given.

        They may call methods for that which the user's classes override: those with a parameter of the same name.
        """
        if not self.definitions.is_library(mro[at]):
            self.is_open = True
            return
        self.is_built = True
        names = self.definitions.parameters(mro[at])
        for place, keys in given:
            name = place if isinstance(place, str) else names[place] if place < len(names) else ''
            for below, path in enumerate(mro[:at]):
                module, node = self.definitions.definition(path) or (None, None)
                for item in getattr(node, 'body', ()):
                    is_method = isinstance(item, (ast.FunctionDef, ast.AsyncFunctionDef)) and item.name != '__init__'
                    if module is not None and is_method and name in {each.arg for each in item.args.args}:
                        self._enter(Code(item, module, mro, below), name, keys)

    def call(self, code: Code, given: Sequence[Given], *, bound: bool) -> None:
        """Hand arguments to a function."""
        arguments = code.node.args
        positional = [item.arg for item in (*arguments.posonlyargs, *arguments.args)][1 if bound else 0 :]
        named = {*positional, *(item.arg for item in arguments.kwonlyargs)}
        for place, keys in given:
            name = place if isinstance(place, str) else positional[place] if place < len(positional) else None
            if name in named:
                self._enter(code, str(name), keys)
            elif name is not None and arguments.kwarg is not None:
                self._enter(code, arguments.kwarg.arg, frozenset((str(name), *each) for each in keys))
            else:
                self.is_open = True

    def _enter(self, code: Code, variable: str, keys: frozenset[Keys]) -> None:
        # A method that several classes inherit is the same one.
        _, variables = self._entered.setdefault(id(code.node), (code, {}))
        self._grow(variables.setdefault(variable, set()), keys)
        if len(self._entered) > _MAX_FUNCTIONS:
            self.is_open = True

    def attribute(self, code: Code, name: str) -> set[Keys]:
        """What is known of an attribute of the object that a method belongs to."""
        return self.attributes.get((code.mro[0], name), set()) if code.mro else set()

    def set_attribute(self, code: Code, name: str, keys: frozenset[Keys]) -> None:
        """Keep the value in an attribute: all methods of the object may use it."""
        if not code.mro:
            self.is_open = True
            return
        known = self.attributes.setdefault((code.mro[0], name), set())
        if keys <= known:
            return
        self._grow(known, keys)
        for at, path in enumerate(code.mro):
            found = self.definitions.definition(path)
            for item in getattr(found[1], 'body', ()) if found is not None else ():
                if isinstance(item, (ast.FunctionDef, ast.AsyncFunctionDef)) and _mentions(item, name):
                    self._entered.setdefault(id(item), (Code(item, found[0], code.mro, at), {}))  # type: ignore[index]

    def give_back(self, node: _Function, keys: frozenset[Keys]) -> None:
        """Note that a function returns the value."""
        self._grow(self.returned.setdefault(id(node), set()), keys)

    def _grow(self, known: set[Keys], keys: frozenset[Keys]) -> None:
        if not keys <= known:
            known |= keys
            self.has_grown = True


def _is_method(item: ast.stmt, name: str) -> bool:
    return isinstance(item, (ast.FunctionDef, ast.AsyncFunctionDef)) and item.name == name


def _is_static(method: _Function) -> bool:
    return any(syntax.dotted(each) == 'staticmethod' for each in method.decorator_list)


def _mentions(node: ast.AST, attribute: str) -> bool:
    return any(isinstance(each, ast.Attribute) and each.attr == attribute for each in ast.walk(node))
