"""Mistakes in how cfglint is called, as one exception."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


class UsageError(Exception):
    """Wrong usage or settings, in one line for the user: the run ends with exit code 2."""


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return ``; did you mean `known`?``, or nothing when no known word is close."""
    import difflib

    close = difflib.get_close_matches(word, list(known), n=1)
    return f'; did you mean `{close[0]}`?' if close else ''
