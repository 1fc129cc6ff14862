"""The era of a repository that requires nothing: what its own Python imports tells."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from cfglint.catalog.stated import eras_of
from cfglint.catalog.targets import Targets
from tests.kit.repo import diagnose

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.mark.parametrize(
    ('lines', 'eras'),
    [
        ('from mmcv.runner import BaseModule\n', {0}),
        ('from mmcv.utils import Registry, build_from_cfg\n', {0}),
        ('from mmcv import Config\n', {0}),
        ('from mmdet.models import DETECTORS, BaseDetector\n', {0}),
        ('from mmdet.models.builder import BACKBONES\n', {0}),
        ('from mmdet.core import multi_apply\n', {0}),
        ('from mmseg.datasets import PIPELINES\n', {0}),
        ('from mmseg.models.builder import BACKBONES\n', set()),
        ('from mmdet.models import BaseDetector\n', set()),
        ('import mmcv\nfrom mmcv.cnn import ConvModule\n', set()),
        ('try:\n    from mmcv.runner import BaseModule\nexcept ImportError:\n    from mmengine.model import BaseModule\n', set()),
    ],
)  # fmt: skip
def test_own_packages_tell_the_era(write: Callable[[dict[str, str]], Path], lines: str, eras: set[int]) -> None:
    root = write(
        {'own/__init__.py': '', 'own/parts/__init__.py': '', 'own/parts/net.py': lines, 'configs/a.py': 'x = 1\n'}
    )
    assert Targets(folders=[root / 'configs', root], installed=lambda name: None).eras == eras


def test_scripts_and_requirements_come_after(write: Callable[[dict[str, str]], Path]) -> None:
    script = write({'tools/old.py': 'from mmcv.runner import load_checkpoint\n'})
    assert not Targets(folders=[script], installed=lambda name: None).eras
    training = write({'train.py': 'from mmdet.apis import set_random_seed, train_detector\n'})
    assert Targets(folders=[training], installed=lambda name: None).eras == {0}
    said = write({'requirements.txt': 'mmdet>=3.0\n', 'own/__init__.py': 'from mmcv.runner import load_checkpoint\n'})
    assert Targets(folders=[said], installed=lambda name: None).eras == {1}


@pytest.mark.parametrize(
    ('version', 'lines', 'eras'),
    [
        ('0.1.4', 'import mmcv\nimport mmengine\n', set()),
        ('3.3.0', 'import mmcv\nimport mmengine\n', {1}),
        ('3.0.1', "import mmcv\nmmcv_minimum_version = '1.3.17'\n", set()),
        ('2.28.2', "import mmcv\nmmcv_minimum_version = '1.3.17'\n", {0}),
    ],
)
def test_a_fork_with_numbers_of_its_own(
    write: Callable[[dict[str, str]], Path], version: str, lines: str, eras: set[int]
) -> None:
    root = write({'mmdet/__init__.py': lines, 'mmdet/version.py': f"__version__ = '{version}'\n"})
    stated = Targets(folders=[root], installed=lambda name: None).stated
    assert {era for name, each in stated.by_library.items() for era in eras_of(name, each.fitting)} == eras


LOADER = "def load(path):\n    BASE_KEY = '_base_'\n    return path\n"


@pytest.mark.parametrize(
    ('package', 'base', 'said'),
    [('own', 'configs/base.py', 0), ('own', 'configs/absent.py', 1), ('mmcv', 'configs/base.py', 1)],
)
def test_a_loader_of_its_own_finds_bases_from_the_root(tmp_path: Path, package: str, base: str, said: int) -> None:
    files = {
        f'{package}/__init__.py': '', f'{package}/loader.py': LOADER, 'configs/base.py': 'model = dict()\n',
        'configs/a/config.py': f"_base_ = '{base}'\nmodel = dict(type='A')\n",
    }  # fmt: skip
    found = diagnose(tmp_path, files, 'configs/a/config.py')
    assert [each.rule for each in found].count('missing-base') == said
