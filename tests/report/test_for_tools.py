"""SARIF, GitLab, JUnit and Markdown: what their readers need is there, whatever the config holds."""

from __future__ import annotations

import json
from xml.etree import ElementTree

import pytest

from cfglint.diagnostics import Advice, Applicability, Diagnostic, Edit, Fix, Related, Severity
from cfglint.findings import Outcome
from cfglint.language.places import Span
from cfglint.language.source import SourceFile
from cfglint.report import gitlab, junit, markdown, sarif
from cfglint.report.sources import Sources

TEXT = "x = '骨'; bad = 1\nworse = 2\n"
SOURCES = Sources({'/repo/a b.py': SourceFile('/repo/a b.py', TEXT), '/c.py': SourceFile('/c.py', 'y = 3\n')}, '/repo')
BAD = Span('/repo/a b.py', TEXT.index('bad'), TEXT.index('bad') + 3)
FOUND = Diagnostic(
    'removed-fp16', 'deprecated', Severity.ERROR, '`bad` | <b>', '/repo/a b.py', BAD, 'fp16',
    (Related('there', Span('/c.py', 0, 1)), Related('only words')),
    Fix('Remove it', (Edit(BAD, ''),), Applicability.SAFE),
    'ignores it', Advice('write', 'x = 1'), ('/repo/child.py',),
)  # fmt: skip
WHOLE_FILE = Diagnostic('r', 'f', Severity.INFO, 'a\x1b[2J\x00b', '/c.py')


def test_sarif_has_place_fix_and_fingerprint() -> None:
    (run,) = json.loads(sarif.render([FOUND, WHOLE_FILE], SOURCES))['runs']
    first, second = run['results']
    assert run['columnKind'] == 'unicodeCodePoints' and run['originalUriBaseIds'] == {'ROOT': {'uri': 'file:///repo/'}}
    physical = first['locations'][0]['physicalLocation']
    assert physical['artifactLocation'] == {'uri': 'a%20b.py', 'uriBaseId': 'ROOT'}
    assert physical['region'] == {'startLine': 1, 'startColumn': 10, 'endLine': 1, 'endColumn': 13}
    assert first['message']['text'] == '`bad` | <b> (MMEngine ignores it); write `x = 1`'
    assert run['tool']['driver']['rules'][first['ruleIndex']]['id'] == 'removed-fp16'
    assert [each['physicalLocation']['artifactLocation']['uri'] for each in first['relatedLocations']] == [
        'file:///c.py',
        'child.py',
    ]
    assert first['fixes'][0]['artifactChanges'][0]['replacements'][0]['deletedRegion'] == physical['region']
    assert second['level'] == 'note' and second['locations'][0]['physicalLocation']['region'] == {'startLine': 1}


def test_sarif_has_each_related_place_once() -> None:
    twice = FOUND._replace(related=(*FOUND.related, *FOUND.related), affects=())
    (run,) = json.loads(sarif.render([twice], SOURCES))['runs']
    assert len(run['results'][0]['relatedLocations']) == 1


def test_sarif_keeps_the_most_severe_within_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sarif, 'MAX_RESULTS', 1)
    (run,) = json.loads(sarif.render([WHOLE_FILE, FOUND], SOURCES))['runs']
    assert [each['ruleId'] for each in run['results']] == ['removed-fp16']
    assert '2 diagnostics' in run['invocations'][0]['toolExecutionNotifications'][0]['message']['text']


def test_gitlab_fingerprints_differ_and_stay() -> None:
    def marks(text: str, *starts: int) -> list[str]:
        sources = Sources({'/repo/a.py': SourceFile('/repo/a.py', text)}, '/repo')
        found = [FOUND._replace(path='/repo/a.py', span=Span('/repo/a.py', start, start + 1)) for start in starts]
        return [each['fingerprint'] for each in json.loads(gitlab.render(found, sources))]

    first, second = marks('a\na\n', 0, 2)
    assert first != second
    assert marks('# moved\na\na\n', 8, 10) == [first, second]


def test_gitlab_paths_are_those_of_the_repository() -> None:
    (entry,) = json.loads(gitlab.render([FOUND], SOURCES))
    assert entry['location'] == {'path': 'a b.py', 'lines': {'begin': 1, 'end': 1}} and entry['severity'] == 'major'


def test_junit_counts_failures_and_holds_any_text() -> None:
    outcomes = [Outcome('/repo/clean.py', 'checked'), Outcome('/repo/skipped.py', 'skipped', 'why')]
    root = ElementTree.fromstring(junit.render([FOUND, WHOLE_FILE], SOURCES, outcomes))
    assert (root.get('tests'), root.get('failures')) == ('3', '1')
    assert [suite.get('name') for suite in root] == ['/c.py', 'a b.py', 'clean.py']
    assert root.find("testsuite[@name='a b.py']/testcase/failure") is not None
    assert root.findtext("testsuite[@name='/c.py']/testcase/system-out") == 'a\\x1b[2J\\x00b'


def test_markdown_escapes_and_folds() -> None:
    text = markdown.render([FOUND], SOURCES, [])
    assert '<code>bad</code> &#124; &lt;b&gt;<br>MMEngine ignores it<br>write <code>x = 1</code> |' in text
    assert '<details><summary>inherited by 1 config</summary><ul><li>child.py</li></ul></details>' in text


def test_markdown_stays_below_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(markdown, 'MAX_BYTES', 100)
    assert markdown.render([FOUND, WHOLE_FILE], SOURCES, []).endswith('2 more files are left out here.\n')
