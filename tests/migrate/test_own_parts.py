"""Datasets, transforms and runners of a project's own that hold, or replace, those of the library."""

from __future__ import annotations

from pathlib import Path

import pytest

from cfglint.migrate.run import migrate
from tests.migrate.kit import mapped, value

PIPELINE = """
steps = [
    dict(type='LoadImageFromFile'),
    dict(type='LoadAnnotations'),
    dict(type='Normalize', mean=[1, 2, 3], std=[4, 5, 6], to_rgb=True),
    dict(type='DefaultFormatBundle'),
    dict(type='Collect', keys=['img', 'gt_semantic_seg'])]
"""
STEPS = [{'type': 'LoadImageFromFile'}, {'type': 'LoadAnnotations'}, {'type': 'PackSegInputs'}]
MODEL = "model = dict(type='EncoderDecoder', backbone=dict(type='ResNet', depth=50))\n"


def test_a_wrapper_that_names_its_datasets_itself() -> None:
    text = f"""{PIPELINE}{MODEL}
data = dict(train=dict(
    type='OwnPairs',
    source=dict(type='OwnDataset', img_dir='a', ann_dir='b', pipeline=steps),
    target=dict(type='CityscapesDataset', data_root='data/', img_dir='c', ann_dir='d', pipeline=steps),
    ratio=dict(type='own', value=2)))
"""
    assert value(text, 'mmseg')['train_dataloader']['dataset'] == {
        'type': 'OwnPairs',
        'source': {'type': 'OwnDataset', 'data_prefix': {'img_path': 'a', 'seg_map_path': 'b'}, 'pipeline': STEPS},
        'target': {
            'type': 'CityscapesDataset',
            'data_root': 'data/',
            'data_prefix': {'img_path': 'c', 'seg_map_path': 'd'},
            'pipeline': STEPS,
        },
        'ratio': {'type': 'own', 'value': 2},
    }


def test_pipelines_of_a_library_that_is_not_known_are_left() -> None:
    padded = PIPELINE.replace("dict(type='DefaultF", "dict(type='Pad', size_divisor=32), dict(type='DefaultF")
    text = f"{padded}model = dict(type='OwnNet')\ndata = dict(train=dict(type='OwnDataset', pipeline=steps))\n"
    found = mapped(text, 'mmengine')
    kinds = [each['type'] for each in found.value()['train_dataloader']['dataset']['pipeline']]
    assert kinds == ['LoadImageFromFile', 'LoadAnnotations', 'Normalize', 'Pad', 'DefaultFormatBundle', 'Collect']
    assert found.value()['model'] == {'type': 'OwnNet'}
    asked = 'no library is known here: let a `data_preprocessor` normalize, and a transform of 1.x pack the results'
    assert asked in dict(found.todos()).values()


def test_a_transform_that_holds_pipelines() -> None:
    text = f'{PIPELINE}{MODEL}own_pipeline = [dict(type="OwnBranches", weak=steps, strong=steps[:2], seed=[1, 2])]\n'
    [branches] = value(text, 'mmseg')['own_pipeline']
    assert branches == {'type': 'OwnBranches', 'weak': STEPS, 'strong': STEPS[:2], 'seed': [1, 2]}


TEST = """
test_pipeline = [dict(type='LoadImageFromFile'), dict(type='MultiScaleFlipAug', img_scale=(64, 32), flip=False, transforms=[
    %s
    dict(type='ImageToTensor', keys=['img']),
    dict(type='Collect', keys=['img'])])]
data = dict(val=dict(type='CityscapesDataset', pipeline=test_pipeline), test=dict(type='CityscapesDataset', pipeline=test_pipeline))
"""


def test_annotations_are_loaded_where_nothing_is_resized() -> None:
    assert value(TEST % '', 'mmseg')['test_pipeline'] == STEPS


def test_a_resizing_of_ones_own_lacks_the_scale(tmp_path: Path) -> None:
    (tmp_path / 'config.py').write_text(MODEL + TEST % "dict(type='OwnResize', factor=2),")
    [result] = migrate([str(tmp_path / 'config.py')])
    reason = '`MultiScaleFlipAug` told `OwnResize` the scale (64, 32): give it there'
    # Both datasets have the variable: it is one question.
    assert result.todos == [('test_pipeline.1', reason)] and result.text.count(reason) == 1
    assert "dict(type='OwnResize', factor=2),\n    dict(type='LoadAnnotations')," in result.text


