"""Temporary folders that nobody could remove go at the next run, and no others."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from cfglint.smoke.folders import TemporaryFolder, remove_abandoned

OWNER = """
from cfglint.smoke.folders import TemporaryFolder
folder = TemporaryFolder()
(folder.path / 'job-1').mkdir()
print(folder.path, flush=True)
input()
"""


@pytest.fixture(autouse=True)
def in_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, 'tempdir', str(tmp_path))


def test_what_a_killed_process_left_goes_at_the_next_run(tmp_path: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, '-c', OWNER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        env={**os.environ, 'TMPDIR': str(tmp_path), 'PYTHONPATH': str(Path(__file__).parents[2])},
    )  # fmt: skip
    assert process.stdout is not None and process.stdin is not None
    left = Path(process.stdout.readline().strip())
    remove_abandoned()
    assert (left / 'job-1').is_dir()  # its owner lives
    process.send_signal(signal.SIGKILL)
    process.communicate()
    own = TemporaryFolder()
    assert list(tmp_path.iterdir()) == [own.path]
    own.remove()
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize('owner', [None, b'another machine', 'link'])
def test_what_may_belong_to_somebody_stays(tmp_path: Path, owner: bytes | str | None) -> None:
    folder = tmp_path / 'cfglint-smoke-xyz'
    folder.mkdir()
    (tmp_path / 'name').write_bytes(os.fsencode(os.uname().nodename))
    if isinstance(owner, bytes):
        (folder / 'owner').write_bytes(owner)
    elif owner == 'link':
        (folder / 'owner').symlink_to(tmp_path / 'name')
    remove_abandoned()
    assert folder.is_dir()
