"""Parameters and gradients are looked at in the fast way where that tells the same, and closely elsewhere."""

from __future__ import annotations

import pytest
import torch

from cfglint.smoke.worker.parameters import Snapshot, classify_gradients, is_finite, not_finite

ODD = {
    'rows': torch.randn(3, 5000),
    'last channel first': torch.randn(4, 6, 3, 3).to(memory_format=torch.channels_last),
    'part of another': torch.randn(9, 9)[1:, ::2],
    'odd offset': torch.randn(9)[1:8],
    'repeated': torch.randn(1, 4).expand(3, 4),
    'nothing': torch.empty(0),
    'one': torch.tensor(2.0),
    'half': torch.randn(7, 3).half(),
    'brain': torch.randn(8).bfloat16(),
    'double': torch.randn(5, dtype=torch.float64),
    'complex': torch.randn(6, dtype=torch.complex64),
    'large': torch.full((5000,), 3e38),
    'tiny': torch.full((5000,), 1e-40),
}


def gradients(values: torch.Tensor) -> list[tuple[str, torch.nn.Parameter]]:
    parameter = torch.nn.Parameter(torch.zeros_like(values))
    parameter.grad = values
    return [('it', parameter)]


@pytest.mark.parametrize('values', ODD.values(), ids=ODD)
def test_sound_numbers_are_told_from_broken_ones(values: torch.Tensor) -> None:
    assert is_finite(values)
    assert not_finite([('it', torch.nn.Parameter(values))]) == []
    found = classify_gradients(gradients(values), 1.0)
    assert (found['missing'], found['broken'], bool(found['zero'])) == ([], [], values.numel() == 0)
    wide = values.to(torch.complex128 if values.is_complex() else torch.float64)
    assert found['norm'] == pytest.approx(float(wide.norm()), rel=1e-6)
    for broken in (float('nan'), float('inf')) if values.numel() else ():
        bad = values.clone()
        bad[(-1,) * bad.dim()] = broken
        assert not is_finite(bad)
        assert not_finite([('it', torch.nn.Parameter(bad))]) == ['it']
        assert classify_gradients(gradients(bad), 1.0)['broken'] == ['it']


@pytest.mark.parametrize(
    'values', [each for each in ODD.values() if each.numel()], ids=[n for n in ODD if n != 'nothing']
)
def test_a_single_bit_that_differs_is_seen(values: torch.Tensor) -> None:
    values = values.clone() if 0 in values.stride() else values
    before = Snapshot([('it', values)])
    assert before.moved([('it', values)], renew=False) == []
    place = (-1,) * values.dim()
    old = values[place].item()
    values[place] = 0.0 if old else 1.0
    assert before.moved([('it', values)], renew=True) == ['it']
    values[place] = old
    assert before.moved([('it', values)], renew=False) == ['it']


def test_gradients_that_are_zero_missing_or_sparse() -> None:
    table = torch.nn.Embedding(5, 3, sparse=True)
    table(torch.tensor([1, 1])).sum().backward()
    named = [
        ('sparse', table.weight),
        ('zero', gradients(torch.zeros(9000))[0][1]),
        ('none', torch.nn.Parameter(torch.ones(2))),
    ]
    found = classify_gradients(named, 2.0)
    assert (found['missing'], found['zero'], found['broken']) == (['none'], ['zero'], [])
    assert found['norm'] == pytest.approx(12**0.5 / 2)
