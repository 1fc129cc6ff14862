"""One fault for each stage and for each promise of isolation."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from cfglint.smoke import limits, pool
from cfglint.smoke.process import memory_of
from cfglint.smoke.results import Failure, Result, Status
from cfglint.smoke.worker.wire import events_of
from tests.smoke.conftest import run_batch

# The first hook writes and is left out: the second is still the second.
TROUBLE = "custom_hooks = [dict(type='ProfilerHook'), dict(type='Trouble', kind={kind!r})]\n"
STAGES = {
    'syntax': 'model = (\n',
    'import': "custom_imports = dict(imports=['no_such_module'])\n",
    'registry': "model['neck'] = dict(type='Nekc')\n",
    'dataset': "train_dataloader['dataset']['type'] = 'Absent'\n",
    'argument': "train_dataloader['dataset']['lenght'] = 5\n",
    'pipeline': "train_dataloader['dataset']['pipeline'].append(dict(type='FailingTransform'))\n",
    'dataloader': "train_dataloader['dataset']['type'] = 'Ragged'\n",
    'sampler': "train_dataloader['sampler'] = dict(type='InfiniteSampler', shufle=True)\n",
    'model': "model = dict(type='BrokenInit')\n",
    'helper': "neck = dict(type='Neck', depth=3)\ndel model\nmodel = dict(type='Classifier', neck=neck)\n",
    'optimizer': "optim_wrapper['optimizer'] = dict(type='SGD', lr=-1.0)\n",
    'scheduler': "param_scheduler = dict(type='MultiStepLR', by_epoch=True, milestones=[1], gama=0.1)\n",
    'hooks': TROUBLE.format(kind='raise'),
    'untyped_hook': "custom_hooks = [dict(type='EMAHook'), dict(kind='raise', priority=49)]\n",
    'untyped_scheduler': 'param_scheduler = dict(by_epoch=True, milestones=[1])\n',
    'loop': 'train_cfg = dict(by_epoch=True, max_epochs=3, max_iters=10)\n',
    'forward': "model['neck'] = dict(type='Neck', channels=17)\n",
    'backward': "model = dict(type='BrokenBackward')\n",
    'nan_loss': "model['loss'] = 'nan'\n",
    'nan_gradient': "model['loss'] = 'nan gradient'\n",
    'nan_step': "optim_wrapper['optimizer'] = dict(type='SGD', lr=float('nan'))\n",
    'sys_exit': TROUBLE.format(kind='sys_exit'),
    'after': '',
}
EXPECTED = {
    'syntax': ('config', None, 'was never closed'),
    'import': ('import', 'custom_imports.imports[0]', 'no_such_module'),
    'registry': ('registry', 'model.neck.type', 'Nekc is not in the'),
    'dataset': ('dataset', 'train_dataloader.dataset', 'annotations.json'),
    'argument': ('dataset', 'train_dataloader.dataset.lenght', 'lenght'),
    'pipeline': ('dataset', 'train_dataloader.dataset.pipeline[1]', 'this transform always fails'),
    'dataloader': ('dataloader', 'train_dataloader', 'stack'),
    'sampler': ('dataloader', 'train_dataloader.sampler.shufle', 'shufle'),
    'model': ('model', 'model', 'no such variant'),
    'optimizer': ('optimizer', 'optim_wrapper.optimizer', 'Invalid learning rate'),
    'scheduler': ('scheduler', 'param_scheduler.gama', 'gama'),
    'hooks': ('hooks', 'custom_hooks[1]', 'the hook is broken'),
    'untyped_hook': ('registry', 'custom_hooks[1]', 'must contain the key "type"'),
    'untyped_scheduler': ('config', 'param_scheduler', 'should be a dict or a list'),
    'loop': ('config', 'train_cfg.max_iters', 'max_iters'),
    'helper': ('model', 'model.neck.depth', 'depth'),
    'forward': ('forward', 'model.neck', 'mat1 and mat2 shapes'),
    'backward': ('backward', 'model', 'does not require grad'),
    'nan_loss': ('forward', 'model', '`loss_cls` is nan'),
    'nan_gradient': ('backward', 'model', 'head.bias'),
    'nan_step': ('step', 'optim_wrapper', 'after the step in micro-batch 1'),
    'sys_exit': ('hooks', 'custom_hooks[1]', "sys.exit('enough')"),
}


@pytest.fixture(scope='module')
def stages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Result]:
    return run_batch(tmp_path_factory.mktemp('stages'), STAGES)


def failure_of(result: Result) -> Failure:
    assert result.status is Status.FAILED, result
    assert result.failure is not None
    return result.failure


@pytest.mark.parametrize('name', EXPECTED)
def test_a_fault_has_its_stage_and_its_key(stages: dict[str, Result], name: str) -> None:
    failure = failure_of(stages[name])
    stage, key, words = EXPECTED[name]
    assert (failure.stage, failure.key) == (stage, key), failure.traceback
    assert words in failure.message


@pytest.mark.parametrize('name', ['nan_loss', 'nan_gradient', 'nan_step'])
def test_numbers_that_are_not_finite_have_no_other_stage(stages: dict[str, Result], name: str) -> None:
    failure = failure_of(stages[name])
    assert failure.during == failure.stage  # not what came next, when it was found out


def test_the_worker_survives_them_all(stages: dict[str, Result]) -> None:
    assert stages['after'].status is Status.OK


def test_the_users_own_frames_are_marked(stages: dict[str, Result]) -> None:
    frames = failure_of(stages['forward']).frames
    user = [(Path(frame.file).name, frame.function) for frame in frames if frame.user]
    assert user == [('toylib.py', 'forward'), ('toylib.py', 'forward')]
    assert not any('cfglint' in frame.file and 'worker' in frame.file for frame in frames)


CRASHES = {
    'segfault': TROUBLE.format(kind='segfault'),
    'abort': TROUBLE.format(kind='abort'),
    'exit': TROUBLE.format(kind='exit'),
    'kill': TROUBLE.format(kind='kill'),
    'allocate': TROUBLE.format(kind='allocate'),
    'in_config': "__import__('os')._exit(9)\n",
    'after': '',
}


@pytest.fixture(scope='module')
def crashes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Result]:
    return run_batch(tmp_path_factory.mktemp('crashes'), CRASHES, memory_limit=8 << 30)


def test_a_segfault_is_reported_with_its_place(crashes: dict[str, Result]) -> None:
    failure = failure_of(crashes['segfault'])
    assert (failure.stage, failure.during) == ('crash', 'hooks')
    assert 'SIGSEGV' in failure.message
    assert [frame.function for frame in failure.frames if frame.file.endswith('faults.py')][-1] == '_segfault'


def test_an_abort_and_an_exit_are_reported(crashes: dict[str, Result]) -> None:
    assert 'SIGABRT' in failure_of(crashes['abort']).message
    assert 'exit code 3' in failure_of(crashes['exit']).message


def test_a_kill_is_only_for_memory_if_the_kernel_was_short_of_it(
    crashes: dict[str, Result], monkeypatch: pytest.MonkeyPatch
) -> None:
    failure = failure_of(crashes['kill'])
    assert failure.stage == 'crash' and 'SIGKILL' in failure.message
    monkeypatch.setattr(pool, 'memory_kills', lambda: 5)
    running = pool.Running({'config': 'a.py', 'log': 'none'}, 0.0, memory_kills=4)
    failure = failure_of(pool.end_of(running, {'code': -9}, 1.0, 'cpu'))
    assert failure.stage == 'out of memory'


def test_too_large_an_allocation_has_its_place(crashes: dict[str, Result]) -> None:
    failure = failure_of(crashes['allocate'])
    assert (failure.stage, failure.during, failure.key) == ('out of memory', 'hooks', 'custom_hooks[1]')


def test_a_crash_while_reading_the_config_blames_the_right_one(crashes: dict[str, Result]) -> None:
    failure = failure_of(crashes['in_config'])
    assert (failure.stage, failure.during) == ('crash', 'config')
    assert crashes['after'].status is Status.OK


@pytest.fixture(scope='module')
def outside(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp('outside')


@pytest.fixture(scope='module')
def isolated(tmp_path_factory: pytest.TempPathFactory, outside: Path) -> dict[str, Result]:
    kinds = (
        'sleep', 'grow_in_children', 'write', 'write_quietly', 'write_from_child', 'connect', 'touch', 'share', 'send',
        'close_output',
    )  # fmt: skip
    texts = {
        kind: f"custom_hooks = [dict(type='Trouble', kind={kind!r}, path={str(outside / kind)!r})]\n" for kind in kinds
    }
    texts['download'] = "train_dataloader['dataset']['type'] = 'Downloading'\n"
    return run_batch(tmp_path_factory.mktemp('isolated'), texts, timeout=12.0, memory_limit=1 << 30)


def test_a_sleep_past_the_limit_is_a_timeout_with_its_place(isolated: dict[str, Result]) -> None:
    failure = failure_of(isolated['sleep'])
    assert (failure.stage, failure.during) == ('timeout', 'hooks')
    assert failure.frames[-1].function == '_sleep'


def test_memory_of_child_processes_counts(isolated: dict[str, Result]) -> None:
    failure = failure_of(isolated['grow_in_children'])
    assert failure.stage == 'out of memory' and 'limit is 1.0 GiB' in failure.message


def test_memory_is_only_walked_where_it_may_be_too_much() -> None:
    exact, rough = memory_of(os.getpid(), 0), memory_of(os.getpid(), 1 << 60)
    assert exact[1] == rough[1] >= 1
    assert 0 < exact[0] <= rough[0] * 1.1
    assert memory_of(os.getpid(), rough[0] // 2)[0] == pytest.approx(exact[0], rel=0.1)


def test_nothing_is_written_outside(isolated: dict[str, Result], outside: Path) -> None:
    refused = isolated['write']
    assert refused.status is Status.UNSUPPORTED
    assert '`custom_hooks[0]` writes where it may not' in str(refused.reason) and str(outside) in str(refused.reason)
    assert isolated['write_quietly'].status is Status.OK
    assert ['write', str(outside / 'write_quietly')] in isolated['write_quietly'].details['blocked']
    assert list(outside.iterdir()) == []


def test_nothing_is_downloaded(isolated: dict[str, Result]) -> None:
    download, connect = isolated['download'], isolated['connect']
    assert (download.status, connect.status) == (Status.NEEDS_DOWNLOAD, Status.NEEDS_DOWNLOAD)
    assert 'dataset.example.com' in str(download.reason) and '`train_dataloader.dataset`' in str(download.reason)
    assert '192.0.2.1' in str(connect.reason)


@pytest.mark.parametrize(
    ('kind', 'status', 'words'),
    [
        ('touch', Status.UNSUPPORTED, 'outside'),
        ('share', Status.UNSUPPORTED, '/dev/shm/cfglint-test'),
        ('send', Status.NEEDS_DOWNLOAD, '192.0.2.2'),
    ],
)
def test_times_memory_disks_and_datagrams_are_behind_the_walls(
    isolated: dict[str, Result], kind: str, status: Status, words: str
) -> None:
    assert isolated[kind].status is status, isolated[kind].failure
    assert words in str(isolated[kind].reason)
    assert not Path('/dev/shm/cfglint-test').exists()


def test_a_job_may_close_its_output(isolated: dict[str, Result]) -> None:
    assert isolated['close_output'].status is Status.OK, isolated['close_output'].failure


def test_the_disk_has_a_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, 'DISK_LIMIT', 1 << 20)
    monkeypatch.setattr(limits, 'LOOK_SECONDS', 0.1)
    results = run_batch(tmp_path, {kind: TROUBLE.format(kind=kind) for kind in ('fill', 'fill_slowly')})
    assert {result.status for result in results.values()} == {Status.UNSUPPORTED}
    # Whoever looks first: Python, or the pool.
    reason = str(results['fill'].reason)
    assert '`custom_hooks[1]` writes a larger file' in reason or 'the job wrote' in reason
    assert 'the job wrote' in str(results['fill_slowly'].reason)


def test_shared_memory_of_a_job_goes_with_it(tmp_path: Path) -> None:
    left, other = Path('/dev/shm/cfglint-test-left'), Path(f'/dev/shm/cfglint-test-{os.getpid()}')
    left.unlink(missing_ok=True)
    text = TROUBLE.format(kind='leave_memory')
    try:
        other.touch()  # which is not the job's
        result = run_batch(tmp_path, {'leave': text})['leave']
        assert 'exit code 3' in failure_of(result).message
        assert (left.exists(), other.exists()) == (False, True)
    finally:
        other.unlink(missing_ok=True)


def test_half_a_line_costs_nothing_but_itself() -> None:
    lines = b'{"event": "sta\n{"event": "exit", "job": 1}\n\n17\n'.splitlines()
    assert list(events_of(lines)) == [{'event': 'exit', 'job': 1}]


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.mark.parametrize('limit', [200, 10])
def test_no_process_is_left_behind(tmp_path: Path, limit: int) -> None:
    pids = tmp_path / 'pids'
    text = f"custom_hooks = [dict(type='Trouble', kind='spawn', at='before_run', path={str(pids)!r})]\n" + (
        "custom_hooks.append(dict(type='Trouble', kind='sleep'))\n" if limit == 10 else ''
    )
    result = run_batch(tmp_path, {'config': text}, allow_writes=True, max_processes=limit)['config']
    if limit == 10:
        assert 'processes' in failure_of(result).message
    else:
        assert result.status is Status.OK and result.details['left_behind'] == 20
    left = [int(pid) for pid in pids.read_text().split()]
    assert len(left) >= min(limit, 20)
    for _ in range(100):
        if any(map(alive, left)):
            time.sleep(0.1)
    assert [pid for pid in left if alive(pid)] == []
