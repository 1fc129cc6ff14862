"""Which Python files are no configs."""

from __future__ import annotations

import pytest

from cfglint.language.source import SourceFile
from cfglint.skip import reason_to_skip


@pytest.mark.parametrize(
    ('text', 'is_skipped'),
    [
        ('model = dict()\n', False),
        ('', False),
        ("_base_ = 'x.py'\nclass A:\n    pass\n", False),
        ('class A:\n    pass\ntrain_dataloader = dict(dataset=dict(type=A))\n', False),
        ('class A:\n    pass\nx = 1\n', True),
        ('def f():\n    pass\nmodel = f()\n', False),
        ('def f():\n    pass\n', True),
        ('import os\n', True),
        ("import os\nif __name__ == '__main__':\n    model = 1\n", True),
        ('from mmengine.config import read_base\nwith read_base():\n    from .base import *\n', False),
        ('def f(:\n', False),
        ("from x import y\n__all__ = ['y']\n", True),
    ],
)
def test_modules_and_scripts_are_skipped(text: str, is_skipped: bool) -> None:
    assert (reason_to_skip('/x/config.py', SourceFile('/x/config.py', text)) is not None) is is_skipped


@pytest.mark.parametrize('name', ['__init__.py', 'conftest.py', 'setup.py'])
def test_names_of_modules(name: str) -> None:
    assert reason_to_skip(f'/x/{name}', SourceFile(f'/x/{name}', 'model = dict()\n')) is not None


def test_data_files_are_never_skipped() -> None:
    assert reason_to_skip('/x/a.yaml', SourceFile('/x/a.yaml', 'class A: 1\n')) is None
