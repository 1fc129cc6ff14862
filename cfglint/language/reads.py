"""What a config was read from."""

from __future__ import annotations

from typing import NamedTuple


class Reads(NamedTuple):
    """What a config was read from.

    Attributes:
        paths: The files that were read, or looked for: the config's own, its bases in every form, those that are missing; and
            the folders that were searched.
        environment: The environment variables that were read, None for those that are not set.
    """

    paths: frozenset[str] = frozenset()
    environment: dict[str, str | None] = {}  # noqa: RUF012 (nobody changes it)


NOTHING = Reads()
