"""The cure that is proposed is for what was meant most likely."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from cfglint.report.parts import in_a_line
from tests.kit.complete import complete
from tests.kit.repo import diagnose

if TYPE_CHECKING:
    from pathlib import Path

HEAD = "model = dict(type='RetinaNet', bbox_head=dict(type='RetinaHead', num_classes={}))\n"
DATASET = "{}_dataloader = dict(dataset=dict(type='CocoDataset', metainfo=dict(classes={})))\n"
STAGES = "default_scope = 'mmdet'\n" + HEAD + DATASET.format('train', "['car']")
WARM_UP = (
    'train_cfg = dict(by_epoch=True, max_epochs=36)\n'
    "param_scheduler = [dict(type='LinearLR', start_factor=0.001, {}begin=0, end=500), dict(type='MultiStepLR', milestones=[8])]\n"
)
BEST = "default_scope = {!r}\nval_evaluator = dict(type={!r}, {})\ndefault_hooks = dict(checkpoint=dict(type='CheckpointHook', save_best={!r}))\n"
PRETRAIN = (
    "default_scope = 'mmpretrain'\n"
    "model = dict(type='ImageClassifier', head=dict(type='LinearClsHead', num_classes=3, in_channels=8))\n"
    "train_dataloader = dict(dataset=dict(type='CustomDataset', classes=['a', 'b', 'c', 'd']))\n"
)
CURES = {
    'data of validation has other classes than what is learnt': (
        'num-classes-mismatch',
        STAGES.format(1) + DATASET.format('val', "['car', 'bus']"),
        "name the same classes in `val_dataloader.dataset`: `metainfo=dict(classes=['car'])`",
    ),
    'data of training and validation agree': (
        'num-classes-mismatch',
        STAGES.format(80) + DATASET.format('val', "['car']"),
        'write `num_classes=1`',
    ),
    'the argument of mmpretrain': ('num-classes-mismatch', PRETRAIN, 'write `num_classes=4`'),
    'epochs by default': ('endless-warmup', WARM_UP.format(''), 'by default; if iterations are meant, write `by_epoch=False`'),
    'epochs as written': (
        'endless-warmup', WARM_UP.format('by_epoch=True, '), 'epochs; if iterations are meant, write `by_epoch=False`',
    ),
    'other capitals': ('unknown-best-metric', BEST.format('mmseg', 'IoUMetric', "iou_metrics=['mIoU']", 'mIOU'), "such as `'mIoU'`"),
    'other capitals behind the prefix': (
        'unknown-best-metric', BEST.format('mmdet', 'CocoMetric', "metric='bbox'", 'coco/bbox_map'), "such as `'coco/bbox_mAP'`",
    ),
    'what two parts say': (
        'refused-value',
        "default_scope = 'mmpretrain'\nmodel = dict(type='ImageClassifier', backbone=dict(type='ResNet', depth=50, frozen_stages=5))\n",
        'make them fit; now they are `frozen_stages=5`',
    ),
}  # fmt: skip


@pytest.mark.parametrize(('rule', 'text', 'cure'), CURES.values(), ids=CURES)
def test_the_cure_is_for_what_was_meant(rule: str, text: str, cure: str, tmp_path: Path) -> None:
    found = diagnose(tmp_path, complete(text), rules=[rule])
    assert len(found) == 1
    assert cure in in_a_line(found[0])


def test_results_of_a_metric_that_does_not_exist_are_not_guessed(tmp_path: Path) -> None:
    for scope, kind, arguments in (
        ('mmdet', 'CocoMetric', "metric='bbox_mAP'"),
        ('mmseg', 'IoUMetric', "iou_metrics='IoU'"),
    ):
        text = complete(BEST.format(scope, kind, arguments, 'coco/bbox_mAP' if scope == 'mmdet' else 'IoU'))
        assert diagnose(tmp_path, text, rules=['unknown-best-metric']) == []


MIXING = (
    "default_scope = 'mmdet'\ntrain_cfg = dict(type='EpochBasedTrainLoop', max_epochs=20)\n"
    "train_dataloader = dict(dataset=dict(type={!r}, pipeline=[{}dict(type='PackDetInputs')]))\n"
    "custom_hooks = [dict(type='YOLOXModeSwitchHook', num_last_epochs=5)]\n"
)


def test_a_lost_wrapper_is_one_mistake(tmp_path: Path) -> None:
    rules = ['mixing-outside-wrapper', 'unreached-pipeline-switch', 'unloaded-annotations']
    found = diagnose(tmp_path, complete(MIXING.format('CocoDataset', "dict(type='Mosaic'), ")), rules=rules)
    assert [each.rule for each in found] == ['mixing-outside-wrapper']
    found = diagnose(tmp_path, complete(MIXING.format('CocoDataset', '')), rules=rules)
    assert sorted(each.rule for each in found) == ['unloaded-annotations', 'unreached-pipeline-switch']


CASCADE = (
    "default_scope = 'mmdet'\nmodel = dict(type='CascadeRCNN', roi_head=dict(type='CascadeRoIHead', num_stages=2, "
    "bbox_head=[dict(type='Shared2FCBBoxHead', num_classes=80), dict(type='Shared2FCBBoxHead', num_classes=80)]))\n"
)


def test_items_without_type_are_told_once_where_a_list_replaces_that_of_the_base(tmp_path: Path) -> None:
    child = "_base_ = 'base.py'\nmodel = dict(roi_head=dict(bbox_head=[dict(num_classes=3), dict(num_classes=3)]))\n"
    found = diagnose(
        tmp_path, {'base.py': complete(CASCADE), 'config.py': child}, 'config.py', rules=['typeless-component']
    )
    assert [each.key for each in found] == ['model.roi_head.bbox_head']
    assert 'items = _base_.model.roi_head.bbox_head' in in_a_line(found[0])


WATCHED = 'default_scope = {!r}\nval_evaluator = dict(type={!r}{})\n{}\n'
BEST_OF = "default_hooks = dict(checkpoint=dict(type='CheckpointHook', save_best={}, rule={}))"
PLATEAU = "param_scheduler = [dict(type='ReduceOnPlateauLR', monitor={!r}{})]"
EARLY = "custom_hooks = [dict(type='EarlyStoppingHook', monitor={!r}, rule={!r})]"
RULES = {
    'a metric of 0 to 1': (WATCHED.format('mmdet', 'CocoMetric', '', BEST_OF.format("'coco/bbox_mAP'", "'less'")), 1),
    'the same, right': (WATCHED.format('mmdet', 'CocoMetric', '', BEST_OF.format("'coco/bbox_mAP'", "'greater'")), 0),
    'an error': (WATCHED.format('mmpose', 'NME', ", norm_mode='keypoint_distance'", BEST_OF.format("'NME'", "'greater'")), 1),
    'the same, right way': (WATCHED.format('mmpose', 'NME', ", norm_mode='keypoint_distance'", BEST_OF.format("'NME'", "'less'")), 0),
    'one of two': (
        WATCHED.format('mmseg', 'IoUMetric', '', BEST_OF.format("['mIoU', 'aAcc']", "['greater', 'less']")), 1,
    ),
    'the default of a plateau': (WATCHED.format('mmpretrain', 'Accuracy', '', PLATEAU.format('accuracy/top1', '')), 1),
    'a plateau that is told': (WATCHED.format('mmpretrain', 'Accuracy', '', PLATEAU.format('accuracy/top1', ", rule='greater'")), 0),
    'early stopping': (WATCHED.format('mmpretrain', 'Accuracy', '', EARLY.format('accuracy/top1', 'less')), 1),
    'a metric of ones own': (WATCHED.format('mmpretrain', 'MyAccuracy', ", prefix='accuracy'", EARLY.format('accuracy/top1', 'less')), 0),
    'a metric with errors among its results': (WATCHED.format('mmdet3d', 'NuScenesMetric', '', EARLY.format('NuScenes metric/pred_instances_3d_NuScenes/mATE', 'less')), 0),
}  # fmt: skip


@pytest.mark.parametrize(('text', 'count'), RULES.values(), ids=RULES)
def test_what_is_better_is_known_of_metrics(text: str, count: int, tmp_path: Path) -> None:
    assert len(diagnose(tmp_path, complete(text), rules=['reversed-metric-rule'])) == count


LOADED = (
    "default_scope = 'mmseg'\nmodel = dict(type='EncoderDecoder', data_preprocessor=dict(type='SegDataPreProcessor', mean=[1.0], std=[1.0]), "
    "backbone=dict(type='ResNetV1c', depth=18, in_channels={}))\n"
    "train_dataloader = dict(dataset=dict(type='CityscapesDataset', pipeline=[dict(type='LoadImageFromFile'{}), {}dict(type='LoadAnnotations'), dict(type='PackSegInputs')]))\n"
)
PICTURES = {
    'gray for colours': (1, '', '', 1),
    'colours for gray': (3, ", color_type='grayscale'", '', 1),
    'four bands': (4, '', '', 1),
    'gray for gray': (1, ", color_type='grayscale'", '', 0),
    'four bands as they are': (4, ", color_type='unchanged'", '', 0),
    'what a library of TIFF files gives': (4, ", imdecode_backend='tifffile'", '', 0),
    'made gray later': (1, '', "dict(type='RGB2Gray', out_channels=1), ", 0),
    'by a transform of ones own': (1, '', "dict(type='TakeInfrared'), ", 0),
}  # fmt: skip


@pytest.mark.parametrize(('channels', 'how', 'step', 'count'), PICTURES.values(), ids=PICTURES)
def test_what_is_loaded(channels: int, how: str, step: str, count: int, tmp_path: Path) -> None:
    text = complete(LOADED.format(channels, how, step))
    assert len(diagnose(tmp_path, text, rules=['loaded-channels-mismatch'])) == count
