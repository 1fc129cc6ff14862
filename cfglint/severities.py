"""Severities as a project wants them: by rule or family, and by folder."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cfglint.diagnostics import Severity
from cfglint.patterns import Patterns
from cfglint.selection import require_known

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from cfglint.diagnostics import Diagnostic
    from cfglint.settings import Settings


def as_settings_say(diagnostics: list[Diagnostic], settings: Settings, folder: str) -> list[Diagnostic]:
    """Return diagnostics with the severities of settings, whose patterns are relative to `folder`.

    Raises:
        UsageError: A name in the settings is neither that of a rule nor of a family.
    """
    if not settings.severity and not settings.per_file_severity:
        return diagnostics
    require_known(settings.severity, 'severity')
    by_folder = []
    for pattern, names in settings.per_file_severity.items():
        require_known(names, 'per-file-severity')
        by_folder.append((Patterns(folder, [pattern]), names))
    return adjusted(diagnostics, settings.severity, by_folder)


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
