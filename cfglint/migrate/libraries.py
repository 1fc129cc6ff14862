"""Which library of 0.x a config is of."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cfglint.language.config import Config


def library_of(config: Config) -> str | None:
    """Return the library whose parts a config names; none if it names none."""
    from cfglint.rules.deprecated.libraries import library_of as by_marks

    return by_marks(config)
