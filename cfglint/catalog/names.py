"""What a dotted name means: modules, the names they bind, and re-exports followed to the definition."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from cfglint.catalog.facts import ModuleFacts

_MAX_HOPS = 40


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


def locate(path: str, modules: Modules, hops: int = 0) -> Located | Missing | Unknown:
    """Follow `package.module.Name` through re-exports to its definition."""
    module, *rest = path.split('.')
    names = modules(module)
    if names is None or hops > _MAX_HOPS:
        return Unknown(path)
    while isinstance(names, Names) and rest:
        inner = modules(f'{module}.{rest[0]}')
        # An attribute hides a submodule of the same name (`from .dist import dist`), unless more of the path follows.
        if not isinstance(inner, Names) or (len(rest) == 1 and rest[0] in names.bound):
            return _attribute(module, names, rest, modules, hops)
        module, names = f'{module}.{rest[0]}', inner
        rest = rest[1:]
    return Located(module, '') if isinstance(names, Names) else Missing(module, '')


def _attribute(
    module: str,
    names: Names,
    rest: list[str],
    modules: Modules,
    hops: int,
) -> Located | Missing | Unknown:
    name = rest[0]
    target = names.bound.get(name)
    if target is None:
        return _starred(module, names, rest, modules, hops)
    if target == '':
        # An attribute of a class or an object is not tracked.
        return Located(module, name) if len(rest) == 1 else Unknown('.'.join([module, *rest]))
    if target.startswith('='):
        if target[1:].split('.')[0] not in names.bound:
            return Unknown('.'.join([module, *rest]))
        target = f'{module}.{target[1:]}'
    return locate('.'.join([target.replace(':', '.'), *rest[1:]]), modules, hops + 1)


def _starred(module: str, names: Names, rest: list[str], modules: Modules, hops: int) -> Located | Missing | Unknown:
    # Every module has some names with double underscores; they are not recorded.
    unknown = names.dynamic or rest[0].startswith('__')
    for star in names.stars:
        source = modules(star)
        if star == module or (isinstance(source, Names) and not source.starred(rest[0])):
            continue
        found = locate('.'.join([star, *rest]), modules, hops + 1)
        if isinstance(found, Located):
            return found
        unknown = unknown or isinstance(found, Unknown)
    return Unknown('.'.join([module, *rest])) if unknown else Missing(module, rest[0])


def absolute(reference: str, module: str, names: Names) -> str:
    """The dotted path that a reference in `module` stands for, imports and aliases applied once."""
    first, *rest = reference.split('.')
    target = names.bound.get(first)
    if target is None:
        return reference if not names.stars else '.'.join([module, reference])
    if target == '' or target.startswith('='):
        return '.'.join([module, reference])
    return '.'.join([target.replace(':', '.'), *rest])
