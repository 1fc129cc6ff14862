"""The table of what covers each check of the contract is true."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from cfglint.rules import all_rules
from cfglint.sections import SECTIONS, validate
from tests.rules.consistency.schema_faults import FAULTS

COVERAGE = Path(__file__).parents[3] / 'docs' / 'coverage'
CHECKS = {
    *(f'R{number:03}' for number in range(1, 40)),
    *(f'L{number:03}' for number in range(1, 23)),
    *(f'O{number:03}' for number in range(1, 31)),
    *(f'S{number:03}' for number in range(1, 41)),
    *(f'H{number:03}' for number in range(1, 38)),
    *(f'V{number:03}' for number in range(1, 9)),
}
"""The IDs of the contract about the Runner, loops, optimizers, schedulers, hooks and logging."""


def rows() -> list[tuple[str, str, str]]:
    """Return the rows of all tables: the ID, what covers it, the note."""
    found = []
    for path in sorted(COVERAGE.glob('*.md')):
        for line in path.read_text(encoding='utf-8').splitlines():
            cells = [cell.strip() for cell in line.strip('|').split('|')]
            if re.fullmatch(r'[A-Z]\d{3}', cells[0]):
                found.append((cells[0], cells[1], cells[2]))
    return found


def test_every_check_has_one_row() -> None:
    given = [check for check, _, _ in rows() if check in CHECKS]
    assert sorted(given) == sorted(CHECKS)


@pytest.mark.parametrize(('check', 'covered', 'note'), rows(), ids=[row[0] for row in rows()])
def test_what_covers_it_exists(check: str, covered: str, note: str) -> None:
    if covered.startswith('schema:'):
        sections = {field.strip().split('.')[0] for field in covered.removeprefix('schema:').split(',')}
        assert sections <= set(SECTIONS)
    elif covered.startswith('not decidable'):
        assert note or ':' in covered, 'say why'
    elif not covered.startswith('reader'):
        names = re.findall(r'`([a-z0-9-]+)`', covered)
        assert names and set(names) <= set(all_rules())


@pytest.mark.parametrize(('check', 'section', 'value'), FAULTS, ids=[f'{f[0]}-{i}' for i, f in enumerate(FAULTS)])
def test_model_reports_the_fault(check: str, section: str, value: Any) -> None:
    assert validate(section, value)


def test_every_row_of_a_model_has_a_fault() -> None:
    by_model = {check for check, covered, _ in rows() if check in CHECKS and covered.startswith('schema:')}
    assert by_model == {check for check, _, _ in FAULTS}
