"""What a text-style config sees as ``_base_``."""

from __future__ import annotations

from cfglint.language.copies import config_copy
from cfglint.language.values import ConfigTable, Table, Unknown


class BaseTable:
    """Hands ``_base_`` out as a copy of the file's own: configs may change it, and the change is inherited.

    Values are copied when they can be reached: most configs take one or two of them.

    Attributes:
        copy: The copy, once some of it was handed out.
    """

    def __init__(self, table: Table, partial: str | None) -> None:
        self.copy: ConfigTable | None = None
        self._table = table
        self._partial = partial
        self._shared: set[str] = set()

    def __call__(self) -> ConfigTable | Unknown:
        """Return the copy."""
        if self._partial is not None:
            return Unknown(self._partial)
        copy = self._started()
        for key in self._shared:
            copy[key] = config_copy(copy[key])
        self._shared.clear()
        return copy

    def with_value(self, key: str) -> ConfigTable | Unknown:
        """Return the copy to take the value of a key out of it, and nothing else."""
        if self._partial is not None or key not in self._table:
            return self()
        copy = self._started()
        if key in self._shared:
            self._shared.remove(key)
            copy[key] = config_copy(copy[key])
        return copy

    def _started(self) -> ConfigTable:
        if self.copy is None:
            self.copy = ConfigTable(self._table, dict(self._table.origins))
            self._shared.update(self._table)
        return self.copy
