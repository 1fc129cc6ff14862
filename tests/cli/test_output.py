"""Several formats at once, into files."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import Ran
from tests.kit.repo import write

Cli = Callable[..., Ran]

BAD = 'train_cfg = dict(by_epoch=True, max_epoch=12)\n'


def test_formats_go_where_they_are_sent(cli: Cli, tmp_path: Path) -> None:
    write(tmp_path, {'a.py': BAD})
    ran = cli(
        'check',
        'a.py',
        '--output-format',
        'sarif:out.sarif',
        '--output-format',
        'concise',
        '--output-format',
        'json:o.json',
    )
    assert ran.code == 1 and ran.out.startswith('a.py:1:33: error[misspelt-field]')
    assert json.loads((tmp_path / 'out.sarif').read_text())['version'] == '2.1.0'
    assert len(json.loads((tmp_path / 'o.json').read_text())) == 1


def test_output_file_takes_what_would_be_printed(cli: Cli, tmp_path: Path) -> None:
    write(tmp_path, {'a.py': BAD})
    ran = cli('check', 'a.py', '-q', '--output-file', 'out.txt', '--color', 'always')
    assert ran.out == '' and (tmp_path / 'out.txt').read_text().startswith('error[misspelt-field]')


@pytest.mark.parametrize(('args', 'words'), [
    (['--output-format', 'srif'], 'there is no output format `srif`; did you mean `sarif`?'),
    (['--output-format', 'json', '--output-format', 'sarif'], 'two formats have the same place'),
    (['--output-format', 'json:a', '--output-format', 'sarif:./a'], 'two formats have the same place'),
    (['--output-format', 'json:a', '--output-file', 'b'], '--output-file has nothing to hold'),
    (['--output-format', 'json:absent/a'], 'cannot write `absent/a`: no such file or directory'),
    (['--diff', '--output-format', 'json'], '--diff is printed as a diff'),
])  # fmt: skip
def test_what_cannot_be_written_is_said(cli: Cli, tmp_path: Path, args: list[str], words: str) -> None:
    write(tmp_path, {'a.py': BAD})
    ran = cli('check', 'a.py', *args)
    assert ran.code == 2 and words in ran.err and ran.err.count('\n') == 1


def test_colours_are_printed_where_they_are_wanted_and_only_there(cli: Cli, tmp_path: Path) -> None:
    write(tmp_path, {'a.py': "_base_ = 'a\x1bred.py'\n"})
    wanted, plain = (cli('check', 'a.py', '-q', '--color', choice).out for choice in ('always', 'never'))
    assert '\x1b[' in wanted and '\x1bred' not in wanted
    assert '\x1b' not in plain and 'a\\x1bred' in plain


OLD = "data = dict(samples_per_gpu=2)\noptimizer = dict(type='SGD', lr=0.1)\nrunner = dict(type='EpochBasedRunner', max_epochs=3)\n"
NEW = "default_scope = 'mmdet'\ntrain_cfg = dict(by_epoch=True, max_epoch=12)\n"


def test_very_many_findings_of_0x_are_shown_once_of_each_kind(cli: Cli, tmp_path: Path) -> None:
    write(tmp_path, {**{f'configs/{index}.py': OLD for index in range(20)}, 'configs/new.py': NEW})
    ran, whole = cli('check', '--no-cache'), cli('check', '--no-cache', '-v')
    assert ran.code == whole.code == 1
    assert ran.out.count('error[removed-data]') == 1 and whole.out.count('error[removed-data]') == 20
    assert 'error[misspelt-field]' in ran.out
    shown = len(json.loads(cli('check', '--no-cache', '--output-format', 'json').out)) - ran.out.count(']: ')
    assert f'; {shown} more findings of the same kinds are not shown (`-v` shows them)' in ran.err


@pytest.mark.parametrize('more', [['--select', 'deprecated'], ['-q'], ['--output-format', 'concise']])
def test_who_asks_for_them_is_shown_all(cli: Cli, tmp_path: Path, more: list[str]) -> None:
    write(tmp_path, {f'configs/{index}.py': OLD for index in range(20)})
    ran = cli('check', '--no-cache', *more)
    assert ran.out.count('[removed-data]') == 20 and 'not shown' not in ran.err


@pytest.mark.parametrize(
    ('files', 'words'),
    [
        ({'a.py': OLD}, 'nothing here says a release: `--target mmcv==1.7.2` checks configs of 0.x as what they are'),
        (
            {
                'a.py': OLD,
                'b.py': "default_scope = 'mmdet'\nmodel = dict(type='RetinaNet', backbone=dict(type='ResNet', depth=50))\n",
            },
            'nothing here says a release: `--target mmdet==2.28.2` checks configs of 0.x as what they are',
        ),
        ({'a.py': OLD, 'requirements.txt': 'mmdet>=3.0\n'}, None),
        (
            {
                'a.py': "custom_imports = dict(imports=['own'])\nmodel = dict(type='Own', a=2)\n",
                'own.py': 'from mmengine.registry import MODELS\n\n\n@MODELS.register_module()\nclass Own:\n    def __init__(self, a): ...\n',
            },
            None,
        ),
        (
            {
                'a.py': "model = dict(type='Own', head=dict(type='OwnHead'))\n"
                + OLD.replace('(s', "(train=dict(type='OwnData'), s"),
                'requirements.txt': 'mmdet==2.28.2\n',
            },
            'no component was checked: most types here are of no library that is known, and of no code in this repository',
        ),
        ({'a.py': 'train_cfg = dict(by_epoch=True, max_epochs=12)\n'}, None),
    ],
)
def test_what_would_let_more_be_known_is_said(
    cli: Cli, tmp_path: Path, files: dict[str, str], words: str | None
) -> None:
    write(tmp_path, files)
    lines = cli('check', '.', '--no-cache').err.splitlines()
    hints = [line for line in lines if line.startswith(('nothing here', 'no component'))]
    assert hints == ([] if words is None else [words])


def test_a_loop_that_children_name_is_not_judged_in_the_base(cli: Cli, tmp_path: Path) -> None:
    child = "_base_ = './_base_/run.py'\ntrain_cfg = dict(%s)\nmodel = dict(type='A')\n"
    write(tmp_path, {'configs/_base_/run.py': 'train_cfg = dict(max_epochs=12)\n'})
    write(tmp_path, {'configs/a.py': child % "type='EpochBasedTrainLoop'"})
    assert 'unknown-field' not in cli('check', '--no-cache').out
    write(tmp_path, {'configs/b.py': child % 'val_interval=2'})
    assert cli('check', '--no-cache').out.count('error[unknown-field]') == 1