def test_a_second_resizing_needs_no_scale(tmp_path: Path) -> None:
    steps = "dict(type='Resize', keep_ratio=True), dict(type='ResizeToMultiple', size_divisor=32),"
    (tmp_path / 'config.py').write_text(MODEL + TEST % steps)
    [result] = migrate([str(tmp_path / 'config.py')])
    assert result.todos == []
    assert "dict(type='Resize', scale=(64, 32), keep_ratio=True)" in result.text
    # What follows must not resize the annotations: metrics compare in the size of the file.
    assert "dict(type='ResizeToMultiple', size_divisor=32),\n    dict(type='LoadAnnotations')," in result.text


def test_bases_that_are_computed_are_to_be_written(tmp_path: Path) -> None:
    (tmp_path / 'config.py').write_text("root = 'other/configs'\n_base_ = [f'{root}/a.py']\ntotal_epochs = 3\n" + MODEL)
    [result] = migrate([str(tmp_path / 'config.py')])
    assert result.refused == 'its `_base_` is computed from variables: write the paths themselves'


def test_statements_about_what_the_base_has_no_more_are_told_with_the_reason(tmp_path: Path) -> None:
    (tmp_path / 'base.py').write_text(
        f"{MODEL}data = dict(samples_per_gpu=2, own=dict(a=1), train=dict(type='OwnDataset'))\n"
    )
    (tmp_path / 'config.py').write_text("_base_ = ['base.py']\n_base_.data.train.update(ann_file='b.json')\n")
    found = {Path(each.path).name: each for each in migrate([str(tmp_path / 'config.py')])}
    assert found['base.py'].refused is None
    assert not found['config.py'].is_bug and not found['config.py'].changed
    assert str(found['config.py'].refused).startswith('what it does with its base cannot be done with the migrated one')


def test_a_resizing_that_says_its_scale_lacks_none() -> None:
    [_, resize, *_] = value(TEST % "dict(type='OwnResize', img_scale=(64, 32)),", 'mmseg')['test_pipeline']
    assert resize == {'type': 'OwnResize', 'img_scale': (64, 32)}


def test_a_transform_of_ones_own_gets_no_tensor_any_more() -> None:
    steps = "dict(type='ImageToTensor', keys=['img']), dict(type='OwnPermute'), dict(type='OwnScaling'),"
    found = mapped(TEST % '' + f"own_pipeline = [{steps} dict(type='Collect', keys=['img'])]", 'mmseg')
    reason = '`PackSegInputs` makes the tensors, so that `OwnPermute` gets an array now'
    assert found.todos() == [('own_pipeline.0', reason)]
    assert [each['type'] for each in found.value()['own_pipeline']] == ['OwnPermute', 'OwnScaling', 'PackSegInputs']


def test_apex() -> None:
    text = """
optimizer = dict(type='AdamW', lr=0.1)
optimizer_config = dict(type='DistOptimizerHook', update_interval=2, grad_clip=None, use_fp16=True)
runner = dict(type='IterBasedRunnerAmp', max_iters=9)
"""
    found = value(text)
    assert found['optim_wrapper'] == {
        'type': 'AmpOptimWrapper',
        'loss_scale': 'dynamic',
        'optimizer': {'type': 'AdamW', 'lr': 0.1},
        'accumulative_counts': 2,
    }
    assert found['train_cfg']['type'] == 'IterBasedTrainLoop' and found['train_cfg']['max_iters'] == 9


def test_a_runner_of_ones_own_is_a_question() -> None:
    assert len(mapped("runner = dict(type='OwnRunner', max_epochs=2)\n").todos()) == 1


