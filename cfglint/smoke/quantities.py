"""Amounts as people write them."""

from __future__ import annotations

import re

from cfglint.usage import UsageError

GIB = 1 << 30
_UNITS = {'': 1.0, 's': 1.0, 'm': 60.0, 'min': 60.0, 'h': 3600.0}
_SIZES = {'': GIB, 'g': GIB, 'gib': GIB, 'gb': 10**9, 'm': 1 << 20, 'mib': 1 << 20, 'mb': 10**6}
_AMOUNT = re.compile(r'(\d+(?:\.\d+)?)\s*([a-z]*)', re.IGNORECASE)


def seconds(text: str, option: str) -> float:
    """Return a time such as `90`, `90s`, `10m` or `1.5h`.

    Raises:
        UsageError: It is none.
    """
    return _amount(text, _UNITS, f'{option}: write a time such as `90s`, `10m` or `1.5h` instead of `{text}`')


def size(text: str, option: str) -> int:
    """Return a size in bytes: `24GiB`, `24` (GiB), `24GB`, `512MiB`.

    Raises:
        UsageError: It is none.
    """
    return int(_amount(text, _SIZES, f'{option}: write a size such as `24GiB` instead of `{text}`'))


def _amount(text: str, units: dict[str, float] | dict[str, int], words: str) -> float:
    match = _AMOUNT.fullmatch(text.strip())
    unit = None if match is None else units.get(match[2].lower())
    if match is None or unit is None or float(match[1]) <= 0:
        raise UsageError(words)
    return float(match[1]) * unit


def in_words(amount: float) -> str:
    """Return a time in seconds as people say it."""
    if amount < 120:
        return f'{amount:.0f} s'
    minutes = amount / 60
    if minutes < 120:
        return f'{minutes:.0f} min'
    return f'{minutes / 60:.1f} h' if minutes < 60 * 72 else f'{minutes / 60 / 24:.1f} days'


def in_gib(size: float) -> str:
    """Return a size in bytes as people say it."""
    return f'{size / GIB:.1f} GiB' if size >= GIB // 10 else f'{size / (1 << 20):.0f} MiB'
