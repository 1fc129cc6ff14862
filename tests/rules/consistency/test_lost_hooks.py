"""Hooks that a child lists anew without arguments of the base's, and test-time augmentation that nobody asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.kit.repo import diagnose

if TYPE_CHECKING:
    from pathlib import Path

EMA = "dict(type='EMAHook', ema_type='ExpMomentumEMA', update_buffers=True)"
SWITCH = "dict(type='EarlyStoppingHook', monitor='accuracy/top1')"


@pytest.mark.parametrize(
    ('hooks', 'told'),
    [
        ("[dict(type='EMAHook')]", True),
        (f"[{SWITCH}, dict(type='EMAHook')]", True),
        (f'[{EMA}]', False),
        ("[dict(type='EMAHook', begin_epoch=1)]", False),
        ("[dict(type='EMAHook'), dict(type='EMAHook')]", False),
        ("[dict(type='MyHook'), dict(type='EMAHook')]", False),
    ],
)
def test_hooks_are_compared_by_type(hooks: str, told: bool, tmp_path: Path) -> None:
    files = {
        'base.py': f'custom_hooks = [{EMA}, {SWITCH}]\n',
        'config.py': f"_base_ = 'base.py'\ncustom_hooks = {hooks}\n",
    }
    found = diagnose(tmp_path, files, 'config.py', rules=['lost-list-items'])
    assert [each.key for each in found] == (['custom_hooks'] if told else [])


@pytest.mark.parametrize(('name', 'told'), [('config.py', True), ('base.py', False)])
def test_augmentation_that_only_a_base_has(name: str, told: bool, tmp_path: Path) -> None:
    files = {'base.py': 'log_level = 1\n', 'config.py': "_base_ = 'base.py'\n"}
    files[name] += "tta_model = dict(type='DetTTAModel')\ntta_pipeline = [dict(type='LoadImageFromFile')]\n"
    files['config.py'] += (
        "default_scope = 'mmdet'\nmodel = dict(type='FCOS')\ntrain_cfg = dict(max_epochs=2)\n"
        "test_dataloader = dict(dataset=dict(type='RepeatDataset', times=2, dataset=dict(type='CocoDataset')))\n"
    )
    found = diagnose(tmp_path, files, 'config.py', rules=['tta-with-wrapped-dataset'])
    assert len(found) == told


def test_a_loop_that_is_named_by_its_class(tmp_path: Path) -> None:
    text = (
        'from mmengine.hooks import EarlyStoppingHook\nfrom mmengine.runner import ValLoop\nfrom mmdet.evaluation import CocoMetric\n'
        "default_scope = 'mmdet'\nmodel = dict(type='FCOS')\ntrain_cfg = dict(max_epochs=9)\n"
        "train_dataloader = dict(batch_size=1, dataset=dict(type='CocoDataset'))\noptim_wrapper = dict(optimizer=dict(type='SGD', lr=1))\n"
        "val_evaluator = dict(type=CocoMetric, ann_file='a.json')\nval_cfg = dict(type=ValLoop)\n"
        "val_dataloader = dict(batch_size=1, dataset=dict(type='mmdet.CocoDataset'))\n"
        "custom_hooks = [dict(type=EarlyStoppingHook, monitor='coco/bbox_mAP')]\n"
    )
    found = diagnose(tmp_path, {'config.py': text}, 'config.py', rules=['coarse-early-stopping'])
    assert [each.key for each in found] == ['custom_hooks.0']
