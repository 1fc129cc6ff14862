"""Whole trees: what the migrated files resolve to is what the mapping makes of what they resolved to."""

from pathlib import Path

import pytest
from mmengine.config import Config

from cfglint.catalog.library_facts import library
from cfglint.language.loader import Loader
from cfglint.migrate.change import plain
from cfglint.migrate.mapping.whole import map_config
from cfglint.migrate.run import Migrated, migrate

DATASET = """\
# dataset settings
dataset_type = 'CocoDataset'
data_root = 'data/coco/'
img_norm_cfg = dict(
    mean=[123.675, 116.28, 103.53], std=[58.395, 57.12, 57.375], to_rgb=True)
train_pipeline = [
    dict(type='LoadImageFromFile'),
    # boxes only
    dict(type='LoadAnnotations', with_bbox=True),
    dict(type='Resize', img_scale=(1333, 800), keep_ratio=True),
    dict(type='Normalize', **img_norm_cfg),
    dict(type='Pad', size_divisor=32),
    dict(type='DefaultFormatBundle'),
    dict(type='Collect', keys=['img', 'gt_bboxes', 'gt_labels']),
]
data = dict(
    samples_per_gpu=2,
    workers_per_gpu=2,
    train=dict(
        type=dataset_type,
        ann_file=data_root + 'train.json',
        img_prefix=data_root + 'train/',
        pipeline=train_pipeline))
evaluation = dict(interval=1, metric='bbox')
"""
SCHEDULE = """\
# optimizer
optimizer = dict(type='SGD', lr=0.02, momentum=0.9)
optimizer_config = dict(grad_clip=None)
# learning policy
lr_config = dict(policy='step', step=[8, 11])
runner = dict(type='EpochBasedRunner', max_epochs=12)
"""
RUNTIME = """\
checkpoint_config = dict(interval=1)
log_config = dict(interval=50, hooks=[dict(type='TextLoggerHook')])
dist_params = dict(backend='nccl')
log_level = 'INFO'
resume_from = None
workflow = [('train', 1)]
"""
MODEL = "_base_ = ['dataset.py', 'schedule.py', 'runtime.py']\nmodel = dict(type='RPN')\n"


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    for name, text in (('dataset', DATASET), ('schedule', SCHEDULE), ('runtime', RUNTIME), ('model', MODEL)):
        (tmp_path / f'{name}.py').write_text(text)
    return tmp_path


def migrated(tree: Path) -> dict[str, Migrated]:
    """Migrate all files of a folder in place; what runs resolves to what the mapping says."""
    paths = sorted(map(str, tree.glob('*.py')))
    wanted = {path: map_config(Loader().load(path).table, library('mmdet')).value() for path in paths}
    results = {result.path: result for result in migrate(paths)}
    for path, result in results.items():
        Path(path).write_text(result.text)
    for path, value in wanted.items():
        if 'model' in value and 'train_dataloader' in value:
            table = Config.fromfile(path).to_dict()
            assert {key: table[key] for key in value} == plain(value)
    return {Path(path).stem: result for path, result in results.items()}


def test_comments_variables_and_inheritance_stay(tree: Path) -> None:
    results = migrated(tree)
    assert not any(result.refused or result.literal for result in results.values())
    dataset = results['dataset'].text
    assert '# dataset settings\ndataset_type' in dataset
    assert "    # boxes only\n    dict(type='LoadAnnotations', with_bbox=True),\n" in dataset
    assert "ann_file=data_root + 'train.json'" in dataset
    assert 'img_norm_cfg' not in dataset
    assert results['schedule'].text.startswith('# optimizer\noptim_wrapper = dict(')
    assert 'data_preprocessor' in results['model'].text


def test_a_child_that_changes_one_value_stays_small(tree: Path) -> None:
    (tree / 'child.py').write_text("_base_ = 'model.py'\n# linear scaling\noptimizer = dict(lr=0.01 * 8)\n")
    assert migrated(tree)['child'].text == (
        "_base_ = 'model.py'\n# linear scaling\noptim_wrapper = dict(optimizer=dict(lr=0.01 * 8))\n"
    )


def test_lists_do_not_merge(tree: Path) -> None:
    (tree / 'child.py').write_text(
        "_base_ = 'model.py'\nlr_config = dict(step=[16, 22])\nrunner = dict(max_epochs=24)\n"
    )
    assert migrated(tree)['child'].text == (
        "_base_ = 'model.py'\n"
        'param_scheduler = [\n'
        '    dict(\n'
        "        type='MultiStepLR',\n"
        '        milestones=[16, 22],\n'
        '        by_epoch=True,\n'
        '        begin=0,\n'
        '        end=24),\n'
        ']\n'
        'train_cfg = dict(max_epochs=24)\n'
    )


