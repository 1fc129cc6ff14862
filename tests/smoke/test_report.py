"""Results as text, JSON and JUnit."""

from __future__ import annotations

import xml.etree.ElementTree as etree
from typing import TYPE_CHECKING

import pytest

from cfglint.smoke.junit import junit, write_junit
from cfglint.smoke.remedies import REMEDIES, remedy
from cfglint.smoke.results import Failure, Frame, Result, Status, read_json, write_json
from cfglint.smoke.text import render, summary

if TYPE_CHECKING:
    from pathlib import Path

FRAMES = (
    Frame('/home/me/train.py', 5, 'main', 'run()', True),
    Frame('/home/me/neck.py', 41, 'forward', 'return self.linear(x)', True),
    Frame('/lib/torch/linear.py', 99, 'forward', 'F.linear(…)'),
)
FAILED = Result(
    'configs/x.py', Status.FAILED,
    Failure('forward', 'mat1 and mat2 shapes\nsecond line \x00', 'RuntimeError', 'forward', 'model.neck',
            'configs/base.py:41', FRAMES, 'Traceback: all of it', 'buy a bigger GPU'),
    seconds=1.5,
)  # fmt: skip
SKIPPED = Result('configs/part.py', Status.UNFIT, reason='it has no model')
TWIN = Result('configs/y.py', Status.SAME, reason='configs/x.py')


def test_a_failure_reads_as_one_sentence() -> None:
    text = render(FAILED)
    assert 'forward: `model.neck`, configs/base.py:41: RuntimeError: mat1 and mat2 shapes' in text
    assert '/home/me/neck.py:41 in forward: return self.linear(x)' in text
    assert 'linear.py:99' not in text, 'the frames of libraries are left out when the user has some'
    assert 'remedy: buy a bigger GPU' in text
    assert 'Traceback' not in text and 'Traceback' in render(FAILED, traceback=True)


def test_the_summary_counts() -> None:
    assert summary([FAILED, FAILED, SKIPPED, TWIN]) == '2 failed, 1 skipped, 1 same'


def test_json_comes_back_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / 'results.json'
    write_json([FAILED, SKIPPED, TWIN], path)
    assert read_json(path) == [FAILED, SKIPPED, TWIN]
    assert list(tmp_path.iterdir()) == [path]


def test_junit_has_a_case_for_each_config(tmp_path: Path) -> None:
    write_junit([FAILED, SKIPPED, TWIN], tmp_path / 'junit.xml')
    suite = etree.parse(tmp_path / 'junit.xml').getroot()[0]
    assert (suite.get('tests'), suite.get('failures'), suite.get('skipped')) == ('3', '1', '2')
    failure = suite[0][0]
    assert (failure.get('type'), failure.get('message')) == ('forward', 'mat1 and mat2 shapes')
    assert '\x00' not in junit([FAILED])


@pytest.mark.parametrize(
    ('kind', 'message', 'words'),
    [
        ('RuntimeError', 'operator torchvision::nms does not exist', 'torchvision'),
        ('AssertionError', 'MMCV==2.2.0 is used but incompatible. Please install mmcv>=2.0.0rc4.', 'mmcv 2.0 or 2.1'),
        ('ModuleNotFoundError', "No module named 'mmcv._ext'", 'mmcv-lite'),
        ('ModuleNotFoundError', "No module named 'pkg_resources'", 'setuptools<81'),
        ('ModuleNotFoundError', "No module named 'distutils'", 'setuptools'),
        (
            'UnpicklingError',
            'Weights only load failed. In PyTorch 2.6, we changed…',
            'TORCH_FORCE_NO_WEIGHTS_ONLY_LOAD',
        ),
        ('KeyError', 'Adafactor is already registered in optimizer at torch.optim', 'transformers'),
        ('AttributeError', "module 'pkgutil' has no attribute 'find_loader'", '3.14'),
        ('ValueError', 'betas must be either both floats or both Tensors', 'floats'),
        ('OverflowError', 'Python integer -12 out of bounds for uint8', 'numpy<2'),
        ('RuntimeError', 'nms_rotated_impl: implementation for device cpu not found.', '--device cuda'),
        ('ValueError', 'Expected more than 1 value per channel when training, got…', 'batch size of 2'),
        ('TypeError', "FormatCode() got an unexpected keyword argument 'verify'", 'yapf'),
        ('RuntimeError', 'CUDA error: device-side assert triggered', 'CUDA_LAUNCH_BLOCKING'),
    ],
)
def test_known_breakages_have_a_remedy(kind: str, message: str, words: str) -> None:
    assert words in (remedy(Failure('forward', message, kind)) or '')


def test_an_unknown_breakage_has_none() -> None:
    assert remedy(Failure('forward', 'mat1 and mat2 shapes', 'RuntimeError')) is None
    assert len({known.text for known in REMEDIES}) >= 20
