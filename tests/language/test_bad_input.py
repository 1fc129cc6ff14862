"""Any input gives an answer in bounded time and memory."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from cfglint.language.errors import ConfigError
from cfglint.language.loader import Loader
from tests.language.hostile import ENDLESS, MALFORMED, write

ROOT = Path(__file__).parents[2]
SECONDS = 1.0
"""Of the processor: the machine may have other work."""

NO_FILES = ['pipe.py', 'folder.py', 'loop.py', 'broken.py', 'zeros.py', 'absent.py']


@pytest.fixture(scope='module')
def answers(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """Read all files in one process under limits."""
    folder = tmp_path_factory.mktemp('hostile')
    write(folder)
    names = [*(f'endless_{name}' for name in ENDLESS), *MALFORMED, *NO_FILES]
    worker = [sys.executable, '-m', 'tests.language.hostile_worker']
    paths = '\n'.join(str(folder / name) for name in names)
    result = subprocess.run(worker, input=paths, capture_output=True, text=True, timeout=300, cwd=ROOT)
    lines = [json.loads(line) for line in result.stdout.splitlines()]
    assert result.returncode == 0, f'died at {lines[-1:]}:\n{result.stderr[-3000:]}'
    return {os.path.basename(line['path']): line for line in lines if 'rule' in line}


@pytest.mark.parametrize('name', ENDLESS)
def test_stops_in_time(name: str, answers: dict[str, dict[str, Any]]) -> None:
    answer = answers[f'endless_{name}']
    assert answer['rule'] in ('endless-evaluation', 'syntax-error', 'unreadable-file', 'no-mapping'), answer
    assert '\n' not in answer['message'] and len(answer['message']) < 400
    assert answer['seconds'] < SECONDS


@pytest.mark.parametrize('name', [*MALFORMED, *NO_FILES])
def test_is_refused(name: str, answers: dict[str, dict[str, Any]]) -> None:
    answer = answers[name]
    assert answer['rule'], answer
    assert '\n' not in answer['message']
    assert answer['seconds'] < SECONDS


def test_memory_is_bounded(answers: dict[str, dict[str, Any]]) -> None:
    """The worker may not have more than 500 MB at all; it does not even come near."""
    assert max(answer['megabytes'] for answer in answers.values()) < 400


def test_a_file_without_permission(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / 'config.py'
    path.write_text('a = 1\n')
    path.chmod(0)
    if os.access(path, os.R_OK):  # the superuser reads everything: stand in for the system's answer
        monkeypatch.setattr('os.open', _denied)
    with pytest.raises(ConfigError, match='permission denied'):
        Loader().load(str(path))


def _denied(*args: object, **kwargs: object) -> None:
    raise PermissionError(13, 'Permission denied')


def test_line_ends_do_not_matter(tmp_path: Path) -> None:
    for name, end in (('unix.py', '\n'), ('windows.py', '\r\n'), ('mac.py', '\r')):
        (tmp_path / name).write_bytes(end.join(['a = """x', 'y"""', 'b = 1', '']).encode())
    tables = [dict(Loader().load(str(tmp_path / name)).table) for name in ('unix.py', 'windows.py', 'mac.py')]
    assert tables == [{'a': 'x\ny', 'b': 1}] * 3


def test_a_base_outside_of_the_tree_is_read(tmp_path: Path) -> None:
    (tmp_path / 'base.py').write_text('x = 1\n')
    (tmp_path / 'tree').mkdir()
    (tmp_path / 'tree' / 'config.py').write_text(f'_base_ = {str(tmp_path / "base.py")!r}\n')
    assert dict(Loader().load(str(tmp_path / 'tree' / 'config.py')).table) == {'x': 1}


def test_the_answer_does_not_depend_on_the_order(tmp_path: Path) -> None:
    """A file in the middle of a chain that is too long may itself be short enough."""
    for n in range(100):
        (tmp_path / f'{n}.py').write_text(f'_base_ = "{n + 1}.py"\n' if n < 99 else 'x = 1\n')
    orders = [range(100), range(99, -1, -1)]
    verdicts = []
    for order in orders:
        loader = Loader()
        verdicts.append({n: _rule(loader, str(tmp_path / f'{n}.py')) for n in order})
    assert verdicts[0] == verdicts[1]
    assert verdicts[0][99] == verdicts[0][60] == '' and verdicts[0][0] == 'endless-evaluation'


def _rule(loader: Loader, path: str) -> str:
    try:
        loader.load(path)
    except ConfigError as error:
        return error.rule
    return ''


def test_what_a_loader_holds_is_bounded(tmp_path: Path) -> None:
    for n in range(20):
        (tmp_path / f'{n}.py').write_text(f'a = {n}\n')
    loader = Loader(held=5)
    for n in range(20):
        loader.load(str(tmp_path / f'{n}.py'))
    assert len(loader._held) == 5
