"""A file that pure-Python configs inherit is read in their style, whatever it would be alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import cfglint
from tests.kit.repo import write
from tests.language.oracle import mmengine

if TYPE_CHECKING:
    from pathlib import Path

FRAGMENT = """
import os

here = __file__
model = dict(type='ResNet', depth=50)
"""
PURE_PYTHON = """
from mmengine.config import read_base

with read_base():
    from .fragment import *
"""
TEXT = "_base_ = './fragment.py'\n"


def said(folder: Path) -> set[str]:
    """Return the rules of the language that say something."""
    return {each.rule for each in cfglint.check([folder]) if each.family == 'language'}


@pytest.mark.parametrize('name', ['a.py', 'z.py'])  # before and after the fragment
def test_what_only_a_text_config_lacks_is_not_told_of_a_base_of_pure_python(tmp_path: Path, name: str) -> None:
    write(tmp_path, {name: PURE_PYTHON, 'fragment.py': FRAGMENT})
    assert mmengine(tmp_path / name)['here'].endswith('fragment.py')
    assert said(tmp_path) == set()


@pytest.mark.parametrize('files', [{}, {'a.py': TEXT}, {'a.py': PURE_PYTHON, 'z.py': TEXT}])
def test_it_is_told_where_the_file_is_read_as_text(tmp_path: Path, files: dict[str, str]) -> None:
    write(tmp_path, {'fragment.py': FRAGMENT, **files})
    assert 'undefined-name' in said(tmp_path)
