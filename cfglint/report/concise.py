"""One line a diagnostic: ``path:row:column: severity[rule] message``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cfglint.report.parts import in_a_line
from cfglint.report.sources import shown
from cfglint.report.style import PLAIN, printable

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cfglint.diagnostics import Diagnostic
    from cfglint.report.sources import Sources
    from cfglint.report.style import Style


def render(diagnostics: Iterable[Diagnostic], sources: Sources, style: Style = PLAIN) -> str:
    """Return the lines."""
    return ''.join(_line(each, sources, style) for each in diagnostics)


def _line(diagnostic: Diagnostic, sources: Sources, style: Style) -> str:
    place = shown(diagnostic.path)
    if diagnostic.span is not None:
        row, column = sources.start(diagnostic.span)
        place = f'{place}:{row}:{column}'
    severity = style.severity(diagnostic.severity, f'{diagnostic.severity}[{diagnostic.rule}]')
    return f'{style.bold(printable(place))}: {severity} {printable(in_a_line(diagnostic))}\n'
