"""The table of what covers each check about types and versions is complete."""

from __future__ import annotations

from tests.rules.consistency.test_coverage import rows

CHECKS = {*(f'T{number:03}' for number in range(1, 13)), *(f'X{number:03}' for number in range(1, 10))}


def test_every_check_has_one_row() -> None:
    assert sorted(check for check, _, _ in rows() if check in CHECKS) == sorted(CHECKS)
