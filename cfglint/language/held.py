"""The configs that a loader holds: as many as were used last, within a budget of memory."""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING

from cfglint.language.config import Config

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cfglint.language.errors import ConfigError

MAX_WEIGHT = 160 * 1024 * 1024
"""How many bytes they may take, about."""
_TREE = 130
"""How many bytes a syntax tree and its values take for each character of the text, at most, about."""


class Held:
    """Configs by their paths, and the errors of files that were refused.

    Args:
        count: How many there may be.
    """

    def __init__(self, count: int) -> None:
        self._count = count
        self._weight = 0
        self._configs: OrderedDict[str, Config | ConfigError] = OrderedDict()

    def __len__(self) -> int:
        return len(self._configs)

    def __contains__(self, path: object) -> bool:
        return path in self._configs

    def __iter__(self) -> Iterator[tuple[str, Config | ConfigError]]:
        return iter(list(self._configs.items()))

    def get(self, path: str) -> Config | ConfigError | None:
        """Return what is held for a path."""
        return self._configs.get(path)

    def put(self, path: str, known: Config | ConfigError) -> None:
        """Hold something."""
        self.drop(path)
        self._configs[path] = known
        self._weight += _weight(known)

    def use(self, path: str) -> None:
        """Note that something is used, and drop what has not been for the longest time, if there is too much."""
        self._configs.move_to_end(path)
        while len(self._configs) > self._count or (self._weight > MAX_WEIGHT and len(self._configs) > 1):
            self.drop(next(iter(self._configs)))

    def drop(self, path: str) -> None:
        """Hold something no longer."""
        known = self._configs.pop(path, None)
        if known is not None:
            self._weight -= _weight(known)


def _weight(known: Config | ConfigError) -> int:
    """Return about how many bytes a config, or an error with the file that it tells of, takes.

    What a config inherits is held on its own account.
    """
    text = 0 if known.source is None else _TREE * len(known.source.text)
    return text + known.made - sum(base.config.made for base in known.bases) if isinstance(known, Config) else text
