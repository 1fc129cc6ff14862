"""The migration guides of MMEngine and MMGeneration: each line that they change is reported, what they write is clean."""

from __future__ import annotations

from difflib import SequenceMatcher
from pathlib import Path

import pytest

from tests.code.kit import diagnose, rows

SEEDS = Path(__file__).parent / 'seeds'
COSMETIC = {
    'toy': ('model = MMCVToyModel()', 'model=model'),
    'model': (),
    'gan': ("z = torch.randn(inputs['inputs']", 'real_imgs)'),
    'amp': (),
    'wrap': (),
}
"""How lines begin that the guides write in another way, to the same effect."""


def changed(before: str, after: str) -> dict[int, str]:
    """Return the lines of a text that another does not have, by number; blank lines and comments do not count."""
    one, other = ([line.strip() for line in text.splitlines()] for text in (before, after))
    found: dict[int, str] = {}
    for kind, start, end, *_ in SequenceMatcher(None, one, other, autojunk=False).get_opcodes():
        if kind in ('replace', 'delete'):
            found.update({row + 1: one[row] for row in range(start, end) if one[row] and not one[row].startswith('#')})
    return found


@pytest.mark.parametrize('name', COSMETIC)
def test_each_line_that_a_guide_changes_is_reported(name: str, tmp_path: Path) -> None:
    before, after = ((SEEDS / f'{name}_{kind}.txt').read_text(encoding='utf-8') for kind in ('before', 'after'))
    said = rows(diagnose(tmp_path, before), before)
    missed = {row: line for row, line in changed(before, after).items() if row not in said}
    assert not {row: line for row, line in missed.items() if not line.startswith(COSMETIC[name])}


@pytest.mark.parametrize('name', [*COSMETIC, 'custom'])
def test_what_a_guide_writes_is_clean(name: str, tmp_path: Path) -> None:
    after = (SEEDS / f'{name}_after.txt').read_text(encoding='utf-8')
    assert [each.message for each in diagnose(tmp_path, after)] == []
