"""What is said of a base that is missing, where a library ships a config of that path."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from cfglint.catalog.config_paths import shipped
from cfglint.diagnostics import Advice, Diagnostic
from tests.kit.repo import diagnose


def missing(folder: Path, text: str, name: str = 'configs/mine/config.py') -> list[Diagnostic]:
    return [each for each in diagnose(folder, {name: text}) if each.rule == 'missing-base']


@pytest.mark.parametrize(
    ('entry', 'package', 'code'),
    [
        ('../_base_/datasets/ade20k.py', 'mmseg', 'mmseg::_base_/datasets/ade20k.py'),
        ('../_base_/models/upernet_convnext.py', 'mmseg', 'mmseg::_base_/models/upernet_convnext.py'),
        ('../atss/atss_r50_fpn_1x_coco.py', 'mmdet', 'mmdet::atss/atss_r50_fpn_1x_coco.py'),
        ('../../mmdetection/configs/atss/atss_r50_fpn_1x_coco.py', 'mmdet', 'mmdet::atss/atss_r50_fpn_1x_coco.py'),
    ],
)
def test_the_library_is_named(entry: str, package: str, code: str, tmp_path: Path) -> None:
    (found,) = missing(tmp_path, f"_base_ = ['{entry}']\n")
    assert found.advice is not None and f'`{package}`' in found.advice.text and '`configs/`' in found.advice.text
    assert ast.literal_eval(found.advice.code or '') == code


@pytest.mark.parametrize('folder', ['/home/someone/lib/python3.10/site-packages/mmdet/.mim', '/data/mmdetection'])
def test_a_path_of_another_machine_is_named_as_written(folder: str, tmp_path: Path) -> None:
    entry = f'{folder}/configs/rtmdet/rtmdet-ins_tiny_8xb32-300e_coco.py'
    (found,) = missing(tmp_path, f"_base_ = '{entry}'\n")
    assert f'`{entry}`' in found.message and '..' not in found.message
    assert found.advice is not None and 'another machine' in found.advice.text
    assert found.advice.code == "'mmdet::rtmdet/rtmdet-ins_tiny_8xb32-300e_coco.py'"


def test_other_bases_tell_among_several_libraries(tmp_path: Path) -> None:
    alone, beside = (
        missing(tmp_path / name, f"_base_ = [{other}'../_base_/default_runtime.py']\n")
        for name, other in (('a', ''), ('b', "'../../seg/_base_/datasets/ade20k.py', "))
    )
    assert alone[0].advice is not None and 'others' in alone[0].advice.text and alone[0].advice.code is None
    assert beside[1].advice is not None and beside[1].advice.code == "'mmseg::_base_/default_runtime.py'"


def test_what_only_0x_says_gets_no_base_of_a_package(tmp_path: Path) -> None:
    (found,) = missing(tmp_path, "_base_ = '../_base_/datasets/ade20k.py'\ntotal_epochs = 3\n")
    assert found.advice is not None and found.advice.code is None


@pytest.mark.parametrize(
    ('files', 'said'),
    [
        ({'configs/mine/config.py': '.._base_.datasets.ade20k'}, '`configs/`'),
        ({'config.py': 'mmdet.configs._base_.datasets.coco_detection', 'mmdet/__init__.py': ''}, 'copy it there'),
    ],
)
def test_a_pure_python_config_gets_no_base_as_text_writes_it(files: dict[str, str], said: str, tmp_path: Path) -> None:
    name, module = next(iter(files.items()))
    text = f'from mmengine.config import read_base\nwith read_base():\n    from {module} import *\n'
    (found,) = (each for each in diagnose(tmp_path, {**files, name: text}, name) if each.rule == 'missing-base')
    assert found.advice is not None and said in found.advice.text and found.advice.code is None


@pytest.mark.parametrize('entry', ['./gone.py', '../_base_/gone.py', '../mine/own_thing.py', 'mmdet::_base_/gone.py'])
def test_no_library_is_named_where_none_ships_it(entry: str, tmp_path: Path) -> None:
    found = missing(tmp_path, f"_base_ = '{entry}'\n")
    assert not any('it is a config of' in each.advice.text for each in found if each.advice is not None)


@pytest.mark.parametrize(
    ('name', 'base', 'code'),
    [
        ('configs/mine/drone/indoor/config.py', 'configs/_base_/models/own.py', '../../../_base_/models/own.py'),
        ('configs/config.py', 'configs/_base_/models/own.py', '_base_/models/own.py'),
        ('projects/mine/configs/config.py', 'configs/_base_/models/own.py', '../../../configs/_base_/models/own.py'),
    ],
)
def test_the_same_path_is_looked_for_from_other_folders(name: str, base: str, code: str, tmp_path: Path) -> None:
    files = {name: "_base_ = '../_base_/models/own.py'\n", base: 'model = dict()\n'}
    (found,) = (each for each in diagnose(tmp_path, files) if each.rule == 'missing-base')
    assert found.advice == Advice('write', repr(code))


def test_a_config_is_no_base_of_itself(tmp_path: Path) -> None:
    (found,) = missing(tmp_path, "_base_ = '../../mine/config.py'\n")
    assert found.advice is None or found.advice.code is None


def test_a_file_of_a_similar_name_goes_before_a_library(tmp_path: Path) -> None:
    (tmp_path / 'configs' / '_base_' / 'datasets').mkdir(parents=True)
    (tmp_path / 'configs' / '_base_' / 'datasets' / 'ade20kk.py').write_text('')
    (found,) = missing(tmp_path, "_base_ = '../_base_/datasets/ade20k.py'\n")
    assert found.advice == Advice('write', "'../_base_/datasets/ade20kk.py'")


def test_paths_of_both_eras_are_known() -> None:
    old = shipped('/x/_base_/datasets/coco_detection.py', '')
    assert old is not None and old.modern and 'mmdet' in old.packages
    assert shipped('/x/coco_detection.py', '') is None


def test_bases_of_one_folder_that_is_not_there_are_told_once(tmp_path: Path) -> None:
    """One `../` is wrong, not four bases; of two that lie in a folder which is there, each is a mistake of its own."""
    bases = ['default_runtime.py', 'models/own_model.py', 'datasets/own_data.py']
    files = {
        'configs/_base_/models/own_model.py': 'model = dict()\n',
        'configs/one/two/config.py': f'_base_ = {[f"../_base_/{each}" for each in bases]}\n',
        'configs/one/other.py': "_base_ = ['../_base_/models/gone.py', '../_base_/models/lost.py']\n",
    }
    found = [each for each in diagnose(tmp_path, files) if each.rule == 'missing-base']
    assert [each.message.split('`')[1] for each in found] == [
        '../_base_/models/gone.py',
        '../_base_/models/lost.py',
        '../_base_/models/own_model.py',
    ]
    assert found[2].advice == Advice('write', "'../../_base_/models/own_model.py'") and len(found[2].related) == 2
