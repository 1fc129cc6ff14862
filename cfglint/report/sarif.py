"""SARIF 2.1.0, as code scanning on GitHub and other viewers take it.

The limits are those that GitHub documents: https://docs.github.com/en/code-security/reference/code-scanning/sarif-support
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from cfglint import __version__
from cfglint.diagnostics import Applicability, Severity
from cfglint.fingerprint import fingerprints
from cfglint.report.links import HOME, page
from cfglint.report.parts import in_a_line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cfglint.diagnostics import Diagnostic, Fix, Related
    from cfglint.language.places import Span
    from cfglint.report.sources import Sources

SCHEMA = 'https://json.schemastore.org/sarif-2.1.0.json'
MAX_RESULTS = 25_000
MAX_RELATED = 100
_LEVELS = {Severity.ERROR: 'error', Severity.WARNING: 'warning', Severity.INFO: 'note'}


def render(diagnostics: Sequence[Diagnostic], sources: Sources) -> str:
    """Return a log with one run, ending in a newline. Columns count characters (Unicode code points)."""
    shown = sorted(diagnostics, key=lambda each: -each.severity)[:MAX_RESULTS]
    names = sorted({each.rule for each in shown})
    run: dict[str, Any] = {
        'tool': {
            'driver': {
                'name': 'cfglint',
                'semanticVersion': __version__,
                'informationUri': HOME,
                'rules': [_rule(name) for name in names],
            }
        },
        'columnKind': 'unicodeCodePoints',
        'originalUriBaseIds': {'ROOT': {'uri': f'{_uri(sources.root)}/'}},
        'results': [
            _result(each, names.index(each.rule), mark, sources)
            for each, mark in zip(shown, fingerprints(shown, sources), strict=True)
        ],
    }
    if len(shown) < len(diagnostics):
        words = f'{len(diagnostics)} diagnostics, of which the {MAX_RESULTS} most severe are here'
        run['invocations'] = [
            {
                'executionSuccessful': True,
                'toolExecutionNotifications': [{'level': 'warning', 'message': {'text': words}}],
            }
        ]
    return json.dumps({'$schema': SCHEMA, 'version': '2.1.0', 'runs': [run]}, indent=2, ensure_ascii=False) + '\n'


def _rule(name: str) -> dict[str, Any]:
    from cfglint.rules import all_rules

    rule = all_rules().get(name)
    described: dict[str, Any] = {'id': name}
    if rule is not None:
        described |= {
            'helpUri': page(name, rule.family),
            'shortDescription': {'text': rule.summary},
            'fullDescription': {'text': rule.summary},
            'help': {'text': rule.doc, 'markdown': rule.doc},
            'defaultConfiguration': {'level': _LEVELS[rule.severity]},
            'properties': {
                'tags': [rule.family],
                'problem.severity': _LEVELS[rule.severity].replace('note', 'recommendation'),
            },
        }
    return described


def _result(diagnostic: Diagnostic, index: int, mark: str, sources: Sources) -> dict[str, Any]:
    location = _location(diagnostic.path, diagnostic.span, sources)
    if diagnostic.key is not None:
        location['logicalLocations'] = [{'fullyQualifiedName': diagnostic.key}]
    result: dict[str, Any] = {
        'ruleId': diagnostic.rule,
        'ruleIndex': index,
        'level': _LEVELS[diagnostic.severity],
        'message': {'text': in_a_line(diagnostic)},
        'locations': [location],
        'partialFingerprints': {'cfglint/v1': mark},
    }
    related = [*map_related(diagnostic.related, sources), *(_affected(path, sources) for path in diagnostic.affects)]
    related = list({json.dumps(each): each for each in related}.values())  # the schema wants each once
    if related:
        result['relatedLocations'] = related[:MAX_RELATED]
    if diagnostic.fix is not None and diagnostic.fix.applicability > Applicability.DISPLAY:
        result['fixes'] = [_fix(diagnostic.fix, sources)]
    return result


def map_related(related: Sequence[Related], sources: Sources) -> list[dict[str, Any]]:
    """Return related places, each with its message; words without a place are left out."""
    return [
        _location(each.span.path, each.span, sources) | {'message': {'text': each.message}}
        for each in related
        if each.span is not None
    ]


def _affected(path: str, sources: Sources) -> dict[str, Any]:
    return _location(path, None, sources) | {'message': {'text': 'a config that shows it, too'}}


def _location(path: str, span: Span | None, sources: Sources) -> dict[str, Any]:
    physical: dict[str, Any] = {'artifactLocation': _artifact(path, sources)}
    # Viewers want a line; what concerns the file as a whole stands at its beginning.
    physical['region'] = {'startLine': 1} if span is None else _region(span, sources)
    return {'physicalLocation': physical}


def _region(span: Span, sources: Sources) -> dict[str, int]:
    start, end = sources.start(span), sources.end(span)
    return {'startLine': start.row, 'startColumn': start.column, 'endLine': end.row, 'endColumn': end.column}


def _artifact(path: str, sources: Sources) -> dict[str, str]:
    below = sources.below_root(path)
    return {'uri': _uri(path)} if below is None else {'uri': quote(_bytes(below)), 'uriBaseId': 'ROOT'}


def _uri(path: str) -> str:
    path = path.replace('\\', '/')
    return f'file://{"" if path.startswith("/") else "/"}{quote(_bytes(path))}'


def _bytes(path: str) -> bytes:
    return path.encode('utf-8', 'surrogateescape')


def _fix(fix: Fix, sources: Sources) -> dict[str, Any]:
    changes: dict[str, list[dict[str, Any]]] = {}
    for span, content in fix.edits:
        replacement = {'deletedRegion': _region(span, sources), 'insertedContent': {'text': content}}
        changes.setdefault(span.path, []).append(replacement)
    return {
        'description': {'text': fix.message},
        'artifactChanges': [
            {'artifactLocation': _artifact(path, sources), 'replacements': replacements}
            for path, replacements in changes.items()
        ],
    }
