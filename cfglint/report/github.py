"""Workflow commands: GitHub shows each diagnostic at its line of the pull request."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from cfglint.diagnostics import Severity
from cfglint.report.parts import in_a_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from cfglint.diagnostics import Diagnostic
    from cfglint.report.sources import Sources

_SHOWN = 10
_COMMANDS = {Severity.ERROR: 'error', Severity.WARNING: 'warning', Severity.INFO: 'notice'}


def render(diagnostics: Iterable[Diagnostic], sources: Sources) -> str:
    """Return one workflow command a diagnostic. Paths are relative to the root of the repository.

    GitHub shows the first ten of each severity that a step prints: the errors come first, and a notice counts the rest.
    """
    found = sorted(diagnostics, key=lambda each: -each.severity)
    counts = Counter(each.severity for each in found)
    left = sum(count - _SHOWN for count in counts.values() if count > _SHOWN)
    words = f'GitHub shows {_SHOWN} of each severity a step: {left} more are in the log of this step'
    more = command('notice', {'title': 'cfglint'}, words) if left else ''
    return more + ''.join(_of(each, sources) for each in found)


def command(kind: str, properties: Mapping[str, str], words: str) -> str:
    """Return a workflow command, on a line of its own."""
    listed = ','.join(f'{name}={_property(value)}' for name, value in properties.items())
    return f'::{kind} {listed}::{_data(words)}\n'


def _of(diagnostic: Diagnostic, sources: Sources) -> str:
    properties = {'title': f'cfglint ({diagnostic.rule})', 'file': sources.from_root(diagnostic.path)}
    place = ''
    if diagnostic.span is not None:
        start, end = sources.start(diagnostic.span), sources.end(diagnostic.span)
        properties |= {'line': str(start.row), 'endLine': str(end.row)}
        if start.row == end.row:  # GitHub refuses columns for several lines
            properties |= {'col': str(start.column), 'endColumn': str(end.column)}
        place = f':{start.row}:{start.column}'
    words = f'{sources.from_root(diagnostic.path)}{place}: {diagnostic.rule}: {in_a_line(diagnostic)}'
    return command(_COMMANDS[diagnostic.severity], properties, words)


def _data(text: str) -> str:
    return text.replace('%', '%25').replace('\r', '%0D').replace('\n', '%0A')


def _property(text: str) -> str:
    return _data(text).replace(':', '%3A').replace(',', '%2C')
