"""The answer of a run is repeated while nothing has changed, and never otherwise."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

import pytest

from cfglint import cache, targeting
from cfglint.cache import states
from tests.kit.repo import write

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.cli.conftest import Ran

    Change = Callable[[Path, pytest.MonkeyPatch], object]

AGAIN = 'nothing has changed since they were checked'
FILES = {
    'pyproject.toml': '[tool.cfglint]\nfail-on = "error"\n',
    'configs/_base_/base.py': 'train_cfg = dict(by_epoch=True, max_epochs="3")\n',
    'configs/a.py': '_base_ = "./_base_/base.py"\nwork_dir = "{{$PLACE:here}}"\noptimizer = dict(type="SGD", lr=0.1)\n',
    'configs/b.py': '_base_ = "./absent.py"\n',
    'configs/d.py': '_base_ = "./notes.txt"\n',
    'configs/notes.txt': 'a = 1\n',
    'configs/e.py': '_base_ = "../x/base.py"\n',
    'configs/f.py': 'import os\nmodel = {}\nload_from = getattr(os, "get" + "env")("SECRET", None)\n',
    'x1/other.py': '',
    'configs/c.py': 'default_scope = "mmengine"\nmodel = dict(type="Own")\ntrain_dataloader = None\n',
}


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Write a small project that changed long ago."""
    write(tmp_path, FILES)
    monkeypatch.setattr(states, '_SETTLED', -(10**15))  # what has changed just now is trusted
    monkeypatch.setattr(states, '_TICK', -(10**15))
    monkeypatch.setattr(targeting, 'cache_folder', lambda: tmp_path.with_name(f'{tmp_path.name}-cache'))
    monkeypatch.setattr('cfglint.cli.run_check.cache_folder', targeting.cache_folder)
    return tmp_path


def test_an_answer_is_repeated(cli: Callable[..., Ran]) -> None:
    first = cli('check', '.', '-v', '--output-format', 'json')
    again = cli('check', '.', '-v', '--output-format', 'json')
    assert AGAIN not in first.err and AGAIN in again.err
    assert json.loads(first.out) and again.out == first.out
    assert again.code == first.code == 1
    assert again.err.splitlines()[-2:] == first.err.splitlines()[-2:]


def test_another_format_is_the_same_question(cli: Callable[..., Ran]) -> None:
    cli('check', '.', '--output-format', 'json')
    full = cli('check', '.', '-v')
    assert AGAIN in full.err
    assert full.out == cli('check', '.', '-v', '--no-cache').out


