"""What the packages hold that MMEngine would find: the user's own code, and releases of libraries."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cfglint.catalog import libraries
from cfglint.catalog.code import Code, Overlaid, Replaced, is_copy
from cfglint.catalog.names import Missing, Names, Resolver, Result

if TYPE_CHECKING:
    from collections.abc import Container

    from cfglint.catalog.local import LocalCode
    from cfglint.catalog.releases import Releases
    from cfglint.catalog.store import Stored


class Packages:
    """The modules of all packages, and what their names stand for.

    Of a library in `forks`, another version than the catalog's is used: it may have more names.
    """

    def __init__(self, releases: Releases, local: LocalCode | None, forks: Container[str]) -> None:
        self._releases = releases
        self._local = local
        self._forks = forks
        self._codes: dict[str, Code | None] = {}
        self._outsides: dict[str, Code | None] = {}
        self._modules: dict[str, Names | Missing | None] = {}
        self._exported: dict[str, list[str]] = {}
        self._resolver = Resolver(self.modules)

    def code(self, module: str) -> Code | None:
        """Return the code that holds a module's package."""
        package = module.partition('.')[0]
        if package not in self._codes:
            self._codes[package] = self._code(package)
        return self._codes[package]

    def _code(self, package: str) -> Code | None:
        library = libraries.library_of(package)
        is_library = library is not None and libraries.scope_of(library) == package
        if self._local is not None and self._local.has_package(package):
            rest = self.outside(library) if is_library and library is not None else None
            return rest if isinstance(rest, Overlaid) else self._local
        return self._releases.of(library) if is_library and library is not None else None

    def outside(self, library: str) -> Code | None:
        """Return what counts of the release of a library where the user's tree has some of it, or all."""
        if library not in self._outsides:
            release, package = self._releases.of(library), libraries.scope_of(library)
            if release is None or self._local is None or not self._local.has_package(package):
                self._outsides[library] = release
            elif is_copy(self._local, package):
                self._outsides[library] = Replaced(release)
            else:
                self._outsides[library] = Overlaid(release, self._local)
        return self._outsides[library]

    def modules(self, name: str) -> Names | Missing | None:
        """Return the names of a module (see `names.Modules`)."""
        if name not in self._modules:
            code = self.code(name)
            if code is None or code is self._local:
                self._modules[name] = None if self._local is None or code is None else self._local.modules(name)
            else:
                names = code.module(name)
                if code.library in self._forks:
                    self._modules[name] = None if names is None else names._replace(dynamic=True)
                else:
                    self._modules[name] = names or Missing(name, '')
        return self._modules[name]

    def exported(self, module: str) -> list[str]:
        """Return the names that a module has at run time, as far as they are known; star imports included."""
        if module not in self._exported:
            self._exported[module] = []  # what a circle of star imports leads back to adds nothing
            names = self.modules(module)
            starred = (
                name
                for star in (names.stars if isinstance(names, Names) else ())
                for name in self.exported(star)
                if not isinstance(source := self.modules(star), Names) or source.starred(name)
            )
            own = names.bound if isinstance(names, Names) else ()
            self._exported[module] = list(dict.fromkeys([*own, *starred]))
        return self._exported[module]

    def locate(self, path: str) -> Result:
        """Return where a dotted path is defined, re-exports followed."""
        return self._resolver.locate(path)

    def object(self, path: str) -> Stored | None:
        """Return the class or function defined exactly at a path."""
        code = self.code(path)
        return code.object(path) if code is not None else None
