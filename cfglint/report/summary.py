"""What a run did, in a line; and how often each rule spoke."""

from __future__ import annotations

import json
import os
from collections import Counter
from typing import TYPE_CHECKING

from cfglint.diagnostics import QUESTION, Applicability, Severity
from cfglint.report.sources import shown

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from cfglint.diagnostics import Diagnostic
    from cfglint.findings import Outcome

_MAX_ALIKE = 50
"""Findings of 0.x that are shown one by one."""


def summary(
    diagnostics: Sequence[Diagnostic], outcomes: Sequence[Outcome], refused: Mapping[str, int] | None = None
) -> str:
    """Return one line: what became of the files, and what was found. Skipped is not clean, so it is told.

    Args:
        diagnostics: What was found.
        outcomes: What became of the files.
        refused: How many fixes are not offered, by the reason.
    """
    status = Counter(outcome.status for outcome in outcomes)
    checked = status['checked'] + status['broken']
    files = f'checked {count(checked, "file")}' if checked else 'checked nothing'
    aside = []
    if status['broken']:
        aside.append(f'{status["broken"]} broken')
    if status['skipped']:
        reasons = Counter(outcome.reason for outcome in outcomes if outcome.status == 'skipped')
        listed = ', '.join(
            f'{reason} ({count})' for reason, count in sorted(reasons.items(), key=lambda each: (-each[1], each[0]))
        )
        aside.append(f'{status["skipped"]} skipped: {listed}')
    files += f' ({"; ".join(aside)})' if aside else ''
    passed = status['no config']
    if passed:
        files += f', passed over {not_configs(passed)}'
    if not checked and not diagnostics:
        return files
    return f'{files}: {_found(diagnostics)}{_fixable(diagnostics)}{_refused(refused or {}) if diagnostics else ""}'


def upstream_summary(diagnostics: Sequence[Diagnostic]) -> str:
    """Return one line about the libraries' own defects, empty if there are none."""
    upstream = [each.path for each in diagnostics if each.is_upstream]
    if not upstream:
        return ''
    files = len(set(upstream))
    where = f'{count(files, "file")} that {"equals the official one" if files == 1 else "equal the official ones"}'
    return f'aside from {count(len(upstream), "finding")} in {where} (`-v` shows them)'


def folded(diagnostics: Sequence[Diagnostic]) -> list[Diagnostic]:
    """Return what is shown to people: of very many findings in configs that are of 0.x as a whole, one of each kind.

    All of them have one cure, which `legacy_summary` tells.
    """
    legacy = _legacy(diagnostics)
    alike = [
        each for each in diagnostics if each.family == 'deprecated' and legacy.issuperset(each.affects or (each.path,))
    ]
    if len(alike) <= _MAX_ALIKE:
        return list(diagnostics)
    first: dict[str, Diagnostic] = {}
    for each in alike:
        first.setdefault(each.rule, each)
    left_out = {id(each) for each in alike} - {id(each) for each in first.values()}
    return [each for each in diagnostics if id(each) not in left_out]


def _legacy(diagnostics: Sequence[Diagnostic]) -> set[str]:
    return {path for each in diagnostics if each.rule == 'legacy-config' for path in (each.path, *each.affects)}


def legacy_summary(diagnostics: Sequence[Diagnostic], *, is_folded: bool = False) -> str:
    """Return one line about the configs of 0.x, empty if there are none.

    Args:
        diagnostics: What was found.
        is_folded: Whether what `folded` leaves out was not shown.
    """
    legacy = _legacy(diagnostics)
    left: set[str] = set()
    for each in diagnostics:
        if each.family == 'deprecated' and each.advice is not None and each.advice.text.startswith(QUESTION):
            left.update((each.path, *each.affects))
    if not legacy:
        return ''
    path = os.path.commonpath([each if len(legacy) == 1 else os.path.dirname(each) for each in legacy])
    path = '.' if path == os.getcwd() else shown(path)
    are = 'config is' if len(legacy) == 1 else 'configs are'
    clean = 'it' if len(legacy) == 1 else 'them'
    if left & legacy:
        clean = 'it, but not' if len(legacy) == 1 else f'{len(legacy - left)} of them'
    told = [each for each in diagnostics if not each.is_upstream]
    more = len(told) - len(folded(told)) if is_folded else 0
    rest = f'; {more} more findings of the same kinds are not shown (`-v` shows them)' if more else ''
    return f'{len(legacy)} {are} of 0.x: `cfglint migrate {path}` rewrites {clean} without open questions{rest}'


def _found(diagnostics: Sequence[Diagnostic]) -> str:
    counts = Counter(diagnostic.severity for diagnostic in diagnostics if not diagnostic.is_upstream)
    words = {
        Severity.ERROR: ('error', 'errors'),
        Severity.WARNING: ('warning', 'warnings'),
        Severity.INFO: ('note', 'notes'),
    }
    found = [f'{counts[each]} {words[each][counts[each] != 1]}' for each in words if counts[each]]
    return 'found ' + ', '.join(found) if found else 'found nothing'


def _fixable(diagnostics: Sequence[Diagnostic]) -> str:
    safe = sum(each.fix is not None and each.fix.applicability is Applicability.SAFE for each in diagnostics)
    unsafe = sum(each.fix is not None and each.fix.applicability is Applicability.UNSAFE for each in diagnostics)
    if safe:
        more = f', {unsafe} more with `--unsafe-fixes`' if unsafe else ''
        return f' ({safe} fixable with `--fix`{more})'
    return f' ({unsafe} fixable with `--fix --unsafe-fixes`)' if unsafe else ''


def _refused(refused: Mapping[str, int]) -> str:
    if not refused:
        return ''
    total = sum(refused.values())
    reasons = sorted(refused.items(), key=lambda each: (-each[1], each[0]))
    words = reasons[0][0] if len(reasons) == 1 else ', '.join(f'{number} {reason}' for reason, number in reasons)
    return f'; {"1 fix is" if total == 1 else f"{total} fixes are"} not offered: {words}'


def not_configs(number: int) -> str:
    """Return how many files were passed over."""
    return f'{count(number, "file")} that {"is no config" if number == 1 else "are no configs"}'


def count(number: int, noun: str) -> str:
    """Return a number with its noun."""
    return f'{number} {noun}{"" if number == 1 else "s"}'


def statistics(diagnostics: Sequence[Diagnostic]) -> str:
    """Return how often each rule spoke, the most frequent first."""
    rows = _rows(diagnostics)
    wide = max((len(str(count)) for _, count, _ in rows), default=0)
    return ''.join(f'{count:>{wide}}  {severity:<7}  {rule}\n' for rule, count, severity in rows)


def statistics_json(diagnostics: Sequence[Diagnostic]) -> str:
    """Return the same as JSON."""
    return (
        json.dumps(
            [{'code': rule, 'severity': severity, 'count': count} for rule, count, severity in _rows(diagnostics)],
            indent=2,
        )
        + '\n'
    )


def _rows(diagnostics: Sequence[Diagnostic]) -> list[tuple[str, int, str]]:
    counts = Counter((diagnostic.rule, str(diagnostic.severity)) for diagnostic in diagnostics)
    return [
        (rule, count, severity)
        for (rule, severity), count in sorted(counts.items(), key=lambda each: (-each[1], each[0]))
    ]
