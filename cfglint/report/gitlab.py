"""The Code Quality report of GitLab: https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

from cfglint.diagnostics import Severity
from cfglint.fingerprint import fingerprints
from cfglint.report.parts import in_a_line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cfglint.diagnostics import Diagnostic
    from cfglint.report.sources import Sources

_SEVERITIES = {Severity.ERROR: 'major', Severity.WARNING: 'minor', Severity.INFO: 'info'}


def render(diagnostics: Sequence[Diagnostic], sources: Sources) -> str:
    """Return the JSON list, ending in a newline. Paths are relative to the root of the repository."""
    marks = fingerprints(diagnostics, sources)
    entries = [_entry(each, mark, sources) for each, mark in zip(diagnostics, marks, strict=True)]
    return json.dumps(entries, indent=2, ensure_ascii=False) + '\n'


def _entry(diagnostic: Diagnostic, mark: str, sources: Sources) -> dict[str, Any]:
    path = sources.from_root(diagnostic.path)
    lines = {'begin': 1}
    if diagnostic.span is not None:
        lines = {'begin': sources.start(diagnostic.span).row, 'end': sources.end(diagnostic.span).row}
    return {
        'description': in_a_line(diagnostic),
        'check_name': diagnostic.rule,
        'fingerprint': hashlib.sha256(f'{path}\0{mark}'.encode('utf-8', 'surrogatepass')).hexdigest(),
        'severity': _SEVERITIES[diagnostic.severity],
        'location': {'path': path, 'lines': lines},
    }
