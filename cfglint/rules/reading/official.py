"""What is known of a component that is surely a library's own: no class of the user's with its name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cfglint.catalog.data_facts import DataFacts, data_facts
from cfglint.language.values import Lazy
from cfglint.rules.reading.parts import component_of

if TYPE_CHECKING:
    from cfglint.rules.context import Context
    from cfglint.rules.reading.items import Item

_NOTHING = DataFacts()


def package_of(context: Context, item: Item) -> str | None:
    """Return the library that a component is of; None for the user's own, or one that is not known."""
    if not isinstance(item.value, dict) or not isinstance(item.value.get('type'), (str, Lazy)):
        return None
    found = component_of(context, item)
    if found is None or not found.library or context.libraries.own.holds(found.module):
        return None
    return found.path.partition('.')[0]


def data_facts_of(context: Context, item: Item) -> DataFacts:
    """Return the facts of the library that a component is of; none if that is not known."""
    package = package_of(context, item)
    return _NOTHING if package is None else data_facts(package)
