"""Formats that other tools read."""

from __future__ import annotations

from cfglint.diagnostics import Applicability, Diagnostic, Fix, Severity
from cfglint.findings import Outcome
from cfglint.language.places import Span
from cfglint.language.source import SourceFile
from cfglint.report import github
from cfglint.report.sources import Sources
from cfglint.report.summary import summary

SOURCES = Sources({'/a%b:c,d.py': SourceFile('/a%b:c,d.py', 'a = (\n1)\n')})


def test_github_escapes_properties_and_data() -> None:
    span = Span('/a%b:c,d.py', 0, 1)
    diagnostic = Diagnostic('rule', 'family', Severity.WARNING, '50%\r\n::error::x', span.path, span)
    assert github.render([diagnostic], SOURCES) == (
        '::warning title=cfglint (rule),file=/a%25b%3Ac%2Cd.py,line=1,endLine=1,col=1,endColumn=2::'
        '/a%25b:c,d.py:1:1: rule: 50%25%0D%0A::error::x\n'
    )


def test_github_gets_no_columns_for_several_lines() -> None:
    span = Span('/a%b:c,d.py', 4, 8)
    diagnostic = Diagnostic('rule', 'family', Severity.INFO, 'm', span.path, span)
    assert github.render([diagnostic], SOURCES).startswith(
        '::notice title=cfglint (rule),file=/a%25b%3Ac%2Cd.py,line=1,endLine=2::'
    )


def test_github_without_a_place() -> None:
    diagnostic = Diagnostic('rule', 'family', Severity.ERROR, 'm', '/x.py')
    assert github.render([diagnostic], SOURCES) == '::error title=cfglint (rule),file=/x.py::/x.py: rule: m\n'


def test_summary_tells_everything_apart() -> None:
    def found(severity: Severity, trust: Applicability | None = None) -> Diagnostic:
        fix = None if trust is None else Fix('F', (), trust)
        return Diagnostic('r', 'f', severity, 'm', '/a', fix=fix)

    diagnostics = [
        found(Severity.ERROR, Applicability.SAFE), found(Severity.ERROR, Applicability.UNSAFE),
        found(Severity.WARNING, Applicability.DISPLAY), found(Severity.INFO),
    ]  # fmt: skip
    outcomes = [Outcome('/a', 'checked'), Outcome('/b', 'broken', 'x'), Outcome('/c', 'skipped', 'why')]
    assert summary(diagnostics, outcomes) == (
        'checked 2 files (1 broken; 1 skipped: why (1)): found 2 errors, 1 warning, 1 note '
        '(1 fixable with `--fix`, 1 more with `--unsafe-fixes`)'
    )
    others = [Outcome('/d', 'no config', 'why')]
    assert summary([], outcomes[:1] + others) == 'checked 1 file, passed over 1 file that is no config: found nothing'
    assert summary([], others * 2) == 'checked nothing, passed over 2 files that are no configs'
    assert summary([], outcomes[:1]) == 'checked 1 file: found nothing'
    assert summary(diagnostics[1:2], []) == 'checked nothing: found 1 error (1 fixable with `--fix --unsafe-fixes`)'
