"""However many mistakes a config has, only so many names are compared with all that libraries have."""

from __future__ import annotations

from pathlib import Path

import pytest

from cfglint.catalog import suggest
from cfglint.engine import check
from cfglint.fixing.verify import MORE, Verifier
from cfglint.rules import all_rules
from cfglint.rules.rule import MAX_OF_A_RULE
from tests.hostile.commands import run
from tests.hostile.scans import _RUN, MISTAKES

KINDS = {
    'unknown types': MAX_OF_A_RULE,
    'unknown types of one name': 1,
    'unknown transforms': MAX_OF_A_RULE,
    'one mistake in a line': 1,
}
"""Trees, and the most names that are looked for in each."""


@pytest.mark.parametrize(('name', 'most'), KINDS.items())
def test_few_names_are_compared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, most: int) -> None:
    asked = []
    nearest_types = suggest.nearest_types

    def counted(*args: object) -> list[str]:
        asked.append(args)
        return nearest_types(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(suggest, 'nearest_types', counted)
    path = tmp_path / 'a.py'
    path.write_text(_RUN + MISTAKES[name])
    found = check([str(path)], [all_rules()['unknown-type']]).diagnostics
    assert found and any('unknown-type` are told' in each.message for each in found[0].related)
    assert 0 < len(asked) <= most


def test_names_beyond_the_count_are_told_without_a_suggestion(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr('cfglint.rules.component.verdicts._MAX_NAMES', 1)
    path = tmp_path / 'a.py'
    path.write_text(_RUN + "model = dict(type='RetinaNett', backbone=dict(type='ResNett'))\n")
    found = check([str(path)], [all_rules()['unknown-type']]).diagnostics
    assert [each.fix is not None for each in found] == [True, False]


@pytest.mark.parametrize(('mistakes', 'tries'), [(250, True), (7_000, False)])
def test_fixes_of_a_long_config_are_not_tried_one_by_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mistakes: int, tries: bool
) -> None:
    tried = []

    def counted(self: Verifier, fixes: object, configs: object) -> str:
        tried.append(configs)
        return MORE

    monkeypatch.setattr(Verifier, '_reason_against', counted)
    monkeypatch.chdir(tmp_path)
    lines = MISTAKES['unknown sections'].splitlines(keepends=True)[:mistakes]
    (tmp_path / 'a.py').write_text(_RUN + ''.join(lines))
    ran = run('check', '--no-cache', '--isolated', 'a.py')
    assert ran.code == 1 and 'misspelt-section' in ran.out
    assert bool(tried) == tries
