"""Which files a path stands for."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from cfglint.discover import Excludes, discover
from cfglint.patterns import Patterns
from cfglint.recognition import data_kind
from cfglint.usage import UsageError
from tests.kit.repo import write


def found(folder: Path, *paths: str, **options: object) -> list[str]:
    """Return the files that paths below a folder stand for."""
    files = discover([str(folder / path) for path in paths or ('.',)], Excludes(**options)).files  # type: ignore[arg-type]
    return [os.path.relpath(path, folder) for path in files]


def test_folders_are_walked_and_named_files_taken_as_they_are(tmp_path: Path) -> None:
    write(tmp_path, {'b/x.py': '', 'b/c/y.py': '', 'b/z.txt': '', 'a.txt': '', 'x.py/inner.py': ''})
    assert found(tmp_path, 'b', 'a.txt', 'b/c') == ['a.txt', 'b/c/y.py', 'b/x.py']
    assert found(tmp_path, 'x.py') == ['x.py/inner.py']


def test_globs(tmp_path: Path) -> None:
    write(tmp_path, {'b/x.py': '', 'b/c/y.py': '', '[1].py': ''})
    assert found(tmp_path, 'b/**/*.py') == ['b/c/y.py', 'b/x.py']
    assert found(tmp_path, '[1].py') == ['[1].py']
    with pytest.raises(UsageError, match='no file matches'):
        found(tmp_path, 'c/*.py')


def test_a_path_that_does_not_exist_is_a_mistake(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r'nowhere.py` does not exist$'):
        found(tmp_path, 'nowhere.py')


def test_data_files_are_taken_when_they_look_like_configs(tmp_path: Path) -> None:
    write(tmp_path, {
        'config.yaml': '# a comment\n_base_: base.yaml\n',
        'train.yml': 'train_dataloader:\n  batch_size: 2\n',
        'dumped.json': '{"model": {"type": "A"},\n "optim_wrapper": {}}',
        'minified.json': '{"model":{"type":"A"},"default_hooks":{}}',
        '_base_/model.yaml': 'model:\n  type: A\n',
        'metafile.yml': 'Collections:\n  - Name: A\nModels:\n  - Name: a\n    Config: a.py\n',
        'coco.json': '{"images": [], "annotations": [], "categories": []}',
        '.pre-commit-config.yaml': 'repos:\n  - repo: x\n',
        'workflow.yml': 'on: push\njobs:\n  train_dataloader: {}\n',
        'empty.yaml': '',
    })  # fmt: skip
    assert found(tmp_path) == ['_base_/model.yaml', 'config.yaml', 'dumped.json', 'minified.json', 'train.yml']
    skipped = discover([str(tmp_path)]).skipped
    assert [os.path.basename(path) for path, _ in skipped] == [
        '.pre-commit-config.yaml', 'coco.json', 'empty.yaml', 'metafile.yml', 'workflow.yml',
    ]  # fmt: skip
    assert found(tmp_path, 'metafile.yml') == ['metafile.yml']


def test_tools_and_environments_are_left_out(tmp_path: Path) -> None:
    write(
        tmp_path,
        {f'{name}/a.py': '' for name in ('.venv', '.git', 'node_modules', 'work_dirs', '__pycache__', 'configs')},
    )
    assert found(tmp_path) == ['configs/a.py']
    assert found(tmp_path, '.venv') == ['.venv/a.py']


def test_links(tmp_path: Path) -> None:
    write(tmp_path, {'a/x.py': ''})
    (tmp_path / 'a' / 'loop').symlink_to(tmp_path / 'a')
    (tmp_path / 'a' / 'link.py').symlink_to(tmp_path / 'a' / 'x.py')
    (tmp_path / 'a' / 'broken.py').symlink_to(tmp_path / 'nowhere')
    (tmp_path / 'a' / 'broken.yaml').symlink_to(tmp_path / 'nowhere')
    (tmp_path / 'linked').symlink_to(tmp_path / 'a')
    assert found(tmp_path, 'a') == ['a/broken.py', 'a/link.py', 'a/x.py']
    assert found(tmp_path, 'linked') == ['linked/broken.py', 'linked/link.py', 'linked/x.py']


def test_a_link_to_itself_is_a_broken_one(tmp_path: Path) -> None:
    (tmp_path / 'loop.py').symlink_to('loop.py')
    assert discover([str(tmp_path)]).files == [str(tmp_path / 'loop.py')]


def test_special_files_do_not_block(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / 'pipe.yaml')
    os.mkfifo(tmp_path / 'pipe.py')
    assert found(tmp_path) == ['pipe.py']


def test_folder_that_cannot_be_read_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, {'a/x.py': '', 'b/y.py': ''})
    scandir = os.scandir

    def refuse(path: str) -> object:
        if path.endswith('a'):
            raise PermissionError(13, 'Permission denied')
        return scandir(path)

    monkeypatch.setattr(os, 'scandir', refuse)
    result = discover([str(tmp_path)])
    assert result.files == [str(tmp_path / 'b' / 'y.py')]
    assert result.skipped == [(str(tmp_path / 'a'), 'a folder that cannot be read (permission denied)')]


TREE = {
    '.gitignore': '*_tmp.py\n/root.py\nout/\nkeep/*\n!keep/this.py\n**/deep/**/z.py\n# comment\n\\#odd.py\nspace.py \n[ab]x.py\n',
    'a_tmp.py': '', 'sub/b_tmp.py': '', 'root.py': '', 'sub/root.py': '', 'out/x.py': '', 'sub/out/x.py': '', 'out.py': '',
    'keep/this.py': '', 'keep/that.py': '', 'deep/z.py': '', 'x/deep/y/z.py': '', '#odd.py': '', 'space.py': '', 'ax.py': '',
    'cx.py': '',
    'sub/.gitignore': '!b_tmp.py\nlocal.py\n/anchored/\n!/out/\n',
    'sub/local.py': '', 'sub/deeper/local.py': '', 'local.py': '', 'sub/anchored/x.py': '', 'sub/deeper/anchored/x.py': '',
    'foo/.gitignore': '**\n!*.py\n', 'foo/x.py': '', 'foo/y/x.py': '',
    'bar/.gitignore': '/inner/**\n!/inner/stay.py\n', 'bar/inner/stay.py': '', 'bar/inner/go.py': '', 'bar/inner/d/stay.py': '',
}  # fmt: skip


def test_what_git_ignores_is_left_out_exactly_as_git_says(tmp_path: Path) -> None:
    write(tmp_path, TREE)
    subprocess.run(['git', 'init', '-q', str(tmp_path)], check=True)
    (tmp_path / '.git' / 'info' / 'exclude').write_text('cx.py\n')
    command = ['git', '-C', str(tmp_path), 'ls-files', '-z', '--others', '--exclude-standard', '*.py']
    listed = subprocess.run(
        command, capture_output=True, text=True, check=True, env={'PATH': os.environ['PATH'], 'HOME': str(tmp_path)}
    )
    expected = sorted(path for path in listed.stdout.split('\0') if path)
    assert found(tmp_path) == expected
    assert found(tmp_path, 'sub') == [path for path in expected if path.startswith('sub/')]


def test_ignore_files_count_outside_of_repositories_too(tmp_path: Path) -> None:
    write(tmp_path, {'.gitignore': 'a.py\n', 'a.py': '', 'sub/a.py': '', 'sub/b.py': ''})
    assert found(tmp_path) == ['sub/b.py']


def test_patterns_match_files_below_folders(tmp_path: Path) -> None:
    patterns = Patterns(str(tmp_path), ['old/', '!old/keep.py', 'x/*.py'])
    assert patterns.match(str(tmp_path / 'old' / 'deep' / 'a.py'))
    assert patterns.match(str(tmp_path / 'old' / 'keep.py'))  # as in git: what is below an ignored folder stays ignored
    assert patterns.match(str(tmp_path / 'x' / 'a.py')) and not patterns.match(str(tmp_path / 'x' / 'y' / 'a.py'))
    assert not patterns.match(str(tmp_path.parent / 'old' / 'a.py'))


def test_unreadable_data_file_is_left_to_the_check(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, {'a.yaml': 'x: 1\n'})
    monkeypatch.setattr('os.open', lambda *args, **kwargs: (_ for _ in ()).throw(PermissionError(13, 'no')))
    assert data_kind(str(tmp_path / 'a.yaml')) == 'config'
