"""Which section a top-level name is likely a misspelling of."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from cfglint.sections.table import LEGACY_KEYS, SECTIONS, TOP_LEVEL_KEYS

_KNOWN: Final = TOP_LEVEL_KEYS | LEGACY_KEYS
_LETTERS: Final = {section: frozenset(section) for section in SECTIONS}
_NEAR: Final = 0.84
"""How much of two names has to be alike: the letters that both have, in order, of all letters."""


@lru_cache(maxsize=256)
def _as_long(length: int) -> list[tuple[str, frozenset[str]]]:
    """Return the sections, with their letters, that are about as long as a name of some length."""
    return [
        (section, letters)
        for section, letters in _LETTERS.items()
        if 2 * min(length, len(section)) >= _NEAR * (length + len(section))
    ]


@lru_cache(maxsize=4096)
def nearest_section(name: str) -> str | None:
    """Return the section that a top-level name is likely a misspelling of, None if it has a meaning of its own."""
    if not isinstance(name, str) or name in _KNOWN or name.startswith('_'):
        return None
    own = set(name)
    # Letters that only one of both has rule out nearly all sections; to compare takes far longer.
    likely = [
        section
        for section, letters in _as_long(len(name))
        if 2 * min(len(name) - len(own - letters), len(section) - len(letters - own))
        >= _NEAR * (len(name) + len(section))
    ]
    if not likely:
        return None
    import difflib  # few runs have to guess

    near = difflib.get_close_matches(name, likely, 1, _NEAR)
    return near[0] if near else None
