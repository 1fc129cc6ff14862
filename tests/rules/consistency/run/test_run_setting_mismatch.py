"""Numbers that two sections of a run say, in mmdet, mmpose and mmyolo."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.kit.repo import diagnose

SAMPLER = "default_scope = '%s'\ntrain_dataloader = dict(batch_size=%d, sampler=dict(type='%s', batch_size=4, source_ratio=[1, 1]))\n"
HOOK = "default_scope = 'mmyolo'\ndefault_hooks = dict(param_scheduler=dict(type='%s', %s=%d))\ntrain_cfg = dict(max_epochs=40)\n"
DECAY = "default_scope = 'mmyolo'\noptim_wrapper = dict(constructor='YOLOv5OptimizerConstructor', optimizer=dict(type='SGD', lr=0.1, batch_size_per_gpu=%d))\ntrain_dataloader = dict(batch_size=8)\n"


@pytest.mark.parametrize(
    ('text', 'is_right'),
    [
        (SAMPLER % ('mmdet', 8, 'GroupMultiSourceSampler'), False),
        (SAMPLER % ('mmdet', 4, 'GroupMultiSourceSampler'), True),
        (SAMPLER % ('mmpose', 8, 'MultiSourceSampler'), False),
        (SAMPLER % ('mmdet', 8, 'OwnSampler'), True),
        (HOOK % ('YOLOv5ParamSchedulerHook', 'max_epochs', 300), False),
        (HOOK % ('PPYOLOEParamSchedulerHook', 'total_epochs', 300), True),
        (HOOK % ('YOLOv5ParamSchedulerHook', 'max_epochs', 40), True),
        (HOOK % ('OwnHook', 'max_epochs', 300), True),
        (DECAY % 16, True),
        (DECAY % 8, True),
    ],
)
def test_both_say_the_same(text: str, is_right: bool, tmp_path: Path) -> None:
    found = diagnose(tmp_path, f"{text}model = dict(type='A')\n", rules=['run-setting-mismatch'])
    assert (found == []) is is_right
