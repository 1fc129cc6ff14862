"""Looking up what the `type` of a dict stands for in the releases that a config is checked against."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from cfglint.catalog.resolution import resolve_type, resolved
from cfglint.language.values import Lazy, Table

if TYPE_CHECKING:
    from cfglint.catalog import Component, Installation
    from cfglint.catalog.containers import Handling
    from cfglint.catalog.model import Resolved
    from cfglint.rules.context import Context
    from cfglint.rules.reading.items import Item
    from cfglint.rules.reading.places import Holder

_ABSENT: Any = object()


class Use(NamedTuple):
    """A component that a config builds.

    Attributes:
        item: The dict with the `type`.
        type: The item of the `type`: a string, or the `Lazy` class of a pure-Python config.
        registry: The registry in which MMEngine looks it up; none where the place does not tell.
        scope: The scope from which it is looked up.
        slot: The key below which it stands (that of the list, for an item of a list, or of a dict of named parts).
        handling: What the class of the user's own that holds it does with it; none where no such class does.
    """

    item: Item
    type: Item
    registry: str | None
    scope: str
    slot: str
    handling: Handling | None = None


def installation_of(context: Context) -> Installation:
    """Return the releases that a config is checked against, without the user's own code."""
    return context.libraries.installation(context.scope)


def resolve(context: Context, use: Use) -> Resolved | None:
    """Return what a use stands for, None if nothing has that name.

    The user's own code is read only for what no library has, and where the config imports it.
    """
    value = use.type.value
    key = (value, use.registry, use.scope, use.slot, context.scope, context.own_imports)
    known = context.libraries.resolved.get(key, _ABSENT)
    if known is _ABSENT:
        known = resolve_type(context.libraries, *key)
        context.libraries.resolved[key] = known
    if known is None or known.signature.built is None:
        return known
    return _completed(context, known, use, key)


def _completed(context: Context, known: Resolved, use: Use, key: tuple[Any, ...]) -> Resolved:
    """Return what a use stands for whose other arguments become those of another component, by the type of that."""
    built = known.signature.built
    part = None if built is None else built.names(use.item.value)
    if not isinstance(part, str):
        return known
    every = context.libraries.resolved
    key = (*key, part)
    found = every.get(key)
    if found is None:
        installation = context.libraries.installation(context.scope)
        signature = installation.complete(known.signature, use.item.value, use.scope)
        found = every[key] = resolved(known.component, signature, use.slot, installation)
    return found


def is_stock(context: Context, item: Item) -> bool:
    """Tell whether what a dict describes is surely a class of a library: neither the user's own, nor changed in the tree."""
    kind = item.get('type') if isinstance(item.value, Table) else None
    if kind is None or not isinstance(kind.value, (str, Lazy)):
        return False
    scope = item.value.get('_scope_', context.scope)
    found = resolve(context, Use(item, kind, None, scope if isinstance(scope, str) else context.scope, item.name))
    return found is not None and not _is_of_tree(context, found.component)


def is_newer_than_copy(context: Context) -> bool:
    """Tell whether a config of 1.x stands beside a 0.x copy of a library: `config-newer-than-target` says all there is to say."""
    targets = context.libraries.targets
    return (
        context.era != '0.x' and targets.era() == 0 and any(each.is_copy for each in targets.stated.by_library.values())
    )


def derived_constructor(context: Context, wrapper: object) -> Component | None:
    """Return an optimizer wrapper's constructor if it is built on MMEngine's: the same may stand beside it."""
    name = wrapper.get('constructor') if isinstance(wrapper, Table) else None
    if not isinstance(name, str) or name == 'DefaultOptimWrapperConstructor':
        return None
    installation = installation_of(context)
    found = installation.find(name, 'OPTIM_WRAPPER_CONSTRUCTORS', context.scope)
    derives = found is not None and installation.derives(found.path, 'mmengine.optim.DefaultOptimWrapperConstructor')
    return found if derives else None


def holder_of(context: Context, use: Use) -> Holder | None:
    """Return how to ask what a component does with what it holds: only the code of the user's own ones is looked into.

    Following hundreds of classes of a copy takes longer than all else: see `faults`, which asks where something is wrong.
    """
    return holder_in(resolve(context, use))


def holder_in(found: Resolved | None) -> Holder | None:
    """Return the same for what a use stands for."""
    return None if found is None or found.component.library else (found.component.path, ())


def _is_of_tree(context: Context, component: Component) -> bool:
    """Tell whether a component is defined in the user's tree, in a copy of a library too, or whether that is not known."""
    return not component.library or context.libraries.own.holds(component.module)
