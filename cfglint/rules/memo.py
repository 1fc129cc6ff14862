"""What was found in values that many configs hold, kept by the identity of the values."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Hashable


class Memo:
    """Keeps what was found in values, as long as they are met now and then.

    Values are shared between the configs that inherit them and never change.
    """

    SIZE = 4_000
    """Results that are kept for sure after they were made or asked for; twice as many at most."""

    def __init__(self) -> None:
        self._new: dict[tuple[Hashable, int], tuple[Any, Any]] = {}
        self._old: dict[tuple[Hashable, int], tuple[Any, Any]] = {}

    def get(self, key: Hashable, value: Any) -> Any:
        """Return what was kept for this very value, None if nothing."""
        at = (key, id(value))
        known = self._new.get(at)
        if known is None:
            known = self._old.get(at)
            if known is None:
                return None
            self._put(at, known)
        return known[1]

    def keep(self, key: Hashable, value: Any, result: Any) -> Any:
        """Keep and return a result, which is not None."""
        self._put((key, id(value)), (value, result))  # holding the value keeps its id from being used again
        return result

    def _put(self, at: tuple[Hashable, int], entry: tuple[Any, Any]) -> None:
        if len(self._new) >= self.SIZE:
            self._old, self._new = self._new, {}
        self._new[at] = entry
