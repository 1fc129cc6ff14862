"""Writing files: nothing that was saved meanwhile is lost, and nothing is left behind."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from cfglint.fixing.writing import write
from cfglint.language.source import SourceFile
from cfglint.usage import UsageError
from tests.cli.conftest import environment


def files(folder: Path, **texts: str) -> dict[str, SourceFile]:
    """Return files of a folder with texts."""
    return {str(folder / f'{name}.py'): SourceFile(name, text) for name, text in texts.items()}


def test_all_files_are_written_or_none(tmp_path: Path) -> None:
    (tmp_path / 'a.py').write_text('a')
    (tmp_path / 'b.py').write_text('saved meanwhile')
    with pytest.raises(UsageError, match=r'b\.py` was changed while it was checked; nothing was written'):
        write(files(tmp_path, a='new', b='new'), files(tmp_path, a='a', b='b'))
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == {'a.py': 'a', 'b.py': 'saved meanwhile'}


def test_what_is_saved_between_two_files_undoes_the_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / 'a.py').write_text('a')
    (tmp_path / 'b.py').write_text('b')
    replace = os.replace

    def save_too(source: str, target: str) -> None:
        replace(source, target)
        if (tmp_path / 'a.py').read_text() == 'new':
            (tmp_path / 'b.py').write_text('saved meanwhile')

    monkeypatch.setattr(os, 'replace', save_too)
    with pytest.raises(UsageError, match=r'b\.py` was changed while it was checked; nothing was written'):
        write(files(tmp_path, a='new', b='new'), files(tmp_path, a='a', b='b'))
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == {'a.py': 'a', 'b.py': 'saved meanwhile'}


def test_what_cannot_stay_as_it_is_is_refused(tmp_path: Path) -> None:
    path = tmp_path / 'a.py'
    path.write_text('a')
    os.link(path, tmp_path / 'other.py')
    with pytest.raises(UsageError, match='2 hard links'):
        write(files(tmp_path, a='new'), files(tmp_path, a='a'))
    os.unlink(tmp_path / 'other.py')
    path.chmod(0o444)
    with pytest.raises(UsageError, match='it is read-only; nothing was written'):
        write(files(tmp_path, a='new'), files(tmp_path, a='a'))
    assert path.read_text() == 'a' and os.listdir(tmp_path) == ['a.py']


def test_mode_attributes_and_links_are_kept(tmp_path: Path) -> None:
    path = tmp_path / 'real.py'
    path.write_text('a')
    path.chmod(0o754)
    (tmp_path / 'a.py').symlink_to('real.py')
    with_attributes = sys.platform == 'linux' and can_have_attributes(path)
    write(files(tmp_path, a='new'), files(tmp_path, a='a'))
    assert path.read_text() == 'new' and (tmp_path / 'a.py').is_symlink()
    assert stat.S_IMODE(path.stat().st_mode) == 0o754
    assert not with_attributes or os.getxattr(path, 'user.note') == b'mine'


def can_have_attributes(path: Path) -> bool:
    """Give a file an attribute; tell whether its file system can."""
    try:
        os.setxattr(path, 'user.note', b'mine')
    except OSError:
        return False
    return True


def test_names_may_be_as_long_as_the_system_allows(tmp_path: Path) -> None:
    name = 'n' * 252
    (tmp_path / f'{name}.py').write_text('a')
    write(files(tmp_path, **{name: 'new'}), files(tmp_path, **{name: 'a'}))
    assert (tmp_path / f'{name}.py').read_text() == 'new'


KILLED = """
import os, sys
from cfglint.fixing import writing
from cfglint.language.source import SourceFile
def fsync(handle):
    os.kill(os.getpid(), int(sys.argv[1]))
writing.os.fsync = fsync
path = sys.argv[2]
writing.write({path: SourceFile(path, 'new')}, {path: SourceFile(path, 'a')})
"""


@pytest.mark.parametrize('number', [signal.SIGTERM, signal.SIGHUP, signal.SIGINT, signal.SIGKILL])
def test_no_signal_leaves_a_temporary_file_for_long(number: signal.Signals, tmp_path: Path) -> None:
    path = tmp_path / 'a.py'
    path.write_text('a')
    command = [sys.executable, '-c', KILLED, str(int(number)), str(path)]
    ran = subprocess.run(command, env=environment(), capture_output=True, check=False)
    assert ran.returncode in (-number, 1), ran.stderr
    if number == signal.SIGKILL:  # nobody can clean up then, but the next run
        assert path.read_text() == 'a' and len(os.listdir(tmp_path)) == 2
        write(files(tmp_path, a='new'), files(tmp_path, a='a'))
    assert path.read_text() == 'new' and os.listdir(tmp_path) == ['a.py']
