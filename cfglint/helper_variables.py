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
    `optimizer = dict(…)` stays beside an `optim_wrapper` with the same optimizer, or with another one.
    """
    lineage = config.lineage()
    read = frozenset().union(*(each.loads for each in lineage))
    others = _others(config.table, read)
    if not others:
        return read
    left = _repeated(config.table, others)
    for each in lineage:
        own = _left_in(each)
        left |= own.difference(*(other.own for other in lineage if other is not each)) if own else own
    return read | left


def _others(table: Table, read: frozenset[str]) -> list[str]:
    return [name for name in table if name not in _SECTIONS and name not in read]


def _left_in(config: Config) -> frozenset[str]:
    """Return the names that a file which was written out holds, and that were variables."""
    table = config.table
    others = _others(table, config.loads)
    if not others or not _is_written_out(config, _repeated(table, others)):
        return frozenset()
    return frozenset(name for name in others if _is_surely_left(name, table))


def _is_written_out(config: Config, repeated: frozenset[str]) -> bool:
    """Tell whether a program has written a config of 1.x.

    Nothing is computed, and all keys are in alphabetical order, as MMEngine writes them today; or, as up to 0.8.0,
    in the order of the config, where nobody but a program writes the same pipeline twice.
    """
    table = config.table
    is_plain = config.style != 'lazy' and not config.bases and not config.loads and len(table) >= _FEW
    return is_plain and not MODERN_KEYS.isdisjoint(table) and (bool(repeated) or _is_sorted(table))


def _is_surely_left(name: str, table: Table) -> bool:
    """Tell whether a name that was written out was a variable: no misspelt section, nor a key of 0.x that was forgotten."""
    return SUCCESSORS[name] in table if name in SUCCESSORS else nearest_section(name) is None


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
