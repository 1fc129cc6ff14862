"""Diagnostics as a JSON list, near the shape that Ruff prints. Paths are absolute."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from cfglint.report.links import page

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cfglint.diagnostics import Diagnostic, Fix, Related
    from cfglint.language.places import Location, Span
    from cfglint.report.sources import Sources


def render(diagnostics: Iterable[Diagnostic], sources: Sources) -> str:
    """Return the JSON list, ending in a newline."""
    return json.dumps([entry(each, sources) for each in diagnostics], indent=2, ensure_ascii=False) + '\n'


def entry(diagnostic: Diagnostic, sources: Sources) -> dict[str, Any]:
    """Return one diagnostic as JSON data."""
    return {
        'code': diagnostic.rule,
        'family': diagnostic.family,
        'severity': str(diagnostic.severity),
        'message': diagnostic.message,
        'consequence': diagnostic.consequence,
        'advice': None if diagnostic.advice is None else diagnostic.advice._asdict(),
        'filename': diagnostic.path,
        **_place(diagnostic.span, sources),
        'key': diagnostic.key,
        'related': [_related(each, sources) for each in diagnostic.related],
        'affects': list(diagnostic.affects),
        'fix': None if diagnostic.fix is None else _fix(diagnostic.fix, sources),
        'url': page(diagnostic.rule, diagnostic.family),
    }


def _place(span: Span | None, sources: Sources) -> dict[str, Any]:
    if span is None:
        return {'location': None, 'end_location': None}
    return {'location': _location(sources.start(span)), 'end_location': _location(sources.end(span))}


def _location(location: Location) -> dict[str, int]:
    return {'row': location.row, 'column': location.column}


def _related(related: Related, sources: Sources) -> dict[str, Any]:
    filename = None if related.span is None else related.span.path
    return {'message': related.message, 'filename': filename, **_place(related.span, sources)}


def _fix(fix: Fix, sources: Sources) -> dict[str, Any]:
    edits = [{'filename': span.path, 'content': content, **_place(span, sources)} for span, content in fix.edits]
    return {'applicability': str(fix.applicability), 'message': fix.message, 'edits': edits}
