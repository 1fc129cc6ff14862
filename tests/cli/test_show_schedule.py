"""``cfglint show --schedule``: on the terminal, as a picture, as JSON."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.cli.conftest import Ran
from tests.kit.repo import write

Cli = Callable[..., Ran]
SGD = "optim_wrapper = dict(optimizer=dict(type='SGD', lr=0.02))\n"
STEPS = "param_scheduler = [dict(type='MultiStepLR', milestones=[8, 11])]\n"
FILES = {
    'a.py': f'{SGD}{STEPS}train_cfg = dict(by_epoch=True, max_epochs=12)\n',
    'b.py': f"{SGD}param_scheduler = dict(type='CosineAnnealingLR')\ntrain_cfg = dict(by_epoch=True, max_epochs=24)\n",
    'iterations.py': f'{SGD}train_cfg = dict(max_iters=1000)\n',
    'empty.py': 'a = 1\n',
    'broken.py': 'a = (\n',
    '<script>.py': f'{SGD}train_cfg = dict(by_epoch=True, max_epochs=12)\n',
}


@pytest.fixture(autouse=True)
def repository(tmp_path: Path) -> None:
    write(tmp_path, FILES)


def test_a_curve_of_braille_with_its_events_below(cli: Cli) -> None:
    ran = cli('show', '--schedule', 'a.py')
    lines = ran.out.splitlines()
    assert (ran.code, lines[0]) == (0, 'a.py: 12 epochs')
    top = next(line for line in lines if line.startswith('      0.02 │'))
    assert top.rstrip().endswith('⢹') and top.count('⠉') > 40  # two thirds at the top, then down
    assert lines[lines.index('            ⠤⠤ lr: from 0.02, at the end 0.0002') - 1].endswith('12 epochs')
    assert next(line for line in lines if line.startswith('checkpoint │')).count('╵') == 12
    assert all(len(line) <= 80 for line in lines)


def test_several_configs_share_a_plot(cli: Cli) -> None:
    out = cli('show', '--schedule', 'a.py', 'b.py').out
    assert '⠤⠤ a: lr: from 0.02, at the end 0.0002' in out and '⠤⠤ b: lr: from 0.02, at the end 8.555e-05' in out
    assert out.count('learning rate') == 1 and '24 epochs' in out


def test_configs_that_count_differently_are_drawn_by_parts_of_the_whole(cli: Cli) -> None:
    out = cli('show', '--schedule', 'a.py', 'iterations.py').out
    assert '100 % of the training' in out and '⠤⠤ iterations: lr: 0.02 throughout' in out


def test_colours_are_those_of_the_lines(cli: Cli) -> None:
    out = cli('show', '--schedule', 'a.py', 'b.py', '--color', 'always').out
    assert '\x1b[36m⠤⠤\x1b[0m a' in out and '\x1b[33m⠤⠤\x1b[0m b' in out


def test_json_has_the_points(cli: Cli, tmp_path: Path) -> None:
    (found,) = json.loads(cli('show', '--schedule', 'a.py', '--output-format', 'json').out)
    assert (found['path'], found['unit'], found['length']) == (str(tmp_path / 'a.py'), 'epochs', 12)
    (curve,) = found['curves']
    assert curve['points'][0] == [0.0, 0.02] and curve['points'][-1] == [11.998, pytest.approx(0.0002)]
    assert [each['kind'] for each in found['events']] == ['checkpoint']


def test_a_picture(cli: Cli, tmp_path: Path) -> None:
    assert cli('show', '--schedule', 'a.py', 'b.py', '--output', 'x.svg') == Ran(0, '', '')
    root = ElementTree.parse(tmp_path / 'x.svg').getroot()
    lines = root.findall('.//{*}polyline')
    assert len(lines) == 2 and len({line.get('stroke') for line in lines}) == 2
    assert root.findtext('{*}title') == 'Schedule of a, b'


def test_axes_begin_at_0_but_for_momenta(cli: Cli, tmp_path: Path) -> None:
    two = 'optim_wrapper = dict(a=dict(optimizer=dict(lr=0.19, momentum=0.9)), b=dict(optimizer=dict(lr=0.16, momentum=0.9)))\n'
    falls = "param_scheduler = dict(type='LinearMomentum', start_factor=1.0, end_factor=0.9, by_epoch=False, end=801)\n"
    write(tmp_path, {'two.py': f'{two}{falls}train_cfg = dict(max_iters=1802)\n'})
    lines = cli('show', '--schedule', 'two.py').out.splitlines()
    starts = [line.split()[0] for line in lines if '└' in line]
    assert starts == ['0', '0.81'] and any(line.split() == ['0', '901', '1,802', 'iterations'] for line in lines)


def test_names_cannot_become_markup(cli: Cli, tmp_path: Path) -> None:
    cli('show', '--schedule', '<script>.py', 'a.py', '--output', 'x.svg')
    root = ElementTree.parse(tmp_path / 'x.svg').getroot()
    assert root.findtext('{*}title') == 'Schedule of <script>, a' and not root.findall('.//{*}script')


@pytest.mark.parametrize(
    ('args', 'message'),
    [
        (('empty.py',), '`empty.py` has no schedule: there is no `train_cfg` that says how long training lasts'),
        (('a.py', '--output', 'x.png'), '`x.png`: only SVG is written, to a file named .svg'),
        (('a.py', '--output', 'nowhere/x.svg'), 'cannot write `nowhere/x.svg`: no such file or directory'),
        (('a.py', '--diff'), 'choose one of --origins, --schedule and --diff'),
        (('a.py', '--as', '1.x'), '--schedule draws configs of 0.x as they are: leave out --as'),
        (('nowhere.py',), '`nowhere.py` does not exist'),
        ((), 'name a config, or give --batch LISTFILE'),
    ],
)
def test_wrong_usage(cli: Cli, args: tuple[str, ...], message: str) -> None:
    assert cli('show', '--schedule', *args) == Ran(2, '', f'cfglint: error: {message}\n')


def test_a_config_that_is_refused_does_not_stop_the_others(cli: Cli) -> None:
    ran = cli('show', '--schedule', 'broken.py', 'a.py')
    assert ran.code == 1 and 'error[syntax-error]' in ran.err and ran.out.startswith('a.py: 12 epochs')
    assert cli('show', '--schedule', 'broken.py').code == 1


def test_output_is_for_schedules(cli: Cli) -> None:
    assert cli('show', 'a.py', '--output', 'x.svg') == Ran(2, '', 'cfglint: error: --output goes with --schedule\n')
