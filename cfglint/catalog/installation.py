"""Releases of all libraries that are taken to be installed together, and the lookups that MMEngine would do there."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

from cfglint.catalog import libraries
from cfglint.catalog.code import takes_the_same
from cfglint.catalog.model import Component, Signature
from cfglint.catalog.names import Located, Missing, Unknown
from cfglint.catalog.packages import Packages
from cfglint.catalog.releases import Releases, era_of
from cfglint.catalog.signatures import Signatures

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator, Mapping, Sequence, Set

    from cfglint.catalog.code import Code, Release
    from cfglint.catalog.local import LocalCode
    from cfglint.catalog.names import Names, Result
    from cfglint.catalog.store import Each, Stored
    from cfglint.catalog.tables import Registration


class _Shelf(NamedTuple):
    """What some code has in one registry of a scope."""

    registry: str
    code: Code
    registered: Mapping[str, str]
    """Name → path."""
    loops: bool
    """Whether it registers what another library has, too."""


class Installation:
    """A release of each library, and optionally a user's own code.

    `targets` maps distributions to releases, `ranges` to those that fit (see `Releases`). Libraries may register into the
    scope of another one (mmaction2 has heads for mmdet); that counts for the targets and for those in `uses`, the
    libraries that a config imports.

    Lookups follow MMEngine's `Registry.get`: own scope, then the root registry; a prefix switches the scope; what is
    not registered is tried as a dotted path.

    Of a library in `forks`, another version than the catalog's is used: it may have more names, and take more arguments.
    """

    def __init__(
        self,
        targets: Mapping[str, str] | None = None,
        local: LocalCode | None = None,
        era: int | None = None,
        uses: Iterable[str] = (),
        ranges: Mapping[str, tuple[str, ...]] | None = None,
        forks: Container[str] = (),
    ) -> None:
        self.forks = forks
        self.targets = {libraries.library_of(name) or name: release for name, release in (targets or {}).items()}
        self.local = local
        self._used = dict.fromkeys([*self.targets, *(ranges or {}), *uses, 'mmengine', 'mmcv'])
        self.era = era_of(self.targets) if era is None else era
        self.root = libraries.ROOT_SCOPES[self.era]
        self._releases = Releases(self.targets, ranges or {}, self._used, self.era)
        self._packages = Packages(self._releases, local, forks)
        self._components: dict[tuple[str | None, str, str], Component | None] = {}
        self._chains: dict[str, tuple[str, ...]] = {}
        self._definitions: dict[str, str] = {}
        self._sources: dict[tuple[str, str], list[Code]] = {}
        self._registries: dict[str, list[str]] = {}
        self._names: dict[str, dict[str, tuple[str, Code]]] = {}
        self._each: dict[tuple[int, str], dict[str, str]] = {}
        self._shelves: dict[tuple[str | None, str, str], list[_Shelf]] = {}
        self._signatures = Signatures(self)

    def release(self, library: str) -> Release | None:
        """The release taken of a library; None when there is no catalog of it."""
        return self._releases.of(library)

    def takes(self, library: str, version: str) -> bool:
        """Whether a release of a library can be imported beside the targets."""
        return self._releases.takes(library, version)

    @property
    def used(self) -> Iterable[str]:
        """The libraries that are targeted, or that the config imports."""
        return self._used

    def find(self, name: str, registry: str | None = None, scope: str | None = None) -> Component | None:
        """What `type=name` is in the `registry` (`MODELS`; None: any) of a default scope; None when it is nothing.

        An object of a library without a catalog is a component of kind `unknown`.
        """
        key = (registry, scope or self.root, name)
        if key not in self._components:
            self._components[key] = self._find(name, registry, scope or self.root)
        return self._components[key]

    def _find(self, name: str, registry: str | None, scope: str) -> Component | None:
        found = self._get(name, registry, scope, 0)
        if found is not None or '.' not in name:
            return found
        if not all(part.isidentifier() for part in name.split('.')):
            return None
        located = self.by_path(name)
        return located if isinstance(located, Component) and located.kind != 'module' else None

    def _get(self, name: str, registry: str | None, scope: str, depth: int) -> Component | None:
        prefix, dot, rest = name.partition('.')
        if not dot:
            found = (self._own(name, registry, each, scope) for each in self.chain(scope))
            return next((component for component in found if component is not None), None)
        if prefix == scope:
            return self._own(rest, registry, scope)
        if depth > 5 or not self.has_scope(prefix):
            return None
        return self._get(rest, registry, prefix, depth + 1)

    def has_scope(self, scope: str) -> bool:
        """Whether any code that is known has registries of a scope."""
        return bool(libraries.contributors(scope)) or (self.local is not None and scope in self.local.scopes)

    def sources(self, scope: str, via: str = '') -> list[Code]:
        """The code that may register into a scope: the user's, the library itself, then others in use."""
        if (scope, via) not in self._sources:
            self._sources[scope, via] = list(self._registering(scope, via))
        return self._sources[scope, via]

    def _registering(self, scope: str, via: str) -> Iterator[Code]:
        if self.local is not None:
            yield self.local
        own = libraries.library_of(scope)
        used = {*self._used, own, libraries.library_of(via)}
        # What a library registers again in the scope of another one replaces what is there.
        importing = libraries.library_of(via)
        for library in sorted(libraries.contributors(scope), key=lambda name: (name != importing, name != own)):
            code = self._packages.outside(library) if library in used else None
            if code is not None:
                yield code

    def registries(self, scope: str) -> list[str]:
        """The root names of the registries that have something in a scope."""
        found = self._registries.get(scope)
        if found is None:
            found = self._registries[scope] = _registries_of(self.sources(scope), scope)
        return found

    def names(self, registry: str, scope: str) -> dict[str, tuple[str, Code]]:
        """Everything registered in one registry of a scope: name → path and the code that registers it."""
        key = f'{self.root_name(registry, scope)}@{scope}'
        if key not in self._names:
            found = self._names[key] = {}
            for code in self.sources(scope):
                for table in (code.registered(key), self._loops(code, key)):
                    for name, path in table.items():
                        found.setdefault(name, (path, code))
        return self._names[key]

    def root_name(self, registry: str, scope: str) -> str:
        """The root registry's name of a library's variable (0.x: `BACKBONES` → `MODELS`)."""
        release = self.release(libraries.library_of(scope) or '')
        return registry if release is None else release.catalog.root_name(registry, release.index)

    def is_below_root(self, registry: str) -> bool:
        """Whether libraries have a registry below MMEngine's of that name.

        Any other is a root of its own: MMEngine looks there from all scopes, because it finds no sibling to switch to.
        """
        release = self.release(libraries.library_of(self.root) or '')
        return release is None or f'{registry}@{self.root}' in release.catalog.registries(release.index).values()

    def chain(self, scope: str) -> tuple[str, ...]:
        """The scopes in which a name without a prefix is looked up: the scope itself, then the root.

        There were no scopes in the days of 0.x: a library that registers into another one's registries (mmocr into
        mmdet's) finds everything that is in them.
        """
        if scope not in self._chains:
            release = self.release(libraries.library_of(scope) or '') if self.era == 0 else None
            foreign = (
                (key.partition('@')[2] for key in release.registry_keys() if release.registered(key))
                if release is not None
                else ()
            )
            self._chains[scope] = tuple(dict.fromkeys([scope, *foreign, self.root]))
        return self._chains[scope]

    def _own(self, name: str, registry: str | None, scope: str, via: str = '') -> Component | None:
        """Look in one scope only; the library of the scope `via` is imported, so what it registers there counts."""
        if self.local is not None and (found := self._in_tree(self.local, name, registry, scope)) is not None:
            return found
        for shelf in self._shelves_of(registry, scope, via):
            path = shelf.registered.get(name)
            if path is None and shelf.loops:
                path = self._loops(shelf.code, f'{shelf.registry}@{scope}').get(name)
            if path is not None:
                return self._component(name, path, shelf.code, shelf.registry, scope)
        return None

    def _in_tree(self, local: LocalCode, name: str, registry: str | None, scope: str) -> Component | None:
        """Look in the user's own code, where each module is read only when it may have the name."""
        named = local.named(name)
        if not named:
            return None
        wanted = None if registry is None else self.root_name(registry, scope)
        fitting = [each for each in named if each.key == f'{wanted or each.key.partition("@")[0]}@{scope}']
        if not fitting:
            return None
        # A copy of the library goes before what lies beside it; then the first counts, unless another one is forced.
        inside = [each for each in fitting if each.module.partition('.')[0] == scope] or fitting
        found = next((each for each in reversed(inside) if each.force), inside[0])
        code = self._copied(local, found) or local
        return self._component(name, found.path, code, found.key.partition('@')[0], scope)

    def _copied(self, local: LocalCode, found: Registration) -> Release | None:
        """The release of which the tree has a copy, if that registers the same: then it is not the user's own."""
        package = found.module.partition('.')[0]
        library = libraries.library_of(package)
        release = None if library is None or libraries.scope_of(library) != package else self.release(library)
        path = None if release is None else release.registered(found.key).get(found.name)
        if release is None or path is None:
            return None
        return release if takes_the_same(local.object(found.path), release.object(path)) else None

    def _shelves_of(self, registry: str | None, scope: str, via: str) -> list[_Shelf]:
        """Return where a name of a registry, or of any, is looked for in a scope."""
        key = (registry, scope, via)
        if key not in self._shelves:
            outside = [code for code in self.sources(scope, via) if code is not self.local]
            wanted = [self.root_name(registry, scope)] if registry is not None else _registries_of(outside, scope)
            shelves = (
                _Shelf(each, code, code.registered(f'{each}@{scope}'), bool(code.each(f'{each}@{scope}')))
                for each in wanted
                for code in outside
            )
            self._shelves[key] = [shelf for shelf in shelves if shelf.registered or shelf.loops]
        return self._shelves[key]

    def _loops(self, code: Code, key: str) -> dict[str, str]:
        asked = (id(code), key)
        if asked not in self._each:
            self._each[asked] = {name: path for loop in code.each(key) for name, path in self._loop(loop)}
        return self._each[asked]

    def _loop(self, loop: Each) -> Iterator[tuple[str, str]]:
        for name in self._packages.exported(loop.module):
            found = self.locate(f'{loop.module}.{name}')
            if not isinstance(found, Located) or not name[:1].isupper():
                continue
            stored = self.object(found.path)
            if stored is None or stored.body['kind'] != 'class':
                continue
            if loop.without is not None and self.derives(found.path, loop.without):
                continue
            if loop.base is None or self.derives(found.path, loop.base):
                yield loop.prefix + loop.rename.get(name, name), f'{loop.module}.{name}'

    def _component(self, name: str, path: str, code: Code, registry: str, scope: str) -> Component:
        found = self.by_path(path)
        if isinstance(found, Component):
            return Component(
                name,
                found.path,
                code.library,
                code.version,
                found.kind,
                found.line,
                registry,
                scope,
                found.bases,
                found.deprecated,
            )
        return Component(name, path, code.library, code.version, 'unknown', 0, registry, scope)

    def by_path(self, path: str) -> Component | Missing | Unknown:
        """What a dotted path (`mmdet.models.RetinaHead`) is: re-exports are followed to the definition.

        Its `kind` is `class`, `function`, `module`, `other` (a variable) or, in a library without a catalog, `unknown`.
        """
        direct = self.object(path)
        if direct is not None:
            # The usual case: what registers a class knows where it is defined.
            return self._defined(path.rpartition('.')[2], path, direct)
        found = self.locate(path)
        if isinstance(found, Missing):
            return found
        name = path.rpartition('.')[2]
        if isinstance(found, Unknown):
            # Nothing is known of builtins and of what is not installed; a bare word is no path.
            return Component(name, found.path, '', '', 'unknown', 0) if '.' in found.path else found
        stored = self.object(found.path) if found.name else None
        if stored is not None:
            return self._defined(name, found.path, stored)
        code = self.code(found.module)
        library, version = (code.library, code.version) if code is not None else ('', '')
        return Component(name, found.path, library, version, 'other' if found.name else 'module', 0)

    def _defined(self, name: str, path: str, stored: Stored) -> Component:
        code, body = self.code(path), stored.body
        library, version = (code.library, code.version) if code is not None else ('', '')
        return Component(
            name,
            path,
            library,
            version,
            body['kind'],
            stored.line,
            '',
            '',
            tuple(body.get('bases', ())),
            body.get('deprecated'),
        )

    def registry_key(self, path: str) -> str | None:
        """`REGISTRY@scope` of a registry by its dotted path (`mmdet.registry.MODELS`)."""
        found = self.locate(path)
        if not isinstance(found, Located):
            return None
        code = self.code(found.module)
        return code.registry_key(found.path) if code is not None else None

    def code(self, module: str) -> Code | None:
        """The code that holds a module's package."""
        return self._packages.code(module)

    def modules(self, name: str) -> Names | Missing | None:
        """The names of a module (see `names.Modules`)."""
        return self._packages.modules(name)

    def exported(self, module: str) -> list[str]:
        """The names that a module has at run time, as far as they are known; star imports included."""
        return self._packages.exported(module)

    def locate(self, path: str) -> Result:
        """Where a dotted path is defined, re-exports followed."""
        return self._packages.locate(path)

    def object(self, path: str) -> Stored | None:
        """The class or function defined exactly at a path."""
        return self._packages.object(path)

    def signature(self, component: Component) -> Signature:
        """What building a component takes."""
        return self._signatures.of(component.path)

    def signature_at(self, path: str) -> Signature:
        """What calling the class or function at a dotted path takes."""
        return self._signatures.of(path)

    def complete(self, signature: Signature, arguments: Mapping[str, Any], scope: str | None = None) -> Signature:
        """A signature whose `built` component is known by the arguments that a config gives.

        `RandomResize(scale, resize_type='Resize', **resize_kwargs)` takes what the `Resize` of the scope takes.
        """
        built = signature.built
        if built is None:
            return signature
        type_ = built.names(arguments)
        component = self.find(type_, None, scope) if isinstance(type_, str) else None
        if component is None or component.kind == 'unknown':
            return signature
        inner = self.signature(component)
        parameters = {
            name: value._replace(required=False) for name, value in inner.parameters.items() if name not in built.given
        }
        return Signature(
            {**parameters, **signature.parameters},
            inner.extra,
            inner.why,
            signature.fixed,
            {**inner.renamed, **signature.renamed},
        )

    def mro(self, path: str) -> tuple[str, ...]:
        """The classes that a class inherits from, itself first; unknown ones included by their path."""
        return self._signatures.mro(path)

    def derives(self, path: str, base: str) -> bool:
        """Whether the class at `path` is, or inherits from, the class at `base` (re-exports followed)."""
        return self._definition(base) in self.mro(path)

    def overrides(self, path: str, base: str, methods: Set[str]) -> bool:
        """Whether the class at `path`, or one between it and `base`, is the user's own and defines one of some methods.

        What is copied from a library does not count.
        """
        mro, definition = self.mro(path), self._definition(base)
        below = mro[: mro.index(definition)] if definition in mro else mro
        return any(not methods.isdisjoint(self._own_methods(each)) for each in below)

    def is_copied(self, path: str) -> bool:
        """Whether the class at `path` is in the user's own code, with the bases and parameters that a release's has."""
        library = None if self.local is None else libraries.library_of(path.partition('.')[0])
        release = None if library is None else self.release(library)
        own = None if self.local is None or release is None else self.local.object(path)
        return own is not None and release is not None and takes_the_same(own, release.object(path))

    def _own_methods(self, path: str) -> Sequence[str]:
        own = None if self.local is None else self.local.object(path)
        return () if own is None or self.is_copied(path) else own.body.get('methods', ())

    def _definition(self, path: str) -> str:
        if path not in self._definitions:
            located = self.locate(path)
            self._definitions[path] = located.path if isinstance(located, (Located, Unknown)) else path
        return self._definitions[path]

    @cached_property
    def scopes(self) -> tuple[str, ...]:
        """The scopes of all libraries that have a catalog."""
        return tuple(dict.fromkeys(libraries.scope_of(library) for library in libraries.libraries()))


def _registries_of(codes: Sequence[Code], scope: str) -> list[str]:
    keys = (
        key
        for code in codes
        for key in code.registry_keys()
        if key.endswith('@' + scope) and (code.registered(key) or code.each(key))
    )
    return list(dict.fromkeys(key.partition('@')[0] for key in keys))
