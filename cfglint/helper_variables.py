"""Which top-level names of a config are variables, though MMEngine would take some of them for keys."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cfglint.language.digests import Digests, containers_in, items_of
from cfglint.sections.misspelt import nearest_section
from cfglint.sections.table import LEGACY_KEYS, MODERN_KEYS, READ_KEYS, SUCCESSORS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cfglint.language.config import Config
    from cfglint.language.values import Table

_SECTIONS = READ_KEYS - LEGACY_KEYS
_FEW = 5
"""So many names in alphabetical order may be so by chance."""


def helper_variables(config: Config) -> frozenset[str]:
    """Return the names that expressions read, and those that surely were read before the config was written out.

    `Config.dump` (mmengine/config/config.py) writes variables like sections, and nothing shows any more who read them:
    `optimizer = dict(…)` stays beside an `optim_wrapper` with the same optimizer, or with another one.
    """
    lineage = config.lineage()
    read = frozenset().union(*(each.loads for each in lineage))
    others = _others(config.table, read)
    if not others:
        return read
    walk = _Walk()
    left = _repeated(config.table, others, walk)
    for each in lineage:
        own = _left_in(each, walk)
        left |= own.difference(*(other.own for other in lineage if other is not each)) if own else own
    return read | left


def _others(table: Table, read: frozenset[str]) -> list[str]:
    return [name for name in table if name not in _SECTIONS and name not in read]


def _left_in(config: Config, walk: _Walk) -> frozenset[str]:
    """Return the names that a file which was written out holds, and that were variables."""
    table = config.table
    others = _others(table, config.loads)
    if not others or not _is_written_out(config, others, walk):
        return frozenset()
    return frozenset(name for name in others if _is_surely_left(name, table))


def _is_written_out(config: Config, others: list[str], walk: _Walk) -> bool:
    """Tell whether a program has written a config of 1.x.

    Nothing is computed, and all keys are in alphabetical order, as MMEngine writes them today; or, as up to 0.8.0,
    in the order of the config, where nobody but a program writes the same pipeline twice.
    """
    table = config.table
    is_plain = config.style != 'lazy' and not config.bases and not config.loads and len(table) >= _FEW
    if not is_plain or MODERN_KEYS.isdisjoint(table):
        return False
    return walk.is_sorted(table) or bool(_repeated(table, others, walk))


def _is_surely_left(name: str, table: Table) -> bool:
    """Tell whether a name that was written out was a variable: no misspelt section, nor a key of 0.x that was forgotten."""
    return SUCCESSORS[name] in table if name in SUCCESSORS else nearest_section(name) is None


def _repeated(table: Table, names: list[str], walk: _Walk) -> frozenset[str]:
    """Return the names whose components stand in a section as well."""
    values = {name: table[name] for name in names if walk.has_component(table[name])}
    if not values:
        return frozenset()
    parts = walk.parts_of([table[name] for name in _SECTIONS if name in table])
    return frozenset(name for name, value in values.items() if walk.stands_in(value, parts))


class _Walk:
    """Looks into values, into each once, however many others hold it."""

    def __init__(self) -> None:
        self._components: dict[int, bool] = {}
        self._sorted: dict[int, bool] = {}
        self._digests = Digests()

    def has_component(self, value: Any) -> bool:
        """Tell whether a dict with a `type` stands in a value."""
        known = self._components.get(id(value))
        if known is None:
            inner = (item for item in items_of(value) if isinstance(item, (dict, list, tuple)))
            known = (isinstance(value, dict) and 'type' in value) or any(map(self.has_component, inner))
            self._components[id(value)] = known
        return known

    def is_sorted(self, value: Any) -> bool:
        """Tell whether the keys of all dicts in a value are in alphabetical order."""
        known = self._sorted.get(id(value))
        if known is None:
            names = [str(name) for name in value] if isinstance(value, dict) else []
            known = self._sorted[id(value)] = names == sorted(names) and all(map(self.is_sorted, items_of(value)))
        return known

    def parts_of(self, values: Iterable[Any]) -> frozenset[int]:
        """Return the digests of all dicts, lists and tuples below some values."""
        items = (item for value in values for item in items_of(value))
        return frozenset(map(self._digests.of, containers_in(items)))

    def stands_in(self, value: Any, parts: frozenset[int]) -> bool:
        """Tell whether a value is one of some parts, or a list whose items all are."""
        digest = self._digests.of
        return digest(value) in parts or (
            isinstance(value, (list, tuple)) and all(digest(each) in parts for each in value)
        )
