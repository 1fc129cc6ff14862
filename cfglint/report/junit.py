"""JUnit XML, for the test tabs of CI servers: a suite a file, a failed case a diagnostic."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from cfglint.diagnostics import Severity
from cfglint.report.parts import in_a_line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cfglint.diagnostics import Diagnostic
    from cfglint.findings import Outcome
    from cfglint.report.sources import Sources

_NOT_XML = re.compile('[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]')


def render(diagnostics: Sequence[Diagnostic], sources: Sources, outcomes: Sequence[Outcome]) -> str:
    """Return the document, ending in a newline. Notes (`info`) are cases that pass."""
    by_file: dict[str, list[Diagnostic]] = {each.path: [] for each in outcomes if each.status == 'checked'}
    for each in diagnostics:
        by_file.setdefault(each.path, []).append(each)
    root = Element('testsuites', name='cfglint')
    for path, found in sorted(by_file.items()):
        _suite(root, _text(sources.from_root(path)), found, sources)
    failures = sum(each.severity > Severity.INFO for each in diagnostics)
    root.set('tests', str(sum(max(len(found), 1) for found in by_file.values())))
    root.set('failures', str(failures))
    indent(root)
    return f'<?xml version="1.0" encoding="utf-8"?>\n{tostring(root, encoding="unicode")}\n'


def _suite(root: Element, name: str, found: Sequence[Diagnostic], sources: Sources) -> None:
    failures = [each for each in found if each.severity > Severity.INFO]
    counts = {'name': name, 'tests': str(max(len(found), 1)), 'failures': str(len(failures))}
    suite = SubElement(root, 'testsuite', counts)
    if not found:
        SubElement(suite, 'testcase', classname=name, name='no diagnostics')
    for each in found:
        place = '' if each.span is None else f' ({sources.start(each.span).row}:{sources.start(each.span).column})'
        case = SubElement(suite, 'testcase', classname=name, name=f'{each.rule}{place}')
        words = _text(in_a_line(each))
        if each.severity > Severity.INFO:
            SubElement(case, 'failure', type=str(each.severity), message=words).text = words
        else:
            SubElement(case, 'system-out').text = words


def _text(text: str) -> str:
    """Return text without what XML cannot hold."""
    return _NOT_XML.sub(lambda match: f'\\x{ord(match[0]):02x}', text)
