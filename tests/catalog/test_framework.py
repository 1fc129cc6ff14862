"""Arguments that are added or taken away before a component is built."""

from __future__ import annotations

import pytest

from cfglint.catalog import Installation
from cfglint.catalog.framework import injected, plain


@pytest.fixture(scope='module')
def mmdet() -> Installation:
    return Installation({'mmdet': '3.3.0'})


@pytest.mark.parametrize(
    ('name', 'slot', 'given', 'extra', 'elsewhere'),
    [
        ('EpochBasedTrainLoop', 'train_cfg', {'runner', 'dataloader'}, set(), False),
        ('CheckpointHook', 'checkpoint', set(), {'priority'}, False),
        ('AdamW', 'optimizer', {'params'}, set(), False),
        ('LinearLR', 'param_scheduler', {'optimizer'}, {'convert_to_iter_based'}, False),
        ('DetTTAModel', 'tta_model', {'module'}, set(), False),
        ('BN', 'norm_cfg', set(), {'requires_grad'}, True),
        ('RandomSampler', 'sampler', {'num', 'pos_fraction', 'context'}, set(), False),
        ('RetinaHead', 'bbox_head', set(), set(), False),
    ],
)
def test_injected(
    mmdet: Installation,
    name: str,
    slot: str,
    given: set[str],
    extra: set[str],
    elsewhere: bool,
) -> None:
    component = mmdet.find(name, None, 'mmdet')
    assert component is not None
    found = injected(component, mmdet, slot)
    assert given <= found.given
    assert extra <= found.extra
    assert found.elsewhere is elsewhere


@pytest.mark.parametrize(
    ('type_', 'slot', 'parents', 'expected'),
    [
        ('nms', 'nms', (), True),
        ('RoIAlign', 'roi_layer', (), True),
        ('Blur', 'transforms', ('mmdet.Albu',), True),
        ('Blur', 'transforms', ('RandomApply',), False),
        ('studio', 'init_cfg', (), True),
        ('Normal', 'init_cfg', (), False),
        (None, 'backbone', (), False),
    ],
)
def test_plain(type_: object, slot: str, parents: tuple[str, ...], expected: bool) -> None:
    assert plain(type_, slot, parents) is expected
