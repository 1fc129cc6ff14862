"""Hooks, schedulers and wrappers of optimizers under names that nothing reads."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.kit.complete import complete
from tests.kit.repo import diagnose

SCOPE = "default_scope = 'mmdet'\n"


def said(text: str, folder: Path) -> list[str | None]:
    return [each.key for each in diagnose(folder, complete(SCOPE + text)) if each.rule == 'dead-component']


@pytest.mark.parametrize(
    ('text', 'name'),
    [
        ("ema = dict(type='EMAHook', momentum=0.0002)\n", 'ema'),
        ("check = dict(type='NumClassCheckHook')\n", 'check'),
        ("warmup = dict(type='LinearLR', start_factor=0.1, end=5)\n", 'warmup'),
        ("mixed_precision = dict(type='AmpOptimWrapper', loss_scale='dynamic')\n", 'mixed_precision'),
        ("amp = dict(type='AMPOptimizerHook')\n", 'amp'),
        ('amp = True\n', 'amp'),
        ('grad_clip = dict(max_norm=35)\n', 'grad_clip'),
    ],
)
def test_dead(text: str, name: str, tmp_path: Path) -> None:
    assert said(text, tmp_path) == [name]


@pytest.mark.parametrize(
    'text',
    [
        "ema = dict(type='EMAHook', momentum=0.0002)\ncustom_hooks = [ema]\n",
        "ema = dict(type='EMAHook', momentum=0.0002)\ncustom_hooks = [dict(type='EMAHook', momentum=0.0002)]\n",
        "codec = dict(type='OwnCodec', sigma=2)\n",
        "backbone = dict(type='ResNet', depth=50)\n",
        'amp = False\n',
    ],
)
def test_read_or_not_known(text: str, tmp_path: Path) -> None:
    assert said(text, tmp_path) == []


def test_what_a_base_had_is_not_of_the_child(tmp_path: Path) -> None:
    base = "ema = dict(type='EMAHook', momentum=0.0002)\ncustom_hooks = [ema]\n"
    files = {'base.py': base, 'a.py': complete("_base_ = 'base.py'\n" + SCOPE + 'ema = dict(momentum=0.1)\n')}
    assert [each for each in diagnose(tmp_path, files, 'a.py') if each.rule == 'dead-component'] == []
