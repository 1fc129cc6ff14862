"""Thirty commits to a repository of a hundred configs: `--since` finds what two full runs differ in, after each of them."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from cfglint.cli.options import CheckOptions
from cfglint.cli.run_check import Run, engine_for
from cfglint.cli.scope import scope_of
from cfglint.cli.task import task_of
from cfglint.targeting import libraries_for
from cfglint.workspace import Workspace
from tests.cli.test_since import Repository

Files = dict[str, str | None]
Shown = dict[tuple[str, str, str], frozenset[str]]
"""A file, a rule and a message; and the configs that show it, too."""

REGISTER = 'from mmengine.registry import MODELS\n\n\n@MODELS.register_module()\n'
SGD = "optim_wrapper = dict(type='OptimWrapper', optimizer=dict(type='SGD', lr=0.1, momentum=0.9))\n"
RUN = 'train_cfg = dict(by_epoch=True, max_epochs=12)\nval_cfg = None\n'
MODEL = "default_scope = 'mmengine'\ncustom_imports = dict(imports=['mine.net{0}'])\nmodel = dict(type='Net{0}', depth={1})\n"
POSE = (
    "default_scope = 'mmpose'\nmodel = dict(type='TopdownPoseEstimator', head=dict(type='HeatmapHead', in_channels=3, "
    "out_channels=2))\ntrain_dataloader = dict(batch_size=2, num_workers=0, sampler=dict(type='DefaultSampler', "
    "shuffle=True), dataset=dict(type='CocoDataset', metainfo=dict(from_file='configs/_base_/points.py')))\n"
)
LAZY = 'from mmengine.config import read_base\n\nwith read_base():\n    from ._run import *\n\ntrain_cfg.update(max_epochs={0})\n'


def net(number: int, *parameters: str) -> str:
    """Return a module with a class that has parameters."""
    return f'{REGISTER}class Net{number}:\n    def __init__(self, {", ".join(f"{each}=3" for each in parameters)}):\n        pass\n'


def points(count: int) -> str:
    """Return a file with keypoints."""
    listed = ', '.join(f"{number}: dict(name='p{number}', id={number})" for number in range(count))
    return f'dataset_info = dict(keypoint_info={{{listed}}})\n'


def start() -> Files:
    """Return the files of the first commit: 100 configs, and what they depend on."""
    files: Files = {'mine/__init__.py': '', 'README.md': 'words\n'}
    files |= {f'mine/net{number}.py': net(number, 'width', 'depth') for number in range(4)}
    files |= {f'configs/_base_/sgd{number}.py': SGD for number in range(4)}
    files |= {
        'configs/_base_/run.py': RUN,
        'configs/_base_/run.yaml': 'train_cfg:\n  by_epoch: true\n  max_epochs: 3\n',
    }
    files |= {'configs/_base_/points.py': points(2), 'configs/lazy/_run.py': RUN}
    files |= {
        f'configs/sgd/s{number:02}.py': f"_base_ = ['../_base_/sgd{number % 4}.py', '../_base_/run.py']\n"
        'optim_wrapper = dict(optimizer=dict(momentum=0.8))\n'
        for number in range(30)
    }
    files |= {f'configs/deep/d{number:02}.py': f"_base_ = '../sgd/s{number:02}.py'\n" for number in range(15)}
    files |= {f'configs/net/n{number:02}.py': MODEL.format(number % 4, number) for number in range(16)}
    files |= {f'configs/yaml/y{number:02}.yaml': '_base_: ../_base_/run.yaml\nval_cfg:\n' for number in range(16)}
    files |= {f'configs/lazy/l{number:02}.py': LAZY.format(number + 1) for number in range(12)}
    files |= {f'configs/pose/p{number:02}.py': POSE for number in range(10)}
    return files


def commits() -> list[Files]:
    """Return what thirty commits write, and what they delete (None)."""
    found: list[Files] = [
        {'configs/_base_/sgd1.py': SGD.replace("'SGD', lr=0.1, momentum=0.9", "'AdamW', lr=0.1")},
        {'configs/_base_/sgd1.py': SGD},
        {'mine/net2.py': net(2, 'width')},
        {'mine/net2.py': net(2, 'width', 'depth'), 'mine/net3.py': 'from .net2 import Net2\n' + net(3).replace('Net3:', 'Net3(Net2):')},
        {'mine/net2.py': net(2, 'depth')},
        {'configs/_base_/points.py': points(3)},
        {'configs/_base_/points.py': points(2), 'configs/pose/p03.py': POSE.replace('out_channels=2', 'out_channels=5')},
        {'configs/_base_/run.yaml': 'train_cfg:\n  by_epoch: true\n  max_epoch: 3\n'},
        {'configs/_base_/run.yaml': None, 'configs/_base_/schedule.yaml': 'train_cfg:\n  by_epoch: true\n  max_epochs: 3\n'},
        {f'configs/yaml/y{number:02}.yaml': '_base_: ../_base_/schedule.yaml\n' for number in range(15)},
        {'configs/_base_/sgd2.py': None, 'configs/_base_/renamed.py': SGD},
        {'configs/_base_/sgd2.py': SGD.replace('lr=0.1', 'lr=0.1, momentun=1')},
        {'configs/lazy/_run.py': RUN.replace('max_epochs', 'max_epoch')},
        {'configs/lazy/_run.py': 'train_cfg = dict(by_epoch=False, max_iters=3)\n'},
        {'configs/sgd/s05.py': None},
        {'configs/sgd/s05.py': "_base_ = '../_base_/sgd0.py'\nresum = True\n"},
        {'README.md': 'more words\n', 'mine/net0.py': f'# a comment\n{net(0, "width", "depth")}'},
        {'mine/__init__.py': 'from . import net0\n'},
        {'mine/net1.py': None},
        {'mine/net1.py': net(1, 'depth'), 'configs/net/n01.py': None},
        {'configs/_base_/run.py': RUN + 'default_hooks = dict(checkpoint=dict(type="CheckpointHook", interval=-1, save_bst="auto"))\n'},
        {'requirements.txt': 'mmengine==0.7.0\n'},
        {'configs/_base_/run.py': RUN, 'cfglint.toml': 'ignore = ["removed-fp16"]\n'},
        {'configs/sgd/s10.py': "_base_ = '../_base_/sgd0.py'\nfp16 = dict(loss_scale=512.)\n"},
        {'cfglint.toml': None},
    ]  # fmt: skip
    choice = random.Random(30)
    mistakes = [
        'resum = True\n',
        'train_cfg = dict(max_epoch=3)\n',
        '_base_ = "./nowhere.py"\n',
        'x = (\n',
        'load_from = None\n',
    ]
    while len(found) < 30:
        names = choice.sample([name for name in start() if name.startswith('configs/sgd')], 4)
        found.append({name: "_base_ = '../_base_/sgd0.py'\n" + choice.choice(mistakes) for name in names})
    return found


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repository:
    """Return the repository after its first commit."""
    monkeypatch.chdir(tmp_path)
    found = Repository(tmp_path)
    found.commit(start())
    return found


def shown(folder: Path, since: str | None) -> Shown:
    """Return what a run finds, all of it or since a revision; the steps are those of the command line, without its output."""
    task = task_of(CheckOptions(paths=('configs',), since=since, cache=False))
    libraries = libraries_for(task.found.files, task.where, ())
    workspace, found = Workspace(libraries), task.found
    if since is not None:
        scope = scope_of(task, libraries)
        workspace, found = scope.workspace, scope.found
    result = Run(found, engine_for(task), workspace).check()
    assert not result.crashes
    return {(each.path, each.rule, each.message): frozenset(each.affects) for each in result.diagnostics}


def test_since_equals_the_difference_of_two_full_runs(repository: Repository, tmp_path: Path) -> None:
    earlier = shown(tmp_path, None)
    changed = 0
    for number, files in enumerate(commits()):
        repository.commit(
            {name: text for name, text in files.items() if text is not None or (tmp_path / name).exists()}
        )
        full, since = shown(tmp_path, None), shown(tmp_path, 'HEAD~1')
        # A finding is new, too, where configs show it that did not.
        new = {each for each, affected in full.items() if each not in earlier or affected - earlier[each]}
        assert since.keys() <= full.keys(), (number, since.keys() - full.keys())
        assert new <= since.keys(), (number, new - since.keys())
        changed += bool(new)
        earlier = full
    assert changed >= 18
