"""What holds for every rule: its documented bad example is reported, its good example is not, and fixes converge."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from cfglint.catalog.run_libraries import Libraries
from cfglint.engine import check
from cfglint.report.parts import in_a_line
from cfglint.rules import all_rules, family
from cfglint.rules.declaration import Rule
from cfglint.workspace import Workspace
from tests.kit.complete import complete, examples

RULES = list(all_rules().values())


def diagnose(rule: Rule, files: dict[str, str], folder: Path) -> list[str]:
    """Return what a rule says of an example: the file names with the words, in a line."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        is_whole = rule.scope == 'entry' and name == 'config.py' and '_base_' not in text and 'read_base' not in text
        path.write_text(complete(text) if is_whole else text, encoding='utf-8')
    checked = next((folder / name for name in files if name.startswith('config.')), folder / 'config.py')
    # What the reader says, it says beside all other rules: a suppression is unused only if its rule was asked.
    workspace = Workspace(Libraries(roots=(folder,)))
    result = check([str(checked)], RULES if rule.scope == 'reader' else [rule], workspace=workspace)
    assert result.crashes == []
    found = [diagnostic for diagnostic in result.diagnostics if diagnostic.rule == rule.name]
    return [f'{Path(diagnostic.path).name}: {in_a_line(diagnostic)}' for diagnostic in found]


@pytest.mark.parametrize('rule', RULES, ids=lambda rule: rule.name)
def test_documented_examples(rule: Rule, tmp_path: Path) -> None:
    found = examples(rule.doc)
    assert set(found) == {'bad', 'good'}, 'a rule shows a bad and a good example'
    assert diagnose(rule, found['bad'], tmp_path / 'bad'), 'the bad example is not reported'
    assert diagnose(rule, found['good'], tmp_path / 'good') == []


@pytest.mark.parametrize('rule', RULES, ids=lambda rule: rule.name)
def test_summary_is_one_sentence(rule: Rule) -> None:
    assert rule.summary.endswith('.') and len(rule.summary) <= 110 and rule.doc.count('\n') >= 6


def test_what_is_no_module_is_no_rule(monkeypatch: pytest.MonkeyPatch) -> None:
    known = os.listdir
    monkeypatch.setattr(
        os, 'listdir', lambda folder: [*known(folder), '._sections.py', '.#x.py', 'a.b.py', 'x.pyc', '__pycache__']
    )
    assert family.__wrapped__('schema') == family('schema')
