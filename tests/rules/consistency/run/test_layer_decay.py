"""Rates that shrink layer by layer, in variations and lookalikes."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.kit.repo import diagnose

LAYERS, LOWEST = 'layer-decay-mismatch', 'eta-min-above-layer-rates'
CONFIG = (
    "default_scope = '%s'\nval_dataloader = test_dataloader = None\nmodel = dict(backbone=dict(type='%s'%s))\n"
    "optim_wrapper = dict(optimizer=dict(type='AdamW', lr=0.001), constructor='%s', paramwise_cfg=dict(%s))\n"
)
SCHEDULE = "param_scheduler = dict(type='%s', %s)\n"
POSE = 'mmpose', 'mmpretrain.VisionTransformer'
SEG, SEG_RATE = 'LearningRateDecayOptimizerConstructor', 'decay_rate=0.9, num_layers=%d'
VIT = (
    'mmpretrain',
    'VisionTransformer',
    ", arch='base'",
    'LearningRateDecayOptimWrapperConstructor',
    'layer_decay_rate=%s',
)

BAD = [
    (LAYERS, CONFIG % (*POSE, ", arch='huge'", 'LayerDecayOptimWrapperConstructor', 'layer_decay_rate=0.8, num_layers=12')),
    (LAYERS, CONFIG % (*POSE, ', arch=dict(num_layers=12)', 'LayerDecayOptimWrapperConstructor', 'layer_decay_rate=0.8, num_layers=24')),
    (LAYERS, CONFIG % ('mmseg', 'BEiT', ', num_layers=24', SEG, SEG_RATE % 12)),
    (LAYERS, CONFIG % ('mmseg', 'MAE', '', SEG, SEG_RATE % 24)),
    (LOWEST, (CONFIG % VIT) % 0.65 + SCHEDULE % ('CosineAnnealingLR', 'eta_min=0.0003')),
    (LOWEST, (CONFIG % VIT) % 0.3 + SCHEDULE % ('CosineAnnealingLR', 'eta_min=0.00001')),
    (LOWEST, CONFIG % ('mmseg', 'BEiT', ', num_layers=24', SEG, SEG_RATE % 24) + SCHEDULE % ('PolyLR', 'eta_min=0.0005')),
]  # fmt: skip
GOOD = [
    (LAYERS, CONFIG % (*POSE, ", arch='huge'", 'LayerDecayOptimWrapperConstructor', 'layer_decay_rate=0.8, num_layers=32')),
    (LAYERS, CONFIG % ('mmseg', 'MAE', '', SEG, SEG_RATE % 12)),
    (LAYERS, CONFIG % ('mmseg', 'mmpretrain.ConvNeXt', ", arch='base'", SEG, SEG_RATE % 6)),
    (LAYERS, CONFIG % ('mmseg', 'MyTransformer', ', num_layers=24', SEG, SEG_RATE % 12)),
    (LAYERS, CONFIG % ('mmseg', 'BEiT', ', num_layers=24', 'MyConstructor', SEG_RATE % 12)),
    (LOWEST, (CONFIG % VIT) % 0.65 + SCHEDULE % ('CosineAnnealingLR', 'eta_min=0.000001')),
    (LOWEST, (CONFIG % VIT).replace("'base'", f'dict(num_layers={"1" * 400})') % 0.65 + SCHEDULE % ('CosineAnnealingLR', 'eta_min=0.0003')),
    (LOWEST, (CONFIG % VIT) % 0.65 + SCHEDULE % ('CosineAnnealingLR', 'eta_min_ratio=0.5')),
    (LOWEST, (CONFIG % VIT) % 1.0 + SCHEDULE % ('CosineAnnealingLR', 'eta_min=0.0005')),
]  # fmt: skip


@pytest.mark.parametrize(('rule', 'text'), BAD)
def test_what_does_not_fit(rule: str, text: str, tmp_path: Path) -> None:
    assert len(diagnose(tmp_path, text, rules=[rule])) == 1


@pytest.mark.parametrize(('rule', 'text'), GOOD)
def test_what_fits_or_is_not_known(rule: str, text: str, tmp_path: Path) -> None:
    assert diagnose(tmp_path, text, rules=[rule]) == []
