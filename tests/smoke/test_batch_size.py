"""`--find-batch-size`: the search, and the search on a real limit of memory."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from cfglint.smoke.batch_size import find_batch_size
from cfglint.smoke.results import Failure, Result, Status
from tests.smoke.conftest import run_batch

if TYPE_CHECKING:
    from pathlib import Path


class FakeDevice:
    """Fits batches up to a limit."""

    def __init__(self, limit: int, samples: int = 1000, broken_at: int = 1 << 20) -> None:
        self.limit, self.samples, self.broken_at = limit, samples, broken_at
        self.tried: list[int] = []

    def __call__(self, size: int) -> Result:
        self.tried.append(size)
        if size >= self.broken_at:
            return Result('x.py', Status.FAILED, Failure(stage='forward', message='broken'))
        if size > self.limit:
            return Result('x.py', Status.FAILED, Failure(stage='out of memory', message='too much'))
        return Result('x.py', Status.OK, details={'samples': self.samples, 'memory': {'peak_rss': size}})


@pytest.mark.parametrize(('limit', 'largest'), [(1, 1), (2, 2), (100, 64), (128, 128), (127, 64)])
def test_the_largest_power_of_two_is_found(limit: int, largest: int) -> None:
    result = find_batch_size(FakeDevice(limit))
    assert (result.status, result.details['largest_batch_size']) == (Status.OK, largest)
    assert [trial['size'] for trial in result.details['trials']] == [
        1 << power for power in range(largest.bit_length() + 1)
    ]


def test_nothing_fits() -> None:
    result = find_batch_size(FakeDevice(0))
    assert result.failure is not None and result.failure.stage == 'out of memory'
    assert result.details['largest_batch_size'] == 0


def test_the_search_ends_with_the_dataset() -> None:
    device = FakeDevice(limit=1 << 15, samples=20)
    assert find_batch_size(device).details['largest_batch_size'] == 32
    assert device.tried[-1] == 32


def test_another_failure_is_not_taken_for_a_lack_of_memory() -> None:
    result = find_batch_size(FakeDevice(limit=100, broken_at=8))
    assert result.failure is not None and result.failure.stage == 'forward'
    assert result.details['largest_batch_size'] == 4


def pooled(size: int) -> Result:
    """Wants more than one sample, as batch normalisation of a single pixel does."""
    failure = Failure('forward', 'expected more than 1 value per channel') if size < 2 else None
    status = Status.FAILED if failure else Status.OK
    return Result('x.py', status, failure, details={'batch_size': 4, 'samples': 4})


def test_a_batch_that_is_smaller_than_the_configs_may_be_too_small() -> None:
    result = find_batch_size(pooled)
    assert (result.status, result.details['largest_batch_size']) == (Status.OK, 4)
    assert [trial['status'] for trial in result.details['trials']] == ['failed', 'ok', 'ok']


def test_what_fails_with_the_configs_own_batch_is_a_failure() -> None:
    tried = []

    def broken(size: int) -> Result:
        tried.append(size)
        return Result('x.py', Status.FAILED, Failure('forward', 'broken'), details={'batch_size': 4})

    assert find_batch_size(broken).failure == Failure('forward', 'broken')
    assert tried == [1, 2, 4]


def test_on_a_real_limit(tmp_path: Path) -> None:
    # 32 MiB a sample, beside the interpreter's own needs.
    text = "train_dataloader['dataset'].update(features=1 << 23, length=4096)\nmodel = dict(type='Wide')\n"
    result = run_batch(tmp_path, {'config': text}, find_batch_size=True, memory_limit=1 << 30, steps=1)['config']
    assert result.status is Status.OK, result.failure
    assert result.details['trials'][-1]['status'] == 'failed'
    assert result.details['largest_batch_size'] in (2, 4, 8)
