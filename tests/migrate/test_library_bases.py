"""Bases that only a library has: what they say is known, and the library's config of 1.x is inherited instead."""

from pathlib import Path

from cfglint.catalog.config_paths import archived, texts
from cfglint.language.loader import Loader
from cfglint.language.source import SourceFile
from cfglint.migrate.run import Migrated, migrate

BASES = """\
_base_ = [
    '../_base_/models/faster_rcnn_r50_fpn.py',  # the model
    "../_base_/datasets/coco_detection.py",
    '../_base_/schedules/schedule_1x.py', '../_base_/default_runtime.py'
]
"""


def migrated(folder: Path, **files: str) -> dict[str, Migrated]:
    for name, text in files.items():
        (folder / f'{name}.py').write_text(text)
    return {Path(each.path).stem: each for each in migrate(sorted(str(path) for path in folder.glob('*.py')))}


def test_renamed_bases_in_their_own_quotes(tmp_path: Path) -> None:
    result = migrated(tmp_path, a=f'{BASES}optimizer = dict(lr=0.01)\n')['a']
    assert result.text.startswith(
        '_base_ = [\n'
        "    'mmdet::_base_/models/faster-rcnn_r50_fpn.py',  # the model\n"
        '    "mmdet::_base_/datasets/coco_detection.py",\n'
        "    'mmdet::_base_/schedules/schedule_1x.py', 'mmdet::_base_/default_runtime.py'\n"
        ']\n'
    )
    assert 'optim_wrapper = dict(optimizer=dict(lr=0.01))\n' in result.text
    assert (
        ('../_base_/models/faster_rcnn_r50_fpn.py',),
        'mmdet::_base_/models/faster-rcnn_r50_fpn.py',
    ) in result.became


def test_what_such_a_base_says_is_known(tmp_path: Path) -> None:
    text = f"{BASES}lr_config = dict(step=[16, 22])\ndata = dict(train=dict(img_prefix='x/'))\n"
    result = migrated(tmp_path, a=text)['a']
    assert "data_prefix=dict(img='x/')" in result.text
    assert 'start_factor=0.001' in result.text and 'milestones=[16, 22]' in result.text and 'end=12' in result.text
    assert result.todos == []


def test_only_the_base_has_another_name(tmp_path: Path) -> None:
    texts = {'a': "_base_ = '../mask_rcnn/mask_rcnn_r50_fpn_1x_coco.py'\nwork_dir = 'x'\n", 'b': "_base_ = './a.py'\n"}
    results = migrated(tmp_path, **texts)
    assert results['a'].text == "_base_ = 'mmdet::mask_rcnn/mask-rcnn_r50_fpn_1x_coco.py'\nwork_dir = 'x'\n"
    assert results['b'].text == texts['b']


def test_a_library_with_another_name(tmp_path: Path) -> None:
    text = "_base_ = '../resnet/resnet50_8xb32_in1k.py'\nmodel = dict(head=dict(num_classes=3))\n"
    assert migrated(tmp_path, a=text)['a'].text.startswith("_base_ = 'mmpretrain::resnet/resnet50_8xb32_in1k.py'\n")


def test_a_second_run_changes_nothing(tmp_path: Path) -> None:
    first = migrated(tmp_path, a=f'{BASES}optimizer = dict(lr=0.01)\n')['a']
    assert migrated(tmp_path, a=first.text)['a'].text == first.text


def test_a_base_in_the_tree_is_no_library_s(tmp_path: Path) -> None:
    (tmp_path / 'mask_rcnn').mkdir()
    (tmp_path / 'mask_rcnn' / 'mask_rcnn_r50_fpn_1x_coco.py').write_text("optimizer = dict(type='SGD', lr=1)\n")
    result = migrated(tmp_path, a="_base_ = './mask_rcnn/mask_rcnn_r50_fpn_1x_coco.py'\noptimizer = dict(lr=2)\n")['a']
    assert result.text.startswith("_base_ = './mask_rcnn/mask_rcnn_r50_fpn_1x_coco.py'\n")


def test_a_base_that_is_nowhere(tmp_path: Path) -> None:
    result = migrated(tmp_path, a="_base_ = '../nowhere/at_all.py'\noptimizer = dict(lr=2)\n")['a']
    assert result.refused is not None and not result.changed


def test_a_base_that_is_computed(tmp_path: Path) -> None:
    text = "_base_ = '../mask_rcnn/mask_rcnn_' + 'r50_fpn_1x_coco.py'\noptimizer = dict(lr=2)\n"
    result = migrated(tmp_path, a=text)['a']
    assert result.refused is not None and not result.is_bug and not result.changed


def test_a_path_that_several_libraries_have() -> None:
    path = '/x/_base_/default_runtime.py'
    assert archived(path, '') is None
    found = archived(path, BASES)
    assert found is not None and found.successor == 'mmdet::_base_/default_runtime.py'
    found = archived(path, '', 'mmseg')
    assert found is not None and found.successor == 'mmseg::_base_/default_runtime.py'


def test_others_do_not_read_the_archive(tmp_path: Path) -> None:
    config = Loader().load_known(str(tmp_path / 'a.py'), SourceFile(str(tmp_path / 'a.py'), BASES))
    assert config.partial is not None
    assert texts('no library') == {}


def test_paths_of_ones_own_are_below_no_root_of_the_library(tmp_path: Path) -> None:
    text = f"{BASES}data = dict(train=dict(ann_file='mine/train.json'), val=dict(img_prefix='mine/val/'))\n"
    result = migrated(tmp_path, a=text, b="_base_ = './a.py'\ndata = dict(train=dict(ann_file='other.json'))\n")
    assert (
        'train_dataloader = dict(\n'
        '    dataset=dict(\n'
        "        ann_file='mine/train.json',\n"
        "        data_root='',\n"
        "        data_prefix=dict(img='data/coco/train2017/')))\n"
    ) in result['a'].text
    assert "data_prefix=dict(img='mine/val/')" in result['a'].text
    assert "ann_file='data/coco/annotations/instances_val2017.json'" in result['a'].text
    assert result['a'].text.count("data_root=''") == result['b'].text.count("data_root=''") + 1 == 2


def test_a_config_without_paths_says_no_root(tmp_path: Path) -> None:
    result = migrated(tmp_path, a=f'{BASES}data = dict(samples_per_gpu=4)\n')['a']
    assert 'train_dataloader = dict(batch_size=4)\n' in result.text and 'data_root' not in result.text


def test_workers_that_do_not_persist(tmp_path: Path) -> None:
    result = migrated(tmp_path, a=f'{BASES}data = dict(workers_per_gpu=0)\n')['a']
    assert 'train_dataloader = dict(num_workers=0, persistent_workers=False)\n' in result.text
