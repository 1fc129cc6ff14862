"""What holds for every rule: its documented bad example is reported, its good example is not, and fixes converge."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from cfglint.rules import all_rules, family
from cfglint.rules.declaration import Rule
from tests.kit.complete import example_files, examples
from tests.kit.repo import found_by

RULES = list(all_rules().values())


@pytest.mark.parametrize('rule', RULES, ids=lambda rule: rule.name)
def test_documented_examples(rule: Rule, tmp_path: Path) -> None:
    assert set(examples(rule.doc)) == {'bad', 'good'}, 'a rule shows a bad and a good example'
    assert found_by(rule, tmp_path / 'bad', example_files(rule, 'bad')), 'the bad example is not reported'
    assert found_by(rule, tmp_path / 'good', example_files(rule, 'good')) == []


@pytest.mark.parametrize('rule', RULES, ids=lambda rule: rule.name)
def test_summary_is_one_sentence(rule: Rule) -> None:
    assert rule.summary.endswith('.') and len(rule.summary) <= 110 and rule.doc.count('\n') >= 6


def test_what_is_no_module_is_no_rule(monkeypatch: pytest.MonkeyPatch) -> None:
    known = os.listdir
    monkeypatch.setattr(
        os, 'listdir', lambda folder: [*known(folder), '._sections.py', '.#x.py', 'a.b.py', 'x.pyc', '__pycache__']
    )
    assert family.__wrapped__('schema') == family('schema')
