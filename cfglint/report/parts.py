"""The parts of a diagnostic, joined for formats that have no layout of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cfglint.diagnostics import Advice, Diagnostic


def in_a_line(diagnostic: Diagnostic) -> str:
    """Return what is wrong, what MMEngine does, and what to do, in one line."""
    consequence = f' (MMEngine {diagnostic.consequence})' if diagnostic.consequence else ''
    advice = '' if diagnostic.advice is None else f'; {words(diagnostic.advice)}'
    return f'{diagnostic.message}{consequence}{advice}'


def words(advice: Advice) -> str:
    """Return advice with its code in backticks."""
    if advice.code is None:
        return advice.text
    lines = advice.code.splitlines()
    is_block = any(line[:1] == ' ' for line in lines)
    return f'{advice.text} `{(" " if is_block else "; ").join(line.strip() for line in lines)}`'
