"""Results as JUnit XML, which every CI server reads."""

from __future__ import annotations

import re
import xml.etree.ElementTree as etree
from pathlib import Path
from typing import TYPE_CHECKING

from cfglint.smoke.report.text import one
from cfglint.smoke.results import Status

if TYPE_CHECKING:
    from cfglint.smoke.results import Report, Result

SKIPPED = (Status.UNFIT, Status.UNSUPPORTED, Status.NEEDS_DOWNLOAD, Status.SAME, Status.LEFT_OUT)
NOT_XML = re.compile('[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]')


def render(report: Report) -> str:
    """One test case a config, one suite for all."""
    results = report.results
    suite = etree.Element('testsuite', {
        'name': 'cfglint smoke',
        'tests': str(len(results)),
        'failures': str(sum(result.status is Status.FAILED for result in results)),
        'errors': '0',
        'skipped': str(sum(result.status in SKIPPED for result in results)),
        'time': f'{sum(result.seconds for result in results):.3f}',
    })  # fmt: skip
    for result in results:
        suite.append(_case(result))
    root = etree.Element('testsuites')
    root.append(suite)
    etree.indent(root)
    return f'<?xml version="1.0" encoding="utf-8"?>\n{etree.tostring(root, encoding="unicode")}\n'


def _case(result: Result) -> etree.Element:
    path = Path(result.config)
    case = etree.Element(
        'testcase', {'classname': str(path.parent), 'name': path.name, 'time': f'{result.seconds:.3f}'}
    )
    if result.failure is not None:
        failure = result.failure
        element = etree.SubElement(
            case, 'failure', {'type': failure.stage, 'message': _clean(failure.message.partition('\n')[0])}
        )
        element.text = _clean(one(result, traceback=True))
    elif result.status in SKIPPED:
        etree.SubElement(case, 'skipped', {'message': _clean(result.reason or '')})
    return case


def _clean(text: str) -> str:
    return NOT_XML.sub('?', text)
