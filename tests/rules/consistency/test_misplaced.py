"""What stands in the wrong place or is nearly right, and what only looks so: found in configs of strangers."""

from __future__ import annotations

from pathlib import Path

import pytest

from cfglint.diagnostics import Severity
from cfglint.report.parts import in_a_line
from cfglint.rules import all_rules
from tests.kit.complete import complete
from tests.kit.repo import diagnose
from tests.rules.consistency import library_checks

CODEC = "default_scope = 'mmpose'\nmodel = dict(type='TopdownPoseEstimator', head=dict(type='HeatmapHead', in_channels=1, out_channels=1, decoder=dict(type={0!r}, input_size={1}, heatmap_size={2})))\n"
SWITCH = "default_scope = 'mmdet'\ntrain_cfg = dict(type={!r}, {})\ncustom_hooks = [dict(type={!r}, switch_epoch={}, switch_pipeline=[])]\n"
METAINFO = "train_dataloader = dict(dataset=dict(type='ToyDataset', metainfo=dict({})))\n"
LOOP = "model = dict(type='ToyModel', train_cfg=dict({}))\ntrain_cfg = dict(by_epoch=True, max_epochs=2)\n"
SCHEDULE = "train_cfg = dict(by_epoch=True, max_epochs={})\nparam_scheduler = [dict(type='MultiStepLR', begin=0, end={}, milestones=[8, 11])]\n"
DATA = "default_scope = 'mmdet'\ntrain_dataloader = dict(dataset=dict(type={!r}, pipeline=[{}]))\n"
PATHS = "train_dataloader = dict(dataset=dict(type='ToyDataset', data_root={0!r}, ann_file={1!r}))\n"
MODEL = "default_scope = 'mmdet3d'\nmodel = dict(type={!r}, data_preprocessor=dict(type='Det3DDataPreprocessor', voxelize_cfg=dict()))\n"

CASES = [
    ('codec-size-mismatch', CODEC.format('MSRAHeatmap', (256, 192), (48, 64)), 1),
    ('codec-size-mismatch', CODEC.format('UDPHeatmap', [192, 256], [64, 48]), 1),
    ('codec-size-mismatch', CODEC.format('MSRAHeatmap', (192, 256), (40, 56)), 0),
    ('codec-size-mismatch', CODEC.format('MSRAHeatmap', (256, 256), (64, 64)), 0),
    ('codec-size-mismatch', CODEC.format('MyHeatmap', (256, 192), (48, 64)), 0),
    ('codec-size-mismatch', CODEC.format('MSRAHeatmap', 256, 64), 0),
    ('pipeline-switch-after-training', SWITCH.format('EpochBasedTrainLoop', 'max_epochs=20', 'PipelineSwitchHook', 280), 1),
    ('pipeline-switch-after-training', SWITCH.format('EpochBasedTrainLoop', 'max_epochs=20', 'mmdet.PipelineSwitchHook', 20), 1),
    ('pipeline-switch-after-training', SWITCH.format('IterBasedTrainLoop', 'max_iters=90000', 'PipelineSwitchHook', 280), 1),
    ('pipeline-switch-after-training', SWITCH.format('EpochBasedTrainLoop', 'max_epochs=20', 'PipelineSwitchHook', 19), 0),
    ('pipeline-switch-after-training', SWITCH.format('EpochBasedTrainLoop', 'max_epochs=20', 'MyHook', 280), 0),
    ('misspelt-metainfo', METAINFO.format("clases=('can',)"), 1),
    ('misspelt-metainfo', METAINFO.format("classes=('can',), palatte=[(1, 2, 3)]"), 1),
    ('misspelt-metainfo', METAINFO.format("classes=('can',), clases=('can',)"), 0),
    ('misspelt-metainfo', METAINFO.format("CLASSES=('can',)"), 0),
    ('misspelt-metainfo', METAINFO.format("class_names=('can',), version='v1', dataset_name='x'"), 0),
    ('loop-settings-in-model', LOOP.format('max_epochs=24, val_interval=2, rcnn=dict()'), 1),
    ('loop-settings-in-model', LOOP.format("type='IterBasedTrainLoop'"), 1),
    ('loop-settings-in-model', LOOP.format('max_epochs=2'), 0),
    ('loop-settings-in-model', LOOP.format('rpn=dict(max_epochs=3), rcnn=dict()'), 0),
    ('unpacked-pipeline', DATA.format('CocoDataset', "dict(type='LoadImageFromFile'), dict(type='LoadAnnotations', with_bbox=True)"), 1),
    ('unpacked-pipeline', DATA.format('RepeatDataset', '').replace('pipeline=[]', "times=2, dataset=dict(type='CocoDataset', pipeline=[dict(type='LoadImageFromFile')])"), 1),
    ('unpacked-pipeline', DATA.format('MultiImageMixDataset', "dict(type='PackDetInputs')").replace(']))', "], dataset=dict(type='CocoDataset', pipeline=[dict(type='LoadImageFromFile')])))"), 0),
    ('unpacked-pipeline', DATA.format('CocoDataset', "dict(type='LoadImageFromFile'), dict(type='mmdet.PackDetInputs')"), 0),
    ('unpacked-pipeline', DATA.format('CocoDataset', "dict(type='LoadImageFromFile'), dict(type='MakeBatch')"), 0),
    ('unpacked-pipeline', DATA.format('MyDataset', "dict(type='LoadImageFromFile')"), 0),
    ('unpacked-pipeline', DATA.format('CocoDataset', "dict(type='LoadImageFromFile')").replace('dataset=', "collate_fn=dict(type='mine'), dataset=", 1), 0),
    ('unpacked-pipeline', DATA.format('CocoDataset', ''), 0),
    ('schedule-ends-early', SCHEDULE.format(36, 12), 1),
    ('schedule-ends-early', SCHEDULE.format(14, 12), 0),
    ('schedule-ends-early', "train_cfg = dict(by_epoch=False, max_iters=80001)\nparam_scheduler = dict(type='PolyLR', begin=0, end=80000, by_epoch=False)\n", 0),
    ('schedule-ends-early', "train_cfg = dict(by_epoch=False, max_iters=90000)\nparam_scheduler = dict(type='PolyLR', begin=0, end=80000, by_epoch=False)\n", 1),
    ('doubled-root', PATHS.format('data/shelf/', 'data/shelf/train.json'), 1),
    ('doubled-root', PATHS.format('B:/study/shelf', 'B:/study/shelf/train.json'), 0),
    ('doubled-root', PATHS.format('B:\\study', 'B:\\study\\train.json'), 0),
    ('lost-assignment', 'a = dict(b=1)\na = dict(b=2)\n', 1),
    ('lost-assignment', 'a = dict(b=1)\na = dict(b=1)\n', 0),
    ('unknown-argument', MODEL.format('VoxelNet'), 1),
    ('unknown-argument', MODEL.format('BEVFusion'), 0),
]  # fmt: skip


