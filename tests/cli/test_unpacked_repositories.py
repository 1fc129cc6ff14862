"""Repositories without `.git`, as an archive holds them: what is imported there is known all the same."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from cfglint.roots import roots_of
from tests.kit.repo import write

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.cli.conftest import Ran

CONFIG = """\
default_scope = 'mmdet'
model = dict(type='OwnDetector', depth=50)
"""
MODULE = """\
from mmdet.registry import MODELS


@MODELS.register_module()
class OwnDetector:
    def __init__(self, depth):
        self.depth = depth
"""


@pytest.fixture(autouse=True)
def no_shared_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv('HOME', str(tmp_path / 'home'))


@pytest.mark.parametrize(
    ('others', 'config', 'root'),
    [
        (['requirements.txt'], 'experiments/detection/a.py', ''),
        (['LICENSE', 'configs/retinanet/README.md'], 'configs/retinanet/a.py', ''),
        ([], 'configs/retinanet/a.py', ''),
        (['projects/plugin/__init__.py'], 'projects/configs/maptr/a.py', ''),
        (['projects/one/requirements.txt'], 'projects/one/configs/a.py', 'projects/one'),
        ([], 'projects/one/configs/a.py', 'projects/one'),
        (['tools/train.py'], 'projects/one/configs/a.py', ''),
        (['own/__init__.py', 'own/zoo/__init__.py'], 'own/zoo/a.py', ''),
        (['own/__init__.py'], 'own/.mim/configs/retinanet/a.py', ''),
        ([], 'experiments/a.py', 'experiments'),
        (['requirements.txt', 'inner/.git/HEAD'], 'inner/configs/a.py', 'inner'),
    ],
    ids=lambda value: ' '.join(value) if isinstance(value, list) else value,
)
def test_the_top_of_a_repository(tmp_path: Path, others: list[str], config: str, root: str) -> None:
    *_, path = write(tmp_path / 'top', {**dict.fromkeys(others, ''), config: CONFIG})
    assert roots_of([path]) == [os.path.realpath(tmp_path / 'top' / root)]


def test_no_home_is_a_repository(tmp_path: Path) -> None:
    paths = write(tmp_path / 'home', {'LICENSE': '', 'configs/a.py': CONFIG, 'trial/a.py': CONFIG})
    assert roots_of(paths[1:]) == [str(tmp_path / 'home' / 'configs'), str(tmp_path / 'home' / 'trial')]


def test_own_code_is_known(tmp_path: Path, cli: Callable[..., Ran]) -> None:
    custom = "custom_imports = dict(imports=['mmdet.own.detector'])\n"
    write(tmp_path, {'mmdet/own/detector.py': MODULE, 'configs/retinanet/a.py': custom + CONFIG})
    assert cli('check', 'configs', '--no-cache').out == ''


def test_packages_beside_a_config_go_before_those_of_the_same_name(tmp_path: Path, cli: Callable[..., Ran]) -> None:
    custom = "custom_imports = dict(imports=['own.detector'])\n"
    others = {f'{name}/own/{file}': '' for name in 'ab' for file in ('__init__.py',)}
    write(tmp_path, {'LICENSE': '', **others, 'a/own/detector.py': MODULE, 'a/config.py': custom + CONFIG})
    write(tmp_path, {'b/own/detector.py': MODULE.replace('depth', 'width'), 'b/config.py': custom + CONFIG})
    assert 'does not take `depth`' in cli('check', 'b/config.py', '--no-cache').out
    assert cli('check', 'a/config.py', '--no-cache').out == ''
