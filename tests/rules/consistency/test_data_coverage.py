"""The table of what covers each check about data, evaluators and models is true."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from cfglint.rules import all_rules, family
from tests.kit.complete import complete
from tests.kit.repo import diagnose
from tests.rules.consistency.data_faults import FAULTS
from tests.rules.consistency.test_coverage import rows

CHECKS = {f'D{number:03}' for number in range(1, 42)} | {f'V{number:03}' for number in range(9, 21)}
TABLE = {row[0]: row[1:] for row in rows() if row[0] in CHECKS}
ELSEWHERE = {'D033': 'types are tested with the catalogs'}


def test_every_check_has_one_row() -> None:
    assert sorted(row[0] for row in rows() if row[0] in CHECKS) == sorted(CHECKS)


def test_every_check_has_a_fault() -> None:
    decided = {name for name, (covered, _) in TABLE.items() if not covered.startswith('not decidable')}
    assert set(FAULTS) == decided - set(ELSEWHERE)


@pytest.mark.parametrize(
    ('name', 'text'), [(name, text) for name, texts in FAULTS.items() for text in texts], ids=lambda value: value[:60]
)
def test_it_is_reported_by_what_the_table_says(name: str, text: str, tmp_path: Path) -> None:
    covered, _ = TABLE[name]
    rules = [all_rules()[rule] for rule in re.findall(r'`([a-z-]+)`', covered)]
    if covered.startswith('schema:'):
        rules = list(family('schema'))
    assert diagnose(tmp_path, complete(text + '\n'), rules=rules)
