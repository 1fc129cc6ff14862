"""Local files of weights: there, readable, and of the model's shapes; without executing what they hold."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

import pytest
import torch

from cfglint.smoke.results import Result, Status
from tests.smoke.conftest import run_batch

if TYPE_CHECKING:
    from pathlib import Path

FITTING = {'backbone.weight': (16, 8), 'backbone.bias': (16,), 'neck.linear.weight': (16, 16), 'neck.linear.bias': (16,),
           'head.weight': (2, 16), 'head.bias': (2,)}  # fmt: skip
LOAD = "load_from = 'weights/{}.pth'\n"
NECK = (
    "model['neck'] = dict(type='Neck', init_cfg=dict(type='Pretrained', checkpoint='weights/{}.pth', prefix='neck'))\n"
)
CONFIGS = {
    'whole': LOAD.format('whole'),
    'wrapped': LOAD.format('wrapped'),
    'part': LOAD.format('part'),
    'neck': NECK.format('whole'),
    'address': "load_from = 'https://weights.example.com/no.pth'\n",
    'absent': LOAD.format('absent'),
    'text': LOAD.format('text'),
    'object': LOAD.format('object'),
    'nothing': LOAD.format('nothing'),
    'resume': LOAD.format('whole') + 'resume = True\n',
    'wrong_prefix': NECK.format('nothing'),
}
FAILING = {
    'absent': ('load_from', 'there is no file `weights/absent.pth`'),
    'text': ('load_from', 'cannot be read'),
    'object': ('load_from', 'cannot be read: Weights only load failed'),
    'nothing': ('load_from', 'fits the model: MMEngine would load none'),
    'resume': ('load_from', 'it has no `meta`'),
    'wrong_prefix': ('model.neck.init_cfg.checkpoint', 'nothing below the prefix `neck`'),
}


@pytest.fixture(scope='module')
def results(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Result]:
    folder = tmp_path_factory.mktemp('weights')
    (folder / 'weights').mkdir()
    whole = {name: torch.zeros(shape) for name, shape in FITTING.items()}
    files = {
        'whole': whole,
        'wrapped': {'state_dict': {f'module.{name}': value for name, value in whole.items()}},
        'part': {**whole, 'head.weight': torch.zeros(5, 16), 'head.bias': torch.zeros(5), 'other': torch.zeros(1)},
        'object': {**whole, 'meta': argparse.Namespace(epoch=3)},
        'nothing': {f'student.{name}': value for name, value in whole.items()},
    }
    for name, value in files.items():
        torch.save(value, folder / 'weights' / f'{name}.pth')
    (folder / 'weights' / 'text.pth').write_text('version https://git-lfs.github.com/spec/v1')
    # The paths of the files are relative.
    return run_batch(folder, CONFIGS, own=True)


def hints(result: Result) -> list[str]:
    assert result.status is Status.OK, result.failure
    return [hint['message'] for hint in result.details['hints'] if hint['kind'] == 'weights']


@pytest.mark.parametrize('name', ['whole', 'wrapped', 'neck', 'address'])
def test_weights_that_fit_are_nothing_to_speak_of(results: dict[str, Result], name: str) -> None:
    assert hints(results[name]) == []


def test_how_much_of_the_model_is_covered_is_said(results: dict[str, Result]) -> None:
    assert hints(results['part']) == [
        '`weights/part.pth` has 4 of the 6 tensors of the model; 2 of another shape: head.weight, head.bias'
    ]


@pytest.mark.parametrize('name', FAILING)
def test_weights_that_mmengine_refuses_or_ignores_fail(results: dict[str, Result], name: str) -> None:
    failure = results[name].failure
    assert failure is not None
    key, words = FAILING[name]
    assert (failure.stage, failure.key) == ('weights', key)
    assert words in failure.message


def test_with_made_up_data_weights_need_not_be_here(tmp_path: Path) -> None:
    (result,) = run_batch(tmp_path, {'config': LOAD.format('absent')}, meta=True).values()
    assert result.status is Status.OK, result.failure
    assert result.details['hints'][0]['message'] == '`weights/absent.pth` is not here, and was not looked into'
