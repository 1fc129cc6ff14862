"""What the targeted releases of libraries do not have any more, and what took over."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Literal, NamedTuple

from cfglint.catalog import Component, Installation, Missing, libraries
from cfglint.catalog.code_facts import PACKAGES, code_facts, moved, moved_by_name
from cfglint.catalog.library_index import taken_over
from cfglint.catalog.names import Names
from cfglint.catalog.successors import type_instead

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from cfglint.catalog.code import Release
    from cfglint.catalog.targets import Targets


class Place(NamedTuple):
    """From where to import something today."""

    module: str
    name: str

    @property
    def path(self) -> str:
        """Its dotted path."""
        return f'{self.module}.{self.name}'

    @staticmethod
    def of(path: str) -> Place:
        """Return the place of a dotted path."""
        module, _, name = path.rpartition('.')
        return Place(module, name)


Use = Literal['same', 'call', 'decorator', 'other']
"""How what took over is used: like the old thing (`same`); by a method (`call`); not at all, since it was a `decorator`
that can be dropped; or in another way, which only a person knows (`other`)."""


class Gone(NamedTuple):
    """A module, or a name of a module, that the targeted release does not have.

    Attributes:
        library: The library.
        release: Its targeted release; empty where the library has ended, and another one took over.
        module: The module that has no such name, or that is absent itself.
        name: The name; empty for a module.
        place: Where the same is today, or what took over; none if that is not known.
        use: How it is used.
        call: The method of what took over that does what the old function did.
        differs: What is different about what took over.
        drops_arguments: Whether the arguments of the old function have no meaning any more.
        advice: What to do where there is no such place; `{}` stands for the names.
        is_renamed_package: Whether only the library has another name: it had a release for MMEngine that has the name.
    """

    library: str
    release: str
    module: str
    name: str
    place: Place | None = None
    use: Use = 'same'
    call: str = ''
    differs: str = ''
    drops_arguments: bool = False
    advice: str = ''
    is_renamed_package: bool = False


class Releases:
    """The releases that code is checked against.

    Args:
        installation: The releases.
        is_own: Tells whether a package is in the user's tree: nothing is said of what it has.
        ended: The packages that count as not there, since libraries of another name took over.
    """

    def __init__(
        self, installation: Installation, is_own: Callable[[str], bool], ended: frozenset[str] = frozenset()
    ) -> None:
        self.installation = installation
        self._is_own = is_own
        self._ended = ended
        self._known: dict[tuple[str, str], Gone | None] = {}
        self._kinds: dict[str, frozenset[str]] = {}

    def has_ended(self, package: str) -> bool:
        """Tell whether a package counts as not there, since a library of another name took over."""
        return package in self._ended

    def gone(self, module: str, name: str = '') -> Gone | None:
        """Return what there is to say of a name that is imported from a module, None if it exists or if it is not known.

        Args:
            module: The module.
            name: The name; empty where the module itself is imported.
        """
        key = module, name
        if key not in self._known:
            package = module.partition('.')[0]
            library = libraries.library_of(package)
            is_known = library is not None and library not in ('torch', 'torchvision')
            if not is_known or library is None or libraries.scope_of(library) != package or self._is_own(package):
                self._known[key] = None
            elif package in self._ended:
                self._known[key] = self._of_ended(library, module, name)
            else:
                self._known[key] = self._of_release(library, module, name)
        return self._known[key]

    def _of_release(self, library: str, module: str, name: str) -> Gone | None:
        release = self.installation.release(library)
        path = f'{module}.{name}' if name else module
        missing = self.installation.by_path(path)
        if release is None or not isinstance(missing, Missing) or not f'{path}.'.startswith(f'{missing.module}.'):
            return None
        old = _last_with(release, module, name)
        if old is None:
            return None  # nobody has ever had it: a fork, or a mistake of another kind
        absent = next(
            (each for each in _prefixes(module) if not isinstance(self.installation.modules(each), Names)), ''
        )
        where = (absent, '') if absent else (module, name)
        lost = Gone(library, release.version, *where, advice=_parts(absent))
        return self._with_successor(lost, old, path) if name else lost

    def _of_ended(self, library: str, module: str, name: str) -> Gone | None:
        newest = libraries.newest(library, 0)
        old = None if newest is None else _alone(library, newest)
        path = f'{module}.{name}' if name else module
        if old is None or isinstance(old.by_path(path), Missing):
            return None
        last = libraries.newest(library, 1)
        later = None if last is None else _alone(library, last)
        package = module.partition('.')[0]
        is_only_renamed = later is not None and not isinstance(later.by_path(path), Missing)
        lost = Gone(library, '', package, '', is_renamed_package=is_only_renamed)
        return self._with_successor(lost, old, path) if name else lost

    def _with_successor(self, lost: Gone, old: Installation, path: str) -> Gone:
        """Return what is gone with what took over from the old thing at a path."""
        facts, name = code_facts(), path.rpartition('.')[2]
        was = old.by_path(path)
        origin = was.path if isinstance(was, Component) else path
        package = origin.partition('.')[0]
        key = old.registry_key(path)
        if key is not None or name in facts.registries:
            return lost._replace(place=self._registry(package, name, (key or name).partition('@')[0]))
        if name in facts.decorators:
            return lost._replace(use='decorator', advice=facts.decorators[name])
        renamed = facts.successor(package, name)
        if renamed is not None and self._has(renamed.to):
            use: Use = 'other' if renamed.differs else 'call' if renamed.call else 'same'
            place = Place.of(renamed.to)
            return lost._replace(
                place=place,
                use=use,
                call=renamed.call,
                differs=renamed.differs,
                drops_arguments=renamed.drops_arguments,
            )
        if name in facts.builders:
            registry = self._registry(package, name, facts.builders[name])
            if registry is not None:
                return lost._replace(place=registry, use='call', call='build')
        if name in facts.advice:
            return lost._replace(advice=facts.advice[name])
        home = moved(package).get(origin) or moved_by_name(package).get(name)
        if home is not None and self._has(home):
            return lost._replace(place=Place.of(home))
        return self._as_component(lost, package, name, is_class=isinstance(was, Component) and was.kind == 'class')

    def _as_component(self, lost: Gone, package: str, name: str, *, is_class: bool) -> Gone:
        """Return what is gone with the component that took over from one."""
        successor = type_instead(name, package) if is_class else None
        if not successor:
            return lost
        scope, _, type_ = successor.rpartition('.')
        found = self.installation.find(type_, None, scope or taken_over().get(package) or package)
        if found is None:
            return lost
        place = Place.of(found.path)
        return lost._replace(place=place, use='other', differs=f'it took over from `{name}`')

    def _registry(self, package: str, name: str, variable: str) -> Place | None:
        registries = code_facts().registries
        for scope in (package, taken_over().get(package), 'mmengine'):
            for each in (variable, registries.get(variable), registries.get(name)):
                if scope and scope not in self._ended and each and self._has(f'{scope}.registry.{each}'):
                    return Place(f'{scope}.registry', each)
        return None

    def _has(self, path: str) -> bool:
        package = path.partition('.')[0]
        return package not in self._ended and isinstance(self.installation.by_path(path), Component)

    def kinds(self, path: str) -> frozenset[str]:
        """Return the classes that a class is, as `package.Name`: by the targeted releases, and by those of 0.x."""
        known = self._kinds.get(path)
        if known is None:
            known = self._kinds[path] = self._find_kinds(path)
        return known

    def _find_kinds(self, path: str) -> frozenset[str]:
        found: set[str] = set()
        for each in _mro(self.installation, path):
            was = _mro(_old(), each) if libraries.library_of(each.partition('.')[0]) is not None else ()
            found.update(f'{one.partition(".")[0]}.{one.rpartition(".")[2]}' for one in (each, *was))
        return frozenset(found)


def ended_packages(targets: Targets) -> frozenset[str]:
    """Return the packages whose libraries go on by another name, and of which no release for MMEngine is targeted."""
    return frozenset(
        package
        for package in PACKAGES
        if taken_over().get(package) is not None
        and (
            (target := targets.known(libraries.library_of(package) or '')) is None
            or libraries.era(target.library, target.release) == 0
        )
    )


def _mro(installation: Installation, path: str) -> tuple[str, ...]:
    located = installation.locate(path)
    return installation.mro(path if isinstance(located, Missing) else located.path)


@cache
def _old() -> Installation:
    """Return the last releases of 0.x."""
    return Installation(era=0)


def _parts(module: str) -> str:
    parts = code_facts().packages.get(module)
    return '' if parts is None else f'see `{parts}` for {{}}'


def _prefixes(module: str) -> Iterator[str]:
    parts = module.split('.')
    yield from ('.'.join(parts[:end]) for end in range(1, len(parts) + 1))


def _last_with(release: Release, module: str, name: str) -> Installation | None:
    """Return the newest release of a library that has a module (and, if the targeted one has that, the name)."""
    needs_name = bool(name) and release.module(module) is not None
    for version in reversed(release.catalog.releases):
        old = _alone(release.library, version)
        if isinstance(old.modules(module), Names) and not (
            needs_name and isinstance(old.by_path(f'{module}.{name}'), Missing)
        ):
            return old
    return None


@cache
def _alone(library: str, version: str) -> Installation:
    return Installation({library: version})
