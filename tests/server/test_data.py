"""Configs in YAML and JSON have the same features, without the wire."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from cfglint.server.features.completion import completion
from cfglint.server.features.definition import definition
from cfglint.server.features.hover import hover
from cfglint.server.features.symbols import symbols
from cfglint.server.yaml_syntax import parse_yaml
from tests.server.kit import Repo

if TYPE_CHECKING:
    from pathlib import Path

YAML = """\
_base_: ['base.yaml']
model:
  neck:
    type: 'FPN'
    num_outs: 5
param_scheduler:
- type: LinearLR
  start_factor: 0.1
- type: MultiStepLR  # then
  milestones: [8, 11]
"""
BASE = 'default_scope: mmdet\nmodel: {type: RetinaNet, neck: {type: FPN, out_channels: 256}}\noptim_wrapper: {optimizer: {type: SGD, lr: 0.1}}\n'
JSON = '{\n  "_base_": ["./base.yaml"],\n  "model": {"neck": {"num_outs": 5}}\n}\n'


@pytest.fixture(scope='module')
def repo(tmp_path_factory: pytest.TempPathFactory) -> Repo:
    folder: Path = tmp_path_factory.mktemp('repo')
    return Repo(folder, {'configs/base.yaml': BASE, 'configs/a.yaml': YAML, 'configs/b.json': JSON})


def test_lines_of_yaml() -> None:
    found = {node.path: node.text for node in parse_yaml(YAML).walk() if not node.children}
    assert found == {
        ('_base_',): "['base.yaml']",
        ('model', 'neck', 'type'): "'FPN'",
        ('model', 'neck', 'num_outs'): '5',
        ('param_scheduler', 0, 'type'): 'LinearLR',
        ('param_scheduler', 0, 'start_factor'): '0.1',
        ('param_scheduler', 1, 'type'): 'MultiStepLR',
        ('param_scheduler', 1, 'milestones'): '[8, 11]',
    }


@pytest.mark.parametrize(
    ('name', 'text', 'expected', 'inserted'),
    [
        ('configs/a.yaml', f'{YAML}tra|', 'train_cfg', 'train_cfg: '),
        (
            'configs/a.yaml',
            YAML.replace('    num_outs: 5', '    num_outs: 5\n    start_l|'),
            'start_level',
            'start_level: ',
        ),
        ('configs/a.yaml', YAML.replace('type: LinearLR', 'type: Linear|'), 'LinearLR', 'LinearLR'),
        ('configs/a.yaml', YAML.replace("'FPN'", "'FP|'"), 'FPN', 'FPN'),
        ('configs/b.json', JSON.replace('"num_outs"', '"out_ch|"'), 'out_channels', 'out_channels'),
        ('configs/b.json', JSON.replace('"model"', '"train_c|": {}, "model"'), 'train_cfg', 'train_cfg'),
    ],
)
def test_completion(repo: Repo, name: str, text: str, expected: str, inserted: str) -> None:
    document, position = repo.at(name, text)
    found = {each.label: each for each in completion(document, position).items}
    edit = found[expected].text_edit
    assert edit is not None and edit.new_text == inserted


@pytest.mark.parametrize(('name', 'text'), [('configs/a.yaml', YAML), ('configs/b.json', JSON)])
def test_hover_and_definition(repo: Repo, name: str, text: str) -> None:
    document, position = repo.at(name, text.replace('num_o', 'num_|o'))
    found = hover(document, position)
    assert found is not None and 'argument of `FPN`' in found.contents.value  # type: ignore[union-attr]
    document, position = repo.at(name, text.replace('base.yaml', 'ba|se.yaml'))
    assert [repo.text(each) for each in definition(document, position)] == ['configs/base.yaml:1:']


def test_symbols(repo: Repo) -> None:
    document, _ = repo.at('configs/a.yaml', YAML)
    assert [each.name for each in symbols(document)] == ['_base_', 'model', 'param_scheduler']
    assert [each.name for each in symbols(document)[2].children or ()] == ['LinearLR', 'MultiStepLR']