def test_what_is_replaced_stays_replaced(tree: Path) -> None:
    (tree / 'child.py').write_text(
        "_base_ = 'model.py'\noptimizer = dict(_delete_=True, type='AdamW', lr=1e-4, paramwise_cfg=dict(norm_decay_mult=0))\n"
    )
    assert "optimizer=dict(_delete_=True, type='AdamW', lr=1e-4)" in migrated(tree)['child'].text


def test_open_questions_stay_in_the_file(tree: Path) -> None:
    (tree / 'child.py').write_text("_base_ = 'model.py'\nlr_config = dict(_delete_=True, policy='inv', gamma=0.1)\n")
    result = migrated(tree)['child']
    assert [path for path, _ in result.todos] == ['lr_config']
    assert '# TODO(cfglint): MMEngine has no scheduler for the policy `Inv`' in result.text


def test_a_second_run_changes_nothing(tree: Path) -> None:
    migrated(tree)
    assert not any(result.changed for result in migrate(sorted(map(str, tree.glob('*.py')))))


def test_two_bases_never_have_one_key(tree: Path) -> None:
    (tree / 'other.py').write_text("checkpoint_config = dict(interval=2)\nmodel = dict(type='RPN')\n")
    (tree / 'runtime.py').write_text("log_config = dict(interval=50, hooks=[dict(type='TextLoggerHook')])\n")
    (tree / 'model.py').write_text("_base_ = ['dataset.py', 'schedule.py', 'runtime.py', 'other.py']\n")
    results = migrated(tree)
    assert not any(result.refused for result in results.values())
    assert 'checkpoint' in results['model'].text


def test_comments_go_where_their_values_go(tree: Path) -> None:
    (tree / 'runtime.py').write_text(
        "dist_params = dict(backend='nccl')\nlog_level = 'INFO'\n\n# no threads\nopencv_num_threads = 0\n\nx = 1\n"
    )
    assert migrated(tree)['runtime'].text == (
        'env_cfg = dict(\n'
        '    mp_cfg=dict(\n'
        '        # no threads\n'
        '        opencv_num_threads=0),\n'
        "    dist_cfg=dict(backend='nccl'))\n"
        "log_level = 'INFO'\n\nx = 1\ndefault_scope = 'mmdet'\n"
    )


def test_imports_of_modules_that_moved(tree: Path) -> None:
    (tree / 'child.py').write_text(
        "_base_ = 'model.py'\ncustom_imports = dict(imports=['mmcls.models'], allow_failed_imports=True)\n"
    )
    assert "imports=['mmpretrain.models']" in migrated(tree)['child'].text


def test_settings_of_the_model_in_a_file_without_one(tree: Path) -> None:
    (tree / 'runtime.py').write_text(RUNTIME + 'train_cfg = {}\ntest_cfg = dict(nms_pre=9)\n')
    (tree / 'child.py').write_text("_base_ = 'model.py'\noptimizer = dict(lr=0.1)\n")
    results = migrated(tree)
    assert not any(result.refused for result in results.values())
    assert Config.fromfile(str(tree / 'child.py')).model.test_cfg == {'nms_pre': 9}


def test_a_pipeline_that_is_extended_later(tree: Path) -> None:
    later = (
        "prefetch = False\nif not prefetch:\n    train_pipeline.extend([dict(type='ImageToTensor', keys=['img'])])\n"
    )
    (tree / 'dataset.py').write_text(DATASET.replace('data = dict(', f'{later}data = dict('))
    result = migrated(tree)['dataset']
    assert not result.refused and 'extend' not in result.text and result.text.count('train_pipeline = [') == 1


def test_each_comment_is_written_once(tree: Path) -> None:
    (tree / 'child.py').write_text(
        "_base_ = 'model.py'\n"
        '# learning policy\n'
        "lr_config = dict(_delete_=True, policy='poly', power=0.9, min_lr=1e-4)\n"
        '# keep few\n'
        'checkpoint_config = dict(interval=2, max_keep_ckpts=3)\n'
        '# log often\n'
        "log_config = dict(interval=5, hooks=[dict(type='TextLoggerHook'), dict(type='TensorboardLoggerHook')])\n"
        '# measure\n'
        "evaluation = dict(interval=2, metric=['bbox', 'proposal'])\n"
    )
    text = migrated(tree)['child'].text
    for comment in ('# learning policy\nparam_scheduler', '# keep few\ndefault_hooks', '# log often', '# measure'):
        assert text.count(comment.partition('\n')[0]) == 1 and comment in text


