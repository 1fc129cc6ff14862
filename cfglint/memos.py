"""What was found in values that many configs hold, kept by the identity of the values."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Hashable


class Memo:
    """Keeps what was found in values, as long as they are met now and then.

    Values are shared between the configs that inherit them and never change.
    """

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
            self._new[at] = known
        return known[1]

    def keep(self, key: Hashable, value: Any, result: Any) -> Any:
        """Keep and return a result, which is not None."""
        self._new[key, id(value)] = (value, result)  # holding the value keeps its id from being used again
        return result

    def age(self) -> None:
        """Forget what was neither made nor asked for since the last time."""
        self._old, self._new = self._new, {}


class Memos(defaultdict[str, Memo]):
    """Memos by name. What they hold does not grow with the number of files of a run."""

    FILES = 250
    """Files after which what none of them has is forgotten."""
    CHARACTERS = 640 * 1024
    """Characters that are read until then, at most: values keep the trees of their files."""

    def __init__(self) -> None:
        super().__init__(Memo)
        self._files = 0
        self._characters = 0

    def next_file(self, characters: int) -> bool:
        """Note that the next file begins; tell whether something was forgotten.

        Args:
            characters: How many have been read so far.
        """
        self._files += 1
        if self._files < self.FILES and characters < self._characters + self.CHARACTERS:
            return False
        self._files, self._characters = 0, characters
        for memo in self.values():
            memo.age()
        return True
