"""Finding the modules of a tree that holds much else."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING

import pytest

from cfglint.catalog import walk
from cfglint.catalog.walk import Walk

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def found(root: Path) -> list[str]:
    return [os.path.relpath(path, root) for path in Walk(root).files]


@pytest.mark.parametrize('path', [
    '.hidden/a.py', 'node_modules/a.py', 'wandb/run/a.py', 'work_dirs/x/a.py', 'lib/site-packages/a.py', 'x.egg-info/a.py',
    'build/lib/a.py', 'data/scripts/a.py', 'mlruns/0/a.py',
])  # fmt: skip
def test_folders_that_hold_no_code(path: str, write: Callable) -> None:
    root = write({path: '', 'pkg/data/__init__.py': '', 'pkg/env/__init__.py': '', 'src/python/pkg2/net.py': ''})
    assert found(root) == ['pkg/data/__init__.py', 'pkg/env/__init__.py', 'src/python/pkg2/net.py']


@pytest.mark.parametrize('mark', ['pyvenv.cfg', 'conda-meta/history'])
def test_environments_are_known_by_what_is_in_them(mark: str, write: Callable) -> None:
    assert found(write({f'py310/{mark}': '', 'py310/lib/a.py': '', 'net.py': ''})) == ['net.py']


def test_git_ignored_folders_without_python_are_not_entered(write: Callable) -> None:
    root = write({'.gitignore': '/raw/\nkept/\n', 'raw/a/b.py': '', 'kept/net.py': '', 'net.py': ''})
    assert sorted(found(root)) == ['kept/net.py', 'net.py']


def test_many_files_of_data_cost_little(tmp_path: Path) -> None:
    for number in range(150):
        folder = tmp_path / 'imagenet/train' / f'n{number:04}'
        folder.mkdir(parents=True)
        for image in range(100):
            (folder / f'{image}.jpg').touch()
    (tmp_path / 'net.py').touch()
    start = time.perf_counter()
    result = Walk(tmp_path)
    assert time.perf_counter() - start < 1
    assert [os.path.basename(path) for path in result.files] == ['net.py']
    assert result.is_complete
    assert walk.MAX_ENTRIES - result.left < 8000


def test_a_folder_of_many_files_is_left_early(tmp_path: Path) -> None:
    (tmp_path / 'images').mkdir()
    for number in range(1000):
        (tmp_path / 'images' / f'{number}.png').touch()
    assert walk.MAX_ENTRIES - Walk(tmp_path).left < 500


def test_bounds_are_told(write: Callable, monkeypatch: pytest.MonkeyPatch) -> None:
    root = write({f'm{number}.py': '' for number in range(5)})
    assert Walk(root).is_complete
    monkeypatch.setattr(walk, 'MAX_FILES', 3)
    assert (len(Walk(root).files), Walk(root).is_complete) == (3, False)
    monkeypatch.setattr(walk, 'MAX_ENTRIES', 2)
    assert not Walk(root).is_complete


def test_links_in_a_circle(write: Callable) -> None:
    root = write({'pkg/net.py': ''})
    (root / 'pkg/again').symlink_to(root)
    assert found(root) == ['pkg/net.py']
