"""Which configs depend on a file: by inheritance in every form, `from_file`, and the user's own classes."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from cfglint.catalog.run_libraries import Libraries
from cfglint.dependents import dependents
from cfglint.language.loader import Loader
from cfglint.workspace import Workspace
from tests.kit.repo import write

NET = '''from mmengine.model import BaseModel
from mmengine.registry import MODELS


@MODELS.register_module()
class Net(BaseModel):
    """A net."""

    def __init__(self, width=3):
        super().__init__()


@MODELS.register_module(name='Renamed')
class Other(BaseModel):
    pass
'''
FILES = {
    'mine/__init__.py': 'from .net import Net\n',
    'mine/net.py': NET,
    'mine/big.py': """from mmengine.registry import MODELS

from .net import Net as Small


@MODELS.register_module()
class Big(Small):
    pass
""",
    'configs/_base_/run.py': 'train_cfg = dict(by_epoch=True, max_epochs=1)\n',
    'configs/text.py': "_base_ = './_base_/run.py'\nmodel = dict(type='Net')\n",
    'configs/grandchild.py': "_base_ = './text.py'\n",
    'configs/big.py': "model = dict(type='Big')\n",
    'configs/renamed.py': "model = dict(type='Renamed')\n",
    'configs/lazy.py': (
        'from mmengine.config import read_base\nwith read_base():\n    from ._base_.run import *\n'
        'from mine.net import Net\nmodel = dict(type=Net)\n'
    ),
    'configs/data.yaml': '_base_: ./_base_/run.py\nmodel:\n  type: Net\n',
    'configs/missing.py': "_base_ = './_base_/absent.py'\n",
    'configs/pose.py': "d = dict(type='CocoDataset', metainfo=dict(from_file='configs/_base_/coco.py'))\n",
    'configs/_base_/coco.py': 'dataset_info = dict(keypoint_info={0: dict(name="nose")})\n',
    'configs/alone.py': "model = dict(type='Else')\ntrain_cfg = dict(by_epoch=True, max_epochs=1)\n",
}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Return a folder with a package and configs."""
    write(tmp_path, FILES)
    return tmp_path


def dependents_of(root: Path, name: str, before: str | None = None) -> set[str]:
    """Return the names of the configs that depend on a file."""
    workspace = Workspace(Libraries(roots=(str(root),)))
    path = str(root / name)
    found = dependents(workspace, [path], before={} if before is None else {path: before})
    assert set(found.through.values()) <= {path}
    return {os.path.relpath(each, root / 'configs').replace(os.sep, '/') for each in found.configs}


def test_a_base_is_inherited_in_every_form(root: Path) -> None:
    assert dependents_of(root, 'configs/_base_/run.py') == {'text.py', 'grandchild.py', 'lazy.py', 'data.yaml'}


def test_a_base_that_is_missing_has_dependents(root: Path) -> None:
    assert dependents_of(root, 'configs/_base_/absent.py') == {'missing.py'}
    (root / 'configs/_base_/run.py').unlink()
    assert {'text.py', 'grandchild.py', 'data.yaml'} <= dependents_of(root, 'configs/_base_/run.py')


def test_a_file_with_keypoints_is_named(root: Path) -> None:
    assert dependents_of(root, 'configs/_base_/coco.py') == {'pose.py'}


def test_a_class_that_changes_is_used_by_name_by_import_and_by_inheritance(root: Path) -> None:
    before = NET.replace('width=3', 'depth=3')
    assert dependents_of(root, 'mine/net.py', before) == {'text.py', 'grandchild.py', 'lazy.py', 'data.yaml', 'big.py'}


def test_a_class_that_changes_is_used_by_the_name_that_it_is_registered_with(root: Path) -> None:
    assert dependents_of(root, 'mine/net.py', NET.replace('pass', 'x = 1')) == {'renamed.py'}


def test_comments_and_docstrings_of_modules_change_nothing(root: Path) -> None:
    assert dependents_of(root, 'mine/net.py', '"""Words."""\n# more\n' + NET) == set()


def test_a_module_whose_earlier_text_is_unknown_concerns_all_its_classes(root: Path) -> None:
    assert {'text.py', 'renamed.py', 'big.py'} <= dependents_of(root, 'mine/net.py')


def test_a_module_that_is_deleted_concerns_all_its_classes(root: Path) -> None:
    (root / 'mine/net.py').unlink()
    found = dependents_of(root, 'mine/net.py', NET)
    assert {'text.py', 'renamed.py', 'big.py'} <= found and 'alone.py' not in found


def test_a_config_knows_what_it_reads(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv('DEPTH', '50')
    write(root, {'configs/env.py': "_base_ = './text.py'\ndepth = '{{$DEPTH:18}}'\nwidth = '{{$WIDTH:3}}'\n"})
    loader = Loader()
    loader.load(str(root / 'configs/text.py'))
    reads = loader.load(str(root / 'configs/env.py')).reads
    names = {os.path.relpath(path, root) for path in reads.paths}
    assert names == {os.path.join('configs', *name) for name in (('env.py',), ('text.py',), ('_base_', 'run.py'))}
    assert reads.environment == {'DEPTH': '50', 'WIDTH': None}
    assert loader.load(str(root / 'configs/_base_/run.py')).reads.environment == {}


def test_a_config_knows_the_base_that_it_misses(root: Path) -> None:
    reads = Loader().load_known(str(root / 'configs/missing.py')).reads
    assert str(root / 'configs/_base_/absent.py') in reads.paths
