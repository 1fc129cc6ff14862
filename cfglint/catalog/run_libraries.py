"""The component catalogs as rules see them: the targeted releases, and the user's own code when they do not suffice."""

from __future__ import annotations

import functools
import os
from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING, Any, Literal

from cfglint.catalog.libraries import ROOT_SCOPES
from cfglint.catalog.own_code import OwnCode
from cfglint.catalog.used_libraries import Usage, joined, usage_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence, Set

    from cfglint.catalog import Installation
    from cfglint.catalog.asked import Target
    from cfglint.catalog.containers import Containers, Handling
    from cfglint.catalog.model import Resolved
    from cfglint.catalog.targets import Targets
    from cfglint.era import Era


UNKNOWN_SCOPE = '?'
"""What stands for a default scope that is not known; no library is called so."""


class Libraries:
    """The releases that the configs of a run are checked against.

    Args:
        targets: Chooses the release of each library; the newest of each if not given.
        roots: The folders from which the user's own modules are imported; indexed when a type is in no library.
        cache: Where the index of those modules is kept.
        era: 1 for configs of MMEngine, 0 for those of 0.x (mmcv 1.x).
        texts: What counts in place of the modules on disk, by path; None for one that counts as absent.
    """

    def __init__(
        self,
        targets: Targets | None = None,
        roots: Sequence[str | os.PathLike[str]] = (),
        cache: str | None = None,
        era: Literal[0, 1] = 1,
        texts: Mapping[str, bytes | None] | None = None,
    ) -> None:
        self.era = era
        self._texts = texts or {}
        self._targets = targets
        self._roots = roots
        self._cache = cache
        self.own = OwnCode(roots, cache, self._texts, lambda: self._outside(ROOT_SCOPES[era]))
        self._is_pinned = False
        self.checks_mmengine = False
        """Whether the arguments of MMEngine's own components are compared with the catalog: section models know more of
        the newest release, the catalog knows all releases."""
        self._installations: dict[tuple[str, bool], Installation] = {}
        self._outsides: dict[str, Installation] = {}
        self._by_era: dict[Era, Libraries] = {}
        self._parts: dict[tuple[str, ...], Libraries] = {}
        self._shadowed: dict[str, frozenset[str]] = {}
        self._used_elsewhere: list[Usage] = []
        self.resolved: dict[tuple[Any, ...], Resolved | None] = {}
        """What the types of configs stand for, by value, registry, scope, slot and default scope; see `resolve`."""
        self._by_word: dict[tuple[str, str], list[Resolved | None]] = {}
        self._listed = 0

    @cached_property
    def targets(self) -> Targets:
        """What chooses the release of each library."""
        from cfglint.catalog.targets import Targets

        return self._targets or Targets(folders=self._roots, installed=lambda distribution: None)

    @cached_property
    def legacy(self) -> Libraries:
        """The same for configs of 0.x: the releases that are built on mmcv 1.x."""
        return Libraries(self.targets, self._roots, self._cache, 0, self._texts)

    def for_config(self, era: Era, path: str = '') -> Libraries:
        """Return what a config of an era is checked against: the 0.x releases only where the project is for them."""
        nearest = self._nearest_to(path)
        if nearest is not self:
            return nearest.for_config(era, path)
        if self.era == 0:
            return self
        if era not in self._by_era:
            self._by_era[era] = self.legacy if self._is_for_legacy(era) else self
        return self._by_era[era]

    def _is_for_legacy(self, era: Era) -> bool:
        if self.targets.era() == 0:
            # One with sections of MMEngine is no right config of 0.x; but a requirement may be out of date.
            return era in ('0.x', 'neutral', 'own') or (era == 'mixed' and self.targets.is_for_legacy)
        return era == '0.x' and len(self.targets.eras) > 1  # a part of the project is for 0.x: the config tells which

    def installation(self, scope: str, *, with_local: bool = False) -> Installation:
        """Return the releases for configs of a default scope, with or without the user's own code.

        Where the user's code has a library's package, that goes before the catalog, whether asked for or not.
        """
        key = (scope, with_local or self.own.has_libraries)
        if key not in self._installations:
            local = self.own.code if key[1] else None
            self._installations[key] = self.targets.installation([scope], local, era=self.era)
        return self._installations[key]

    def finds_base(self, written: object) -> bool:
        """Tell whether a base is written as seen from the repository, which has a loader of its own that may look there."""
        if not isinstance(written, str) or not any(os.path.isfile(os.path.join(root, written)) for root in self._roots):
            return False
        return self.targets.stated.reads_bases_itself

    def shadowed(self, scope: str) -> frozenset[str]:
        """Return the names of MMEngine's that a library has for components of its own: there, they are not MMEngine's."""
        if scope == UNKNOWN_SCOPE and scope not in self._shadowed:
            from cfglint.catalog.libraries import libraries, newest, scope_of

            scopes = [scope_of(library) for library in libraries() if newest(library) is not None]
            self._shadowed[scope] = frozenset().union(*map(self.shadowed, scopes))
        if scope not in self._shadowed:
            self._shadowed[scope] = frozenset(self._find_shadowed(scope)) if scope != 'mmengine' else frozenset()
        return self._shadowed[scope]

    def _find_shadowed(self, scope: str) -> Iterator[str]:
        installation, root = self._outside(scope), self._names_of_mmengine
        own = {name for registry in installation.registries(scope) for name in installation.names(registry, scope)}
        yield from own & root
        local = self.own.code if self.own.has_libraries else None
        if local is None:
            return
        for name in root - own:
            if any(each.key.endswith(f'@{scope}') for each in local.named(name)):
                yield name

    @cached_property
    def _names_of_mmengine(self) -> set[str]:
        installation = self._outside('mmengine')
        every = (installation.names(registry, 'mmengine') for registry in installation.registries('mmengine'))
        return set().union(*every)

    def over(self, texts: Mapping[str, bytes | None]) -> Libraries:
        """Return the same libraries, with other texts of the user's modules."""
        return Libraries(self.targets, self._roots, self._cache, self.era, texts)

    def pinned(self, library: str, release: str) -> Libraries:
        """Return the same libraries, but one of them in another release; what is the user's own is shared."""
        other = Libraries(self.targets.with_release(library, release), self._roots, self._cache, self.era, self._texts)
        other.own = self.own
        other._is_pinned = True
        other.checks_mmengine = True
        return other

    def _outside(self, scope: str) -> Installation:
        """Return the releases without anything of the user's own."""
        if scope not in self._outsides:
            self._outsides[scope] = self.targets.installation([scope], None, era=self.era)
        return self._outsides[scope]

    def handling(self, holder: tuple[str, tuple[str, ...]]) -> Handling:
        """Return what a class does with the dict that stands at some keys of its arguments; only user's code is known."""
        from cfglint.catalog.containers import OPEN

        return OPEN if self.own.code is None else self._containers.handling(*holder)

    def own_root(self, registry: str) -> str | None:
        """Return `REGISTRY@scope` of a registry of the user's that has no parent."""
        return self._containers.own_root(registry)

    @cached_property
    def _containers(self) -> Containers:
        from cfglint.catalog.containers import Containers

        assert self.own.code is not None
        return Containers(self.own.code, self.installation(ROOT_SCOPES[self.era], with_local=True))

    @property
    def knows_local(self) -> bool:
        """Whether the user's own code was looked into."""
        return self.own.is_indexed or any(part.knows_local for part in self._parts.values())

    @property
    def roots(self) -> Sequence[str | os.PathLike[str]]:
        """The folders from which the user's own modules are imported."""
        return self._roots

    @cached_property
    def _rivals(self) -> frozenset[str]:
        """The packages that lie in several roots: a config means the one that is nearest."""
        every = [package for packages in self.own.library_packages_in.values() for package in packages]
        return frozenset(package for package in every if every.count(package) > 1)

    def _nearest_to(self, path: str) -> Libraries:
        """Return what a config is checked against where several roots have a copy of the same library: the nearest one."""
        if len(self._roots) < 2 or self._is_pinned or not self._rivals:
            return self
        above = [root for root in self.own.library_packages_in if path.startswith(os.path.join(root, ''))]
        nearest = {
            package: max(
                (root for root in above if package in self.own.library_packages_in[root]), key=len, default=None
            )
            for package in self._rivals
        }
        left_out = [
            root
            for root, packages in self.own.library_packages_in.items()
            if any(nearest[package] not in (None, root) for package in packages & self._rivals)
        ]
        roots = tuple(root for root in self.own.library_packages_in if root not in left_out)
        if not left_out:
            return self
        if roots not in self._parts:
            self._parts[roots] = Libraries(self.targets, roots, self._cache, self.era, self._texts)
        return self._parts[roots]

    def is_official(self, module: str) -> bool:
        """Whether a module of the user's tree is one that a library's release has, too: a copy, changed maybe."""
        from cfglint.catalog import libraries

        package = module.partition('.')[0]
        library = libraries.library_of(package)
        if library is None or libraries.scope_of(library) != package:
            return False
        release = self._outside(package).release(library)
        return release is not None and release.module(module) is not None

    @property
    def touched(self) -> set[str]:
        """The files, beside modules, that were read or looked for to tell what the user's code is."""
        return self.own.read_too.union(*(part.touched for part in self._parts.values()))

    def chosen(self) -> list[Target]:
        """Return the releases of the libraries that configs have used so far, in the order of the libraries."""
        from cfglint.catalog import libraries

        usages = [self.usage(), *self._used_elsewhere]
        used = self.used()
        scopes = sorted({scope for each in usages for scope in each.scopes})
        root = ROOT_SCOPES[self.era]
        # What files without a scope (bases, mostly) are checked against says nothing of the others.
        installations = [self.installation(scope) for scope in scopes if scope != root or len(scopes) == 1]
        found = {
            (target.library, target.release): target
            for library in libraries.libraries()
            if library in used and library not in ('torch', 'torchvision')
            for each in installations
            if (target := self.targets.chosen(library, each)) is not None
            and (library in each.used or not any(library in other.used for other in installations))
        }
        return [*found.values(), *(self.legacy.chosen() if 'legacy' in self.__dict__ else ())]

    def used(self) -> frozenset[str]:
        """Return the libraries whose components configs have used so far."""
        return frozenset().union(*(usage.libraries for usage in (self.usage(), *self._used_elsewhere)))

    def uses_own(self) -> bool:
        """Tell whether configs have used classes of the user's so far."""
        usages = [self.usage(), *self._used_elsewhere]
        own = (each.has_own or (each.legacy is not None and each.legacy.has_own) for each in usages)
        return self.own.has_libraries or any(own)

    def all_targets(self) -> list[Target]:
        """Return the release of each library that has one for configs of the project's era, used or not."""
        from cfglint.catalog import libraries

        found: list[Target] = []
        for era in sorted(self.targets.eras) or [1]:
            side = self if era else self.legacy
            for library in libraries.libraries():
                target = side.targets.chosen(library, side.installation(library))
                if target is not None and _is_of(target, era):
                    found.append(target)
        return list(dict.fromkeys(found))

    def usage(self) -> Usage:
        """Return what has been used so far, for another process to `add`."""
        legacy = self.legacy.usage() if 'legacy' in self.__dict__ else None
        scopes = frozenset(default for _, _, _, _, default, *_ in self.resolved)
        own = self._usage_of(self.resolved.values(), scopes, legacy)
        return functools.reduce(joined, (part.usage() for part in self._parts.values()), own)

    def usage_by(self, words: Set[Any], scope: str) -> Usage:
        """Return what a config uses.

        Args:
            words: What its types name, and more.
            scope: Its default scope.
        """
        for (value, _, _, _, default, *_), resolved in islice(self.resolved.items(), self._listed, None):
            name = value if isinstance(value, str) else value.name.rpartition('.')[2]
            self._by_word.setdefault((name, default), []).append(resolved)
        self._listed = len(self.resolved)
        found = [resolved for word in words for resolved in self._by_word.get((word, scope), ())]
        usage = self._usage_of(found, frozenset({scope} if found else ()))
        return usage if self.era else Usage(frozenset(), frozenset(), {}, legacy=usage)

    def _usage_of(
        self, found: Collection[Resolved | None], scopes: frozenset[str], legacy: Usage | None = None
    ) -> Usage:
        is_cut = self.own.is_indexed and self.own.code is not None and not self.own.code.is_complete
        return usage_of(found, scopes, legacy, is_cut=is_cut)

    def add(self, usage: Usage) -> None:
        """Count what another process has used."""
        self._used_elsewhere.append(usage)
        if usage.legacy is not None:
            self.legacy.add(usage.legacy)

    def unchecked(self) -> dict[str, str]:
        """Return the components whose arguments could not be checked so far, with the reason."""
        found = {path: why for usage in (self.usage(), *self._used_elsewhere) for path, why in usage.unchecked.items()}
        return {**found, **(self.legacy.unchecked() if 'legacy' in self.__dict__ else {})}


def _is_of(target: Target, era: int) -> bool:
    from cfglint.catalog import libraries

    return target.library in ('torch', 'torchvision') or libraries.era(target.library, target.release) == era
