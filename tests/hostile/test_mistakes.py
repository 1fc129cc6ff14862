"""However many mistakes a config has, only so many names are compared with all that libraries have."""

from __future__ import annotations

from pathlib import Path

import pytest

from cfglint.catalog import suggest
from cfglint.diagnostics import Applicability
from cfglint.engine import check
from cfglint.fixing import verify
from cfglint.rules import all_rules
from cfglint.rules.declaration import MAX_OF_A_RULE
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
    monkeypatch.setattr('cfglint.rules.component.unresolved_types._MAX_NAMES', 1)
    path = tmp_path / 'a.py'
    path.write_text(_RUN + "model = dict(type='RetinaNett', backbone=dict(type='ResNett'))\n")
    found = check([str(path)], [all_rules()['unknown-type']]).diagnostics
    assert [each.fix is not None for each in found] == [True, False]


def test_fixes_of_what_is_told_in_part_are_displayed_only(tmp_path: Path) -> None:
    path = tmp_path / 'a.py'
    rule = all_rules()['unknown-type']
    for mistakes, applicability in ((MAX_OF_A_RULE, Applicability.UNSAFE), (MAX_OF_A_RULE + 1, Applicability.DISPLAY)):
        path.write_text(_RUN + 'model = [' + 'dict(type="RetinaNett"), ' * mistakes + ']\n')
        found = check([str(path)], [rule]).diagnostics
        assert {each.fix.applicability for each in found if each.fix is not None} == {applicability}


@pytest.mark.parametrize(('length', 'tries'), [(0, True), (300_000, False)])
def test_fixes_of_a_long_config_are_not_tried_one_by_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, length: int, tries: bool
) -> None:
    tried = []

    def harm(self: verify._Trial, configs: object) -> list[verify.Problem]:
        return [verify.Problem(self.reached[0], verify.MORE, frozenset(range(len(self.fixes))))]

    def counted(self: verify.Verifier, fixes: object, configs: object) -> str:
        tried.append(configs)
        return verify.MORE

    monkeypatch.setattr(verify._Trial, 'problems', harm)
    monkeypatch.setattr(verify.Verifier, '_reason_against', counted)
    monkeypatch.chdir(tmp_path)
    lines = MISTAKES['unknown sections'].splitlines(keepends=True)[:20]
    (tmp_path / 'a.py').write_text(_RUN + ''.join(lines) + '#' * length + '\n')
    ran = run('check', '--no-cache', '--isolated', 'a.py')
    assert ran.code == 1 and 'misspelt-section' in ran.out
    assert bool(tried) == tries
