"""What became of components that a scope of 1.x does not have any more: the rows of the libraries' files of facts."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from cfglint.catalog.library_facts import library
from cfglint.catalog.library_index import gone, libraries_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cfglint.catalog.library_facts import Component, Dataset, Library


class Row(NamedTuple):
    """What is known of a component.

    Attributes:
        library: The library that had it.
        table: Where it stands in the file: `transforms`, `datasets`, `components`, `hook_types` or `renamed`.
        facts: What became of it.
    """

    library: Library
    table: str
    facts: Component | Dataset


def row_of(kind: str, scope: str) -> Row | None:
    """Return what became of a type that a scope does not have any more; none if it is not known that it ever had it."""
    for group in (scope, 'mmengine'):
        place = gone().get(group, {}).get(kind)
        if place is not None:
            owner = library(place[0])
            return Row(owner, place[1], rows(owner, place[1])[kind])
    return None


def rows(owner: Library, table: str) -> Mapping[str, Component | Dataset]:
    """Return a table of a library."""
    match table:
        case 'transforms':
            return owner.transforms
        case 'datasets':
            return owner.datasets.types
        case 'renamed' if owner.renamed is not None:
            return owner.renamed.components
        case 'hook_types':
            return owner.hook_types
    return owner.components


def packer_of(scope: str) -> str:
    """Return the transform that ends a pipeline in a scope."""
    found = (library(each).packer for each in libraries_of(scope))
    return next((each for each in found if each is not None), 'Pack…Inputs')


def type_instead(kind: str, scope: str) -> str | None:
    """Return the type to write instead, with a scope where it is in another one; none if there is none."""
    row = row_of(kind, scope)
    if row is None:
        return None
    return packer_of(scope) if getattr(row.facts, 'role', None) in ('packs', 'formats') else row.facts.type


def argument_instead(kind: str, scope: str, argument: str) -> str | None:
    """Return the new name of an argument of a component; none if it has none."""
    for owner in (*map(library, libraries_of(scope)), library('mmengine')):
        for table in (owner.transforms, owner.components):
            found = table[kind].arguments.get(argument) if kind in table else None
            if found is not None:
                return found
    return None
