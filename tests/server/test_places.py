"""Definitions, references, symbols, folds and hints, without the wire."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from lsprotocol import types

from cfglint.server.features.definition import definition, implementation
from cfglint.server.features.hints import hints, lenses
from cfglint.server.features.references import references
from cfglint.server.features.symbols import folds, symbols
from tests.server.kit import Repo

if TYPE_CHECKING:
    from pathlib import Path

FILES = {
    'configs/base.py': """\
optim_wrapper = dict(type='OptimWrapper', optimizer=dict(type='SGD', lr=0.01, momentum=0.9))
img_scale = (1333, 800)
train_pipeline = [dict(type='Resize', scale=img_scale)]
train_dataloader = dict(dataset=dict(pipeline=train_pipeline))
""",
    'configs/child.py': "_base_ = ['./base.py']\noptim_wrapper = dict(optimizer=dict(lr=0.02))\nscale = _base_.img_scale\n",
    'configs/other.py': "_base_ = './child.py'\noptim_wrapper = dict(optimizer=dict(lr=0.04))\nscale = '{{_base_.img_scale}}'\n",
    'configs/lazy_base.py': 'from torch.optim import SGD\n\noptimizer = dict(type=SGD, lr=0.1)\n',
    'configs/lazy.py': """\
from mmengine.config import read_base

with read_base():
    from .lazy_base import *

optimizer.lr = 0.3
other = optimizer
""",
    'project/neck.py': 'from mmengine.registry import MODELS\n\n\n@MODELS.register_module()\nclass MyNeck:\n    pass\n',
    'configs/model.py': "default_scope = 'mmengine'\nmodel = dict(type='MyNeck')\ntrain_dataloader = dict()\n",
}  # fmt: skip


@pytest.fixture(scope='module')
def repo(tmp_path_factory: pytest.TempPathFactory) -> Repo:
    folder: Path = tmp_path_factory.mktemp('repo')
    return Repo(folder, FILES)


def marked(name: str, words: str) -> str:
    """Return the text of a file with the mark that `words` has in it."""
    return FILES[name].replace(words.replace('|', ''), words, 1)


@pytest.mark.parametrize(
    ('name', 'words', 'expected'),
    [
        ('configs/child.py', "'./ba|se.py'", 'configs/base.py:1:'),
        ('configs/child.py', '_base_.img_sc|ale', 'configs/base.py:2:img_scale'),
        ('configs/other.py', '{{_base_.img_sc|ale', 'configs/base.py:2:img_scale'),
        ('configs/child.py', 'l|r=0.02', 'configs/base.py:1:lr'),
        ('configs/base.py', 'scale=img_s|cale', 'configs/base.py:2:img_scale'),
        ('configs/base.py', 'pipeline=train_pip|eline', 'configs/base.py:3:train_pipeline'),
        ('configs/lazy.py', 'from .lazy_|base', 'configs/lazy_base.py:1:'),
        ('configs/lazy.py', 'other = opti|mizer', 'configs/lazy_base.py:3:optimizer'),
        ('configs/model.py', "type='My|Neck'", 'project/neck.py:5:'),
    ],
)
def test_definition(repo: Repo, name: str, words: str, expected: str) -> None:
    document, position = repo.at(name, marked(name, words))
    assert [repo.text(each) for each in definition(document, position)] == [expected]


def test_from_a_value_to_the_places_that_override_it(repo: Repo) -> None:
    document, position = repo.at('configs/base.py', marked('configs/base.py', 'l|r=0.01'))
    found = [repo.text(each) for each in implementation(document, position)]
    assert found == ['configs/child.py:2:lr', 'configs/other.py:2:lr']


def test_references_of_a_key(repo: Repo) -> None:
    document, position = repo.at('configs/child.py', marked('configs/child.py', 'l|r=0.02'))
    found = [repo.text(each) for each in references(document, position)]
    assert found == ['configs/base.py:1:lr', 'configs/child.py:2:lr', 'configs/other.py:2:lr']


def test_references_of_a_variable_across_files(repo: Repo) -> None:
    document, position = repo.at('configs/base.py', marked('configs/base.py', 'img_s|cale = '))
    found = [repo.text(each) for each in references(document, position)]
    assert found == ['configs/base.py:2:img_scale', 'configs/base.py:3:img_scale', 'configs/child.py:3:img_scale',
                     'configs/other.py:3:img_scale']  # fmt: skip


def test_references_of_a_base_are_the_configs_that_inherit_it(repo: Repo) -> None:
    document, position = repo.at('configs/child.py', marked('configs/child.py', "'./ba|se.py'"))
    assert [repo.text(each) for each in references(document, position)] == ["configs/child.py:1:'./base.py'"]
    document, position = repo.at('configs/child.py', FILES['configs/child.py'] + '\n|')
    assert [repo.text(each) for each in references(document, position)] == ["configs/other.py:1:'./child.py'"]


def test_symbols_are_the_keys(repo: Repo) -> None:
    document, _ = repo.at('configs/base.py')
    found = symbols(document)
    assert [each.name for each in found] == ['optim_wrapper', 'img_scale', 'train_pipeline', 'train_dataloader']
    optimizer = found[0].children[1]  # type: ignore[index]
    assert (optimizer.name, optimizer.detail) == ('optimizer', 'SGD')
    assert [each.name for each in found[2].children or ()] == ['Resize']


def test_folds_and_a_broken_file(repo: Repo) -> None:
    document, _ = repo.at(
        'configs/child.py', "model = dict(\n    type='A',\n    a=[\n        1,\n        2,\n    ],\n)\nx = dict(\n|"
    )
    assert [(each.start_line, each.end_line) for each in folds(document)] == [(0, 5), (2, 4)]
    assert [each.name for each in symbols(document)] == ['model', 'x']


def test_hints_tell_what_is_inherited(repo: Repo) -> None:
    document, _ = repo.at('configs/child.py', FILES['configs/child.py'])
    everything = types.Range(types.Position(0, 0), types.Position(100, 0))
    found = {each.label for each in hints(document, everything)}
    assert found == {"from base.py: type='OptimWrapper'", "from base.py: type='SGD', momentum=0.9"}


def test_a_lens_counts_the_configs_that_depend_on_a_file(repo: Repo) -> None:
    repo.at('configs/child.py', FILES['configs/child.py'])
    document, _ = repo.at('configs/base.py', FILES['configs/base.py'])
    (lens,) = lenses(document)
    assert lens.command is not None and lens.command.title == '2 configs depend on this file, 1 with findings'
