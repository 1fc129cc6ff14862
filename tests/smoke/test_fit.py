"""`--max-memory`: does the real run fit."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from cfglint.smoke.fit import CONTEXT, fit, memory_of_gpu
from cfglint.smoke.quantities import GIB, seconds, size
from cfglint.smoke.results import Failure, Result, Status
from cfglint.usage import UsageError
from tests.smoke.conftest import run_batch

if TYPE_CHECKING:
    from pathlib import Path


def trial(number: int) -> Result:
    """A gibibyte, and a half for each sample; with small batches, the step takes more."""
    peaks = {'forward': GIB + number * (GIB >> 1), 'step': 5 * GIB}
    return Result('x.py', Status.OK, details={'batch_size': 16, 'memory': {'peak_live': peaks}})


def test_the_memory_grows_with_the_batch() -> None:
    found = fit(trial, 24 * GIB)
    assert found.status is Status.OK
    assert found.details['fit']['needed'] == GIB + 16 * (GIB >> 1) + CONTEXT
    assert found.details['fit']['largest'] == 45


def test_what_does_not_fit_is_told_with_what_does() -> None:
    failure = fit(trial, 6 * GIB).failure
    assert failure is not None and failure.key == 'train_dataloader.batch_size'
    assert failure.message == 'a batch of 16 takes about 9.5 GiB of 6.0 GiB'
    assert failure.remedy == 'about 9 fit: write `batch_size=9`, or accumulate'
    nothing = fit(trial, 4 * GIB).failure
    assert nothing is not None and 'not even one sample fits' in (nothing.remedy or '')


def test_small_batches_take_what_the_step_does() -> None:
    assert fit(trial, 24 * GIB, wanted=1).details['fit']['needed'] == 5 * GIB + CONTEXT


def test_the_backward_pass_grows_as_the_forward_pass_does() -> None:
    """With small batches, it takes most at its end, where the gradients are: they are the same for any batch."""

    def deep(number: int) -> Result:
        peaks = {'forward': GIB + number * (GIB >> 1), 'backward': 4 * GIB}
        return Result('x.py', Status.OK, details={'memory': {'peak_live': peaks}})

    assert fit(deep, 99 * GIB, wanted=20).details['fit']['needed'] == 12 * GIB + CONTEXT


def test_a_run_that_fails_is_no_question_of_memory() -> None:
    broken = Result('x.py', Status.FAILED, Failure('forward', 'broken'))
    assert fit(lambda number: broken, GIB) is broken


def test_of_a_model_whose_memory_is_known(tmp_path: Path) -> None:
    """256 KiB a sample for the inputs, as much for what they are multiplied with, and half of that for a gradient."""
    text = """
train_dataloader['dataset'].update(features=1 << 16, length=4096)
train_dataloader['batch_size'] = 512
model = dict(type='Wide', features=1 << 16)
"""
    result = run_batch(tmp_path, {'config': text}, max_memory=GIB)['config']
    assert result.status is Status.OK, result.failure
    found = result.details['fit']
    assert found['batch_size'] == 512
    per_sample = (found['needed'] - CONTEXT) / 512
    assert 2 * (1 << 18) <= per_sample <= 4 * (1 << 18)
    assert 512 <= found['largest'] <= 1000


@pytest.mark.parametrize(
    ('text', 'amount'), [('24GiB', 24 * GIB), ('24', 24 * GIB), ('512 MiB', 1 << 29), ('1.5g', 3 * GIB // 2)]
)
def test_sizes_as_people_write_them(text: str, amount: int) -> None:
    assert size(text, '--max-memory') == amount


@pytest.mark.parametrize(('text', 'amount'), [('90', 90), ('10m', 600), ('1.5h', 5400), ('2min', 120)])
def test_times_as_people_write_them(text: str, amount: int) -> None:
    assert seconds(text, '--time-budget') == amount


def test_what_nobody_understands_is_refused() -> None:
    with pytest.raises(UsageError, match='write a size such as `24GiB` instead of `much`'):
        size('much', '--max-memory')
    with pytest.raises(UsageError, match='--gpu: `a1000` is none of t4'):
        memory_of_gpu('a1000')
    assert memory_of_gpu('A100-40') < 40 * GIB


def test_small_runs_are_larger_where_two_samples_are_too_few() -> None:
    tried = []

    def trial(size: int) -> Result:
        tried.append(size)
        details = {'batch_size': 32, 'memory': {'peak_live': {'forward': size * GIB}}}
        failure = Failure('forward', 'expected more samples') if size < 8 else None
        return Result('x.py', Status.FAILED if failure else Status.OK, failure, details=details)

    assert fit(trial, 99 * GIB).details['fit']['needed'] == 32 * GIB + CONTEXT
    assert tried == [2, 8, 16]
