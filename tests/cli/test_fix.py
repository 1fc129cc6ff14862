"""Applying fixes."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Ran
from tests.kit.repo import write

Cli = Callable[..., Ran]
BEFORE = (
    "# 骨干\noptim_wrapper = dict(optimizer=dict(type='SGD', lr=0.1), grad_clip=dict(max_norm=1))  # one\n"
    "param_scheduler = [dict(type='StepLR', step_size=8, last_epoch=-1)]\n"
)
AFTER = BEFORE.replace('grad_clip=', 'clip_grad=').replace('last_epoch=', 'last_step=')


@pytest.mark.parametrize('line_end', ['\n', '\r\n'])
def test_everything_else_stays_byte_for_byte(cli: Cli, tmp_path: Path, line_end: str) -> None:
    write(tmp_path, {'a.py': BEFORE.replace('\n', line_end)})
    os.chmod(tmp_path / 'a.py', 0o754)
    ran = cli('check', 'a.py', '--fix', '--output-format', 'concise')
    assert (tmp_path / 'a.py').read_bytes() == AFTER.replace('\n', line_end).encode()
    assert ran == Ran(0, '', 'fixed 2 diagnostics in 1 file; checked 1 file: found nothing\n')
    assert stat.S_IMODE(os.stat(tmp_path / 'a.py').st_mode) == 0o754
    assert os.listdir(tmp_path) == ['a.py']


def test_a_guess_is_applied_only_if_asked_for(cli: Cli, tmp_path: Path) -> None:
    text = 'train_cfg = dict(by_epoch=True, max_epoch=12)\n'
    write(tmp_path, {'a.py': text})
    ran = cli('check', 'a.py', '--fix')
    assert ran.code == 1 and 'write `max_epochs`' in ran.out and '--unsafe-fixes' in ran.out
    assert (tmp_path / 'a.py').read_text() == text
    assert cli('check', 'a.py', '--fix', '--unsafe-fixes').code == 0
    assert (tmp_path / 'a.py').read_text() == text.replace('max_epoch', 'max_epochs')


def test_diff_changes_nothing(cli: Cli, tmp_path: Path) -> None:
    write(tmp_path, {'a.py': BEFORE.rstrip('\n')})
    ran = cli('check', 'a.py', '--diff')
    lines = BEFORE.splitlines(), AFTER.splitlines()
    assert ran.out.splitlines() == [
        '--- a.py', '+++ a.py', '@@ -1,3 +1,3 @@', f' {lines[0][0]}', f'-{lines[0][1]}', f'-{lines[0][2]}',
        '\\ No newline at end of file', f'+{lines[1][1]}', f'+{lines[1][2]}', '\\ No newline at end of file',
    ]  # fmt: skip
    assert ran.code == 1 and ran.err.startswith('would fix 2 diagnostics in 1 file; checked 1 file: found ')
    assert (tmp_path / 'a.py').read_text() == BEFORE.rstrip('\n')


def test_links_stay_links(cli: Cli, tmp_path: Path) -> None:
    write(tmp_path, {'real/a.py': BEFORE})
    (tmp_path / 'link.py').symlink_to('real/a.py')
    assert cli('check', 'link.py', '--fix').code == 0
    assert (tmp_path / 'link.py').is_symlink() and (tmp_path / 'real' / 'a.py').read_text() == AFTER


def test_only_files_that_are_checked_are_changed(cli: Cli, tmp_path: Path) -> None:
    write(tmp_path, {'base.py': BEFORE, 'a.py': "_base_ = 'base.py'\n"})
    assert cli('check', 'a.py', '--fix').code == 1
    assert (tmp_path / 'base.py').read_text() == BEFORE
    assert cli('check', '.', '--fix').code == 0
    assert (tmp_path / 'base.py').read_text() == AFTER


def test_fixing_twice_changes_nothing_more(cli: Cli, tmp_path: Path) -> None:
    write(tmp_path, {'a.py': BEFORE})
    cli('check', '.', '--fix')
    before = os.stat(tmp_path / 'a.py')
    assert cli('check', '.', '--fix').err == 'checked 1 file: found nothing\n'
    assert os.stat(tmp_path / 'a.py').st_mtime_ns == before.st_mtime_ns


def test_a_file_that_cannot_be_written_is_a_mistake_in_one_line(
    cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*args: object, **kwargs: object) -> None:
        raise PermissionError(13, 'Permission denied')

    write(tmp_path, {'a.py': BEFORE})
    monkeypatch.setattr('tempfile.mkstemp', refuse)
    words = f'cfglint: error: cannot write `{tmp_path / "a.py"}`: permission denied; nothing was written\n'
    assert cli('check', 'a.py', '--fix') == Ran(2, '', words)
    assert (tmp_path / 'a.py').read_text() == BEFORE


def test_a_line_that_is_saved_while_files_are_checked_is_not_lost(
    cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from cfglint.engine import Collector

    check = Collector._check

    def save(self: Collector, path: str, *args: Any) -> Any:
        outcome = check(self, path, *args)
        if not (tmp_path / 'a.py').read_text().endswith('mine\n'):
            (tmp_path / 'a.py').write_text(f'# mine too\n{BEFORE}# mine\n')
        return outcome

    write(tmp_path, {'a.py': BEFORE})
    monkeypatch.setattr(Collector, '_check', save)
    ran = cli('check', 'a.py', '--fix')
    assert ran.code == 2 and ran.err.endswith('was changed while it was checked; nothing was written\n')
    assert (tmp_path / 'a.py').read_text() == f'# mine too\n{BEFORE}# mine\n'


def test_what_is_not_offered_is_told(cli: Cli, tmp_path: Path) -> None:
    write(tmp_path, {
        'configs/base.py': "train_cfg = dict(type='EpochBasedTrainLoop', max_epoch=12)\n",
        'configs/a.py': "_base_ = './base.py'\ndefault_scope = 'mmengine'\nnote = {{_base_.train_cfg.max_epoch}}\n",
    })  # fmt: skip
    ran = cli('check', 'configs')
    assert 'found 1 error; 1 fix is not offered: would break a config\n' in ran.err
    assert '--fix' not in ran.out
