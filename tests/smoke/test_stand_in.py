"""`--device cuda` where there is none: torch has devices, as far as smoke can tell."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from cfglint.smoke.devices import NoDevice, chosen, only
from cfglint.smoke.options import Options
from cfglint.smoke.pool import Pool
from cfglint.smoke.results import Failure, Result, Status
from cfglint.smoke.run import Smoke
from cfglint.smoke.second_runs import SecondRuns
from cfglint.smoke.worker.failure import describe
from tests.smoke.conftest import TOY, forking_python, write_configs

STAND_IN = Path(__file__).with_name('stand_in')
AMP = "optim_wrapper = dict(type='AmpOptimWrapper', optimizer=dict(type='SGD', lr=0.1))\n"
WIDE = (
    "train_dataloader['dataset'].update(features=1 << 16, length=4096)\nmodel = dict(type='Wide', features=1 << 16)\n"
)
WHERE = "custom_hooks = [dict(type='Trouble', kind='meet', at='before_run', path={path!r})]\n"


SET = "__import__('os').environ.update({}={!r})\n"
"""For the stand-in of one job."""
ANSWER = """#!/bin/sh
for last; do :; done
case "$*" in *--events*) events="/dev/fd/$5" ;; *) events="${{last%/*}}/events-0.jsonl" ;; esac
echo '{ready}' > "$events"
exec sleep 1000
"""
"""Stands in for an interpreter that has imported torch, or for a torchrun of which the first rank has."""


@pytest.fixture
def python(tmp_path: Path) -> str:
    """An interpreter whose torch has devices."""
    return forking_python(tmp_path, STAND_IN, TOY)


def answering_python(folder: Path, there: dict[str, Any]) -> str:
    """An interpreter that does no more than to say what devices there are."""
    path = folder / 'python'
    path.write_text(ANSWER.format(ready=json.dumps({'event': 'ready', 'job': None, **there})))
    path.chmod(0o755)
    return str(path)


def options_for(python: str, **options: Any) -> Options:
    return Options(**{'device': 'cuda', 'timeout': 120.0, 'threads': 1, 'dedupe': False, 'python': python, **options})


def run(folder: Path, texts: dict[str, str], python: str, **options: Any) -> dict[str, Result]:
    results = Smoke(options_for(python, **options)).run(write_configs(folder, texts))
    return {Path(result.config).stem: result for result in results}


@pytest.fixture(scope='module')
def pool(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pool]:
    """A warm worker with one device: importing torch takes longer than the jobs."""
    with Pool(options_for(forking_python(tmp_path_factory.mktemp('one'), STAND_IN, TOY))) as pool:
        yield pool


def run_warm(folder: Path, texts: dict[str, str], pool: Pool, **options: Any) -> dict[str, Result]:
    pool.options = options_for(pool.options.python, **options)
    results = Smoke(pool.options, pool=pool).run(write_configs(folder, texts))
    return {Path(result.config).stem: result for result in results}


def names(results: dict[str, Result]) -> set[str]:
    for result in results.values():
        assert result.status is Status.OK, result.failure
    return {result.details['memory']['name'] for result in results.values()}


def test_a_device_is_used_and_measured(tmp_path: Path, pool: Pool) -> None:
    results = run_warm(tmp_path, {'plain': '', 'amp': AMP}, pool)
    assert names(results) == {'Stand-in 0'}
    assert results['plain'].details['memory']['peak_allocated'] > 0
    assert results['amp'].details['optimizers'][0]['steps'][0]['scale_before'] is not None


def test_an_index_counts_among_the_visible_devices(
    tmp_path: Path, python: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv('STAND_IN_DEVICES', '4')
    monkeypatch.setenv('CUDA_VISIBLE_DEVICES', '3,GPU-2')
    assert names(run(tmp_path, {'a': ''}, python, device='cuda:1')) == {'Stand-in 2'}
    with pytest.raises(
        NoDevice, match=r'no `cuda:2`: of the devices, CUDA_VISIBLE_DEVICES=3,GPU-2 shows only 3, GPU-2'
    ):
        run(tmp_path, {'a': ''}, python, device='cuda:2')


def test_a_device_that_is_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    python = answering_python(tmp_path, ready(cuda='12.6'))  # it is shown the eighth device only
    (tmp_path / 'temporary').mkdir()
    monkeypatch.setattr('tempfile.tempdir', str(tmp_path / 'temporary'))
    with pytest.raises(NoDevice, match='sees no `cuda:7`; give --device cpu'):
        run(tmp_path, {'a': ''}, python, device='cuda:7')
    monkeypatch.setenv('CUDA_VISIBLE_DEVICES', '')
    with pytest.raises(NoDevice, match='CUDA_VISIBLE_DEVICES= shows none'):
        run(tmp_path, {'a': ''}, python, device='cuda:0')
    assert not list((tmp_path / 'temporary').iterdir())


def test_rocm_has_names_of_its_own(tmp_path: Path, python: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {'STAND_IN_BUILD': 'hip', 'STAND_IN_DEVICES': '3', 'HIP_VISIBLE_DEVICES': '1,0'}.items():
        monkeypatch.setenv(name, value)
    assert names(run(tmp_path, {'a': ''}, python, device='cuda:0')) == {'Stand-in 1'}


def test_jobs_share_the_visible_devices(tmp_path: Path, python: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv('STAND_IN_DEVICES', '3')
    monkeypatch.setenv('CUDA_VISIBLE_DEVICES', '2,1,7')  # the list ends with a device that is not there
    meet = WHERE.format(path=str(tmp_path / 'mark'))
    assert names(run(tmp_path, {'a': meet, 'b': meet}, python, jobs=2, allow_writes=True)) == {
        'Stand-in 2',
        'Stand-in 1',
    }


def test_what_does_not_fit_the_device(tmp_path: Path, pool: Pool) -> None:
    small = SET.format('STAND_IN_MEMORY', str(32 << 20))
    result = run_warm(tmp_path, {'a': small + WIDE}, pool, find_batch_size=True, steps=1)['a']
    assert result.status is Status.OK, result.failure
    assert result.details['largest_batch_size'] in (16, 32, 64)
    assert result.details['trials'][-1]['status'] == 'failed'
    assert result.details['memory']['peak_allocated'] <= 32 << 20
    # Of a device that is larger than the one of the real run, only a part is used.
    failure = run_warm(tmp_path, {'a': WIDE}, pool, batch_size=256, max_memory=32 << 20)['a'].failure
    assert failure is not None and (failure.stage, failure.during) == ('out of memory', 'forward')


@pytest.mark.parametrize(
    ('fault', 'late'),
    [
        ('device-side assert triggered', True),
        ('an illegal memory access was encountered', True),
        ('invalid device ordinal', False),
    ],
)
def test_what_is_told_late_runs_again_and_waits_for_each_kernel(fault: str, late: bool) -> None:
    result = Result('a.py', Status.FAILED, Failure('backward', f'CUDA error: {fault}'), device='cuda')
    job = SecondRuns().wanted({'config': 'a.py'}, result)
    assert (job is not None and job['environment']['CUDA_LAUNCH_BLOCKING'] == '1') == late


def test_errors_that_are_told_late_are_blamed_where_they_happen(tmp_path: Path, pool: Pool) -> None:
    fault = 'an illegal memory access was encountered'
    bad = SET.format('STAND_IN_FAULT', fault) + "model['classes'] = 1\n"
    results = run_warm(tmp_path, {'bad': bad, 'after': ''}, pool)
    failure = results['bad'].failure
    assert failure is not None and fault in failure.message
    assert failure.stage == 'forward'
    assert any(frame.user and 'cross_entropy(scores' in frame.text for frame in failure.frames), failure.frames
    assert results['after'].status is Status.OK


def test_ranks_take_the_first_devices(tmp_path: Path, python: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv('STAND_IN_DEVICES', '3')
    monkeypatch.setenv('CUDA_VISIBLE_DEVICES', '2,0')
    result = run(tmp_path, {'a': ''}, python, nproc=2)['a']
    assert result.status is Status.OK, result.failure
    assert [rank['memory']['name'] for rank in result.details['ranks']] == ['Stand-in 2', 'Stand-in 0']


def test_more_ranks_than_devices(tmp_path: Path) -> None:
    with pytest.raises(NoDevice, match='--nproc 3 needs as many CUDA devices; there are 2'):
        run(tmp_path, {'a': ''}, answering_python(tmp_path, ready(devices=2)), nproc=3)


def test_a_context_from_before_the_fork(tmp_path: Path, python: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv('STAND_IN_TOUCHED', '1')
    assert names(run(tmp_path, {'a': '', 'b': ''}, python)) == {'Stand-in 0'}


def test_the_host_has_limits_on_a_device_as_well(tmp_path: Path, pool: Pool) -> None:
    hoard = "custom_hooks = [dict(type='Trouble', kind='grow_in_children')]\n"
    failure = run_warm(tmp_path, {'a': hoard}, pool, memory_limit=1 << 30)['a'].failure
    assert failure is not None and failure.stage == 'out of memory'
    assert 'the limit is 1.0 GiB' in failure.message


@pytest.mark.parametrize(
    'message',
    [
        'CUDA out of memory. Tried to allocate 2.00 GiB',
        'HIP out of memory. Tried to allocate 2.00 GiB',
        'MPS backend out of memory (MPS allocated: 8 GB)',
        'CUDA error: CUBLAS_STATUS_ALLOC_FAILED when calling `cublasCreate(handle)`',
        'CUDA error: HIPBLAS_STATUS_ALLOC_FAILED when calling `hipblasCreate(handle)`',
        'cuDNN error: CUDNN_STATUS_ALLOC_FAILED',
        'cuDNN error: CUDNN_STATUS_INTERNAL_ERROR_DEVICE_ALLOCATION_FAILED',
        'rocBLAS error: rocblas_status_memory_error',
        'cudaErrorMemoryAllocation: the API call failed',
    ],
)
def test_out_of_memory_in_all_spellings(message: str) -> None:
    assert describe(RuntimeError(message), 'forward', None)['stage'] == 'out of memory'
    assert describe(RuntimeError('CUDNN_STATUS_BAD_PARAM'), 'forward', None)['stage'] == 'forward'


def ready(devices: int = 0, mps: bool = False, cuda: str | None = None, hip: str | None = None) -> dict[str, Any]:
    return {'devices': devices, 'mps': mps, 'versions': {'torch': '2.13', 'cuda': cuda, 'hip': hip}}


@pytest.mark.parametrize(
    ('asked', 'there', 'device'),
    [
        ('auto', ready(), 'cpu'),
        ('auto', ready(mps=True), 'mps'),
        ('auto', ready(devices=1, mps=True), 'cuda'),
        ('mps', ready(mps=True), 'mps'),
        ('cuda:1', ready(devices=1), 'cuda:1'),
    ],
)
def test_what_is_chosen(asked: str, there: dict[str, Any], device: str) -> None:
    assert chosen(asked, there, 'python') == device


@pytest.mark.parametrize(
    ('asked', 'there', 'words'),
    [
        ('mps', ready(devices=1), 'sees no Metal device'),
        ('cuda', ready(mps=True), 'was built without CUDA'),
        ('cuda', ready(cuda='12.1'), 'sees no CUDA device'),
        ('cuda', ready(hip='6.0'), 'sees no ROCm device'),
        ('cuda:2', ready(hip='6.0'), 'sees no `cuda:2`'),
    ],
)
def test_what_is_not_there_is_refused(asked: str, there: dict[str, Any], words: str) -> None:
    with pytest.raises(NoDevice, match=words):
        chosen(asked, there, 'python')


def test_each_variable_keeps_its_own_order(monkeypatch: pytest.MonkeyPatch) -> None:
    assert only(1) == {'CUDA_VISIBLE_DEVICES': '1'}
    monkeypatch.setenv('CUDA_VISIBLE_DEVICES', '5,6')
    monkeypatch.setenv('HIP_VISIBLE_DEVICES', 'GPU-a, GPU-b')
    assert only(1) == {'CUDA_VISIBLE_DEVICES': '6', 'HIP_VISIBLE_DEVICES': 'GPU-b'}
