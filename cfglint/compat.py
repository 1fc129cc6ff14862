"""In which releases of the libraries a config works: all of its types and arguments exist there."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from cfglint.catalog import libraries as known
from cfglint.catalog import suggest
from cfglint.catalog.releases import accepts
from cfglint.catalog.store import Catalog
from cfglint.era import era_of, is_entry
from cfglint.rules.component.faults import Lacking, Refused, Unresolved, faults
from cfglint.rules.component.imports import absent_imports
from cfglint.rules.context import Context
from cfglint.rules.reading.items import replaced_type
from cfglint.rules.reading.lookup import Use, resolve
from cfglint.rules.reading.uses import collect
from cfglint.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from cfglint.catalog.run_libraries import Libraries
    from cfglint.language.config import Config
    from cfglint.language.places import Span


class Reason(NamedTuple):
    """Why a config does not work in a release; without a place where another library refuses the release."""

    message: str
    span: Span | None = None
    key: str | None = None
    owner: str = ''
    """The library whose class or name it is about."""


class Tried(NamedTuple):
    """One release of a library."""

    release: str
    reasons: tuple[Reason, ...]

    @property
    def works(self) -> bool:
        """Whether all that the config uses exists there."""
        return not self.reasons


@dataclass(frozen=True)
class Compatibility:
    """The releases of one library, oldest first, for one config."""

    library: str
    tried: tuple[Tried, ...]
    era: int = 1
    """Of which era the releases are."""

    @property
    def working(self) -> tuple[str, ...]:
        """The releases that work."""
        return tuple(each.release for each in self.tried if each.works)

    @property
    def first(self) -> str | None:
        """The first release that works."""
        return next(iter(self.working), None)

    @property
    def last(self) -> str | None:
        """The last release that works."""
        return next(reversed(self.working), None)


class Releases:
    """Tries configs in all releases of the libraries that they use.

    Args:
        libraries: What is taken of all libraries but the one that is tried.
    """

    def __init__(self, libraries: Libraries) -> None:
        self._libraries = libraries
        self._workspace = Workspace(libraries)
        self._pinned: dict[tuple[str, str], Workspace] = {}

    def of(self, config: Config) -> list[Compatibility]:
        """Return the libraries that a config uses, with their releases: those of 0.x for a config of 0.x."""
        era = era_of(config)
        if era == 'own':
            return []
        if era == '0.x' and self._libraries.era == 1:
            return self._legacy.of(config)
        context = Context(config, era, is_entry=is_entry(config), workspace=self._workspace)
        scope = context.scope if context.is_legacy else None
        return [self._compatibility(config, library, scope) for library in _used(context)]

    @cached_property
    def _legacy(self) -> Releases:
        return Releases(self._libraries.legacy)

    def _compatibility(self, config: Config, library: str, scope: str | None) -> Compatibility:
        era = self._libraries.era
        asked = self._libraries.targets.ranges.get(library)
        releases = [release for release in asked or known.releases(library) if known.era(library, release) == era]
        tried = [self._try(config, library, release, scope) for release in releases]
        common = frozenset.intersection(*(frozenset(each.reasons) for each in tried)) if tried else frozenset()

        def counts(reason: Reason) -> bool:
            # What is wrong beside every release says nothing about this library; nor does what a release of another one
            # lacks which was taken only because it accepts this one.
            settled = self._libraries.targets.known(reason.owner) if reason.owner else None
            return reason.owner == library or (reason not in common and (not reason.owner or settled is not None))

        kept = (Tried(release, tuple(filter(counts, reasons))) for release, reasons in tried)
        return Compatibility(library, tuple(kept), era)

    def _try(self, config: Config, library: str, release: str, scope: str | None) -> Tried:
        if (library, release) not in self._pinned:
            self._pinned[library, release] = Workspace(self._libraries.pinned(library, release))
        workspace = self._pinned[library, release]
        context = Context(config, era_of(config), is_entry=is_entry(config), workspace=workspace, legacy_scope=scope)
        found: dict[tuple[str, Span | None], Reason] = {}
        for reason in [*self._refusals(library, release), *_reasons(context)]:
            found.setdefault((reason.message, reason.span), reason)
        return Tried(release, tuple(found.values()))

    def _refusals(self, library: str, release: str) -> Iterator[Reason]:
        """Yield the libraries, of a release that is settled, which refuse to be imported beside this one."""
        for other in known.libraries():
            settled = self._libraries.targets.known(other) if other != library else None
            if settled is None or known.era(other, settled.release) != self._libraries.era:
                continue
            catalog = Catalog.load(other)
            index = catalog.index(settled.release)
            window = None if index is None else catalog.windows(index).get(library)
            if window is not None and not accepts(release, *window):
                yield Reason(f'{other} {settled.release} asserts {library}{window.specifier}', owner=library)


def _used(context: Context) -> list[str]:
    """Return the libraries that a config uses, in the order of the catalogs."""
    found = {
        library for _, library in collect(context, 'libraries', lambda use: _libraries_of(context, use)) if library
    }
    for config in context.lineage:
        modules = (
            (getattr(node, 'module', None) or '' for node in config.imported.values()) if config.style == 'lazy' else ()
        )
        found.update(
            library for module in modules if (library := known.library_of(module.partition('.')[0])) is not None
        )
    return [library for library in known.libraries() if library in found and library not in ('torch', 'torchvision')]


def _libraries_of(context: Context, use: Use) -> Iterable[str]:
    resolved = resolve(context, use)
    return (_owner(use) if resolved is None else resolved.component.library,)


def _owner(use: Use) -> str:
    """Return the library that should have a type which nothing has."""
    name = getattr(use.type.value, 'name', use.type.value)
    return known.library_of(name.partition('.')[0] if '.' in name else use.scope) or ''


def _reasons(context: Context) -> Iterator[Reason]:
    for config in context.lineage:
        for absent in absent_imports(context, config):
            owner = known.library_of(absent.path.partition('.')[0]) or ''
            yield Reason(f'there is no `{absent.path}`', config.source.span(absent.node), absent.name, owner)
    for fault in faults(context, Unresolved):
        if not _may_be_own(context, fault.use):
            name = getattr(fault.use.type.value, 'name', fault.use.type.value)
            yield Reason(
                f'there is no `{name}`', context.value_span(fault.use.type), fault.use.type.key, _owner(fault.use)
            )
    for refused in faults(context, Refused):
        place = refused.item if replaced_type(refused.item) is None else refused.use.type
        message = f'`{refused.resolved.component.name}` does not take `{refused.item.name}`'
        yield Reason(message, context.key_span(place), refused.item.key, refused.resolved.component.library)
    if context.is_entry and context.partial is None and not context.is_legacy:
        for lacking in faults(context, Lacking):
            message = f'`{lacking.resolved.component.name}` needs `{lacking.name}`'
            key = f'{lacking.use.item.key}.{lacking.name}'
            yield Reason(message, context.value_span(lacking.use.type), key, lacking.resolved.component.library)


def _may_be_own(context: Context, use: Use) -> bool:
    """Tell whether a type that no release of any library has may be registered by what the config imports.

    In 0.x, training scripts import what they like: only what some release of the library has is judged.
    """
    if not isinstance(use.type.value, str) or not (context.is_legacy or context.value('custom_imports')):
        return False
    return not suggest.presence(use.type.value.rpartition('.')[2], None, [_owner(use)] if context.is_legacy else None)


def ranges(tried: Sequence[Tried]) -> list[tuple[str, str, tuple[Reason, ...]]]:
    """Join releases that follow each other and have the same reasons: first, last, reasons."""
    found: list[tuple[str, str, tuple[Reason, ...]]] = []
    for release, reasons in tried:
        if found and found[-1][2] == reasons:
            found[-1] = (found[-1][0], release, reasons)
        else:
            found.append((release, release, reasons))
    return found
