"""However much is wrong with a config, what is said of it stays short."""

from __future__ import annotations

from pathlib import Path

import pytest

from cfglint.diagnostics import MAX_TEXT, shortened
from cfglint.rules.declaration import MAX_OF_A_RULE
from tests.kit.repo import diagnose

MANY = ', '.join(f'a{number}=1' for number in range(3000))
TEXTS = {
    'unknown fields': f"train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=1, {MANY})\n",
    'unknown arguments': f"default_scope = 'mmdet'\nmodel = dict(type='RetinaNet', {MANY})\n",
    'a long type': f"default_scope = 'mmdet'\nmodel = dict(type='{'A' * 300_000}')\n",
    'a long base': f"_base_ = '{'a' * 300_000}.py'\n",
    'a long key': f"default_scope = 'mmdet'\nmodel = dict(type='RetinaNet', **{{'{'A' * 300_000}': 1}})\n",
}


@pytest.mark.parametrize('text', TEXTS.values(), ids=TEXTS)
def test_messages_are_short_and_few(tmp_path: Path, text: str) -> None:
    found = diagnose(tmp_path, text)
    assert found and len(found) < 60
    for each in found:
        assert all(len(part) <= MAX_TEXT for part in (each.message, each.key or '', each.consequence))
        assert each.advice is None or len(each.advice.text) + len(each.advice.code or '') <= MAX_TEXT


def test_what_is_left_out_is_counted(tmp_path: Path) -> None:
    (found,) = diagnose(tmp_path, TEXTS['unknown arguments'], rules=['unknown-argument'])
    said = [each.message for each in found.related]
    assert f'{MAX_OF_A_RULE - 1} more of this rule in `model`' in said
    assert f'only the first {MAX_OF_A_RULE} of `unknown-argument` are told' in said


@pytest.mark.parametrize('length', [0, 1, MAX_TEXT, MAX_TEXT + 1, 10 * MAX_TEXT])
def test_short_texts_stay(length: int) -> None:
    text = 'x' * length
    assert shortened(text) == text if length <= MAX_TEXT else len(shortened(text)) < MAX_TEXT
