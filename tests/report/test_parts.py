"""Advice in one line: code of several lines stays code."""

from __future__ import annotations

import pytest

from cfglint.diagnostics import Advice
from cfglint.report.parts import words


@pytest.mark.parametrize(('advice', 'line'), [
    (Advice('remove it'), 'remove it'),
    (Advice('write', 'max_epochs'), 'write `max_epochs`'),
    (Advice('write', 'from a import b\nfrom c import d'), 'write `from a import b; from c import d`'),
    (Advice('inherit with', 'with read_base():\n    from .a import *'), 'inherit with `with read_base(): from .a import *`'),
])  # fmt: skip
def test_words_are_one_line(advice: Advice, line: str) -> None:
    assert words(advice) == line
