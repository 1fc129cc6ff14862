"""Nothing is lost when files are migrated: all are written or none, and each stays what it was but for its text."""

import os
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from cfglint.cli import run_migrate
from cfglint.cli.app import make_app
from cfglint.migrate import run as migration
from tests.hostile import commands

CONFIG = "optimizer = dict(type='SGD', lr=0.1)\nmodel = dict(type='RPN')\n"


def run(*arguments: object) -> Result:
    return CliRunner().invoke(make_app(), ['migrate', *map(str, arguments)])


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    for name in ('a', 'b'):
        (tmp_path / f'{name}.py').write_text(CONFIG)
    return tmp_path


def texts(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob('*') if path.is_file()}


def test_a_file_that_was_changed_meanwhile(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write = run_migrate.write_in_place

    def late(*arguments: object) -> None:
        (tree / 'b.py').write_text('mine = 1\n')
        write(*arguments)

    monkeypatch.setattr(run_migrate, 'write_in_place', late)
    result = run(tree, '--write')
    assert result.exit_code == 2
    assert 'b.py` was changed while it was checked; nothing was written' in result.output
    assert texts(tree) == {'a.py': CONFIG.encode(), 'b.py': b'mine = 1\n'}


def test_a_file_that_is_read_only(tree: Path) -> None:
    (tree / 'b.py').chmod(0o444)
    result = run(tree, '--write')
    assert result.exit_code == 2 and 'it is read-only; nothing was written' in result.output
    assert texts(tree) == {'a.py': CONFIG.encode(), 'b.py': CONFIG.encode()}


def test_a_failure_in_the_middle(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    replace, failed = os.replace, []

    def failing(source: str, target: str) -> None:
        if target.endswith('b.py') and not failed:  # what was there can be put back
            failed.append(target)
            raise OSError(28, 'No space left on device')
        replace(source, target)

    monkeypatch.setattr(os, 'replace', failing)
    result = run(tree, '--write')
    assert result.exit_code == 2 and 'no space left on device; nothing was written' in result.output
    assert texts(tree) == {'a.py': CONFIG.encode(), 'b.py': CONFIG.encode()}


def test_a_failure_in_another_folder_leaves_none(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mkdir = os.mkdir
    (tree / 'x').mkdir()
    (tree / 'x' / 'c.py').write_text(CONFIG)

    def failing(path: str, mode: int = 0o777) -> None:
        if path.endswith('x'):
            raise OSError(28, 'No space left on device')
        mkdir(path, mode)

    monkeypatch.setattr(os, 'mkdir', failing)
    result = run(tree, '--output', tree / 'out')
    assert result.exit_code == 2 and 'nothing was written' in result.output
    assert not (tree / 'out').exists()


def test_a_folder_behind_a_link(tree: Path) -> None:
    (tree / 'x').mkdir()
    (tree / 'x' / 'c.py').write_text(CONFIG)
    (tree / 'elsewhere').mkdir()
    (tree / 'out').mkdir()
    (tree / 'out' / 'x').symlink_to(tree / 'elsewhere')
    result = run(tree / 'a.py', tree / 'x', '--output', tree / 'out')
    assert result.exit_code == 2 and 'is behind a link out of' in result.output
    assert texts(tree / 'elsewhere') == {} and not (tree / 'out' / 'a.py').exists()


@pytest.mark.parametrize(
    'text',
    [
        f'# größe 大小\n{CONFIG}'.encode(),
        f'# -*- coding: utf-8 -*-\n{CONFIG}'.encode(),
    ],
)
def test_the_encoding_stays(tmp_path: Path, text: bytes) -> None:
    (tmp_path / 'a.py').write_bytes(text)
    assert run(tmp_path, '--write').exit_code == 0
    after = (tmp_path / 'a.py').read_bytes()
    assert after.startswith(text[: text.index(b'\n') + 1]) and b'optim_wrapper' in after


@pytest.mark.parametrize(
    'text',
    [
        f'# -*- coding: latin-1 -*-\n# größe\n{CONFIG}'.encode('latin-1'),
        b'\xef\xbb\xbf# MMEngine does not read a mark\n' + CONFIG.encode(),
    ],
)
def test_what_mmengine_does_not_read_is_refused(tmp_path: Path, text: bytes) -> None:
    (tmp_path / 'a.py').write_bytes(text)
    result = run(tmp_path, '--write')
    assert result.exit_code == 1 and 'a.py: not migrated: ' in result.output
    assert (tmp_path / 'a.py').read_bytes() == text


def test_lines_of_both_kinds_keep_their_ends(tmp_path: Path) -> None:
    (tmp_path / 'a.py').write_bytes(b'x = 1\r\ny = 2\n' + CONFIG.encode())
    assert run(tmp_path, '--write').exit_code == 0
    assert (tmp_path / 'a.py').read_bytes().startswith(b'x = 1\r\ny = 2\noptim_wrapper')


def test_no_line_end_at_the_end(tmp_path: Path) -> None:
    (tmp_path / 'a.py').write_text(f'{CONFIG}x = 1')
    assert run(tmp_path, '--write').exit_code == 0
    assert (tmp_path / 'a.py').read_text().endswith('x = 1')


@pytest.mark.parametrize('wrong', ['optim_wrapper = dict(\n', "optim_wrapper = dict(type='OptimWrapper')\n"])
def test_a_text_that_says_something_else_is_not_written(
    tree: Path, monkeypatch: pytest.MonkeyPatch, wrong: str
) -> None:
    rewritten = migration.rewritten

    def rewritten_wrongly(config: object, *arguments: object) -> str:
        return wrong if str(getattr(config, 'path', '')).endswith('b.py') else rewritten(config, *arguments)

    monkeypatch.setattr(migration, 'rewritten', rewritten_wrongly)
    result = run(tree, '--write')
    assert result.exit_code == 3
    assert 'b.py: not migrated, a defect of cfglint: cfglint would write something else than it means' in result.output
    after = texts(tree)
    assert after['b.py'] == CONFIG.encode() and b'optim_wrapper' in after['a.py']


def test_a_config_whose_base_is_not_migrated(tmp_path: Path) -> None:
    (tmp_path / 'base.yaml').write_text('optimizer: {type: SGD, lr: 0.1}\nmodel: {type: RPN}\n')
    child = "_base_ = './base.yaml'\noptimizer = dict(lr=0.2)\n"
    (tmp_path / 'a.py').write_text(child)
    (tmp_path / 'b.py').write_text("_base_ = './a.py'\noptimizer = dict(lr=0.3)\n")
    result = run(tmp_path, '--write')
    assert result.exit_code == 1
    assert 'a.py: not migrated: it inherits `' in result.output and 'b.py: not migrated: it inherits `' in result.output
    assert (tmp_path / 'a.py').read_text() == child


def test_a_dry_run_and_a_diff_write_nothing(tree: Path) -> None:
    before = texts(tree)
    run(tree)
    run(tree, '--diff')
    assert texts(tree) == before


@pytest.mark.parametrize(
    'text',
    [
        "lr_config = dict(policy='cyclic', target_ratio=None)\n",
        "lr_config = dict(policy='step', step=[8], warmup='linear', warmup_iters=None)\n",
        "lr_config = dict(policy='cyclic', step_ratio_up=[1])\n",
        'workflow = [3]\n',
        'workflow = None\n',
    ],
)
@pytest.mark.parametrize('command', [('migrate', '--diff'), ('show', '--as', '1.x')])
def test_values_that_nothing_takes_are_no_failure_of_ours(command: tuple[str, ...], text: str, tmp_path: Path) -> None:
    (tmp_path / 'a.py').write_text(
        f"optimizer = dict(type='SGD', lr=0.1)\nrunner = dict(type='EpochBasedRunner', max_epochs=9)\n{text}"
    )
    ran = commands.run(*command, str(tmp_path / 'a.py'))
    assert ran.code in (0, 1, 2) and 'internal error' not in ran.err
