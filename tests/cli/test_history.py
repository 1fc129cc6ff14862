"""A history of commits: `--since` leaves out of each what the commit did not change."""

from __future__ import annotations

from pathlib import Path

from tests.cli.test_since import Cli, Repository

REGISTER = 'from mmengine.registry import MODELS\n\n\n@MODELS.register_module()\n'
SGD = "optim_wrapper = dict(type='OptimWrapper', optimizer=dict(type='SGD', lr=0.1, momentum=0.9))\n"
RUN = 'train_cfg = dict(by_epoch=True, max_epochs=12)\nval_cfg = None\n'
START: dict[str, str | None] = {
    'mine/__init__.py': 'from . import net\n',
    'mine/net.py': f'{REGISTER}class Net:\n    def __init__(self, width=3, depth=2):\n        pass\n',
    'mine/wide.py': f'{REGISTER}class Wide:\n    def __init__(self, width=3):\n        pass\n',
    'configs/_base_/sgd.py': SGD,
    'configs/_base_/run.py': RUN,
    'configs/_base_/run.yaml': 'train_cfg:\n  by_epoch: true\n  max_epochs: 3\n',
    'configs/lazy/_run.py': 'train_cfg = dict(by_epoch=True, max_epochs=3)\n',
    **{
        f'configs/sgd_{number}.py': f"_base_ = ['./_base_/sgd.py', './_base_/run.py']\nlr = {number}\n"
        'optim_wrapper = dict(optimizer=dict(momentum=0.8))\n'
        for number in range(6)
    },
    **{
        f'configs/net_{number}.py': f"default_scope = 'mmengine'\ncustom_imports = dict(imports=['mine.net'])\nmodel = dict(type='Net', depth={number})\n"
        for number in range(4)
    },
    'configs/wide.py': "default_scope = 'mmengine'\ncustom_imports = dict(imports=['mine.wide'])\nmodel = dict(type='Wide', width=4)\n",
    'configs/from_yaml.py': "_base_ = './_base_/run.yaml'\n",
    'configs/from_yaml.json': '{"_base_": "./_base_/run.yaml", "val_cfg": {"typ": "ValLoop"}}\n',
    'configs/lazy/child.py': 'from mmengine.config import read_base\nwith read_base():\n    from ._run import *\n'
    'train_cfg.update(max_epoch=3)\n',
    'configs/old_mistake.py': 'train_cfg = dict(by_epoch=True, max_epoch=12)\n',
}  # fmt: skip
COMMITS: list[dict[str, str | None]] = [
    {'configs/_base_/sgd.py': SGD.replace("'SGD', lr=0.1, momentum=0.9", "'AdamW', lr=0.1")},
    {'configs/_base_/sgd.py': SGD},
    {'mine/net.py': f'{REGISTER}class Net:\n    def __init__(self, width=3):\n        pass\n'},
    {'configs/_base_/run.yaml': 'train_cfg:\n  by_epoch: true\n  max_epoch: 3\n'},
    {'configs/_base_/run.py': None, 'configs/_base_/schedule.py': RUN},
    {f'configs/sgd_{number}.py': "_base_ = ['./_base_/sgd.py', './_base_/schedule.py']\n" for number in range(5)},
    {'README.md': 'words\n', 'mine/wide.py': f'# a comment\n{REGISTER}class Wide:\n    def __init__(self, width=3):\n        pass\n'},
    {'mine/wide.py': 'from .net import Net\n' + REGISTER + 'class Wide(Net):\n    pass\n'},
    {'mine/net.py': f'{REGISTER}class Net:\n    def __init__(self, depth=3):\n        pass\n'},
    {'configs/lazy/_run.py': 'train_cfg = dict(by_epoch=False, max_iters=3)\n'},
    {'configs/new.py': "_base_ = './old_mistake.py'\n", 'configs/old_mistake.py': 'train_cfg = dict(by_epoch=True, max_epoch=9)\n'},
    {'configs/net_0.py': None, 'configs/lazy/child.py': None, 'mine/net.py': None},
]  # fmt: skip


def checked(cli: Cli) -> str:
    """Return how many files a run since the last commit looks into."""
    ran = cli('check', 'configs', '--no-cache', '--since', 'HEAD~1')
    assert ran.code in (0, 1), ran.err
    return (
        next(line for line in ran.err.splitlines() if line.startswith('checked')).partition(':')[0].partition(' (')[0]
    )


def test_since_leaves_out_what_a_commit_does_not_concern(cli: Cli, tmp_path: Path) -> None:
    repository = Repository(tmp_path)
    repository.commit(START)
    counts = []
    for files in COMMITS[:7]:
        repository.commit(files)
        counts.append(checked(cli))
    assert counts == [
        'checked 7 files',  # the base and its six children
        'checked 7 files',
        'checked 4 files',  # those of the class
        'checked 3 files',
        'checked 7 files',
        'checked 5 files',
        'checked nothing',
    ]
