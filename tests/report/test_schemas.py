"""The formats for other tools, by the schemas and readers of others, for what all rules say of their bad examples."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from jsonschema import Draft202012Validator
from junitparser import JUnitXml
from sarif.loader import load_sarif_file

from cfglint.catalog.run_libraries import Libraries
from cfglint.engine import check
from cfglint.findings import Result
from cfglint.report import gitlab, junit, sarif
from cfglint.report.sources import Sources
from cfglint.rules import all_rules
from cfglint.workspace import Workspace
from tests.kit.complete import example_files
from tests.kit.repo import write

SARIF = json.loads((Path(__file__).parent / 'schemas' / 'sarif-2.1.0.json').read_text(encoding='utf-8'))
# What https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format says.
GITLAB = {
    'type': 'array',
    'items': {
        'type': 'object',
        'required': ['description', 'check_name', 'fingerprint', 'location', 'severity'],
        'properties': {
            'description': {'type': 'string', 'minLength': 1},
            'check_name': {'type': 'string', 'minLength': 1},
            'fingerprint': {'type': 'string', 'pattern': '^[0-9a-f]{64}$'},
            'severity': {'enum': ['info', 'minor', 'major', 'critical', 'blocker']},
            'location': {
                'type': 'object',
                'required': ['path', 'lines'],
                'properties': {
                    'path': {'type': 'string', 'pattern': r'^(?!/|\./)'},
                    'lines': {
                        'type': 'object',
                        'required': ['begin'],
                        'properties': {'begin': {'type': 'integer', 'minimum': 1}},
                    },
                },
            },
        },
    },
}


class Found(NamedTuple):
    """What all rules say of their examples."""

    result: Result
    sources: Sources


@pytest.fixture(scope='module')
def found(tmp_path_factory: pytest.TempPathFactory) -> Found:
    """Check the bad examples of all rules."""
    folder = tmp_path_factory.mktemp('examples')
    paths = []
    for name, rule in all_rules().items():
        written = write(folder / name, example_files(rule, 'bad'))
        paths += [path for path in written if os.path.basename(path).startswith('config.')]
    result = check(sorted(paths), list(all_rules().values()), Workspace(Libraries()))
    assert not result.crashes
    assert len({each.rule for each in result.diagnostics}) > 150
    return Found(result, Sources(root=str(folder)))


def errors(schema: dict[str, Any], document: object) -> list[str]:
    """Return what a schema refuses, with the place."""
    validator = Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER)
    return [f'{each.json_path}: {each.message[:300]}' for each in validator.iter_errors(document)]


def test_sarif_is_valid_by_the_official_schema(found: Found) -> None:
    Draft202012Validator.check_schema(SARIF)
    document = json.loads(sarif.render(found.result.diagnostics, found.sources))
    assert errors(SARIF, document) == []
    [run] = document['runs']
    assert len(run['results']) == len(found.result.diagnostics)
    assert any('fixes' in each for each in run['results'])
    assert any('relatedLocations' in each for each in run['results'])
    document['runs'][0]['results'][0]['level'] = 'bad'
    assert len(errors(SARIF, document)) == 1


def test_sarif_is_read_by_sarif_tools(found: Found, tmp_path: Path) -> None:
    (tmp_path / 'found.sarif').write_text(sarif.render(found.result.diagnostics, found.sources), encoding='utf-8')
    loaded = load_sarif_file(str(tmp_path / 'found.sarif'))
    assert loaded.get_distinct_tool_names() == ['cfglint']
    records = loaded.get_records()
    assert len(records) == len(found.result.diagnostics)
    expected = {(each.path.rpartition(f'{found.sources.root}/')[2], each.rule) for each in found.result.diagnostics}
    assert {(each['Location'], each['Code']) for each in records} == expected


def test_gitlab_is_what_its_documentation_says(found: Found) -> None:
    document = json.loads(gitlab.render(found.result.diagnostics, found.sources))
    assert errors(GITLAB, document) == []
    marks = [each['fingerprint'] for each in document]
    assert len(marks) == len(set(marks)) == len(found.result.diagnostics)


def test_junit_is_read_by_junitparser(found: Found) -> None:
    text = junit.render(found.result.diagnostics, found.sources, found.result.outcomes)
    suites = JUnitXml.fromstring(text.encode())
    cases = [case for suite in suites for case in suite]
    assert suites.tests == len(cases) and suites.failures == sum(
        bool(case.result) and any(type(each).__name__ == 'Failure' for each in case.result) for case in cases
    )
