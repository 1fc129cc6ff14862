"""What a `type` stands for: the component of a library, or of the user's own code, that MMEngine would build."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cfglint.catalog.framework import DEMANDED, injected
from cfglint.catalog.libraries import library_of
from cfglint.catalog.model import Component, Extra, Resolved, Signature
from cfglint.catalog.suggest import scope_meant
from cfglint.language.values import Lazy

if TYPE_CHECKING:
    from cfglint.catalog.installation import Installation
    from cfglint.catalog.run_libraries import Libraries


def resolve_type(
    libraries: Libraries,
    value: str | Lazy,
    registry: str | None,
    scope: str,
    slot: str,
    default: str,
    imports: tuple[str, ...],
) -> Resolved | None:
    name = value.name if isinstance(value, Lazy) else value
    is_dotted = '.' in name
    is_foreign = not is_dotted and not libraries.installation(default).has_scope(scope)
    for with_local in (False, True):
        if (is_foreign and not with_local) or (with_local and is_dotted and not _may_be_local(libraries, name)):
            continue
        installation = libraries.installation(default, with_local=with_local)
        found: Any
        found = installation.by_path(name) if isinstance(value, Lazy) else installation.find(name, registry, scope)
        if not isinstance(found, Component) or (
            is_foreign and found.scope != scope and not installation.has_scope(scope)
        ):
            continue
        if found.kind == 'unknown' and not with_local and _may_be_local(libraries, name):
            continue  # a module of the user
        if found.kind == 'unknown' and isinstance(value, str) and scope_meant(installation, name, registry) is not None:
            return None
        if found.library and libraries.era == 0 and is_own_too(libraries, name, registry):
            found = found._replace(kind='unknown')
            return resolved(found, Signature({}, Extra.OPEN), slot, installation)
        if not found.registry:  # named by its path: what MMEngine adds depends on the place all the same
            found = found._replace(registry=registry or '')
        elif isinstance(value, str) and (imports or found.library == ''):
            paths = _registered_as(libraries, found, imports)
            if len(paths) > 1:
                return resolved(found._replace(kind='unknown'), Signature({}, Extra.OPEN), slot, installation)
            if paths and paths != {found.path}:
                installation = libraries.installation(default, with_local=True)
                found = _at(installation, found, *paths)
        return resolved(found, _signature(found, installation), slot, installation)
    is_unknown_scope = is_foreign and not libraries.installation(default, with_local=True).has_scope(scope)
    of_scope = _scope_in(name) or scope
    if (
        is_unknown_scope
        or library_of(of_scope.partition('.')[0]) in libraries.targets.forks
        or (isinstance(value, str) and libraries.own.may_have_more(of_scope))
    ):
        unknown = Component(name, f'{scope}.{name}', '', '', 'unknown', 0, registry or '', scope)
        return Resolved(unknown, Signature({}, Extra.OPEN), frozenset(), Extra.OPEN, frozenset(), frozenset())
    return None


def _signature(found: Component, installation: Installation) -> Signature:
    """Return what building a component takes; in a fork of its library, it may take more."""
    signature = installation.signature(found)
    return signature._replace(extra=Extra.OPEN) if found.library in installation.forks else signature


def is_own_too(libraries: Libraries, name: str, registry: str | None) -> bool:
    """Tell whether the user's own code registers a name, too, or may: as all that torchvision has, in a loop.

    0.x has no scopes that tell which registry a builder asks.
    """
    local = libraries.own.code
    return local is not None and (bool(local.named(name.rpartition('.')[2])) or local.dynamic(registry or ''))


def _registered_as(libraries: Libraries, found: Component, imports: tuple[str, ...]) -> set[str]:
    """Return the paths of what the user's own code registers under the name of a component, as far as a config imports it.

    Where it imports none of several, and none belongs to the package of the scope, it may be any of them.
    """
    local = libraries.own.code
    key = f'{found.registry}@{found.scope}'
    same = [] if local is None else [each for each in local.named(found.name) if each.key == key]
    if found.library:
        same = [each for each in same if each.force]  # else MMEngine refuses a name that the library has
    elif len({each.path for each in same}) < 2:
        return set()
    reached = libraries.own.reached(imports)
    paths = {each.path for each in same if each.module in reached}
    if paths or found.library:
        return paths
    own = {each.path for each in same if each.module.partition('.')[0] == found.scope}
    return own or {each.path for each in same}


def _at(installation: Installation, found: Component, path: str) -> Component:
    """Return the component that the user's own code registers at a path."""
    own = installation.by_path(path)
    if not isinstance(own, Component):
        return found._replace(path=path, library='', release='', kind='unknown')
    return own._replace(name=found.name, registry=found.registry, scope=found.scope)


def _scope_in(name: str) -> str:
    """Return the scope of `scope.Name`."""
    return name.rpartition('.')[0]


def _may_be_local(libraries: Libraries, name: str) -> bool:
    """Tell whether the first part of a dotted name is a package, or a scope, of the user's own code."""
    first = name.partition('.')[0]
    return libraries.own.has_package(first)


def resolved(component: Component, signature: Signature, slot: str, installation: Installation) -> Resolved:
    framework = injected(component, installation, slot)
    extra = signature.extra if component.kind in ('class', 'function') else Extra.OPEN
    taken = frozenset({'type', '_scope_', '_delete_', *signature.parameters, *signature.renamed, *framework.extra})
    needed = frozenset() if framework.elsewhere else frozenset(signature.required) - framework.given
    needed |= DEMANDED.get(component.path, frozenset())
    outdated = {*signature.renamed, *(each.name for each in signature.parameters.values() if each.deprecated)}
    return Resolved(component, signature, taken, extra, needed, frozenset(outdated - framework.extra))
