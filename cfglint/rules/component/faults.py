"""What is wrong with the components of a config, found in one walk; the rules of this family tell of one kind each."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from cfglint.catalog import Missing
from cfglint.language.values import Lazy
from cfglint.rules.components import Resolved, Use, collect, installation_of, resolve
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


class Lacking(NamedTuple):
    """An argument that a component needs and does not get."""

    use: Use
    resolved: Resolved
    name: str


def unresolved(context: Context) -> list[Unresolved]:
    """Return the types of a config that nothing has."""
    return [fault for fault in _faults(context) if isinstance(fault, Unresolved)]


def refused(context: Context) -> list[Refused]:
    """Return the arguments that are not taken."""
    return [fault for fault in _faults(context) if isinstance(fault, Refused)]


def lacking(context: Context) -> list[Lacking]:
    """Return the arguments that are needed and not given."""
    return [fault for fault in _faults(context) if isinstance(fault, Lacking)]


def _faults(context: Context) -> list[Unresolved | Refused | Lacking]:
    return context.once('faults', lambda: collect(context, 'faults', lambda use: _faults_of(context, use)))


def _faults_of(context: Context, use: Use) -> Iterator[Unresolved | Refused | Lacking]:
    resolved = resolve(context, use)
    if resolved is None:
        value = use.type.value
        absent = installation_of(context).by_path(value.name) if isinstance(value, Lazy) else None
        yield Unresolved(use, absent if isinstance(absent, Missing) else None)
        return
    if resolved.component.library == 'mmengine' or resolved.component.registry == 'OPTIMIZERS':
        return  # these are checked against the section models
    given = use.item.value.keys()
    if resolved.taken is not None and not given <= resolved.taken:
        for name in [name for name in given if name not in resolved.taken]:
            item = use.item.get(name)
            assert item is not None
            yield Refused(use, resolved, item)
    if not resolved.needed <= given:
        for name in resolved.signature.required:
            if name in resolved.needed and name not in given:
                yield Lacking(use, resolved, name)