@pytest.mark.parametrize(('rule', 'text', 'count'), CASES)
def test_reported_or_not(rule: str, text: str, count: int, tmp_path: Path) -> None:
    assert len(diagnose(tmp_path, complete(text), rules=[rule])) == count


NAMES = {
    ('mmdet', "loss_cls=dict(type='FocalLos')"): Severity.ERROR,
    ('mmdet', "loss_cls=dict(type='FocalLsos')"): Severity.ERROR,
    ('mmdet', "loss_cls=dict(type='DropLoss')"): Severity.WARNING,
    ('mmpose', "loss=dict(type='KeyPointLoss')"): Severity.WARNING,
}
"""Types that nothing has: misspelt for sure, or rather a name of its own."""


@pytest.mark.parametrize(('scope', 'loss'), NAMES)
def test_a_name_of_its_own_is_no_slip(scope: str, loss: str, tmp_path: Path) -> None:
    head = {'mmdet': 'FCOSHead', 'mmpose': 'HeatmapHead'}[scope]
    text = f"default_scope = {scope!r}\nmodel = dict(type='FCOS', bbox_head=dict(type={head!r}, {loss}))\n"
    told = diagnose(tmp_path, complete(text), rules=['unknown-type'])
    [found] = [each for each in told if 'bbox_head.loss' in str(each.key)]
    assert found.severity is NAMES[scope, loss]
    assert ('if it is your own' in in_a_line(found).lower()) is (found.severity is Severity.WARNING)
    assert (found.fix is None) is (found.severity is Severity.WARNING)


@pytest.mark.parametrize(
    'text', ["model = dict(type='FCOS', backbone=dict(type='TokenPose'))", "val_evaluator = dict(type='Cephalometric')"]
)
def test_what_is_built_for_sure_is_looked_up(text: str, tmp_path: Path) -> None:
    found = diagnose(tmp_path, complete(f"default_scope = 'mmdet'\n{text}\n"), rules=['unknown-type'])
    assert [each.severity for each in found if 'TokenPose' in each.message or 'Cephalometric' in each.message] == [
        Severity.WARNING
    ]


def test_a_preprocessor_that_nothing_has_is_told_of_below_any_model(tmp_path: Path) -> None:
    text = MODEL.format('BEVFusion').replace('Det3DDataPreprocessor', 'Det3DDataPreprocesor')
    found = diagnose(tmp_path, complete(text), rules=['unknown-type'])
    assert 'model.data_preprocessor.type' in [each.key for each in found]


def test_heatmaps_of_other_proportions_do_not_fit() -> None:
    with pytest.raises(RuntimeError, match=str(all_rules()['codec-size-mismatch'].raises)):
        library_checks.heatmap_loss((48, 64), (64, 48))
    library_checks.heatmap_loss((48, 64), (48, 64))


def test_batches_have_inputs() -> None:
    from mmengine.model import ImgDataPreprocessor

    with pytest.raises(KeyError) as raised:
        ImgDataPreprocessor()({'img': [], 'gt_bboxes': []})
    assert all_rules()['unpacked-pipeline'].raises == f'KeyError: {raised.value}'


def test_mmengine_takes_any_metainfo() -> None:
    from mmengine.dataset import BaseDataset

    assert BaseDataset(metainfo={'clases': ('can',)}, lazy_init=True).metainfo == {'clases': ('can',)}
