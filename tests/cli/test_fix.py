"""Applying fixes."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from pathlib import Path

import pytest
from cfglint.fix import apply, fix, select
from cfglint.fix import write as write_files

from cfglint.check import Result
from cfglint.diagnostics import Applicability, Diagnostic, Edit, Fix, Severity
from cfglint.language.source import SourceFile, Span
from cfglint.lint import Outcome
from cfglint.report.sources import Sources
from cfglint.usage import UsageError
from tests.cli.conftest import Ran, write

Cli = Callable[..., Ran]
BEFORE = (
    "# 骨干\noptim_wrapper = dict(optimizer=dict(type='SGD', lr=0.1), grad_clip=dict(max_norm=1))  # one\n"
    "param_scheduler = [dict(type='StepLR', step_size=8, last_epoch=-1)]\n"
)
AFTER = BEFORE.replace('grad_clip=', 'clip_grad=').replace('last_epoch=', 'last_step=')


def a_fix(
    start: int, end: int, content: str, path: str = '/a', trust: Applicability = Applicability.SAFE, rule: str = 'r'
) -> Diagnostic:
    """Make a diagnostic with a fix of one edit."""
    span = Span(path, start, end)
    return Diagnostic(rule, 'schema', Severity.ERROR, 'm', path, span, fix=Fix('Fix', (Edit(span, content),), trust))


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
    assert ran.code == 1 and 'did you mean `max_epochs`?' in ran.out and '--unsafe-fixes' in ran.out
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


def test_unsafe_fixes_want_the_option() -> None:
    some = [
        a_fix(0, 1, 'x', trust=Applicability.UNSAFE),
        a_fix(5, 6, 'y'),
        a_fix(9, 9, 'z', trust=Applicability.DISPLAY),
    ]
    assert [each.fix.edits[0].content for each in select(some, Applicability.SAFE, {'/a'})] == ['y']
    assert [each.fix.edits[0].content for each in select(some, Applicability.UNSAFE, {'/a'})] == ['x', 'y']


def test_fixes_that_touch_each_other_wait_for_the_next_pass() -> None:
    some = [a_fix(0, 3, 'a'), a_fix(3, 5, 'b'), a_fix(2, 9, 'c'), a_fix(6, 6, 'd')]
    assert [each.fix.edits[0].content for each in select(some, Applicability.SAFE, {'/a'})] == ['a', 'd']


def test_edits_of_a_fix_are_applied_together_or_not_at_all() -> None:
    spans = Span('/a', 0, 1), Span('/b', 0, 1)
    both = Diagnostic(
        'r', 'f', Severity.ERROR, 'm', '/a', fix=Fix('F', tuple(Edit(s, 'x') for s in spans), Applicability.SAFE)
    )
    assert select([both], Applicability.SAFE, {'/a'}) == []
    assert len(select([both], Applicability.SAFE, {'/a', '/b'})) == 1
    assert [
        each.rule for each in select([a_fix(0, 1, 'y', '/b', rule='first'), both], Applicability.SAFE, {'/a', '/b'})
    ] == ['first']


def test_inserted_lines_end_like_those_of_the_file() -> None:
    assert apply('a\r\nb\r\n', [Edit(Span('/a', 3, 3), 'x\ny\r\n')]) == 'a\r\nx\r\ny\r\nb\r\n'
    assert apply('ab', [Edit(Span('/a', 0, 1), 'x\n'), Edit(Span('/a', 1, 1), 'y')]) == 'x\nyb'


def test_a_fix_that_breaks_a_file_is_taken_back(tmp_path: Path) -> None:
    path = str(tmp_path / 'a.py')
    write(tmp_path, {'a.py': 'ab'})

    def check(texts: dict[str, SourceFile]) -> Result:
        text = texts[path].text if path in texts else 'ab'
        found = [a_fix(0, 1, '(', path, rule='breaks')] * ('a' in text) + [a_fix(1, 2, 'c', path, rule='helps')] * (
            'b' in text
        )
        return Result(found, [Outcome(path, 'broken' if '(' in text else 'checked')])

    done = fix([path], check, Sources(), Applicability.SAFE)
    assert {name: source.text for name, source in done.texts.items()} == {path: 'ac'}
    assert done.applied == {'helps': 1}
    assert [crash.what for crash in done.result.crashes] == [
        'a fix of breaks would break this file; it was not applied'
    ]


def test_fixes_without_end_are_told(tmp_path: Path) -> None:
    path = str(tmp_path / 'a.py')
    write(tmp_path, {'a.py': 'a'})

    def check(texts: dict[str, SourceFile]) -> Result:
        return Result([a_fix(0, 0, 'a', path)], [Outcome(path, 'checked')])

    done = fix([path], check, Sources(), Applicability.SAFE)
    assert done.result.crashes[-1].what == 'the fixes of r do not come to an end'


def test_all_files_are_written_or_none(tmp_path: Path) -> None:
    write(tmp_path, {'a.py': 'a', 'b.py': 'b'})
    names = [str(tmp_path / 'a.py'), str(tmp_path / 'b.py')]
    originals = {name: SourceFile(name, 'a') for name in names}  # b.py was changed meanwhile
    with pytest.raises(UsageError, match=r'b.py` was changed while it was checked'):
        write_files({name: SourceFile(name, 'new') for name in names}, originals)
    assert sorted(os.listdir(tmp_path)) == ['a.py', 'b.py']
    assert [Path(name).read_text() for name in names] == ['a', 'b']


def test_a_file_that_cannot_be_written_is_a_mistake_in_one_line(
    cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*args: object, **kwargs: object) -> None:
        raise PermissionError(13, 'Permission denied')

    write(tmp_path, {'a.py': BEFORE})
    monkeypatch.setattr('tempfile.mkstemp', refuse)
    assert cli('check', '.', '--fix') == Ran(
        2, '', f'cfglint: error: cannot write `{tmp_path / "a.py"}`: permission denied\n'
    )
    assert (tmp_path / 'a.py').read_text() == BEFORE
