"""Every case gets its violation; every good value gets none."""

from __future__ import annotations

import copy

import pytest

from cfglint.sections import validate
from tests.sections.cases import CASES, Case

ids = [f'{case.section}-{case.name}'.replace(' ', '_') for case in CASES]


@pytest.mark.parametrize('case', CASES, ids=ids)
def test_bad_value(case: Case) -> None:
    before = copy.deepcopy(case.bad)
    found = validate(case.section, case.bad)
    assert case.bad == before
    first = found[0]
    assert (first.kind, first.path, first.severity, first.suggestion) == (
        case.kind,
        case.path,
        case.severity,
        case.suggestion,
    )
    assert first.message
    assert first.message.count('`') % 2 == 0
    assert not first.message[0].isupper()


@pytest.mark.parametrize('case', [case for case in CASES if case.good is not None], ids=lambda case: case.name)
def test_good_value(case: Case) -> None:
    assert validate(case.section, case.good) == []


def test_names_are_unique() -> None:
    assert len(set(ids)) == len(ids)
