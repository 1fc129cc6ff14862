"""Which top-level names of a config are variables, though MMEngine would take some of them for keys."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cfglint.sections.misspelt import nearest_section
from cfglint.sections.table import LEGACY_KEYS, MODERN_KEYS, READ_KEYS, SUCCESSORS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cfglint.language.config import Config
    from cfglint.language.values import Table

_SECTIONS = READ_KEYS - LEGACY_KEYS
_FEW = 5
"""So many names in alphabetical order may be so by chance."""


def helper_variables(config: Config) -> frozenset[str]:
    """Return the names that expressions read, and those that surely were read before the config was written out.

    `Config.dump` (mmengine/config/config.py) writes variables like sections, and nothing shows any more who read them:
    `optimizer = dict(…)` stays beside an `optim_wrapper` with the same optimizer.
    """
    read = frozenset().union(*(each.loads for each in config.lineage()))
    table = config.table
    others = [name for name in table if name not in _SECTIONS and name not in read]
    if not others:
        return read
    left = {name for name in others if _is_surely_left(name, table)} if is_written_out(config) else set()
    return read | left | _repeated(table, [name for name in others if name not in left])


def _is_surely_left(name: str, table: Table) -> bool:
    """Tell whether a name that MMEngine wrote out was a variable: no misspelt section, nor a key of 0.x that was forgotten."""
    return SUCCESSORS[name] in table if name in SUCCESSORS else nearest_section(name) is None


def is_written_out(config: Config) -> bool:
    """Tell whether MMEngine has written a config of 1.x: nothing is computed, and all keys are in alphabetical order."""
    table = config.table
    return (
        config.style == 'text'
        and not config.bases
        and not config.loads
        and len(table) >= _FEW
        and not MODERN_KEYS.isdisjoint(table)
        and _is_sorted(table)
    )


def _is_sorted(value: Any) -> bool:
    if isinstance(value, dict):
        names = [str(name) for name in value]
        if names != sorted(names):
            return False
    return all(map(_is_sorted, _items(value)))


def _repeated(table: Table, names: list[str]) -> frozenset[str]:
    """Return the names whose components stand in a section as well."""
    values = {name: table[name] for name in names if _has_component(table[name])}
    if not values:
        return frozenset()
    parts = [part for name in _SECTIONS if name in table for part in _below(table[name])]
    return frozenset(name for name, value in values.items() if _stands_in(value, parts))


def _has_component(value: Any) -> bool:
    return (isinstance(value, dict) and 'type' in value) or any(map(_has_component, _items(value)))


def _below(value: Any) -> Iterator[Any]:
    for each in _items(value):
        if isinstance(each, (dict, list, tuple)):
            yield each
            yield from _below(each)


def _items(value: Any) -> Iterator[Any]:
    return iter(value.values() if isinstance(value, dict) else value if isinstance(value, (list, tuple)) else ())


def _stands_in(value: Any, parts: list[Any]) -> bool:
    """Tell whether a value is one of some parts, or a list whose items all are."""
    if any(type(part) is type(value) and len(part) == len(value) and part == value for part in parts):
        return True
    return isinstance(value, (list, tuple)) and all(each in parts for each in value)
