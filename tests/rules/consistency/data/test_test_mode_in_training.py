"""A dataset that trains in the mode for tests."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.kit.repo import diagnose

TEXTS = {
    'for training': (
        "train_dataloader = dict(dataset=dict(type='A', test_mode=True))\n",
        ['train_dataloader.dataset.test_mode'],
    ),
    'in a wrapper': (
        "train_dataloader = dict(dataset=dict(type='RepeatDataset', times=2, dataset=dict(type='A', test_mode=True)))\n",
        ['train_dataloader.dataset.dataset.test_mode'],
    ),
    'shared with validation': (
        "data = dict(type='A', test_mode=True)\ntrain_dataloader = dict(dataset=data)\nval_dataloader = dict(dataset=data)\n",
        ['train_dataloader.dataset.test_mode'],
    ),
    'switched off': ("train_dataloader = dict(dataset=dict(type='A', test_mode=False))\n", []),
    'for validation': ("val_dataloader = dict(dataset=dict(type='A', test_mode=True))\n", []),
    'not known': ("train_dataloader = dict(dataset=dict(type='A', test_mode=bool(input())))\n", []),
}


@pytest.mark.parametrize(('text', 'expected'), TEXTS.values(), ids=TEXTS)
def test_where_it_is_reported(text: str, expected: list[str], tmp_path: Path) -> None:
    assert [each.key for each in diagnose(tmp_path, text, rules=['test-mode-in-training'])] == expected
