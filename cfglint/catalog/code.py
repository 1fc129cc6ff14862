"""Code that registers components: releases of libraries, and what is left of one where a tree has a copy of it."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final, Protocol

from cfglint.catalog import libraries

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from cfglint.catalog.local import LocalCode
    from cfglint.catalog.names import Names
    from cfglint.catalog.store import Catalog, Each, Stored


class Code(Protocol):
    """Indexed code: one release of a library, or a user's own modules."""

    library: str
    version: str

    def registered(self, key: str) -> Mapping[str, str]:
        """Name → path, of `REGISTRY@scope`."""

    def registry_keys(self) -> Iterator[str]:
        """Every `REGISTRY@scope` that it registers into."""

    def each(self, key: str) -> list[Each]:
        """Loops over another library."""

    def object(self, path: str) -> Stored | None:
        """The class or function defined at a path."""

    def module(self, name: str) -> Names | None:
        """The names that a module binds."""

    def registry_key(self, path: str) -> str | None:
        """`REGISTRY@scope` of a variable."""

    def has_package(self, package: str) -> bool:
        """Whether all of a top-level package is in here."""


class Release:
    """One release of a catalog."""

    def __init__(self, catalog: Catalog, index: int) -> None:
        self.catalog = catalog
        self.index = index
        self.library = catalog.library
        self.version = catalog.releases[index]

    def registered(self, key: str) -> Mapping[str, str]:
        """Name → path, of `REGISTRY@scope`."""
        return self.catalog.registered(key, self.index)

    def registry_keys(self) -> Iterator[str]:
        """Every `REGISTRY@scope` that any release registers into."""
        return self.catalog.registry_keys()

    def each(self, key: str) -> list[Each]:
        """Loops over another library."""
        return self.catalog.each(key, self.index)

    def object(self, path: str) -> Stored | None:
        """The class or function defined at a path."""
        return self.catalog.object(path, self.index)

    def module(self, name: str) -> Names | None:
        """The names that a module binds."""
        return self.catalog.module(name, self.index)

    def registry_key(self, path: str) -> str | None:
        """`REGISTRY@scope` of a variable."""
        return self.catalog.registry_key(path, self.index)

    def has_package(self, package: str) -> bool:
        """Whether all of a top-level package is in here."""
        return package == self.catalog.package


class Replaced:
    """A release of which the tree has a copy of its own: only what no source shows is left of it.

    Loops over other libraries, and objects that come from elsewhere, are the same in a copy.
    """

    def __init__(self, release: Release) -> None:
        self._release = release
        self.library = release.library
        self.version = release.version

    def registered(self, key: str) -> Mapping[str, str]:
        """Name → path, of `REGISTRY@scope`."""
        return self._release.catalog.written(key, self._release.index)

    def registry_keys(self) -> Iterator[str]:
        """Every `REGISTRY@scope` that any release registers into."""
        return self._release.registry_keys()

    def each(self, key: str) -> list[Each]:
        """Loops over another library."""
        return self._release.each(key)

    def object(self, path: str) -> Stored | None:
        """Nothing: all objects are the tree's."""
        return None

    def module(self, name: str) -> Names | None:
        """Nothing: all modules are the tree's."""
        return None

    def registry_key(self, path: str) -> str | None:
        """Nothing: all registries are the tree's."""
        return None

    def has_package(self, package: str) -> bool:
        """Whether all of a top-level package is in here."""
        return False


class Overlaid:
    """A release over which some files of the tree are copied: a module of the tree replaces the release's."""

    def __init__(self, release: Release, tree: LocalCode) -> None:
        self._release = release
        self._tree = tree
        self._registered: dict[str, Mapping[str, str]] = {}
        self.library = release.library
        self.version = release.version

    def registered(self, key: str) -> Mapping[str, str]:
        """Name → path, of `REGISTRY@scope`, without what was defined in a module that the tree replaces."""
        if key not in self._registered:
            found = self._release.registered(key)
            self._registered[key] = {name: path for name, path in found.items() if not self._is_replaced(path)}
        return self._registered[key]

    def _is_replaced(self, path: str) -> bool:
        return path.rpartition('.')[0] in self._tree.files

    def registry_keys(self) -> Iterator[str]:
        """Every `REGISTRY@scope` that any release registers into."""
        return self._release.registry_keys()

    def each(self, key: str) -> list[Each]:
        """Loops over another library."""
        return self._release.each(key)

    def object(self, path: str) -> Stored | None:
        """The class or function defined at a path."""
        return (self._tree if self._is_replaced(path) else self._release).object(path)

    def module(self, name: str) -> Names | None:
        """The names that a module binds."""
        if name in self._tree.files:
            return self._tree.module(name)
        return self._release.module(name) or self._tree.module(name)

    def registry_key(self, path: str) -> str | None:
        """`REGISTRY@scope` of a variable."""
        return (self._tree if self._is_replaced(path) else self._release).registry_key(path)

    def has_package(self, package: str) -> bool:
        """Whether all of a top-level package is in here."""
        return self._release.has_package(package)


def is_copy(tree: LocalCode, package: str) -> bool:
    """Whether a tree has all of a library's package, rather than some files that are copied over an installed one.

    A copy has an `__init__.py` and registries, and imports nothing from its own package that is not there.
    """
    has_most = len(tree.absent(package)) * 10 <= tree.size(package)
    return package in tree.files and has_most and tree.makes_registries(package) and tree.is_whole(package)


def takes_the_same(one: Stored | None, other: Stored | None) -> bool:
    """Whether two versions of a class, or of a function, have the same bases and parameters."""
    if one is None or other is None:
        return one is other
    bodies = (one.body, other.body)
    constructors = [body if body['kind'] == 'function' else body.get('init', {}) for body in bodies]
    return bodies[0].get('bases') == bodies[1].get('bases') and constructors[0].get('params') == constructors[1].get(
        'params'
    )


def library_packages(folder: str) -> frozenset[str]:
    """Return the packages of libraries with a catalog that lie in a folder, or of which some files do."""
    packages = {libraries.scope_of(library) for library in libraries.libraries()}
    return frozenset(name for name in _names(folder) if name in packages and _holds_code(os.path.join(folder, name)))


def _holds_code(folder: str) -> bool:
    """Tell whether a folder may be a package of a library, or a part of one, rather than a folder of configs or data."""
    names = _names(folder)
    return not _PARTS.isdisjoint(names) or any(name.endswith('.py') for name in names)


def _names(folder: str) -> list[str]:
    try:
        return os.listdir(folder)
    except OSError:
        return []


_PARTS: Final = frozenset({
    'models', 'datasets', 'evaluation', 'engine', 'core', 'apis', 'structures', 'visualization', 'utils', 'hooks', 'runner',
    'optim', 'ops', 'cnn', 'registry',
})  # fmt: skip
"""Folders that the libraries' packages have."""
