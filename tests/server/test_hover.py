"""Hover, without the wire."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from cfglint.server.features.hover import hover
from tests.server.kit import Repo

if TYPE_CHECKING:
    from pathlib import Path

BASE = """\
default_scope = 'mmdet'
model = dict(type='RetinaNet', backbone=dict(type='ResNet', depth=50), neck=dict(type='MyNeck', in_channels=3))
optim_wrapper = dict(type='OptimWrapper', optimizer=dict(type='SGD', lr=0.01))
train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=12, val_interval=1)
param_scheduler = [
    dict(type='LinearLR', start_factor=0.001, by_epoch=False, begin=0, end=500),
    dict(type='MultiStepLR', begin=0, end=12, by_epoch=True, milestones=[8, 11], gamma=0.1),
]
img_scale = (1333, 800)
"""
NECK = '''\
from mmdet.registry import MODELS


@MODELS.register_module()
class MyNeck:
    """Joins levels.

    Args:
        in_channels: How many.
    """

    def __init__(self, in_channels, levels=4): ...
'''
CHILD = "_base_ = ['./base.py']\n"


@pytest.fixture(scope='module')
def repo(tmp_path_factory: pytest.TempPathFactory) -> Repo:
    folder: Path = tmp_path_factory.mktemp('repo')
    return Repo(folder, {'configs/base.py': BASE, 'configs/child.py': CHILD, 'project/neck.py': NECK})


@pytest.mark.parametrize(
    ('text', 'expected'),
    [
        ('optim_wrapper = dict(optimizer=dict(l|r=0.02))', ['`optim_wrapper.optimizer.lr`', '0.02', 'set in', 'child.py:2',
                                                            'overrides', 'base.py:3`: `0.01`', 'argument of `SGD`']),
        ('optim_wrapper = dict(opti|mizer=dict(lr=0.02))', ["type='SGD'", 'lr=0.02', 'extends']),
        ("model = dict(backbone=dict(type='Res|Net'))", ['ResNet(', 'depth', 'mmdet.models.backbones.resnet.ResNet', 'mmdet 3.3.0']),
        ("model = dict(neck=dict(type='My|Neck'))", ['MyNeck(in_channels, levels=4)', 'Joins levels.', 'your code']),
        ('train_dataloader = dict(pin_mem|ory=True)', ['pinned' , 'a bool', 'default']),
        ('train_cfg = dict(max_e|pochs=3)', ['max_epochs', '3', 'base.py:4']),
        ('train_d|ataloader = dict(batch_size=3)', ['train_dataloader']),
        ('param_sch|eduler = _base_.param_scheduler', ['```text\nlr ▂▃▅▇█', '█▁', 'from 1e-05, highest 0.01, at the end 0.0001']),
        ("_base_ = ['./ba|se.py']", ['base.py', '`optim_wrapper`', '1 config depends on it']),
        ('scale = _base_.img_sc|ale', ['`img_scale`', '(1333, 800)', 'base.py:9']),
        ("scale = '{{_base_.img_sc|ale}}'", ['(1333, 800)']),
        ('x = dict(a=1)\ny = |x', ['dict(a=1)', 'child.py:2']),
    ],
)  # fmt: skip
def test_what_is_said(repo: Repo, text: str, expected: list[str]) -> None:
    document, position = repo.at('configs/child.py', text if text.startswith('_base_') else CHILD + text + '\n')
    found = hover(document, position)
    assert found is not None
    said = found.contents.value  # type: ignore[union-attr]
    assert [each for each in expected if each not in said] == [], said


def test_nothing_is_said_of_a_comment(repo: Repo) -> None:
    document, position = repo.at('configs/child.py', f'{CHILD}# a com|ment\n')
    assert hover(document, position) is None


def test_an_argument_that_was_added_says_when(repo: Repo) -> None:
    text = f"{CHILD}model = dict(data_preprocessor=dict(type='DetDataPreprocessor', non_blo|cking=True))\n"
    document, position = repo.at('configs/child.py', text)
    found = hover(document, position)
    assert found is not None and 'argument of `DetDataPreprocessor`' in found.contents.value  # type: ignore[union-attr]


def test_in_a_broken_file_the_last_good_one_counts(repo: Repo) -> None:
    document, position = repo.at('configs/child.py', f'{CHILD}optim_wrapper = dict(optimizer=dict(l|r=')
    found = hover(document, position)
    assert found is not None and '0.01' in found.contents.value  # type: ignore[union-attr]
