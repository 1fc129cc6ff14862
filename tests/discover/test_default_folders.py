"""What is checked if nobody says what."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import Ran
from tests.kit.repo import write

BAD = 'train_cfg = dict(by_epoch=True, max_epoch=12)\n'
Cli = Callable[..., Ran]


def checked(cli: Cli, folder: Path) -> list[str]:
    entries = json.loads(cli('check', '--output-format', 'json', '--select', 'misspelt-field').out)
    return [Path(entry['filename']).relative_to(folder).as_posix() for entry in entries]


FILES = {
    '.git/HEAD': '',
    '.gitignore': '/out/\n',
    'configs/a.py': BAD,
    'projects/new/configs/b.py': BAD,
    'pkg/config/loader.py': 'def load():\n    pass\n',
    'pkg/config/c.py': BAD,
    'mmdet_configs/d.py': BAD,
    'out/configs/e.py': BAD,
    '.venv/configs/f.py': BAD,
    'other/g.py': BAD,
    'a/b/c/d/configs/h.py': BAD,
    'a/b/c/Configs/i.py': BAD,
    'det_cfgs/j.py': BAD,
    'experiments/k.py': BAD,
    'experiments/plot.py': 'import os\nprint(os.getcwd())\n',
}
FOUND = [
    'a/b/c/Configs/i.py', 'configs/a.py', 'det_cfgs/j.py', 'experiments/k.py', 'mmdet_configs/d.py', 'pkg/config/c.py',
    'projects/new/configs/b.py',
]  # fmt: skip


@pytest.mark.parametrize(
    ('folder', 'expected'),
    [
        ('.', FOUND),
        ('other', FOUND),
        ('projects/new', ['projects/new/configs/b.py']),
        ('projects/new/configs', ['projects/new/configs/b.py']),
    ],
)
def test_folders_of_configs_are_found(
    cli: Cli,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    folder: str,
    expected: list[str],
) -> None:
    write(tmp_path, FILES)
    monkeypatch.chdir(tmp_path / folder)
    assert checked(cli, tmp_path) == expected


def test_settings_go_before(cli: Cli, tmp_path: Path) -> None:
    write(tmp_path, {**FILES, 'cfglint.toml': 'paths = ["other"]\n'})
    assert checked(cli, tmp_path) == ['other/g.py']


@pytest.mark.parametrize('mark', ['.git/HEAD', 'setup.py', 'requirements.txt'])
def test_all_of_a_repository_without_such_a_folder_is_looked_at(cli: Cli, tmp_path: Path, mark: str) -> None:
    write(tmp_path, {mark: '', 'src/det/settings/a.py': BAD, 'train.py': 'import os\nos.getcwd()\n'})
    assert checked(cli, tmp_path) == ['src/det/settings/a.py']


def test_without_such_a_folder_the_user_is_told_what_to_do(cli: Cli, tmp_path: Path) -> None:
    write(tmp_path, {'a.py': BAD})
    assert cli('check') == Ran(
        2, '', 'cfglint: error: name what to check, or set `paths`: no folder here is called `configs`\n'
    )


def test_folders_that_are_found_need_not_all_hold_configs(cli: Cli, tmp_path: Path) -> None:
    write(tmp_path, {'configs/a.py': "default_scope = 'mmdet'\n", 'pkg/config/loader.py': 'def load():\n    pass\n'})
    assert cli('check').code == 0
    (tmp_path / 'configs' / 'a.py').unlink()
    ran = cli('check')
    assert ran.code == 2
    assert 'there is no config in `configs`, `pkg/config` (1 file passed over; a file that you name is read)' in ran.err
