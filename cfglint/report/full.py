"""Diagnostics with the lines that they are about, as compilers print them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cfglint.diagnostics import Applicability
from cfglint.report.links import page
from cfglint.report.sources import named, shown
from cfglint.report.style import PLAIN, expand, printable, width

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from cfglint.diagnostics import Diagnostic, Fix, Severity
    from cfglint.language.places import Span
    from cfglint.report.sources import Sources
    from cfglint.report.style import Style

_MAX_WIDTH = 120
_AROUND = 2 * _MAX_WIDTH
"""How many characters of a line are looked at before the marker, and from there on."""
_LEAD = 30
"""How many columns are kept before the marker when a long line is cut."""


def render(diagnostics: Iterable[Diagnostic], sources: Sources, style: Style = PLAIN) -> str:
    """Return all diagnostics, a blank line after each."""
    return ''.join('\n'.join(_block(each, sources, style)) + '\n\n' for each in diagnostics)


def _block(diagnostic: Diagnostic, sources: Sources, style: Style) -> Iterator[str]:
    yield from _head(diagnostic, style)
    yield from body(diagnostic, sources, style)


def body(diagnostic: Diagnostic, sources: Sources, style: Style = PLAIN) -> Iterator[str]:
    """Yield the lines of a diagnostic below its message."""
    spans = [each.span for each in diagnostic.related if each.span is not None]
    spans += [] if diagnostic.span is None else [diagnostic.span]
    margin = ' ' * max((len(str(sources.start(span).row)) for span in spans), default=1)
    if diagnostic.span is None:
        yield f'{margin}{style.faint("-->")} {printable(shown(diagnostic.path))}'
    else:
        yield from _excerpt(diagnostic.span, '-->', margin, sources, style, diagnostic.severity)
    if diagnostic.consequence:
        yield from _line(margin, 'MMEngine', diagnostic.consequence, style)
    for related in diagnostic.related:
        yield from _line(margin, 'note', related.message, style)
        if related.span is not None:
            yield from _excerpt(related.span, ':::', margin, sources, style, None)
    if diagnostic.affects:
        yield from _line(margin, 'note', f'affects {named(diagnostic.affects, style.all_paths)}', style)
    if diagnostic.advice is not None or diagnostic.fix is not None:
        yield from _help(diagnostic, margin, style)


def _head(diagnostic: Diagnostic, style: Style) -> Iterator[str]:
    label = f'{diagnostic.severity}[{diagnostic.rule}]'
    linked = style.link(page(diagnostic.rule, diagnostic.family), style.severity(diagnostic.severity, label))
    first, *more = style.wrap(printable(diagnostic.message), len(label) + 2) or ['']
    yield f'{linked}{style.bold(": " + first)}'
    for line in more:
        yield f'{" " * (len(label) + 2)}{style.bold(line)}'


def _line(margin: str, label: str, text: str, style: Style) -> Iterator[str]:
    """Yield a labelled text below the excerpt."""
    first, *more = style.wrap(printable(text), len(margin) + len(label) + 5) or ['']
    yield f'{margin} {style.faint("=")} {style.bold(label)}: {first}'
    for line in more:
        yield f'{margin} {" " * (len(label) + 4)}{line}'


def _help(diagnostic: Diagnostic, margin: str, style: Style) -> Iterator[str]:
    """Yield what to do, the code on lines of its own if it has several, and which option does it."""
    advice, option = diagnostic.advice, _option(diagnostic.fix)
    if advice is None:
        message = '' if diagnostic.fix is None else diagnostic.fix.message
        yield from _line(margin, 'help', f'{message}{option}', style)
    elif advice.code is None:
        yield from _line(margin, 'help', f'{advice.text}{option}', style)
    elif '\n' not in advice.code:
        yield from _line(margin, 'help', f'{advice.text} `{advice.code}`{option}', style)
    else:
        yield from _line(margin, 'help', f'{advice.text}{option}', style)
        for line in advice.code.splitlines():
            yield f'{margin}     {printable(line)}'.rstrip()


def _option(fix: Fix | None) -> str:
    """Return which option applies a fix."""
    if fix is None or fix.applicability is Applicability.DISPLAY:
        return ''
    return f' (`{"--fix" if fix.applicability is Applicability.SAFE else "--fix --unsafe-fixes"}` does it)'


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
    goes_on = span.end - span.start > len(line) - first
    skipped = max(first - _AROUND, 0)
    line, first, last = line[skipped : first + _AROUND], first - skipped, min(last - skipped, first - skipped + _AROUND)
    text, columns = expand(line)
    start, stop = columns[first], max(columns[last], columns[first] + 1)
    text, start, stop = _cut(text, start, stop)
    marker = ('^' if severity is not None else '-') * (stop - start) + (' …' if goes_on else '')
    marker = style.faint(marker) if severity is None else style.severity(severity, marker)
    bar = style.faint('|')
    yield f'{margin} {bar}'
    yield f'{style.faint(str(row).rjust(len(margin)))} {bar} {text}'.rstrip()
    yield f'{margin} {bar} {" " * start}{marker}'


def _cut(text: str, start: int, stop: int) -> tuple[str, int, int]:
    """Cut a long line around the marked columns."""
    total = len(text) if text.isascii() else sum(width(char) for char in text)
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
