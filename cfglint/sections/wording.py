"""Values and names as they stand in messages."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any

from cfglint.diagnostics import Advice
from cfglint.language.values import Lazy, Opaque

if TYPE_CHECKING:
    from collections.abc import Iterable

SHOWN_CHARACTERS = 40
_COMPARED = 300
"""With how many names one is compared: no class of a library takes as many arguments."""


def nearest(word: str, words: Iterable[Any]) -> str | None:
    """The word that was probably meant."""
    names = [name for name in words if isinstance(name, str)]
    folded = {name.lower(): name for name in reversed(names)}
    word = word[:100].lower()
    from difflib import get_close_matches  # few runs have to guess

    matches = get_close_matches(word, folded, n=1, cutoff=0.7)
    longer = [name for name in folded if len(name) > 2 and len(word) > 2 and (name in word or word in name)]
    return folded[matches[0]] if matches else folded[longer[0]] if len(longer) == 1 else None


def remove_or_rename(name: str, taken: Iterable[str]) -> Advice:
    """Return what to do with an argument where only `taken` are taken: remove it, or write one of the nearest."""
    from difflib import get_close_matches  # few configs have such arguments

    others = [f'`{each}`' for each in get_close_matches(name[:100], list(islice(taken, _COMPARED)), 4, 0.0)]
    if not others:
        return Advice('remove it: no arguments are taken')
    choice = f'{", ".join(others[:-1])} or {others[-1]}' if len(others) > 1 else others[0]
    return Advice(f'remove it, or write what is meant, such as {choice}')


def show(value: object) -> str:
    """A value as it stands in a message: scalars themselves, containers by their kind."""
    if isinstance(value, bool) or value is None:
        return f'`{value}`'
    if isinstance(value, int):
        return f'`{value}`' if value.bit_length() < 200 else f'an integer of {value.bit_length()} bits'
    if isinstance(value, float):
        return f'`{value!r}`'
    if isinstance(value, str):
        text = value if len(value) <= SHOWN_CHARACTERS else value[:SHOWN_CHARACTERS] + '…'
        return f'the string `{text!r}`'
    if isinstance(value, dict):
        return 'a dict' if value else 'an empty dict'
    if isinstance(value, (list, tuple)):
        kind = 'list' if isinstance(value, list) else 'tuple'
        return f'a {kind}' if value else f'an empty {kind}'
    if isinstance(value, (Lazy, Opaque)):
        return f'`{value.name or value.kind}`' if isinstance(value, Opaque) else f'`{value.name}`'
    kind = type(value).__name__
    return f'{"an" if kind[:1].lower() in "aeiou" else "a"} {kind}'