@pytest.mark.parametrize(
    'change',
    [
        lambda root, patch: (root / 'configs/a.py').write_text('optimizer = dict(type="Adam")\n'),
        lambda root, patch: (root / 'configs/_base_/base.py').write_text('train_cfg = dict(max_epochs=3)\n'),
        lambda root, patch: (root / 'configs/absent.py').write_text('resum = True\n'),
        lambda root, patch: (root / 'configs/new.py').write_text('optimizer = dict(type="SGD")\n'),
        lambda root, patch: (root / 'configs/notes.txt').unlink(),
        lambda root, patch: (root / 'x').mkdir(),
        lambda root, patch: patch.setenv('SECRET', '3'),
        lambda root, patch: patch.setattr(cache, 'installed_version', lambda name: '9.9'),
        lambda root, patch: (root / 'configs/a.py').unlink(),
        lambda root, patch: (root / 'pyproject.toml').write_text('[tool.cfglint]\nignore = ["schema"]\n'),
        lambda root, patch: (root / 'requirements.txt').write_text('mmengine==0.8.0\n'),
        lambda root, patch: (root / 'own.py').write_text(
            'from mmengine import MODELS\n\n\n@MODELS.register_module()\nclass Own:\n    pass\n'
        ),
        lambda root, patch: patch.setenv('PLACE', 'there'),
        lambda root, patch: patch.syspath_prepend(str(root / 'configs')),
        lambda root, patch: patch.setattr(cache, '__version__', '999'),
    ],
    ids=[
        'config', 'base', 'missing base', 'new config', 'base that is no config', 'folder of a base', 'hidden variable',
        'versions', 'removed', 'settings', 'requirements', 'own code', 'environment',
        'packages', 'release of cfglint',
    ],
)  # fmt: skip
def test_what_matters_is_noticed(
    change: Change, cli: Callable[..., Ran], project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cli('check', '.')
    assert AGAIN in cli('check', '.', '-v').err
    change(project, monkeypatch)
    after = cli('check', '.', '-v')
    assert AGAIN not in after.err
    assert after.out == cli('check', '.', '--no-cache').out


@pytest.mark.parametrize(
    'option',
    [['--no-cache'], ['--no-suppressions'], ['--ignore', 'schema'], ['--target', 'mmdet==3.3.0'], ['configs/a.py']],
)
def test_another_question_is_another_answer(option: list[str], cli: Callable[..., Ran]) -> None:
    cli('check', '.')
    assert AGAIN not in cli('check', '.', '-v', *option).err


def test_a_change_of_this_moment_is_not_trusted(cli: Callable[..., Ran], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(states, '_TICK', 10**12)
    cli('check', '.')
    assert AGAIN not in cli('check', '.', '-v').err


@pytest.mark.parametrize(
    'text', ['', '[]', '{"touched": 1}', '{"touched": [], "environment": {}, "local_code": false}', '[' * 200_000]
)
def test_an_entry_that_is_not_ours_is_ignored(text: str, cli: Callable[..., Ran], project: Path) -> None:
    cli('check', '.')
    (entry,) = (project.with_name(f'{project.name}-cache') / 'answers').glob('*.json')
    entry.write_text(text)
    assert AGAIN not in cli('check', '.', '-v').err


def test_few_entries_are_kept(cli: Callable[..., Ran], project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache, '_MAX_ENTRIES', 2)
    for rule in ('schema', 'language', 'deprecated'):
        cli('check', '.', '--ignore', rule)
    assert len(list((project.with_name(f'{project.name}-cache') / 'answers').glob('*.json'))) == 2
    assert AGAIN in cli('check', '.', '-v', '--ignore', 'deprecated').err


def test_fixes_are_never_repeated(cli: Callable[..., Ran]) -> None:
    cli('check', '.')
    assert AGAIN not in cli('check', '.', '-v', '--diff').err


def test_a_base_that_cannot_be_a_path_is_remembered(cli: Callable[..., Ran], project: Path) -> None:
    for name in (r'a\0b', r'a\ud800b'):
        (project / 'configs/a.py').write_text(f'_base_ = "{name}.py"\n')
        first = cli('check', '.', '--output-format', 'concise')
        again = cli('check', '.', '-v', '--output-format', 'concise')
        assert AGAIN in again.err and again.out == first.out and 'missing-base' in first.out


def test_what_an_earlier_run_read_does_not_matter(
    cli: Callable[..., Ran], project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (project / 'other').mkdir()
    (project / 'other/config.py').write_text('work_dir = "{{$ELSEWHERE:here}}"\n')
    monkeypatch.setenv('ELSEWHERE', 'there')
    cli('check', 'other')
    monkeypatch.delenv('ELSEWHERE')
    cli('check', 'configs')
    assert AGAIN in cli('check', '-v', 'configs').err


def test_the_rest_of_the_environment_does_not_matter(cli: Callable[..., Ran], monkeypatch: pytest.MonkeyPatch) -> None:
    cli('check', '.')
    monkeypatch.setenv('SHLVL', '77')
    assert AGAIN in cli('check', '.', '-v', '--output-format', 'json').err


def test_what_a_hint_looked_for_is_noticed(cli: Callable[..., Ran], project: Path) -> None:
    (project / 'z').mkdir()
    (project / 'configs/a.py').write_text('_base_ = "z/base.yaml"\n')
    cli('check', 'configs')
    assert AGAIN in cli('check', '-v', 'configs').err
    (project / 'z/base.yaml').write_text('resume: true\n')
    after = cli('check', '-v', 'configs')
    assert AGAIN not in after.err and '../z/base.yaml' in after.out


def test_an_entry_is_written_whole_or_not_at_all(
    cli: Callable[..., Ran], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(source: str, target: str) -> None:
        raise OSError(28, 'No space left on device')

    monkeypatch.setattr('os.replace', refuse)
    assert cli('check', '.', '-q').code == 1
    folder = tmp_path.with_name(f'{tmp_path.name}-cache') / 'answers'
    assert folder.is_dir() and os.listdir(folder) == []


def test_a_large_answer_is_kept_and_older_ones_make_room(
    cli: Callable[..., Ran], project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = project.with_name(f'{project.name}-cache') / 'answers'
    cli('check', 'configs')
    [first] = os.listdir(folder)
    os.utime(folder / first, (1, 1))
    (folder / 'x.json.1.tmp').write_text('{')
    os.utime(folder / 'x.json.1.tmp', (1, 1))
    monkeypatch.setattr(cache, '_MAX_BYTES', 10)
    cli('check', 'configs', '--select', 'schema')
    [second] = os.listdir(folder)
    assert second != first
    assert AGAIN in cli('check', 'configs', '--select', 'schema', '-v').err


@pytest.mark.parametrize(
    'text', ['', '{', '[]', '{"paths": 3}', '{"paths": [], "environment": {}, "local_code": 0, "state": ""}']
)
def test_an_entry_that_is_truncated_or_not_ours_counts_as_none(
    cli: Callable[..., Ran], project: Path, text: str
) -> None:
    first = cli('check', 'configs', '--output-format', 'json')
    folder = project.with_name(f'{project.name}-cache') / 'answers'
    for name in os.listdir(folder):
        (folder / name).write_text(text)
    again = cli('check', 'configs', '-v', '--output-format', 'json')
    assert AGAIN not in again.err and again.out == first.out
