"""Modules of 0.x, migrated: imports, what uses them, and nothing else."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cfglint.cli.app import make_app
from cfglint.given_code import python_files
from tests.code.kit import migrated
from tests.kit.repo import write


@pytest.mark.parametrize(('before', 'after'), [
    ('from mmcv.runner import BaseModule\n\n\nclass A(BaseModule): ...\n',
     'from mmengine.model import BaseModule\n\n\nclass A(BaseModule): ...\n'),
    ('from mmcv.runner import BaseModule as B\nprint(B)\n', 'from mmengine.model import BaseModule as B\nprint(B)\n'),
    ('from mmcv.runner import (BaseModule,  # keep\n                         ModuleList)\nprint(BaseModule, ModuleList)\n',
     'from mmengine.model import (BaseModule,  # keep\n                         ModuleList)\nprint(BaseModule, ModuleList)\n'),
    ('from mmcv.runner import (BaseModule,  # why\n                         Hook)\nprint(BaseModule, Hook)\n',
     '# why\nfrom mmengine.model import BaseModule\nfrom mmengine.hooks import Hook\nprint(BaseModule, Hook)\n'),
    ('from mmdet.models.builder import HEADS, LOSSES\n\n\n@HEADS.register_module()\nclass A: ...\n\n\n@LOSSES.register_module()\nclass B: ...\n',
     'from mmdet.registry import MODELS\n\n\n@MODELS.register_module()\nclass A: ...\n\n\n@MODELS.register_module()\nclass B: ...\n'),
    ('from mmdet.models.builder import HEADS as H\n\n\n@H.register_module()\nclass A: ...\n',
     'from mmdet.registry import MODELS as H\n\n\n@H.register_module()\nclass A: ...\n'),
    ('from mmdet.models.builder import HEADS\nMODELS = 1\nprint(HEADS, MODELS)\n',
     'from mmdet.registry import MODELS as HEADS\nMODELS = 1\nprint(HEADS, MODELS)\n'),
    ('from mmdet.models.builder import HEADS\n\n__all__ = ["HEADS"]\n',
     'from mmdet.registry import MODELS as HEADS\n\n__all__ = ["HEADS"]\n'),
    ('from mmdet.models.builder import build_loss\n\n\ndef f(cfg):\n    return build_loss(cfg)  # it\n',
     'from mmdet.registry import MODELS\n\n\ndef f(cfg):\n    return MODELS.build(cfg)  # it\n'),
    ('from mmcv.runner import auto_fp16, force_fp32\n\n\nclass A:\n    @auto_fp16()\n    def f(self): ...\n\n    @force_fp32(\n        apply_to=("x", ))\n    def g(self): ...\n',
     '\n\nclass A:\n    def f(self): ...\n\n    def g(self): ...\n'),
    ('import mmcv\n\nx = mmcv.Config.fromfile("a")\n', 'import mmengine\n\nx = mmengine.Config.fromfile("a")\n'),
    ('import mmcv\n\nx = mmcv.Config.fromfile("a")\ny = mmcv.imread("b")\n',
     'import mmcv\nimport mmengine\n\nx = mmengine.Config.fromfile("a")\ny = mmcv.imread("b")\n'),
    ('import mmcv.runner as r\n\n\nclass A(r.BaseModule): ...\n',
     'from mmengine.model import BaseModule\n\n\nclass A(BaseModule): ...\n'),
    ('def f():\n    from mmcv import Config\n    return Config()\n', 'def f():\n    from mmengine.config import Config\n    return Config()\n'),
    ('def f():\n    from mmcv.runner import auto_fp16\n', 'def f():\n    pass\n'),
    ('from mmdet.utils import get_root_logger\n\nget_root_logger(level).info("x")\n',
     'from mmengine.logging import MMLogger\n\nMMLogger.get_current_instance().info("x")\n'),
    ('from mmcls.models import ResNet\nprint(ResNet)\n', 'from mmpretrain.models import ResNet\nprint(ResNet)\n'),
])  # fmt: skip
def test_mechanical(before: str, after: str, tmp_path: Path) -> None:
    result = migrated(tmp_path, before)
    assert (result.text, result.todos) == (after, [])
    assert migrated(tmp_path, after).text == after


@pytest.mark.parametrize('text', [
    'from mmcv.runner import EvalHook\n\n\nclass A(EvalHook): ...\n',
    'from mmdet.core import *\n',
    'from mmdet.models import build_detector\n\nbuild_detector(cfg, train_cfg, test_cfg)\n',
    'from mmcv.runner import auto_fp16\n\nf = auto_fp16()(g)\n',
    'from mmcv.parallel import collate\n\ncollate(x)\n',
    'import mmcv.runner; x = 1\nmmcv.runner.Hook\n',
])  # fmt: skip
def test_what_a_person_has_to_do(text: str, tmp_path: Path) -> None:
    result = migrated(tmp_path, text)
    assert result.text == text and result.todos


@pytest.mark.parametrize('text', [
    'try:\n    from mmcv.runner import Hook\nexcept ImportError:\n    from mmengine.hooks import Hook\n',
    'from torch import nn\n\n\nclass A(nn.Module):\n    def get_bboxes(self): ...\n',
    'from mmengine.model import BaseModule\nfrom mmdet.registry import MODELS\n',
    '#!/usr/bin/env python\n',
    'import torch\n\n\ndef f():\n    return torch.ones(1)\n\n\ndef g():\n    import torch  # noqa: F401\n',
    '',
])  # fmt: skip
def test_what_is_left_alone(text: str, tmp_path: Path) -> None:
    result = migrated(tmp_path, text)
    assert (result.text, result.todos) == (text, [])


def test_an_import_for_its_own_sake_stays(tmp_path: Path) -> None:
    text = 'import mmcv\n\nmmcv.Config\n\n\ndef f():\n    import mmcv  # noqa: F401\n'
    assert 'def f():\n    import mmcv  # noqa: F401\n' in migrated(tmp_path, text).text


def test_packages_of_the_users_own_are_not_touched(tmp_path: Path) -> None:
    write(tmp_path, {'mmdet/__init__.py': '', 'mmdet/core/__init__.py': 'x = 1\n'})
    text = 'from mmdet.core import x\nprint(x)\n'
    assert migrated(tmp_path, text).text == text


def test_a_package_goes_on_exporting_its_names(tmp_path: Path) -> None:
    text = 'from mmcv.runner import BaseModule\nfrom mmdet.models.builder import HEADS\n'
    after = migrated(tmp_path, text, name='own/__init__.py').text
    assert after == 'from mmengine.model import BaseModule\nfrom mmdet.registry import MODELS as HEADS\n'


def test_line_ends_and_odd_characters_stay(tmp_path: Path) -> None:
    text = "# ä\r\nfrom mmcv.runner import (BaseModule, Hook)\r\nx = '日本', BaseModule, Hook\r\n"
    (tmp_path / 'own.py').write_bytes(text.encode())
    CliRunner().invoke(make_app(), ['migrate', '--code', str(tmp_path / 'own.py'), '--write'])
    assert (tmp_path / 'own.py').read_bytes().decode() == text.replace(
        'from mmcv.runner import (BaseModule, Hook)',
        'from mmengine.model import BaseModule\r\nfrom mmengine.hooks import Hook',
    )


@pytest.mark.parametrize('text', ['x = (\n', 'x = "\0"\n', f'x = {"(" * 3000}\n'])
def test_what_is_no_python_is_left_alone(text: str, tmp_path: Path) -> None:
    result = migrated(tmp_path, text)
    assert result.refused and not result.changed


def test_what_is_migrated_parses_and_imports_nothing_that_has_gone(tmp_path: Path) -> None:
    text = (Path(__file__).parent / 'old_head.txt').read_text(encoding='utf-8')
    result = migrated(tmp_path, text)
    imported = {node.module for node in ast.walk(ast.parse(result.text)) if isinstance(node, ast.ImportFrom)}
    assert not {
        each for each in imported if each and each.startswith(('mmcv.runner', 'mmdet.core', 'mmdet.models.builder'))
    }


def test_modules_that_paths_stand_for(tmp_path: Path) -> None:
    write(tmp_path, {'a.py': '', 'b/c.py': '', 'b/data.json': '{}'})
    assert python_files([str(tmp_path), str(tmp_path / 'a.py')]) == [str(tmp_path / 'a.py'), str(tmp_path / 'b/c.py')]
