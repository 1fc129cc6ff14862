"""Which strings that stand side by side are one name, written in two parts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.kit.repo import diagnose

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ('text', 'said'),
    [
        ("classes = ['car', 'truck' 'bus']\n", 1),
        ("names = ['a_long_name_that_'\n         'goes_on']\n", 0),
        ("files = ['upernet_8xb2-160k_'\n         'ade20k.py']\n", 0),
        ("files = ['upernet_8xb2-160k'\n         'ade20k.py']\n", 0),
    ],
)
def test_a_name_that_was_split_lacks_no_comma(tmp_path: Path, text: str, said: int) -> None:
    found = diagnose(tmp_path, {'config.py': f"model = dict(type='A')\n{text}"}, 'config.py')
    assert [each.rule for each in found].count('joined-strings') == said
