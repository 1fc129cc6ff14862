"""A config as it was meant: with the names that were misspelt.

One misspelt name is one defect. Who leaves out the `t` of `max_epochs` need not read that `max_epochs` is missing, that the
schedule ends too early and that the warm-up never does: all rules but the one that tells of the name judge the config
as if it was written right.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cfglint.language.values import Array, Row, Table

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cfglint.language.config import Config

Names = dict[int, dict[Any, str]]
"""What the keys of dicts should have been, by the identity of the dict."""


def as_meant(config: Config, names: Names) -> Config:
    """Return the config with other keys; what has none of them is shared with the old one."""
    return config.with_table(_value(config.table, names))


def _value(value: Any, names: Names) -> Any:
    if isinstance(value, Table):
        return _table(value, names)
    if isinstance(value, (Array, Row)):
        items = [_value(item, names) for item in value]
        same = all(new is old for new, old in zip(items, value, strict=True))
        if same:
            return value
        return Row(items, value.origins) if isinstance(value, Row) else Array(items, value.origins)
    return value


def _table(table: Table, names: Names) -> Table:
    meant: Mapping[Any, str] = names.get(id(table), {})
    items = {meant.get(key, key): _value(item, names) for key, item in table.items()}
    if not meant and all(items[key] is item for key, item in table.items()):
        return table
    origins = {meant.get(key, key): origin for key, origin in table.origins.items()}
    return type(table)(items, origins)
