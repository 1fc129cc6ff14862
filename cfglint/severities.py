"""Severities as a project wants them: by rule or family, and by folder."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cfglint.diagnostics import Severity

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from cfglint.diagnostics import Diagnostic
    from cfglint.patterns import Patterns


def adjusted(
    diagnostics: Iterable[Diagnostic],
    by_name: Mapping[str, str],
    by_folder: Sequence[tuple[Patterns, Mapping[str, str]]],
) -> list[Diagnostic]:
    """Return diagnostics with the severities that the settings give them.

    A rule says more than its family, a folder more than the project, a later folder more than an earlier one. What is the
    fault of a library stays `info`.
    """
    found = []
    for each in diagnostics:
        names = by_name
        for patterns, of_folder in by_folder:
            if patterns.match(each.path):
                names = {**names, **of_folder}
        wanted = names.get(each.rule) or names.get(each.family)
        found.append(each if wanted is None or each.is_upstream else each._replace(severity=Severity[wanted.upper()]))
    return found
