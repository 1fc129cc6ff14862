"""Diagnostics with the lines that they are about, as compilers print them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cfglint.diagnostics import Applicability
from cfglint.report.sources import shown
from cfglint.report.style import PLAIN, expand, printable, width

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from cfglint.diagnostics import Diagnostic, Fix, Severity
    from cfglint.language.source import Span
    from cfglint.report.sources import Sources
    from cfglint.report.style import Style

_MAX_WIDTH = 120
_LEAD = 30
"""How many columns are kept before the marker when a long line is cut."""


def render(diagnostics: Iterable[Diagnostic], sources: Sources, style: Style = PLAIN) -> str:
    """Return all diagnostics, a blank line after each."""
    return ''.join('\n'.join(_block(each, sources, style)) + '\n\n' for each in diagnostics)


def _block(diagnostic: Diagnostic, sources: Sources, style: Style) -> Iterator[str]:
    head = style.severity(diagnostic.severity, f'{diagnostic.severity}[{diagnostic.rule}]')
    yield f'{head}{style.bold(": " + printable(diagnostic.message))}'
    spans = [each.span for each in diagnostic.related if each.span is not None]
    spans += [] if diagnostic.span is None else [diagnostic.span]
    margin = ' ' * max((len(str(sources.start(span).row)) for span in spans), default=1)
    if diagnostic.span is None:
        yield f'{margin}{style.faint("-->")} {printable(shown(diagnostic.path))}'
    else:
        yield from _excerpt(diagnostic.span, '-->', margin, sources, style, diagnostic.severity)
    for related in diagnostic.related:
        yield f'{margin} {style.faint("=")} {style.bold("note")}: {printable(related.message)}'
        if related.span is not None:
            yield from _excerpt(related.span, ':::', margin, sources, style, None)
    if diagnostic.fix is not None:
        yield f'{margin} {style.faint("=")} {style.bold("help")}: {printable(_help(diagnostic.fix))}'


def _help(fix: Fix) -> str:
    if fix.applicability is Applicability.SAFE:
        return f'{fix.message} (`--fix` does it)'
    if fix.applicability is Applicability.UNSAFE:
        return f'{fix.message} (`--fix --unsafe-fixes` does it)'
    return fix.message


def _excerpt(
    span: Span, arrow: str, margin: str, sources: Sources, style: Style, severity: Severity | None
) -> Iterator[str]:
    """Yield the place, the line, and a marker under the characters that are meant."""
    source = sources.get(span.path)
    row, column = source.location(span.start)
    yield f'{margin}{style.faint(arrow)} {printable(shown(span.path))}:{row}:{column}'
    line = source.line(row)
    first = min(column - 1, len(line))
    last = min(first + span.end - span.start, len(line))
    text, columns = expand(line)
    start, stop = columns[first], max(columns[last], columns[first] + 1)
    goes_on = span.end - span.start > len(line) - first
    text, start, stop = _cut(text, start, stop)
    marker = ('^' if severity is not None else '-') * (stop - start) + (' …' if goes_on else '')
    marker = style.faint(marker) if severity is None else style.severity(severity, marker)
    bar = style.faint('|')
    yield f'{margin} {bar}'
    yield f'{style.faint(str(row).rjust(len(margin)))} {bar} {text}'.rstrip()
    yield f'{margin} {bar} {" " * start}{marker}'


def _cut(text: str, start: int, stop: int) -> tuple[str, int, int]:
    """Cut a long line around the marked columns."""
    total = sum(width(char) for char in text)
    if total <= _MAX_WIDTH:
        return text, start, stop
    left = 0 if stop <= _MAX_WIDTH else max(start - _LEAD, 0)
    kept, at, shift = [], 0, None
    for char in text:
        if left <= at < left + _MAX_WIDTH - 1:
            shift = at if shift is None else shift
            kept.append(char)
        at += width(char)
    shift = shift or 0
    before = '…' if shift else ''
    after = '…' if total > left + _MAX_WIDTH - 1 else ''
    start, stop = start - shift + len(before), stop - shift + len(before)
    return f'{before}{"".join(kept)}{after}', start, min(stop, _MAX_WIDTH)
