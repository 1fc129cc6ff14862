"""What is wrong with the components of a config, found in one walk; the rules of this family tell of one kind each."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from cfglint.catalog import Extra, Missing
from cfglint.language.values import Lazy, Table
from cfglint.rules.components import Resolved, Use, collect, installation_of, resolve, scope_of
from cfglint.rules.context import Item

if TYPE_CHECKING:
    from cfglint.rules.context import Context


class Unresolved(NamedTuple):
    """A `type` that nothing has: a name in no registry, or a class that its module does not define."""

    use: Use
    absent: Missing | None


class Refused(NamedTuple):
    """An argument that a component does not take."""

    use: Use
    resolved: Resolved
    item: Item


class Swallowed(NamedTuple):
    """An argument that ends in a `**kwargs` which nothing reads."""

    use: Use
    resolved: Resolved
    item: Item


class Lacking(NamedTuple):
    """An argument that a component needs and does not get."""

    use: Use
    resolved: Resolved
    name: str


class OutdatedArgument(NamedTuple):
    """An argument that still works, with a warning."""

    use: Use
    resolved: Resolved
    item: Item


class OutdatedType(NamedTuple):
    """A component that still works, with a warning."""

    use: Use
    resolved: Resolved


class Own(NamedTuple):
    """A component of the user's own code."""

    use: Use
    resolved: Resolved


Fault = Unresolved | Refused | Swallowed | Lacking | OutdatedArgument | OutdatedType | Own
F = TypeVar('F', Unresolved, Refused, Swallowed, Lacking, OutdatedArgument, OutdatedType, Own)


def faults(context: Context, kind: type[F]) -> list[F]:
    """Return the faults of one kind, outer components first."""
    by_kind = context.once('faults', lambda: _by_kind(collect(context, 'faults', lambda use: _faults_of(context, use))))
    return by_kind.get(kind, [])


def _by_kind(found: list[Fault]) -> dict[type, list[Fault]]:
    by_kind: dict[type, list[Fault]] = {}
    for fault in found:
        by_kind.setdefault(type(fault), []).append(fault)
    return by_kind


def _faults_of(context: Context, use: Use) -> Iterator[Fault]:
    resolved = resolve(context, use)
    if resolved is None:
        value = use.type.value
        absent = installation_of(context).by_path(value.name) if isinstance(value, Lazy) else None
        yield Unresolved(use, absent if isinstance(absent, Missing) else None)
        return
    component = resolved.component
    if component.library == 'mmengine' and _is_modelled(context, use):
        return
    if component.library == '':
        yield Own(use, resolved)
    if component.deprecated is not None:
        yield OutdatedType(use, resolved)
    given = use.item.value.keys()
    if not given <= resolved.taken:
        yield from _others(use, resolved)
    if not resolved.outdated.isdisjoint(given):
        for name in resolved.outdated & given:
            yield OutdatedArgument(use, resolved, _argument(use, name))
    if not resolved.needed <= given:
        for name in resolved.signature.required:
            if name in resolved.needed and name not in given:
                yield Lacking(use, resolved, name)


def _is_modelled(context: Context, use: Use) -> bool:
    """Tell whether a component of MMEngine is checked against the section models: they know more than the catalog.

    They leave an optimizer wrapper alone whose constructor they do not know.
    """
    if context.libraries.checks_mmengine:
        return False
    wrapper = use.item if use.slot == 'optim_wrapper' else use.item.parent if use.slot == 'optimizer' else None
    return wrapper is None or not has_derived_constructor(context, wrapper)


def has_derived_constructor(context: Context, wrapper: Item) -> bool:
    """Tell whether the constructor of an optimizer wrapper is a library's, built on MMEngine's: it builds the same way."""
    name = wrapper.value.get('constructor') if isinstance(wrapper.value, Table) else None
    if not isinstance(name, str) or name == 'DefaultOptimWrapperConstructor':
        return False
    installation = installation_of(context)
    found = installation.find(name, 'OPTIM_WRAPPER_CONSTRUCTORS', scope_of(context))
    return found is not None and installation.derives(found.path, 'mmengine.optim.DefaultOptimWrapperConstructor')


def _others(use: Use, resolved: Resolved) -> Iterator[Refused | Swallowed]:
    """Yield the arguments that are no parameters."""
    for name in [name for name in use.item.value if name not in resolved.taken]:
        if resolved.extra is Extra.REFUSED or name in resolved.signature.fixed:
            yield Refused(use, resolved, _argument(use, name))
        elif resolved.extra is Extra.IGNORED:
            yield Swallowed(use, resolved, _argument(use, name))


def _argument(use: Use, name: str) -> Item:
    item = use.item.get(name)
    assert item is not None
    return item
