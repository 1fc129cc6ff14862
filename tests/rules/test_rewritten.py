"""Examples in other forms are told the same: the findings follow what a config means, not how it is written."""

from __future__ import annotations

import ast
import random
from pathlib import Path

import pytest

from cfglint.rules import all_rules
from cfglint.rules.declaration import Rule
from tests.kit.complete import example_files
from tests.kit.repo import diagnose
from tests.kit.sample import sample
from tools.rewrite_zoo import Literals, Sums, Variables, transformed

FORMS: dict[str, ast.NodeTransformer] = {
    'literals': Literals(),
    'sums': Sums(),
    'variables': Variables(random.Random(0)),
}
RULES = [
    each
    for each in all_rules().values()
    if each.family not in ('language', 'code', 'advice') and 'config.py' in example_files(each, 'bad')
]
BLOCKS = 20


@pytest.mark.parametrize('block', range(BLOCKS))
def test_the_form_does_not_matter(block: int, tmp_path: Path) -> None:
    differing = []
    for rule in sample(RULES[block::BLOCKS], block, 5):
        for kind in ('bad', 'good'):
            before = _told(tmp_path / rule.name / kind, rule, kind, None)
            for form, transformer in FORMS.items():
                after = _told(tmp_path / rule.name / kind / form, rule, kind, transformer)
                if after != before:
                    differing.append(f'{rule.name}, {kind}, {form}: {before} → {after}')
    assert not differing, '\n'.join(differing)


def _told(folder: Path, rule: Rule, kind: str, transformer: ast.NodeTransformer | None) -> set[str]:
    files = example_files(rule, kind)
    if transformer is not None:
        files = {**files, 'config.py': transformed(transformer, files['config.py'])}
    return {each.rule for each in diagnose(folder, files, 'config.py')}
