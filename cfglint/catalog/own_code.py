"""The user's own code: what is imported from the folders of a project, copies of libraries included."""

from __future__ import annotations

import os
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence, Set

    from cfglint.catalog import Installation
    from cfglint.catalog.local import LocalCode


class OwnCode:
    """What a project has of its own; indexed when it is asked for, and a type is in no library.

    Args:
        roots: The folders from which its modules are imported.
        cache: Where the index is kept.
        texts: What counts in place of the modules on disk, by path; None for one that counts as absent.
        outside: Returns the releases that its registries are built on.

    Attributes:
        roots: The same.
        read_too: The files, beside modules, that were read or looked for to tell what the code is.
    """

    def __init__(
        self,
        roots: Sequence[str | os.PathLike[str]],
        cache: str | None,
        texts: Mapping[str, bytes | None],
        outside: Callable[[], Installation],
    ) -> None:
        self.roots = roots
        self.read_too: set[str] = set()
        self._cache = cache
        self._texts = texts
        self._outside = outside
        self._packages: dict[str, bool] = {}
        self._itself: dict[str, bool] = {}
        self._whole: dict[str, bool] = {}
        self._reached: dict[tuple[str, ...], frozenset[str]] = {}

    @cached_property
    def code(self) -> LocalCode | None:
        """The index: what its modules register; none where there are no roots."""
        if not self.roots:
            return None
        from cfglint.catalog.local import index

        return index(self.roots, self._outside().registry_key, self._cache, self._texts)

    @property
    def is_indexed(self) -> bool:
        """Whether it was looked into."""
        return 'code' in self.__dict__

    def has_package(self, package: str) -> bool:
        """Tell whether a top-level package or module is the user's own, without indexing anything."""
        known = self._packages.get(package)
        if known is None:
            places = [os.path.join(root, package) for root in self.roots]
            known = any(os.path.isdir(place) or os.path.isfile(f'{place}.py') for place in places)
            self._packages[package] = known
        return known

    @cached_property
    def has_libraries(self) -> bool:
        """Whether the user's code has the package of a library with a catalog: a copy of it, or files to lay over it."""
        return any(self.library_packages_in.values())

    @cached_property
    def library_packages_in(self) -> dict[str, frozenset[str]]:
        """Root → the packages of libraries that lie there."""
        from cfglint.catalog.code import library_packages

        return {os.fspath(root): library_packages(os.fspath(root)) for root in self.roots}

    def has_copy(self, scope: str) -> bool:
        """Whether the user's code has all of the package of a scope."""
        from cfglint.catalog.code import is_copy

        return self.has_libraries and self.code is not None and is_copy(self.code, scope)

    def holds(self, module: str) -> bool:
        """Whether a module of a library is in the user's tree, which replaces the library's."""
        from cfglint.catalog import libraries

        if not self.has_libraries or self.code is None or module not in self.code.files:
            return False
        return libraries.library_of(module.partition('.')[0]) is not None

    def names_key(self, module: str, key: str) -> bool:
        """Whether a module of a library that is in the user's tree takes or reads a key of some dict."""
        return self.holds(module) and self.code is not None and self.code.names_key(module, key)

    def may_have_more(self, scope: str) -> bool:
        """Whether a scope may have components that are not here: the tree has only a part of its package, or is too large."""
        from cfglint.catalog import libraries

        if not self.roots or self.code is None:
            return False
        if not self.code.is_complete:
            return True
        is_here = self.code.has_package(scope) or scope in self.code.scopes
        return is_here and libraries.library_of(scope) is None and not self.is_whole(scope)

    def is_whole(self, package: str) -> bool:
        """Whether all of a package is in the user's tree: nothing there says that it is installed besides."""
        from cfglint.requirements.prose import is_installed_by

        if package not in self._whole:
            is_whole = self.code is not None and self.code.is_whole(package)
            self._whole[package] = is_whole and not any(
                is_installed_by(os.fspath(root), package, self.read_too) for root in self.roots
            )
        return self._whole[package]

    def named_file(self, name: str) -> str | None:
        """Return the file that a config names for its program to read, from where that is started or from a root.

        Args:
            name: Its path, as a config says it.

        Returns:
            The path; empty if the file is outside of the roots: nobody would notice when it changes. None if there is none.
        """
        for folder in (os.getcwd(), *self.roots):
            path = os.path.abspath(os.path.join(folder, name))
            if os.path.isfile(path):
                is_below = any(path.startswith(os.path.join(root, '')) for root in self.roots)
                return path if is_below and self.code is not None else ''
        return None

    def imports_itself(self, package: str) -> bool:
        """Tell whether MMEngine imports a package of the user's for its registries: they are made with `locations`."""
        if package not in self._itself:
            self._itself[package] = any(self._has_locations(package))
        return self._itself[package]

    def _has_locations(self, package: str) -> Iterator[bool]:
        code = self.code
        if code is None:
            return
        for module, scan in code.scans.items():
            if scan.makes_registries and module.partition('.')[0] == package:
                yield b'locations' in (code.data(code.files[module]) or b'')

    def reached(self, imports: tuple[str, ...]) -> frozenset[str]:
        """Return the modules of the user's code that are imported with some of them."""
        if imports not in self._reached:
            self._reached[imports] = frozenset(self._find_reached(imports))
        return self._reached[imports]

    def _find_reached(self, imports: tuple[str, ...]) -> Iterator[str]:
        code = self.code
        if code is None:
            return
        # Which folders are on `sys.path` is not known: `own.heads` may be `src/own/heads.py`.
        waiting = [module for module in code.files if any(f'.{module}'.endswith(f'.{name}') for name in imports)]
        seen: set[str] = set()
        while waiting:
            module = waiting.pop()
            if module in seen:
                continue
            seen.add(module)
            if module in code.files:
                yield module
                waiting += code.imports.get(module, ())
            waiting += [*_packages(module)[1:], module.partition('.')[0]]

    @cached_property
    def imported_modules(self) -> frozenset[str]:
        """The modules that some module of the user's code imports: what they register is known without `custom_imports`."""
        by_module = {} if self.code is None else self.code.imports
        outside = {each for module, names in by_module.items() for each in names if not _is_within(each, module)}
        found = set(outside)
        for module, names in by_module.items():
            # What only the modules of one package import of each other is not imported until something imports that.
            if '.' not in module or any(_is_imported(part, outside) for part in _packages(module)):
                found |= names
        return frozenset(found)

    @cached_property
    def mentioned_modules(self) -> frozenset[str]:
        """The modules that some module of the user's code names in an import, imported itself or not."""
        return frozenset() if self.code is None else frozenset().union(*self.code.imports.values())


def _packages(module: str) -> list[str]:
    """Return the packages that a module is in, itself included: `a.b.c`, `a.b`."""
    parts = module.split('.')
    return ['.'.join(parts[:end]) for end in range(len(parts), 1, -1)]


def _is_within(name: str, module: str) -> bool:
    """Tell whether a module imports something of the package that it is in, or that it is."""
    packages = _packages(module)
    return bool(packages) and any(f'{name}.'.startswith(f'{package}.') for package in packages)


def _is_imported(module: str, names: Set[str]) -> bool:
    """Tell whether a module is among names; which folders are on `sys.path` is not known."""
    parts = module.split('.')
    return any('.'.join(parts[start:]) in names for start in range(len(parts)))
