"""What git ignores and tracks."""

from __future__ import annotations

import os
import subprocess
import threading
from pathlib import Path

import pytest

from cfglint.discover import discover
from cfglint.git import Repository
from tests.kit.repo import write

MODEL = "model = dict(type='A')\n"


def git(folder: Path, *args: str) -> None:
    subprocess.run(
        ['git', '-c', 'user.name=a', '-c', 'user.email=a@b', *args], cwd=folder, check=True, capture_output=True
    )


def found(folder: Path) -> list[str]:
    return [os.path.relpath(path, folder) for path in discover([str(folder)]).files]


FILES = {
    '.gitignore': 'configs/\n*_tmp.py\n',
    'configs/a.py': MODEL,
    'configs/deep/b.py': MODEL,
    'configs/untracked.py': MODEL,
    'other/c_tmp.py': MODEL,
    'other/d_tmp.py': MODEL,
    f'configs/{"long" * 50}/e.py': MODEL,
}
TRACKED = ['configs/a.py', 'configs/deep/b.py', f'configs/{"long" * 50}/e.py', 'other/c_tmp.py']


@pytest.mark.parametrize(
    ('create', 'change'),
    [
        ([], []),
        ([], ['update-index', '--index-version', '4']),
        ([], ['update-index', '--split-index']),
        (['--object-format=sha256'], []),
    ],
    ids=['version 2', 'version 4', 'split', 'sha256'],
)
def test_what_is_tracked_counts_although_it_is_ignored(tmp_path: Path, create: list[str], change: list[str]) -> None:
    write(tmp_path, FILES)
    git(tmp_path, 'init', '-q', *create)
    assert found(tmp_path) == []
    git(tmp_path, 'add', '-f', *TRACKED)
    if change:
        git(tmp_path, *change)
    assert found(tmp_path) == TRACKED


def test_a_work_tree_of_its_own_and_a_repository_in_another_one(tmp_path: Path) -> None:
    write(tmp_path / 'main', FILES)
    git(tmp_path / 'main', 'init', '-q')
    git(tmp_path / 'main', 'add', '-f', '.gitignore', 'configs/a.py')
    git(tmp_path / 'main', 'commit', '-qm', 'a')
    git(tmp_path / 'main', 'worktree', 'add', '-q', str(tmp_path / 'linked'))
    (tmp_path / 'main' / '.git' / 'info' / 'exclude').write_text('hidden.py\n')
    write(tmp_path / 'linked', {'configs/b.py': MODEL, 'hidden.py': MODEL})
    assert found(tmp_path / 'linked') == ['configs/a.py']
    write(tmp_path / 'main', {'inner/configs/b.py': MODEL})
    git(tmp_path / 'main' / 'inner', 'init', '-q')
    assert found(tmp_path / 'main') == ['configs/a.py', 'inner/configs/b.py']


@pytest.mark.parametrize(
    'index', [b'', b'DIRC', b'DIRC\0\0\0\2\xff\xff\xff\xffconfigs/a.py', b'DIRC\0\0\0\4\0\0\0\2' + b'\xff' * 99]
)
def test_a_damaged_index_tracks_nothing(tmp_path: Path, index: bytes) -> None:
    write(tmp_path, FILES)
    git(tmp_path, 'init', '-q')
    (tmp_path / '.git' / 'index').write_bytes(index)
    assert found(tmp_path) == []


def test_ignore_files_that_are_no_files_do_not_block(tmp_path: Path) -> None:
    write(tmp_path, {'a.py': MODEL, 'b/b.py': MODEL, 'c/c.py': MODEL, 'd/d.py': MODEL, 'patterns': '*.py\n'})
    git(tmp_path, 'init', '-q')
    os.mkfifo(tmp_path / '.gitignore')
    (tmp_path / '.git' / 'info' / 'exclude').unlink(missing_ok=True)
    (tmp_path / '.git' / 'info').mkdir(exist_ok=True)
    os.mkfifo(tmp_path / '.git' / 'info' / 'exclude')
    (tmp_path / 'b' / '.gitignore').symlink_to('/dev/zero')
    (tmp_path / 'c' / '.gitignore').symlink_to(tmp_path / 'patterns')  # git follows no such link
    (tmp_path / 'd' / '.gitignore').mkdir()
    files: list[str] = []
    walk = threading.Thread(target=lambda: files.extend(found(tmp_path)), daemon=True)
    walk.start()
    walk.join(10)
    assert files == ['a.py', 'b/b.py', 'c/c.py', 'd/d.py']


def test_a_pattern_that_git_does_not_understand_spoils_nothing(tmp_path: Path) -> None:
    write(tmp_path, {'a.py': MODEL, 'old.py': MODEL})
    (tmp_path / '.gitignore').write_bytes(b'build\\\n!\n[z-a]\n\xff\xfe\n[\nold.py\n')
    assert found(tmp_path) == ['a.py']


@pytest.mark.parametrize('is_long', [False, True])
def test_an_index_does_not_grow_when_it_is_read(tmp_path: Path, is_long: bool) -> None:
    """Version 4 leaves out what a path shares with the one before: a small file could stand for any number of bytes."""
    count = 6_000
    entry = b'\0' * 62 + b'\0' + (b'a' if is_long else b'') + b'\0'
    data = b'DIRC' + (4).to_bytes(4, 'big') + count.to_bytes(4, 'big') + b'\0' * 62 + b'\0x\0' + entry * (count - 1)
    write(tmp_path, {'.git/HEAD': ''})
    (tmp_path / '.git/index').write_bytes(data)
    repository = Repository(str(tmp_path))
    assert repository.tracks(str(tmp_path / 'x')) and not repository.tracks(str(tmp_path / 'y'))
    assert sum(map(len, repository._files)) <= 8 * len(data)
