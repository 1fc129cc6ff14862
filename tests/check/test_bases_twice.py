"""What is advised where two bases say the same."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.kit.repo import diagnose

FILES = {
    'low.py': 'a = 1\nb = 2\n',
    'middle.py': "_base_ = 'low.py'\n",
    'high.py': "_base_ = 'middle.py'\n",
    'other.py': 'a = 3\n',
}


@pytest.mark.parametrize(
    ('bases', 'advice', 'places'),
    [
        (['high.py', 'low.py'], 'remove `low.py`: `high.py` inherits it', ['low.py']),
        (['middle.py', 'high.py'], 'remove `middle.py`: `high.py` inherits it', ['low.py']),
        (['low.py', 'other.py'], 'let one base inherit the other, or take the key out of one of them', ['low.py', 'other.py']),
    ],
)  # fmt: skip
def test_one_that_another_inherits_is_not_needed(
    bases: list[str], advice: str, places: list[str], tmp_path: Path
) -> None:
    [told] = diagnose(tmp_path, {**FILES, 'config.py': f'_base_ = {bases}\n'})
    assert told.rule == 'duplicate-base-key' and told.advice is not None and told.advice.text == advice
    assert [Path(each.span.path).name for each in told.related if each.span] == places
    assert ('(and 1 more key)' in told.message) == ('other.py' not in bases)
