"""On a CUDA device: the same promises, with the device's own memory and mixed precision."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import torch

from cfglint.smoke.results import Status
from tests.smoke.conftest import run_batch

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = [pytest.mark.cuda, pytest.mark.skipif(not torch.cuda.is_available(), reason='no CUDA device')]
AMP = "optim_wrapper = dict(type='AmpOptimWrapper', optimizer=dict(type='SGD', lr=0.1){extra})\n"
CONFIGS = {
    'plain': '',
    'accumulate': "optim_wrapper['accumulative_counts'] = 4\n",
    'fp16': AMP.format(extra=''),
    'bf16': AMP.format(extra=", dtype='bfloat16'"),
    'registry': "model['neck'] = dict(type='Nekc')\n",
    'assertion': "model['classes'] = 1\n",
    'after': '',
}
WIDE = "train_dataloader['dataset'].update(features=1 << 26, length=4096)\nmodel = dict(type='Wide')\n"


def test_the_same_as_on_a_cpu(tmp_path: Path) -> None:
    results = run_batch(tmp_path, CONFIGS, device='cuda')
    for name in ('plain', 'accumulate', 'fp16', 'bf16', 'after'):
        assert results[name].status is Status.OK, results[name].failure
        assert results[name].device == 'cuda'
        assert results[name].details['memory']['peak_allocated'] > 0
    assert [step['micro_batch'] for step in results['accumulate'].details['optimizers'][0]['steps']] == [4, 8]
    assert results['fp16'].details['optimizers'][0]['steps'][-1]['scale_before'] is not None
    assert results['registry'].failure is not None and results['registry'].failure.stage == 'registry'
    # A label out of range poisons the CUDA context of its process, and of no other.
    assert results['assertion'].failure is not None and results['assertion'].failure.remedy is not None


def test_the_batch_size_that_fits_the_device(tmp_path: Path) -> None:
    result = run_batch(tmp_path, {'config': WIDE}, device='cuda', find_batch_size=True, steps=1, timeout=600.0)[
        'config'
    ]
    assert result.status is Status.OK, result.failure
    assert result.details['largest_batch_size'] >= 1


@pytest.mark.skipif(torch.cuda.device_count() < 2, reason='fewer than two CUDA devices')
def test_distributed_over_nccl(tmp_path: Path) -> None:
    result = run_batch(tmp_path, {'config': "model['batch_norm'] = True\n"}, device='cuda', nproc=2)['config']
    assert result.status is Status.OK, result.failure
