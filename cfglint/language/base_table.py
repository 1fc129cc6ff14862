"""What a text-style config sees as ``_base_``."""

from __future__ import annotations

from typing import Any

from cfglint.language.copies import config_copy
from cfglint.language.values import ConfigTable, Table, Unknown


class BaseTable:
    """Hands ``_base_`` out as a copy of the file's own: configs may change it, and the change is inherited.

    Values are copied when they can be reached: most configs take one or two of them. Where some of what is inherited is
    not known, a dict may have more keys than are known: whoever gets hold of it may change what is not known, so that it
    is given up. What is no dict is replaced as a whole when configs are merged, and known as it is.

    Attributes:
        copy: The copy, once some of it was handed out.
        partial: Why some of what is inherited is not known, else none.
    """

    def __init__(self, table: Table, partial: str | None) -> None:
        self.copy: ConfigTable | None = None
        self._table = table
        self.partial = partial
        self._shared: set[str] = set()
        self._sets: dict[int, set[Any]] = {}

    def __call__(self) -> ConfigTable | Unknown:
        """Return the copy."""
        copy = self._started()
        if self.partial is not None:
            reason = Unknown(self.partial)
            copy.update(dict.fromkeys(copy, reason))
            self._shared.clear()
            return reason
        self._copy_all()
        return copy

    def with_value(self, key: str) -> ConfigTable | Unknown:
        """Return the copy to take the value of a key out of it, and nothing else."""
        copy = self.copy if self.copy is not None else self._table
        if key not in copy:
            return self() if self.partial is None else Unknown(self.partial)
        copy = self._started()
        if self.partial is not None and isinstance(copy[key], Table):
            copy[key] = Unknown(self.partial)
        elif key in self._shared:
            copy[key] = config_copy(copy[key], self._sets)
        self._shared.discard(key)
        if self._sets:
            self._copy_all()  # other names may stand for the same sets
        return copy

    def to_change(self, key: object) -> ConfigTable:
        """Return the copy to set or delete a key of it, and nothing else."""
        copy = self._started()
        self._shared.discard(key)
        return copy

    def has(self, key: str) -> bool:
        """Tell whether a base is known to define a key."""
        return key in (self._table if self.copy is None else self.copy)

    def _copy_all(self) -> None:
        copy = self._started()
        for key in self._shared:
            copy[key] = config_copy(copy[key], self._sets)
        self._shared.clear()

    def _started(self) -> ConfigTable:
        if self.copy is None:
            self.copy = ConfigTable(self._table, dict(self._table.origins))
            self._shared.update(self._table)
        return self.copy
