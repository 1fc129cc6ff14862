"""The environment variables that configs read, and which they were: a result holds as long as these do."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping


class Environment(Mapping[str, str]):
    """`os.environ`, noting what is looked up.

    Attributes:
        read: The variables that were looked up, None for one that is not set.
    """

    def __init__(self) -> None:
        self.read: dict[str, str | None] = {}

    def __getitem__(self, name: str) -> str:
        value = os.environ.get(name)
        self.read[name] = value
        if value is None:
            raise KeyError(name)
        return value

    def __iter__(self) -> Iterator[str]:
        return iter(os.environ)

    def __len__(self) -> int:
        return len(os.environ)
