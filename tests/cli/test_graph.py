"""``cfglint graph``: who inherits whom, in every format."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.cli.conftest import Ran
from tests.kit.repo import write

Cli = Callable[..., Ran]
FILES = {
    'configs/_base_/run.py': 'train_cfg = dict(by_epoch=True, max_epoch=12)\n',
    'configs/a.py': "_base_ = './_base_/run.py'\n",
    'configs/b.py': "_base_ = ['./a.py']\n",
    'configs/c.yaml': '_base_: ./_base_/run.py\n',
    'configs/alone.py': "default_scope = 'mmdet'\n",
    'configs/broken.py': "_base_ = './absent.py'\n",
}


@pytest.fixture(autouse=True)
def repository(tmp_path: Path) -> None:
    write(tmp_path, FILES)


def test_text_has_those_below_that_inherit(cli: Cli) -> None:
    ran = cli('graph', 'configs')
    assert ran.code == 0
    assert ran.out.replace(os.sep, '/') == (
        'configs/_base_/run.py  (1 error)\n'
        '  configs/a.py\n'
        '    configs/b.py\n'
        '  configs/c.yaml\n'
        'configs/alone.py\n'
        'configs/broken.py  (1 error, the base `./absent.py` cannot be read)\n'
    )


def test_dependents_and_bases_of_one_file(cli: Cli) -> None:
    dependents = cli('graph', 'configs', '--dependents', 'configs/a.py').out.replace(os.sep, '/')
    assert dependents == 'configs/a.py\n  configs/b.py\n'
    bases = cli('graph', '--bases', 'configs/b.py').out.replace(os.sep, '/')
    assert bases == 'configs/b.py\n  configs/a.py\n    configs/_base_/run.py  (1 error)\n'


def test_json_has_paths_and_counts(cli: Cli, tmp_path: Path) -> None:
    found = {each['path']: each for each in json.loads(cli('graph', '--output-format', 'json').out)}
    assert found[str(tmp_path / 'configs/b.py')]['bases'] == [str(tmp_path / 'configs/a.py')]
    assert found[str(tmp_path / 'configs/_base_/run.py')]['errors'] == 1


def test_dot_and_mermaid_have_an_arrow_for_each_base(cli: Cli) -> None:
    assert cli('graph', '--output-format', 'dot').out.count(' -> ') == 3
    mermaid = cli('graph', '--output-format', 'mermaid').out
    assert mermaid.startswith('graph LR\n') and mermaid.count(' --> ') == 3 and 'stroke:red' in mermaid


def test_what_is_shown_is_not_unfolded_again(cli: Cli, tmp_path: Path) -> None:
    write(tmp_path, {'configs/other.py': '', 'configs/a.py': "_base_ = ['./_base_/run.py', './other.py']\n"})
    lines = cli('graph', 'configs').out.splitlines()
    assert sum('b.py' in line for line in lines) == 1 and sum(line.endswith('a.py  …') for line in lines) == 1


@pytest.mark.parametrize('arguments', [
    ('--dependents', 'configs/nowhere.py'),
    ('--bases', 'configs/nowhere.py'),
    ('--bases', 'configs/a.py', '--dependents', 'configs/a.py'),
])  # fmt: skip
def test_wrong_usage(cli: Cli, arguments: tuple[str, ...]) -> None:
    assert cli('graph', *arguments).code == 2


def test_the_picture_has_a_box_for_each_config_and_an_arrow_for_each_base(cli: Cli) -> None:
    root = ElementTree.fromstring(cli('graph', 'configs', '--output-format', 'svg').out)
    name = '{http://www.w3.org/2000/svg}'
    labels = [each.text.replace(os.sep, '/') for each in root.findall(f'{name}text')]
    assert sorted(label.partition('  ')[0] for label in labels) == sorted(FILES)
    assert 'configs/_base_/run.py  (1 error)' in labels
    assert len(root.findall(f'{name}path')) == 3
    boxes = dict(zip(labels, root.findall(f'{name}rect'), strict=True))
    assert boxes['configs/_base_/run.py  (1 error)'].get('class') == 'error'
    left = [
        float(boxes[label].get('x')) for label in ('configs/_base_/run.py  (1 error)', 'configs/a.py', 'configs/b.py')
    ]
    assert left == sorted(set(left))
    places = {(each.get('x'), each.get('y')) for each in boxes.values()}
    assert len(places) == len(FILES)
