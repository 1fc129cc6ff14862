"""What looks wrong, but is a convention of a library or filled in by its `tools/train.py`."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.kit.complete import complete
from tests.kit.repo import diagnose, places

LIDAR = """default_scope = 'mmdet3d'
model = dict(type='MinkUNet', decode_head=dict(type='MinkUNetHead', channels=96, num_classes={}{}))
train_dataloader = dict(dataset=dict(type='SemanticKittiDataset', metainfo=dict(classes=('car', 'road')){}))
"""
PANOPTIC = """default_scope = 'mmdet'
model = dict(type='PanopticFPN', roi_head=dict(type='StandardRoIHead', bbox_head=dict(type='Shared2FCBBoxHead', num_classes={})),
             semantic_head=dict(type='PanopticFPNHead', num_things_classes=1, num_stuff_classes=1))
train_dataloader = dict(dataset=dict(type='CocoPanopticDataset', metainfo=dict(classes=('car', 'road'), {})))
"""


def found_by(rule: str, text: str, folder: Path) -> list[str]:
    return places(diagnose(folder, {'config.py': complete(text)}), rule)


@pytest.mark.parametrize(
    ('classes', 'head', 'dataset', 'wrong'),
    [
        (3, ', ignore_index=2', '', False),
        (3, '', ', ignore_index=2', False),
        (3, ", loss_decode=dict(type='CrossEntropyLoss', ignore_index=2)", '', False),
        (2, ', ignore_index=2', '', False),
        (3, '', '', True),
        (3, ', ignore_index=255', '', True),
        (4, ', ignore_index=2', '', True),
    ],
)
def test_one_class_more_is_ignored(classes: int, head: str, dataset: str, wrong: bool, tmp_path: Path) -> None:
    assert bool(found_by('num-classes-mismatch', LIDAR.format(classes, head, dataset), tmp_path)) == wrong


@pytest.mark.parametrize(
    ('predicted', 'metainfo', 'wrong'),
    [(1, '', False), (1, "thing_classes=('car',)", False), (2, "thing_classes=('car',)", True)],
)
def test_roi_heads_of_panoptic_models_predict_things(
    predicted: int, metainfo: str, wrong: bool, tmp_path: Path
) -> None:
    assert bool(found_by('num-classes-mismatch', PANOPTIC.format(predicted, metainfo), tmp_path)) == wrong


@pytest.mark.parametrize(('second', 'wrong'), [('CocoDataset', True), ('Objects365V1Dataset', False)])
def test_datasets_that_are_mixed_do_not_tell_what_is_predicted(second: str, wrong: bool, tmp_path: Path) -> None:
    text = f"""default_scope = 'mmdet'
model = dict(type='RetinaNet', bbox_head=dict(type='RetinaHead', num_classes=20))
train_dataloader = dict(dataset=dict(
    type='ConcatDataset', datasets=[dict(type='CocoDataset'), dict(type='{second}')], ignore_keys=['classes']))
val_dataloader = test_dataloader = None
"""
    assert bool(found_by('num-classes-mismatch', text, tmp_path)) == wrong


@pytest.mark.parametrize(
    ('text', 'wrong'),
    [
        ('work_dir = None\n', False),
        ('work_dir = 3\n', True),
        ('launcher = None\n', False),
        ('randomness = None\n', True),
        ("default_scope = 'mmaction'\nrandomness = None\n", False),
    ],
)
def test_what_train_py_fills_in_may_be_none(text: str, wrong: bool, tmp_path: Path) -> None:
    found = diagnose(tmp_path, {'config.py': complete(text)})
    names = text.split()
    assert bool([each for each in found if each.key in names]) == wrong


MODEL = (
    "default_scope = 'mmdet'\nmodel = dict(type='RetinaNet', neck=None, bbox_head=None, backbone=dict(type='ResNet'))\n"
)
DATA = "train_dataloader = dict(dataset=dict(type='ToyDataset'))\n"


@pytest.mark.parametrize('checked', [(), ('base.py',)], ids=['all', 'the base alone'])
def test_children_may_give_an_argument(checked: tuple[str, ...], tmp_path: Path) -> None:
    child = f"_base_ = 'base.py'\nmodel = dict(backbone=dict(depth=50))\n{DATA}"
    found = diagnose(tmp_path, {'base.py': MODEL, 'child.py': child}, *checked)
    assert places(found, 'missing-argument') == []


def test_a_config_that_runs_needs_its_arguments(tmp_path: Path) -> None:
    assert found_by('missing-argument', MODEL + DATA, tmp_path) == ['config.py:2']


@pytest.mark.parametrize(
    ('argument', 'classes', 'wrong'), [('', 1, False), ('', 15, True), (', classwise=True', 31, False)]
)
def test_ships_are_told_apart_on_request(argument: str, classes: int, wrong: bool, tmp_path: Path) -> None:
    text = (
        f"default_scope = 'mmrotate'\nmodel = dict(type='mmdet.RetinaNet', bbox_head=dict(type='mmdet.RetinaHead', num_classes={classes}))\n"
        f"train_dataloader = dict(dataset=dict(type='HRSCDataset'{argument}))\n"
    )
    assert bool(found_by('num-classes-mismatch', text, tmp_path)) == wrong


@pytest.mark.parametrize('base', ['mmdet::zoo/base.py', '../mmdet/.mim/configs/zoo/base.py'])
def test_the_scope_that_mmengine_adds_to_a_package_is_not_lost(base: str, tmp_path: Path) -> None:
    hooks = "default_scope = 'mmdet'\ncustom_hooks = [dict(type='EMAHook', momentum=0.1)]\n"
    files = {
        'mmdet/__init__.py': '',
        'mmdet/.mim/configs/zoo/base.py': hooks,
        'configs/config.py': f"_base_ = '{base}'\n{hooks}",
        'configs/less.py': f"_base_ = '{base}'\ncustom_hooks = [dict(type='EMAHook')]\n",
    }
    found = diagnose(tmp_path, files, 'configs/config.py', 'configs/less.py')
    assert places(found, 'lost-list-items') == ['less.py:2']


@pytest.mark.parametrize(('package', 'found'), [('mmdet', ['config.py:2']), ('own', [])])
def test_what_comes_from_a_package_of_a_library_falls_back_to_mmengine(
    package: str, found: list[str], tmp_path: Path
) -> None:
    """MMEngine writes `_scope_='mmdet'` beside `type='CosineAnnealingLR'`, which mmdet has not: it is MMEngine's."""
    base = (
        "train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=300)\n"
        "param_scheduler = [dict(type='CosineAnnealingLR', begin=150, end=300, T_max=150, by_epoch=True)]\n"
    )
    files = {
        f'{package}/__init__.py': '',
        f'{package}/.mim/configs/zoo/base.py': complete(f"default_scope = 'mmdet'\n{base}"),
        'configs/config.py': f"_base_ = '{package}::zoo/base.py'\ntrain_cfg = dict(max_epochs=40)\n",
    }
    assert places(diagnose(tmp_path, files, 'configs/config.py'), 'schedule-after-training') == found
