"""`--nproc`: the distributed path on one node, with gloo on the CPU."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from typing import TYPE_CHECKING

from cfglint.smoke.results import Result, Status
from tests.smoke.conftest import TOY, forking_python, run_batch, write_configs

if TYPE_CHECKING:
    from pathlib import Path


def ranks(tmp_path: Path, text: str, **options: object) -> Result:
    return run_batch(tmp_path, {'config': text}, nproc=2, **options)['config']


def forked_ranks(tmp_path: Path, text: str, **options: object) -> Result:
    return ranks(tmp_path, text, python=forking_python(tmp_path, TOY), **options)


def test_two_ranks_step_together(tmp_path: Path) -> None:
    text = """
model.update(batch_norm=True, unused=True)
sync_bn = 'torch'
find_unused_parameters = True
optim_wrapper['accumulative_counts'] = 2
"""
    result = ranks(tmp_path, text)
    assert result.status is Status.OK, result.failure
    assert [rank['status'] for rank in result.details['ranks']] == ['ok', 'ok']
    assert [step['micro_batch'] for step in result.details['optimizers'][0]['steps']] == [2, 4]
    assert {change['key']: change['new'] for change in result.details['changes']}['sync_bn'] is None
    # 64 samples, two ranks, batches of 2, three epochs.
    assert result.details['estimate']['iterations'] == 48


def test_a_rank_that_fails_is_named_and_the_other_one_ended(tmp_path: Path) -> None:
    result = forked_ranks(tmp_path, "custom_hooks = [dict(type='Trouble', kind='raise', rank=1)]\n")
    assert result.failure is not None
    assert (result.failure.stage, result.failure.key) == ('hooks', 'custom_hooks[0]')
    assert 'the hook is broken' in result.details['ranks'][1]['failure']


def test_a_rank_that_dies_is_blamed_and_not_the_one_that_waits_for_it(tmp_path: Path) -> None:
    result = ranks(tmp_path, "custom_hooks = [dict(type='Trouble', kind='segfault', at='after_train_iter', rank=1)]\n")
    assert result.failure is not None
    assert (result.failure.stage, result.failure.during) == ('crash', 'hooks'), result.failure
    assert 'SIGSEGV' in result.failure.message


def test_a_rank_that_hangs_is_a_timeout(tmp_path: Path) -> None:
    result = forked_ranks(tmp_path, "custom_hooks = [dict(type='Trouble', kind='sleep', rank=0)]\n", timeout=15.0)
    assert result.failure is not None and result.failure.stage == 'timeout'
    assert result.failure.frames[-1].function == '_sleep'


def test_many_ranks_are_pretended_in_one_process(tmp_path: Path) -> None:
    texts = {
        'copies': '',
        'shards': "model_wrapper_cfg = dict(type='MMFullyShardedDataParallel')\n",
        'unused': "model['unused'] = True\n",
    }
    results = run_batch(tmp_path, texts, nproc=32, fake=True)
    for name in ('copies', 'shards'):
        assert results[name].status is Status.OK, results[name].failure
    assert results['shards'].details['hints'] == []
    # 64 samples, 32 ranks, batches of 2, three epochs.
    assert results['copies'].details['estimate']['iterations'] == 3
    assert results['unused'].failure is not None
    assert 'find_unused_parameters' in results['unused'].failure.message


def test_two_nodes_meet_and_hold_shards(tmp_path: Path) -> None:
    """Two commands, each with an agent of its own, as on two machines."""
    (config,) = write_configs(tmp_path, {'config': "model_wrapper_cfg = dict(type='MMFullyShardedDataParallel')\n"})
    with socket.socket() as free:
        free.bind(('127.0.0.1', 0))
        port = free.getsockname()[1]
    command = [sys.executable, '-m', 'cfglint', 'smoke', config, '--device', 'cpu', '--nproc', '1', '--nnodes', '2',
               '--rendezvous', f'127.0.0.1:{port}', '--output-format', 'json',
               '--python', forking_python(tmp_path, TOY)]  # fmt: skip
    environment = {**os.environ, 'PYTHONPATH': f'{os.getcwd()}:{TOY}'}
    nodes = [subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    for node in nodes:
        (result,) = json.loads(node.communicate(timeout=300)[0])['results']
        assert result['status'] == 'ok', result['failure']
        assert all(step['moved'] for step in result['details']['optimizers'][0]['steps'])
        # 64 samples, two ranks, batches of 2, three epochs.
        assert result['details']['estimate']['iterations'] == 48
