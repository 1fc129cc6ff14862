"""Choosing fixes that do not touch each other, and applying them in memory."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING

from cfglint.diagnostics import Applicability

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from cfglint.diagnostics import Diagnostic, Edit, Fix

Identity = tuple[str, str, str | None, str]
"""What stays the same of a diagnostic when lines move: the rule, the file, the key and the message."""


class Candidate:
    """A fix that may be applied, and the diagnostics that it is for.

    Attributes:
        fix: The fix.
        diagnostics: What it would mend.
        paths: The files that it changes.
        configs: The configs that show one of the diagnostics.
    """

    def __init__(self, fix: Fix) -> None:
        self.fix = fix
        self.diagnostics: list[Diagnostic] = []
        self.paths = {edit.span.path for edit in fix.edits}
        self.configs: set[str] = set()

    def add(self, fix: Fix, diagnostic: Diagnostic, configs: Iterable[str]) -> None:
        """Add a diagnostic that is mended by the same edits, and the configs that show it."""
        self.fix = self.fix.joined(fix)
        self.diagnostics.append(diagnostic)
        self.configs.update(configs)


def identity(diagnostic: Diagnostic) -> Identity:
    """Return what identifies a diagnostic before and after an edit."""
    message = re.sub(r'\bline \d+', 'line', diagnostic.message)
    return diagnostic.rule, diagnostic.path, diagnostic.key, message


def choose(candidates: Iterable[Candidate]) -> list[Candidate]:
    """Return those that do not touch each other, in order; the rest get their turn in the next pass."""
    taken: dict[str, _Taken] = {}
    chosen = []
    for each in candidates:
        if not any(edit.span.path in taken and taken[edit.span.path].touches(edit) for edit in each.fix.edits):
            for edit in each.fix.edits:
                taken.setdefault(edit.span.path, _Taken()).add(edit)
            chosen.append(each)
    return chosen


class _Taken:
    """The places of a file that are edited, in order; those that touch are one."""

    def __init__(self) -> None:
        self._starts: list[int] = []
        self._ends: list[int] = []

    def touches(self, edit: Edit) -> bool:
        """Tell whether an edit begins or ends in one of the places, or at its border."""
        first, last = self._range(edit)
        return first < last

    def add(self, edit: Edit) -> None:
        """Take the place of an edit."""
        first, last = self._range(edit)
        start = min([edit.span.start, *self._starts[first:last]])
        end = max([edit.span.end, *self._ends[first:last]])
        self._starts[first:last] = [start]
        self._ends[first:last] = [end]

    def _range(self, edit: Edit) -> tuple[int, int]:
        return bisect_left(self._ends, edit.span.start), bisect_right(self._starts, edit.span.end)


def apply(text: str, edits: Iterable[Edit]) -> str:
    """Return the text after the edits; all else stays as it is, line ends included."""
    line_end = '\r\n' if '\r\n' in text else '\n'
    for span, content in sorted(edits, key=lambda edit: edit.span.start, reverse=True):
        content = re.sub(r'\r\n|\n', line_end, content)
        text = text[: span.start] + content + text[span.end :]
    return text


def without_lost_comments(fix: Fix, texts: Mapping[str, str]) -> Fix:
    """Return the fix, unsafe if it removes a comment that is not itself what is edited."""
    if fix.applicability is not Applicability.SAFE:
        return fix
    for span, content in fix.edits:
        removed = texts[span.path][span.start : span.end]
        if '#' in removed and '#' not in content and not removed.lstrip().startswith('#'):
            return fix._replace(applicability=Applicability.UNSAFE)
    return fix
