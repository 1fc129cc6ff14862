"""What a dotted name means: modules, the names they bind, and re-exports followed to the definition."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cfglint.catalog.facts import ModuleFacts

MAX_STEPS: Final = 3_000_000
"""Nodes that are visited for all names of a tree; those of mmdet take some thousands."""


class Names(NamedTuple):
    """The names that a module binds.

    A name maps to `''` (defined here), `=other` (an alias of another name here) or `module` / `module:name` (imported).
    """

    bound: Mapping[str, str]
    stars: tuple[str, ...] = ()
    dynamic: bool = False
    """Names appear at run time that the source does not show."""
    exports: tuple[str, ...] | None = None
    """What a star import takes, when that is written out."""

    def starred(self, name: str) -> bool:
        """Whether a star import may take a name."""
        return name in self.exports if self.exports is not None else not name.startswith('_')


class Located(NamedTuple):
    """Where a name is defined; `name` is empty for a module."""

    module: str
    name: str

    @property
    def path(self) -> str:
        """The dotted path of the definition."""
        return f'{self.module}.{self.name}' if self.name else self.module


class Missing(NamedTuple):
    """A module that does not exist (`name` empty), or that does not have the name."""

    module: str
    name: str


class Unknown(NamedTuple):
    """Where following a name ended: a path in a package that is not known, or that the source does not show."""

    path: str


Modules = Callable[[str], 'Names | Missing | None']
"""The names of a module; Missing when its package is known and does not have it, None when that is not known."""


def names_of(facts: ModuleFacts) -> Names:
    """The names bound by a module that was read."""
    bound = dict.fromkeys(facts['names'], '')
    bound.update({name: '=' + target for name, target in facts['aliases'].items()})
    bound.update(facts['imports'])
    return Names(
        bound, tuple(facts['stars']), facts['dynamic'], None if facts['exports'] is None else tuple(facts['exports'])
    )


Result = Located | Missing | Unknown
_Node = tuple[str, tuple[str, ...]]
"""A module, and the names that follow it: `from a.b import c` is `('a.b', ('c',))`."""


class _Open:
    """A node of which the ways to its definition are being tried, in turn."""

    __slots__ = ('is_circular', 'is_star', 'is_unknown', 'missing', 'node', 'ways')

    def __init__(self, node: _Node, ways: Iterable[_Node], missing: Missing, *, star: bool, unknown: bool) -> None:
        self.node = node
        self.ways = iter(ways)
        self.missing = missing
        self.is_star = star
        self.is_unknown = unknown
        """Whether the name may be there though no way leads to it."""
        self.is_circular = False
        """Whether a way led back to a node that is still open: another start may find more."""

    def end(self) -> Missing | Unknown:
        """What is known when no way led to a definition."""
        return Unknown(_path(self.node)) if self.is_unknown else self.missing


class Resolver:
    """Follows names through imports, star imports and aliases to their definitions; each name once.

    Star imports may form circles and diamonds of any depth: a search visits each node of the graph once, and what it
    finds is remembered. `max_steps` bounds the nodes that are visited in all; past it, names are unknown.
    """

    def __init__(self, modules: Modules, max_steps: int = MAX_STEPS) -> None:
        self._modules = modules
        self._known: dict[_Node, Result] = {}
        self._left = max_steps

    @property
    def is_exhausted(self) -> bool:
        """Whether the bound was reached, so that some names are not known."""
        return self._left < 0

    def locate(self, path: str) -> Result:
        """Follow `package.module.Name` through re-exports to its definition."""
        first, *rest = path.split('.')
        return self._resolve((first, tuple(rest)))

    def _resolve(self, start: _Node) -> Result:
        known = self._known.get(start)
        if known is None:
            known = self._known[start] = self._search(start)
        return known

    def _search(self, start: _Node) -> Result:
        opened: dict[_Node, _Open] = {}  # in the order in which they were reached from each other
        closed: dict[_Node, Result] = {}
        found = self._enter(start, opened)
        while opened:
            self._left -= 1
            if self._left < 0:
                return Unknown(_path(start))
            node, current = next(reversed(opened.items()))
            if found is not None and (not current.is_star or isinstance(found, Located)):
                self._close(node, found, opened, closed)
                continue
            current.is_unknown = current.is_unknown or isinstance(found, Unknown)
            way = next(current.ways, None)
            if way is None:
                found = current.end()
                self._close(node, found, opened, closed)
            elif way in opened:
                # A circle of star imports adds nothing; one of other imports fails, or depends on who comes first.
                current.is_circular = True
                found = None if current.is_star else Unknown(_path(way))
            else:
                found = self._known.get(way) or closed.get(way) or self._enter(way, opened)
        assert found is not None
        if isinstance(found, Missing):
            self._known.update(closed)
        return found

    def _enter(self, node: _Node, opened: dict[_Node, _Open]) -> Result | None:
        """Return what a node is if that can be told at once, else open it."""
        found = self._look(node)
        if not isinstance(found, _Open):
            return found
        opened[node] = found
        return None

    def _close(self, node: _Node, found: Result, opened: dict[_Node, _Open], closed: dict[_Node, Result]) -> None:
        done = opened.pop(node)
        closed[node] = found
        if isinstance(found, Located) or not done.is_circular:
            self._known[node] = found
        elif opened:
            next(reversed(opened.values())).is_circular = True

    def _look(self, node: _Node) -> Result | _Open:
        module, rest = node
        names = self._modules(module)
        if not isinstance(names, Names):
            return names or Unknown(_path(node))
        while rest:
            inner = self._modules(f'{module}.{rest[0]}')
            # An attribute hides a submodule of the same name (`from .dist import dist`), unless more of the path follows,
            # or it is that submodule (`from . import dist`).
            bound = names.bound.get(rest[0])
            hides = len(rest) == 1 and bound not in (None, f'{module}:{rest[0]}')
            if not isinstance(inner, Names) or hides:
                return self._attribute(module, names, rest, is_unknown=inner is None)
            module, names, rest = f'{module}.{rest[0]}', inner, rest[1:]
        return Located(module, '')

    def _attribute(self, module: str, names: Names, rest: tuple[str, ...], *, is_unknown: bool) -> Result | _Open:
        target = names.bound.get(rest[0])
        node, missing = (module, rest), Missing(module, rest[0])
        if target is None:
            # Every module has some names with double underscores; they are not recorded.
            is_unknown = is_unknown or names.dynamic or rest[0].startswith('__')
            stars = [(star, rest) for star in names.stars if star != module and self._may_give(star, rest[0])]
            return _Open(node, stars, missing, star=True, unknown=is_unknown)
        if target == '':
            # An attribute of a class or an object is not tracked.
            return Located(module, rest[0]) if len(rest) == 1 else Unknown(_path(node))
        if target.startswith('='):
            first, *more = target[1:].split('.')
            if first not in names.bound:
                return Unknown(_path(node))
            way = module, (first, *more, *rest[1:])
        else:
            source, _, name = target.partition(':')
            way = source, (name, *rest[1:]) if name else rest[1:]
        return _Open(node, [way], missing, star=False, unknown=False)

    def _may_give(self, star: str, name: str) -> bool:
        """Whether `from star import *` may bind a name."""
        source = self._modules(star)
        return not isinstance(source, Missing) and (source is None or source.starred(name))


def _path(node: _Node) -> str:
    return '.'.join([node[0], *node[1]])


def absolute(reference: str, module: str, names: Names) -> str:
    """The dotted path that a reference in `module` stands for, imports and aliases applied once."""
    first, *rest = reference.split('.')
    target = names.bound.get(first)
    if target is None:
        return reference if not names.stars else '.'.join([module, reference])
    if target == '' or target.startswith('='):
        return '.'.join([module, reference])
    return '.'.join([target.replace(':', '.'), *rest])