def test_a_url_does_not_make_lines_longer(tree: Path) -> None:
    (tree / 'child.py').write_text(
        "_base_ = 'model.py'\n"
        f"url = 'https://example.com/{'x' * 80}.pth'  # noqa\n"
        "optimizer = dict(_delete_=True, type='AdamW', lr=0.00006,\n"
        '    betas=(0.9, 0.999), weight_decay=0.01, paramwise_cfg=dict(norm_decay_mult=0.))\n'
    )
    lines = migrated(tree)['child'].text.splitlines()
    assert max(len(line) for line in lines if 'https' not in line) < 80


def test_a_variable_that_is_passed_on_stays(tree: Path) -> None:
    (tree / 'dataset.py').write_text(
        "policies = [\n    dict(type='Rotate', level=1, prob=0.5),\n]\n"
        + DATASET.replace(
            "    dict(type='Normalize'", "    dict(type='AutoAugment', policies=policies),\n    dict(type='Normalize'"
        )
    )
    text = migrated(tree)['dataset'].text
    assert "dict(type='AutoAugment', policies=policies)" in text


def test_comments_of_a_test_set_that_is_the_validation_set(tree: Path) -> None:
    val = "dict(\n        type=dataset_type,\n        # the small one\n        ann_file='val.json',\n        pipeline=train_pipeline)"
    test = val.replace('# the small one', '# or `test.json`')
    (tree / 'dataset.py').write_text(DATASET.replace('data = dict(', f'data = dict(\n    val={val},\n    test={test},'))
    text = migrated(tree)['dataset'].text
    assert '# or `test.json`\ntest_dataloader = val_dataloader\n' in text and text.count('# the small one') == 1


def test_a_list_that_a_loop_changes_under_another_name(tmp_path: Path) -> None:
    (tmp_path / 'base.py').write_text(
        "default_scope = 'mmedit'\ntest_dataloader = [dict(dataset=dict(pipeline=[dict(type='PackEditInputs')]))]\n"
    )
    child = tmp_path / 'child.py'
    child.write_text(
        "_base_ = 'base.py'\ntest_dataloader = _base_.test_dataloader\nfor dataloader in test_dataloader:\n"
        "    dataloader['dataset']['pipeline'][0] = dict(type='PackEditInputs', keys=['imgL'])\n"
    )
    for result in migrate([str(tmp_path / 'base.py'), str(child)]):
        assert result.refused is None
        Path(result.path).write_text(result.text)
    (loader,) = Config.fromfile(str(child)).to_dict()['test_dataloader']
    assert loader['dataset']['pipeline'] == [{'type': 'PackInputs', 'keys': ['imgL']}]


def test_a_dict_that_deletes_nothing(tmp_path: Path) -> None:
    path = tmp_path / 'config.py'
    path.write_text("optimizer = dict(_delete_=True, type='SGD', lr=0.1)\nmodel = dict(type='RPN')\n")
    (result,) = migrate([str(path)])
    assert "optim_wrapper = dict(type='OptimWrapper', optimizer=dict(type='SGD', lr=0.1))\n" in result.text


def test_a_question_about_what_is_inherited_is_asked_where_it_comes_up(tree: Path) -> None:
    (tree / 'model.py').write_text(
        MODEL.replace("type='RPN'", "type='RPN', neck=dict(type='FPN', add_extra_convs=True)")
    )
    (tree / 'child.py').write_text("_base_ = 'model.py'\nmodel = dict(neck=dict(type='NASFPN'))\n")
    (tree / 'grandchild.py').write_text("_base_ = 'child.py'\noptimizer = dict(lr=0.1)\n")
    results = migrated(tree)
    assert results['child'].todos == [('model.neck.add_extra_convs', '`NASFPN` has no argument `add_extra_convs`')]
    assert '# TODO(cfglint): `NASFPN` has no argument `add_extra_convs`\n' in results['child'].text
    assert results['model'].todos == results['grandchild'].todos == []


def test_a_dict_whose_parts_all_move_away_goes_with_them(tree: Path) -> None:
    (tree / 'child.py').write_text("_base_ = 'schedule.py'\noptimizer = dict(paramwise_cfg=dict(norm_decay_mult=0))\n")
    found = {Path(each.path).name: each.text for each in migrate([str(tree / 'child.py')])}
    assert 'optim_wrapper = dict(paramwise_cfg=dict(norm_decay_mult=0))' in found['child.py']


def test_comments_go_with_a_value_that_later_statements_complete(tree: Path) -> None:
    (tree / 'late.py').write_text(
        "# what is done\ntrain_pipeline = [dict(type='Pad', size_divisor=32)]\nmore = 1\n"
        "train_pipeline.append(dict(type='RandomFlip', flip_ratio=0.5))\n"
        "data = dict(train=dict(type='CocoDataset', pipeline=train_pipeline))\n"
    )
    found = {Path(each.path).name: each.text for each in migrate([str(tree / 'late.py')])}
    assert 'more = 1\n# what is done\ntrain_pipeline = [' in found['late.py']