def test_statements_that_say_the_same_stay_as_they_were_written(tmp_path: Path) -> None:
    kept = "part=dict(\n        type='L1Loss',   loss_weight=1.,\n        )\nsizes = dict(\n  a = 1, b = 2 )\n"
    (tmp_path / 'base.py').write_text('sizes = dict(a=0)\n')
    (tmp_path / 'config.py').write_text(
        f"_base_ = './base.py'\n{kept}{MODEL}optimizer = dict(type='SGD', lr=sizes['b'])\n"
    )
    text = next(each.text for each in migrate([str(tmp_path / 'config.py')]) if each.changed)
    assert kept in text and 'optim_wrapper' in text


@pytest.mark.parametrize(
    ('asked', 'metric'),
    [
        ("metric='mAP'", {'type': 'VOCMetric', 'metric': 'mAP', 'eval_mode': 'area'}),
        ("metric='bbox'", {'type': 'CocoMetric', 'ann_file': 'a', 'metric': 'bbox', 'format_only': False}),
        ("metric='chamfer'", None),
        ('', None),
    ],
)
def test_what_is_measured_on_a_dataset_of_its_own(asked: str, metric: dict[str, object] | None) -> None:
    """`CustomDataset` of mmdet measures `mAP`, `CocoDataset` `bbox`: of which one it is, only its code says."""
    text = f"data = dict(val=dict(type='Mammo', ann_file='a', pipeline=[]))\nevaluation = dict(interval=1, {asked})\n"
    found = mapped(text)
    assert found.value().get('val_evaluator') == metric
    assert [key for key, _ in found.todos()] == ([] if metric else ['evaluation'])


def test_a_runner_of_its_own_trains_as_long_as_before() -> None:
    found = mapped("runner = dict(type='AdversarialRunner', max_epochs=6)\n")
    assert found.value() == {'train_cfg': {'type': 'EpochBasedTrainLoop', 'max_epochs': 6, 'val_interval': 1}}
    [(key, reason)] = found.todos()
    assert key == 'train_cfg' and '`AdversarialRunner`' in reason
    [(key, reason)] = mapped("runner = dict(type='AdversarialRunner')\n").todos()
    assert key == 'runner'


def test_the_pipeline_of_a_base_that_a_wrapper_does_not_read() -> None:
    normalize = "dict(type='Normalize', mean=[{0}], std=[1], to_rgb={1})"
    own, of_base = normalize.format(5, True), normalize.format(9, False)
    text = (
        "data = dict(train=dict(type='RepeatDataset', times=3, ann_file='left', pipeline=[" + of_base + '], '
        "dataset=dict(type='VOCDataset', ann_file='a', pipeline=[" + own + '])))\nmodel = dict(type="FCOS")\n'
    )
    assert value(text)['model']['data_preprocessor']['mean'] == [5]


def test_half_of_a_migration_is_left_to_a_person_and_said(tmp_path: Path) -> None:
    files = {
        'data.py': "data = dict(samples_per_gpu=2, train=dict(type='CocoDataset'))\n",
        'run.py': "train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=3)\nload_from = None\n",
        'config.py': "_base_ = ['data.py', 'run.py']\nmodel = dict(type='RetinaNet')\nlr_config = dict(step=[1])\n",
        'child.py': "_base_ = 'config.py'\nload_from = 'a.pth'\n",
    }
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    found = {Path(each.path).name: each for each in migrate([str(tmp_path / name) for name in files])}
    assert not any(each.changed for each in found.values())
    assert {name: each.refused for name, each in found.items()} == {
        'data.py': 'a config with sections of 1.x inherits it: `cfglint check` tells what its keys become',
        'run.py': None,
        'config.py': 'it has `lr_config` beside sections of 1.x: `cfglint check` tells what they become',
        'child.py': None,
    }


def test_a_packing_transform_that_is_mapped_by_itself_stays() -> None:
    steps = (
        "[dict(type='LoadLocalizationFeature'), dict(type='Collect', keys=['raw_feature'], meta_keys=['video_name'])]"
    )
    found = mapped(
        f"test_pipeline = {steps}\ndata = dict(test=dict(type='ActivityNetDataset', pipeline=test_pipeline))\n",
        'mmaction',
    )
    assert [each['type'] for each in found.value()['test_pipeline']] == [
        'LoadLocalizationFeature',
        'PackLocalizationInputs',
    ]
