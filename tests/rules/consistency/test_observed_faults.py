"""What rules say that a library raises is what the real library was seen to raise."""

from __future__ import annotations

import importlib.util
import json
import re
from pathlib import Path

import pytest

from cfglint.rules import all_rules
from tests.kit.complete import complete
from tests.kit.repo import diagnose
from tests.rules.consistency.real_faults import FAULTS
from tools.observe_faults import OBSERVED, observe

KNOWN: dict[str, str] = json.loads(OBSERVED.read_text('utf-8'))
INSTALLED = all(
    importlib.util.find_spec(name) is not None for name in ('mmdet', 'mmseg', 'mmpretrain', 'mmpose', 'mmaction')
)


def words(said: str) -> tuple[str, list[str]]:
    """Return an exception and the first words of what it says, without numbers of sizes in parentheses."""
    name, _, rest = re.sub(r' \(\d+\)', '', said).partition(':')
    return name.partition(' ')[0], re.findall(r'[\w.]+', rest)[:4]


def test_every_fault_was_observed() -> None:
    assert KNOWN.keys() == FAULTS.keys()
    assert all(re.match(r'\w+Error\b', said) for said in KNOWN.values())


@pytest.mark.parametrize('name', [name for name in FAULTS if name in all_rules()])
def test_a_rule_says_what_was_observed(name: str, tmp_path: Path) -> None:
    rule = all_rules()[name]
    example = re.search(r'```py title="bad"\n(.*?)```', rule.doc, re.DOTALL)
    assert example is not None
    said = [each.consequence for each in diagnose(tmp_path, complete(example[1]), rules=[rule])]
    assert said
    for each in said:
        if each.startswith('raises'):
            kind, given = words(each.removeprefix('raises '))
            assert (kind, given) == (words(KNOWN[name])[0], words(KNOWN[name])[1][: len(given)]) or not words(
                KNOWN[name]
            )[1]


@pytest.mark.skipif(not INSTALLED, reason='needs the real libraries; what they said is compared above')
@pytest.mark.parametrize('name', FAULTS)
def test_the_real_library_says_it_still(name: str) -> None:
    assert words(observe(FAULTS[name])) == words(KNOWN[name])
