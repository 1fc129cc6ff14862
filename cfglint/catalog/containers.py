"""What the user's own classes do with the dicts that they get, before they build what these describe.

`task = cfg.pop('task')` makes an argument `task` right that the class in the dict does not take. Only what a config holds
is looked at, when it is asked for: the value is followed from the constructor through variables, attributes, methods and
functions of the user's code. Where that ends in something that is not known, it is not known what happens to the dict.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final, NamedTuple

from cfglint.catalog.following import Follower, Module
from cfglint.catalog.model import Component
from cfglint.catalog.names import absolute
from cfglint.catalog.tracing import Body, Trace
from cfglint.language.trees import module_tree

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cfglint.catalog.installation import Installation
    from cfglint.catalog.local import LocalCode

_MAX_SIZE: Final = 1_000_000
_LAYERS: Final = frozenset({'norm_cfg', 'act_cfg', 'conv_cfg', 'init_cfg', 'dcn'})
_MAX_ROUNDS: Final = 15


class Handling(NamedTuple):
    """What happens to a dict before a component is built from it.

    Attributes:
        taken: The keys that are read or taken away: they may be no arguments.
        given: The keys that are set.
        gives_more: Whether more keys may be set.
        is_open: Whether it is not known what happens.
        registry: The path of the registry that it is built from, if that is one only.
    """

    taken: frozenset[str]
    given: frozenset[str]
    gives_more: bool
    is_open: bool
    registry: str | None


OPEN: Final = Handling(frozenset(), frozenset(), True, True, None)


class Containers:
    """Answers what the classes of a user's code do with what they hold; each question is answered once.

    Args:
        local: The user's code.
        installation: The same code together with the libraries.
    """

    def __init__(self, local: LocalCode, installation: Installation) -> None:
        self._local = local
        self._installation = installation
        self._modules: dict[str, Module | None] = {}
        self._bodies: dict[int, Body] = {}
        self._known: dict[tuple[str, tuple[str, ...]], Handling] = {}

    def handling(self, path: str, keys: tuple[str, ...]) -> Handling:
        """What the class or function at a path does with a dict that stands at these keys of its arguments."""
        found = self._known.get((path, keys))
        if found is None:
            self._known[path, keys] = OPEN  # a class that holds itself
            follower = Follower(self)
            try:
                follower.enter(path, keys)
                self._run(follower)
            except RecursionError:
                return OPEN
            found = self._known[path, keys] = self._handling(follower, keys[-1])
        return found

    def _handling(self, follower: Follower, key: str) -> Handling:
        # Whatever block of a network gets the dict of a layer, it hands that to the functions that build layers.
        is_known = not follower.goes_on or key in _LAYERS
        if follower.is_open or not is_known or not (follower.is_built or follower.goes_on):
            return OPEN
        registry = next(iter(follower.registries)) if len(follower.registries) == 1 else None
        gives_more = follower.gives_more or follower.goes_on
        return Handling(frozenset(follower.taken), frozenset(follower.given), gives_more, False, registry)

    def _run(self, follower: Follower) -> None:
        """Look at all functions that the value reaches, until nothing new turns up."""
        for _ in range(_MAX_ROUNDS):
            follower.has_grown = False
            for code, variables in follower.entered():
                body = self._bodies.get(id(code.node))
                if body is None:
                    body = self._bodies[id(code.node)] = Body(code.node)
                Trace(follower, code, body, variables).look()
                if follower.is_open:
                    return
            if not follower.has_grown:
                return
        follower.is_open = True

    def own_root(self, registry: str) -> str | None:
        """`REGISTRY@scope` of a registry of the user's that has no parent: it is looked into from every scope."""
        module, _, name = registry.rpartition('.')
        found = self.module(module)
        return self._local.registry_key(registry) if found is not None and name in found.roots else None

    def mro(self, path: str) -> Sequence[str]:
        """The classes that a class inherits from, itself first."""
        return self._installation.mro(path)

    def resolve(self, reference: str, module: Module) -> Component | None:
        """What a dotted name of a module is; None where that is not known."""
        path = absolute(reference, module.name, module.names)
        found = self._installation.by_path(path)
        return found if isinstance(found, Component) and found.kind != 'unknown' else None

    def parameters(self, path: str) -> Sequence[str]:
        """The arguments of a class, in their order."""
        return tuple(self._installation.signature_at(path).parameters)

    def is_library(self, path: str) -> bool:
        """Whether a class is a known library's."""
        found = self._installation.by_path(path)
        return isinstance(found, Component) and found.kind == 'class' and bool(found.library)

    def definition(self, path: str) -> tuple[Module, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef] | None:
        """The class or function of the user's code that is defined at a path."""
        home, _, name = path.rpartition('.')
        module = self.module(home)
        node = None if module is None else module.classes.get(name) or module.functions.get(name)
        return None if module is None or node is None else (module, node)

    def module(self, name: str) -> Module | None:
        """A module of the user's code; None if there is none, or if it cannot be read."""
        if name not in self._modules:
            self._modules[name] = self._read(name)
        return self._modules[name]

    def _read(self, name: str) -> Module | None:
        path, names = self._local.files.get(name), self._local.module(name)
        if path is None or names is None:
            return None
        try:
            tree = module_tree((self._local.data(path) or b'')[:_MAX_SIZE])
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return None
        nodes = list(_top_level(tree.body))
        return Module(
            name,
            names,
            {node.name: node for node in nodes if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))},
            {node.name: node for node in nodes if isinstance(node, ast.ClassDef)},
            frozenset(target.id for node in nodes for target in _roots(node)),
        )


def _top_level(body: Sequence[ast.stmt]) -> list[ast.stmt]:
    found: list[ast.stmt] = []
    for node in body:
        found.append(node)
        if isinstance(node, (ast.If, ast.Try)):
            blocks = [
                node.body,
                node.orelse,
                *([each.body for each in node.handlers] if isinstance(node, ast.Try) else []),
            ]
            found += [inner for block in blocks for inner in _top_level(block)]
    return found


def _roots(node: ast.stmt) -> list[ast.Name]:
    """The variables to which a registry without a parent is assigned."""
    if not isinstance(node, ast.Assign) or not isinstance(node.value, ast.Call):
        return []
    function = node.value.func
    name = (
        function.attr if isinstance(function, ast.Attribute) else function.id if isinstance(function, ast.Name) else ''
    )
    if not name.endswith('Registry') or any(item.arg in ('parent', None) for item in node.value.keywords):
        return []
    return [target for target in node.targets if isinstance(target, ast.Name)]
