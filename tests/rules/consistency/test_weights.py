"""What is said only where it is news, and as loudly as it matters."""

from __future__ import annotations

from pathlib import Path

import pytest

from cfglint.diagnostics import Severity
from tests.kit.complete import complete
from tests.kit.repo import diagnose, places

TTA = "tta_model = dict(type='SegTTAModel')\n"
BASE_LIST = "_base_ = ['_base_/runtime.py']\n"


@pytest.mark.parametrize(
    ('runtime', 'config', 'wrong'),
    [
        (TTA, '', False),
        ("tta_pipeline = [dict(type='ToyTransform')]\n", '', False),
        ('log_level = 20\n', TTA, True),
        (TTA, 'tta_model = dict(tta_cfg=dict())\n', True),
    ],
)
def test_augmentation_that_nobody_asked_for(runtime: str, config: str, wrong: bool, tmp_path: Path) -> None:
    files = {'_base_/runtime.py': runtime, 'config.py': complete(BASE_LIST + config)}
    assert bool(places(diagnose(tmp_path, files), 'incomplete-tta')) == wrong


@pytest.mark.parametrize(('hook', 'wrong'), [('SyncBuffersHook', False), ('EMAHook', True)])
def test_dropped_hooks(hook: str, wrong: bool, tmp_path: Path) -> None:
    child = complete(BASE_LIST + "custom_hooks = [dict(type='EmptyCacheHook')]\n")
    files = {'_base_/runtime.py': f"custom_hooks = [dict(type='{hook}')]\n", 'config.py': child}
    assert bool(places(diagnose(tmp_path, files), 'dropped-hooks')) == wrong


def test_an_uninstalled_package_is_named_once(tmp_path: Path) -> None:
    files = {f'{name}.py': "_base_ = ['mmhuman3d::_base_/a.py', 'mmhuman3d::_base_/b.py']\n" for name in 'abc'}
    files['d.py'] = "_base_ = 'mmflow::_base_/a.py'\n"
    found = [each for each in diagnose(tmp_path, files) if each.rule == 'uninstalled-package']
    assert [(Path(each.path).name, [Path(path).name for path in each.affects]) for each in found] == [
        ('a.py', ['b.py', 'c.py']),
        ('d.py', []),
    ]


@pytest.mark.parametrize(
    ('metric', 'monitor', 'severities'),
    [
        ('mmdet.CocoMetric', 'coco/bbox_mAP', [Severity.WARNING]),
        ('mmaction.AccMetric', 'acc/top1', [Severity.WARNING]),
        ('mmpretrain.Accuracy', 'accuracy/top1', []),
        ('mmseg.IoUMetric', 'mIoU', []),
        ('own.Metric', 'coco/bbox_mAP', []),
    ],
)
def test_early_stopping(metric: str, monitor: str, severities: list[Severity], tmp_path: Path) -> None:
    text = (
        f"val_evaluator = dict(type='{metric}')\ncustom_hooks = [dict(type='EarlyStoppingHook', monitor='{monitor}')]\n"
    )
    found = diagnose(tmp_path, {'config.py': complete(text)})
    assert [each.severity for each in found if each.rule == 'coarse-early-stopping'] == severities


@pytest.mark.parametrize(
    ('loader', 'severities'),
    [
        ("train_dataloader = dict(batch_size=1, num_workers=1, dataset=dict(type='ToyDataset'))", {Severity.WARNING}),
        ("val_dataloader = dict(batch_size=1, dataset=dict(type='ToyDataset'))", {Severity.INFO}),
        ("train_dataloader = dict(batch_size=1, dataset=dict(type='ToyDataset'))", {Severity.INFO}),
        ('train_dataloader = dict(batch_size=1)', set()),
    ],
)
def test_unset_sampler(loader: str, severities: set[Severity], tmp_path: Path) -> None:
    found = diagnose(tmp_path, {'config.py': complete(f'{loader}\n')})
    assert {each.severity for each in found if each.rule == 'unset-sampler'} == severities


def test_what_a_base_lacks_is_missing_in_the_base(tmp_path: Path) -> None:
    base = complete("train_dataloader = dict(batch_size=1, num_workers=1, dataset=dict(type='ToyDataset'))\n")
    child = "_base_ = 'base.py'\ntrain_dataloader = dict(dataset=dict(type='AnotherDataset'))\n"
    found = diagnose(tmp_path, {'base.py': base, 'child.py': child})
    assert places(found, 'unset-sampler') == ['base.py:1']
