"""One changed file costs one file and those that depend on it, and an answer is never stale."""

from __future__ import annotations

import os
import random
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from cfglint import cache, targeting
from cfglint.cache import states
from tests.cli.conftest import Ran
from tests.kit.repo import write

if TYPE_CHECKING:
    from collections.abc import Callable

    Change = Callable[[Path, pytest.MonkeyPatch], object]

_REUSED = re.compile(r'(\d+) of them have not changed')
_MODULE = 'from mmengine.registry import MODELS\n\n\n@MODELS.register_module()\nclass {}:\n    def __init__(self, {}):\n        pass\n'
FILES = {
    'pyproject.toml': '[tool.cfglint]\nextend-select = ["advice"]\n',
    'requirements.txt': 'mmengine\nmmdet\n',
    '.gitignore': 'out\n',
    'own/__init__.py': '',
    'own/heads.py': _MODULE.format('OwnHead', 'channels'),
    'configs/_base_/runtime.py': 'default_scope = "mmdet"\nenv_cfg = dict(cudnn_benchmark=False)\n',
    'configs/_base_/schedule.py': '_base_ = "./runtime.py"\noptim_wrapper = dict(optimizer=dict(type="SGD", lr=0.1))\ntrain_cfg = dict(by_epoch=True, max_epochs=12)\n',
    'configs/_base_/points.py': 'dataset_info = dict(keypoint_info={0: dict(name="nose", id=0)})\n',
    'configs/child.py': '_base_ = "./_base_/schedule.py"\ntrain_cfg = dict(max_epoch=3)\n',
    'configs/grandchild.py': '_base_ = "./child.py"\noptim_wrapper = dict(optimizer=dict(momentumm=0.9))\n',
    'configs/own.py': '_base_ = "./_base_/runtime.py"\ncustom_imports = dict(imports=["own.heads"])\nmodel = dict(type="OwnHead", channel=3)\n',
    'configs/here.py': '_base_ = "./_base_/runtime.py"\nwork_dir = "{{ fileDirname }}/{{$PLACE:here}}"\nmax_epochs = "{{$EPOCHS:3}}"\n',
    'configs/points.py': 'default_scope = "mmpose"\nmodel = dict(type="TopdownPoseEstimator", head=dict(type="HeatmapHead", in_channels=3, out_channels=17))\ntrain_dataloader = dict(batch_size=2, num_workers=0, sampler=dict(type="DefaultSampler", shuffle=True), dataset=dict(type="CocoDataset", metainfo=dict(from_file="configs/_base_/points.py")))\n',
    'configs/lost.py': '_base_ = ["./_base_/runtime.py", "./_base_/lost.py"]\noptimizer = dict(type="SGD", lr=1)\n',
    'configs/lazy.py': 'from mmengine.config import read_base\n\nwith read_base():\n    from ._base_.plain import *\n\ntrain_cfg.update(max_epoch=1)\n',
    'configs/_base_/plain.py': 'default_scope = "mmengine"\ntrain_cfg = dict(by_epoch=True, max_epochs=3)\n',
    'configs/data.yaml': 'default_scope: mmdet\ntrain_cfg:\n  by_epoch: true\n  max_epochs: "3"\n',
    'configs/silenced.py': '_base_ = "./_base_/runtime.py"\nresum = True  # cfglint: ignore\nenv_cfg = dict(cudnn_benchmark=True)  # cfglint: ignore[schema]\n',
    'configs/alone.py': 'default_scope = "mmengine"\nresum = True\n',
}  # fmt: skip


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Write a project; no time of a file is trusted, since it has changed just now."""
    write(tmp_path, FILES)
    (tmp_path / '.git').mkdir()
    monkeypatch.setattr(states, '_SETTLED', 10**15)
    monkeypatch.setattr(states, '_TICK', -(10**15))
    monkeypatch.setattr(targeting, 'cache_folder', lambda: tmp_path.with_name(f'{tmp_path.name}-cache'))
    monkeypatch.setattr('cfglint.cli.run_check.cache_folder', targeting.cache_folder)
    return tmp_path


def told(cli: Callable[..., Ran]) -> tuple[Ran, Ran, int]:
    """Check with the cache and without it; return both, and how many files were not looked into again."""
    ran = cli('check', 'configs', '-v', '--output-format', 'json')
    again = len(FILES) if 'nothing has changed' in ran.err else 0
    reused = _REUSED.search(ran.err)
    fresh = cli('check', 'configs', '-v', '--output-format', 'json', '--no-cache')
    words = '\n'.join(ran.err.splitlines()[1:])  # the first line tells what was reused
    return (
        Ran(ran.code, ran.out, words),
        fresh._replace(err='\n'.join(fresh.err.splitlines()[1:])),
        (again or int(reused[1] if reused else 0)),
    )


def append(name: str, line: str) -> Change:
    """Return what adds a line to a file."""

    def change(root: Path, patch: pytest.MonkeyPatch) -> None:
        path = root / name
        path.write_text(path.read_text() + line + '\n')

    return change


def written(name: str, text: str) -> Change:
    """Return what writes a file."""
    return lambda root, patch: write(root, {name: text})


# What changes, and of how many files (13 of them are configs) the findings are still true.
CHANGES: dict[str, tuple[Change, int]] = {
    'config': (append('configs/alone.py', 'resumm = 1'), 13),
    'config with a child': (append('configs/child.py', 'resumm = 1'), 12),
    'base': (append('configs/_base_/schedule.py', 'train_cfg = dict(by_epoch=1)'), 11),
    'base of a base': (append('configs/_base_/runtime.py', 'env_cfg = dict(cudnn_benchmarkk=False)'), 6),
    'base of a lazy config': (append('configs/_base_/plain.py', 'resum = True'), 12),
    'data': (append('configs/data.yaml', 'resum: 1'), 13),
    'keypoints': (append('configs/_base_/points.py', 'dataset_info["keypoint_info"] = {}'), 12),
    'comment': (append('configs/silenced.py', '# cfglint: ignore-file'), 13),
    'module': (written('own/heads.py', _MODULE.format('OwnHead', 'channel')), 0),
    'other module': (written('own/more.py', _MODULE.format('OwnHead', 'x')), 0),
    'module removed': (lambda root, patch: (root / 'own/heads.py').unlink(), 0),
    'config removed': (lambda root, patch: (root / 'configs/alone.py').unlink(), 11),
    'base removed': (lambda root, patch: (root / 'configs/_base_/schedule.py').unlink(), 8),
    'base that was missing': (written('configs/_base_/lost.py', 'resum = True\n'), 11),
    'new config': (written('configs/new.py', '_base_ = "./child.py"\nresum = True\n'), 12),
    'new child': (written('configs/new/child.py', '_base_ = "../_base_/schedule.py"\nresum = True\n'), 0),
    'variable': (lambda root, patch: patch.setenv('EPOCHS', 'x'), 13),
    'versions': (lambda root, patch: patch.setattr(cache, 'installed_version', lambda name: '9.9'), 0),
    'requirements': (written('requirements.txt', 'mmengine==0.8.0\nmmdet==3.0.0\n'), 0),
    'settings': (written('pyproject.toml', '[tool.cfglint]\nignore = ["schema"]\n'), 0),
    'gitignore': (written('.gitignore', 'out\nchild.py\n'), 14),
    'legacy': (written('configs/alone.py', 'optimizer = dict(type="SGD")\ntotal_epochs = 3\n'), 13),
    'syntax error': (written('configs/alone.py', 'train_cfg = dict(\n'), 13),
    'no config any more': (written('configs/alone.py', 'import sys\n\n\ndef main():\n    pass\n'), 0),
    'folder in its place': (lambda root, patch: [(root / 'configs/alone.py').unlink(), (root / 'configs/alone.py').mkdir()], 11),
    'link': (lambda root, patch: [(root / 'configs/alone.py').unlink(), (root / 'configs/alone.py').symlink_to('child.py')], 13),
    'same size and time': (lambda root, patch: _swapped(root / 'configs/alone.py'), 13),
}  # fmt: skip


def _swapped(path: Path) -> None:
    status = path.stat()
    path.write_text(path.read_text().replace('True', '1.25'))
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))


@pytest.mark.parametrize('name', CHANGES)
def test_a_change_costs_what_depends_on_it(
    name: str, cli: Callable[..., Ran], project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    change, left = CHANGES[name]
    cli('check', 'configs')
    change(project, monkeypatch)
    cached, fresh, reused = told(cli)
    assert cached == fresh
    assert reused == left


def test_times_tell_of_changes_where_they_are_old_enough(
    cli: Callable[..., Ran], project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(states, '_SETTLED', -(10**15))
    cli('check', 'configs')
    read: list[str] = []
    content = states.States.content
    monkeypatch.setattr(states.States, 'content', lambda self, path: read.append(path) or content(self, path))
    assert 'nothing has changed' in cli('check', 'configs', '-v').err
    assert not [path for path in read if os.path.isfile(path)]


def test_any_order_of_changes_is_followed(
    cli: Callable[..., Ran], project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    choice = random.Random(13)
    lines = [
        'resumm = 1',
        'train_cfg = dict(max_epoch=3)',
        'model = dict(type="OwnHead", chanel=1)',
        'resume = True',
        ')',
    ]
    texts = {name: text for name, text in FILES.items() if name.endswith('.py')}
    for _ in range(25):
        name, kind = choice.choice(sorted(texts)), choice.choice(['add', 'add', 'add', 'remove', 'restore', 'new'])
        path = project / name
        if kind == 'add' and path.exists():
            path.write_text(f'{path.read_text()}{choice.choice(lines)}\n')
        elif kind == 'remove':
            path.unlink(missing_ok=True)
        elif kind == 'new':
            write(project, {f'configs/new{choice.randrange(3)}.py': f'_base_ = "./{path.name}"\nresum = True\n'})
        else:
            write(project, {name: texts[name]})
        cached, fresh, _ = told(cli)
        assert cached == fresh


def test_a_clone_with_the_same_content_is_the_same(cli: Callable[..., Ran], project: Path) -> None:
    cli('check', 'configs')
    for path in project.glob('configs/**/*.py'):
        path.write_bytes(path.read_bytes())
        os.utime(path, (1, 1))
    cached, fresh, reused = told(cli)
    assert cached == fresh and reused == len(FILES)


def test_what_changes_while_it_is_read_is_not_kept(
    cli: Callable[..., Ran], project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    take = states.States.take
    monkeypatch.setattr(
        states.States, 'take', lambda self, path: None if path.endswith('alone.py') else take(self, path)
    )
    monkeypatch.setattr('cfglint.cache.modules.modules_below', lambda roots, states: {})
    cli('check', 'configs')
    entries = list((project.with_name(f'{project.name}-cache') / 'answers').iterdir())
    assert len(entries) == 1
    assert 'nothing has changed' not in cli('check', 'configs', '-v').err


def test_a_cache_that_cannot_be_written_costs_time_only(cli: Callable[..., Ran], project: Path, tmp_path: Path) -> None:
    project.with_name(f'{project.name}-cache').write_text('a file, no folder')
    cached, fresh, reused = told(cli)
    assert cached == fresh and not reused and cached.code == 1


@pytest.mark.parametrize(
    'damage', [lambda data: data[:-20], lambda data: data.replace(b'"error', b'"wrong', 1), bytes.upper]
)
def test_an_entry_that_was_changed_counts_as_none(
    damage: Callable[[bytes], bytes], cli: Callable[..., Ran], project: Path
) -> None:
    cli('check', 'configs')
    for entry in (project.with_name(f'{project.name}-cache') / 'answers').iterdir():
        data = entry.read_bytes()
        entry.write_bytes(damage(data) if damage(data) != data else data[:-1])
    cached, fresh, reused = told(cli)
    assert cached == fresh and not reused


def test_an_entry_of_another_question_counts_as_none(cli: Callable[..., Ran], project: Path) -> None:
    folder = project.with_name(f'{project.name}-cache') / 'answers'
    cli('check', 'configs')
    [entry] = folder.iterdir()
    first = entry.read_bytes()
    cli('check', 'configs', '--ignore', 'deprecated', '--ignore', 'schema')
    [other] = set(folder.iterdir()) - {entry}
    other.write_bytes(first)
    ignoring = ('--ignore', 'deprecated', '--ignore', 'schema')
    assert cli('check', 'configs', *ignoring).out == cli('check', 'configs', *ignoring, '--no-cache').out


@pytest.mark.parametrize(
    ('good', 'bad'), [(b'[["a"]]', b'[["b"]]'), (b'"classes":', b'"classes":[],"x":'), (b'}', b'')]
)
def test_what_is_kept_of_a_module_and_was_changed_counts_as_none(
    good: bytes, bad: bytes, cli: Callable[..., Ran], project: Path
) -> None:
    own = 'from mmengine.registry import MODELS\n\n\n@MODELS.register_module()\nclass Own:\n    def __init__(self, a):\n        pass\n'
    config = "default_scope = 'mmengine'\ncustom_imports = dict(imports=['own'])\nmodel = dict(type='Own', b=1)\n"
    write(project, {'other/own.py': own, 'other/configs/a.py': config})
    first = cli('check', 'other')
    entries = [*project.with_name(f'{project.name}-cache').glob('modules/*/*.json')]
    for entry in entries:
        entry.write_bytes(entry.read_bytes().replace(good, bad))
    again = cli('check', 'other', '--select', 'component')
    assert entries
    assert 'does not take `b`' in first.out and 'does not take `b`' in again.out
    assert 'internal error' not in again.err
