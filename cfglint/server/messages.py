"""Diagnostics as the protocol has them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lsprotocol import types
from pygls import uris

from cfglint.diagnostics import Severity
from cfglint.report.links import page
from cfglint.report.parts import words

if TYPE_CHECKING:
    from collections.abc import Callable

    from cfglint.diagnostics import Diagnostic
    from cfglint.language.places import Span
    from cfglint.language.source import SourceFile
    from cfglint.server.positions import Positions

_SEVERITIES = {
    Severity.ERROR: types.DiagnosticSeverity.Error,
    Severity.WARNING: types.DiagnosticSeverity.Warning,
    Severity.INFO: types.DiagnosticSeverity.Information,
}


class Messages:
    """Converts diagnostics.

    Args:
        positions: Converts places.
        source_of: Returns the text of a file.
    """

    def __init__(self, positions: Positions, source_of: Callable[[str], SourceFile]) -> None:
        self._positions = positions
        self._source_of = source_of

    def message(self, diagnostic: Diagnostic) -> types.Diagnostic:
        """Return a diagnostic of the protocol; what identifies it goes with it, for code actions."""
        related = [
            types.DiagnosticRelatedInformation(self._location(each.span), each.message)
            for each in diagnostic.related
            if each.span is not None
        ]
        return types.Diagnostic(
            range=self._range(diagnostic),
            message=_text(diagnostic),
            severity=_SEVERITIES[diagnostic.severity],
            code=diagnostic.rule,
            code_description=types.CodeDescription(page(diagnostic.rule, diagnostic.family)),
            source='cfglint',
            tags=_tags(diagnostic),
            related_information=related or None,
            data=identity(diagnostic),
        )

    def _range(self, diagnostic: Diagnostic) -> types.Range:
        source, span = self._source_of(diagnostic.path), diagnostic.span
        if span is None:
            return self._positions.range(source, 0, len(source.line(1)))
        return self._positions.of_span(source, span)

    def _location(self, span: Span) -> types.Location:
        return types.Location(
            uris.from_fs_path(span.path) or '', self._positions.of_span(self._source_of(span.path), span)
        )


def identity(diagnostic: Diagnostic) -> dict[str, Any]:
    """Return what tells a diagnostic from all others of its file."""
    start = None if diagnostic.span is None else diagnostic.span.start
    return {'rule': diagnostic.rule, 'key': diagnostic.key, 'message': diagnostic.message, 'start': start}


def _text(diagnostic: Diagnostic) -> str:
    """Return the parts of a diagnostic, a line each."""
    lines = [diagnostic.message]
    if diagnostic.consequence:
        lines.append(f'MMEngine {diagnostic.consequence}')
    if diagnostic.advice is not None:
        lines.append(words(diagnostic.advice))
    lines += [each.message for each in diagnostic.related if each.span is None]
    if diagnostic.affects:
        count = len(diagnostic.affects)
        lines.append(f'{count} other config{"s" * (count != 1)} show{"s" * (count == 1)} it')
    return '\n'.join(lines)


def _tags(diagnostic: Diagnostic) -> list[types.DiagnosticTag] | None:
    if diagnostic.family == 'deprecated':
        return [types.DiagnosticTag.Deprecated]
    return [types.DiagnosticTag.Unnecessary] if diagnostic.rule == 'unused-suppression' else None
