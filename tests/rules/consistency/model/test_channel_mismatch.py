"""Channels are only compared where all that the features go through is a library's."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.kit.repo import diagnose, write

if TYPE_CHECKING:
    from pathlib import Path

CODE = """\
from mmdet.models import {base}
from mmdet.registry import MODELS


@MODELS.register_module({flag})
class {name}({base}):
    def {method}(self, inputs, *args):
        return inputs
"""
CONFIG = """\
default_scope = 'mmdet'
custom_imports = dict(imports=['own'])
model = dict(
    type='{detector}',
    backbone=dict(type='{backbone}', depth=18),
    neck=dict(type='{neck}', in_channels=[256, 512, 1024, 2048], out_channels=256, num_outs=5),
    bbox_head=dict(type='RetinaHead', in_channels=256, num_classes=80))
train_dataloader = dict(dataset=dict(type='CocoDataset'))
"""
STOCK = {'detector': 'RetinaNet', 'backbone': 'ResNet', 'neck': 'FPN'}


def said(folder: Path, code: str, **parts: str) -> int:
    files = {'own.py': code, 'config.py': CONFIG.format(**{**STOCK, **parts})}
    return len(diagnose(folder, files, 'config.py', rules=['channel-mismatch']))


def test_a_model_of_the_library_is_judged(tmp_path: Path) -> None:
    assert said(tmp_path, '') == 1


@pytest.mark.parametrize(('base', 'method', 'part', 'flag'), [
    ('RetinaNet', 'extract_feat', 'detector', ''),
    ('RetinaNet', 'forward', 'detector', ''),
    ('ResNet', 'forward', 'backbone', ''),
    ('FPN', 'forward', 'neck', ''),
])  # fmt: skip
def test_a_part_of_ones_own_is_not(tmp_path: Path, base: str, method: str, part: str, flag: str) -> None:
    code = CODE.format(base=base, name=f'My{base}', method=method, flag=flag)
    assert said(tmp_path, code, **{part: f'My{base}'}) == 0


@pytest.mark.parametrize('base', ['RetinaNet', 'ResNet', 'FPN'])
def test_nor_one_that_replaces_the_librarys(tmp_path: Path, base: str) -> None:
    code = CODE.format(base=base, name=base, method='forward', flag='force=True')
    assert said(tmp_path, code) == 0


def test_nor_one_of_a_copy_of_the_library(tmp_path: Path) -> None:
    """Not even one that is called as the library's is: the copy may be changed."""
    classes = [
        f'@MODELS.register_module()\nclass {name}:\n    def __init__(self, **kwargs):\n        print(kwargs)\n'
        for name in ('RetinaNet', 'ResNet', 'FPN', 'RetinaHead')
    ]
    write(tmp_path, {
        'mmdet/__init__.py': "__version__ = '3.3.0'\n",
        'mmdet/models/__init__.py': 'from mmdet.registry import MODELS\n' + '\n'.join(classes),
        'mmdet/registry.py': "from mmengine.registry import MODELS as ROOT, Registry\nMODELS = Registry('model', parent=ROOT, locations=['mmdet.models'])\n",
    })  # fmt: skip
    assert said(tmp_path, '') == 0
