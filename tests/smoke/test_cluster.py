"""What is asked of a Ray cluster before anything runs, without Ray."""

from __future__ import annotations

import sys
from types import SimpleNamespace
from typing import Any

import pytest

from cfglint.smoke.on_ray import Cluster
from cfglint.smoke.options import Options
from cfglint.usage import UsageError


def cluster(monkeypatch: pytest.MonkeyPatch, gpus: list[int], **options: Any) -> list[int]:
    """How many GPUs a task asks for, on nodes with so many each."""
    asked: list[int] = []
    nodes = [{'Alive': True, 'Resources': {'CPU': 4.0, **({'GPU': float(count)} if count else {})}} for count in gpus]
    nodes.append({'Alive': False, 'Resources': {'GPU': 8.0}})

    def remote(num_gpus: int, **_: Any) -> Any:
        asked.append(num_gpus)
        return lambda function: function

    ray = SimpleNamespace(is_initialized=lambda: True, nodes=lambda: nodes, remote=remote)
    monkeypatch.setitem(sys.modules, 'ray', ray)
    Cluster(Options(executor='ray', **options))._remote(len)
    return asked


@pytest.mark.parametrize(
    ('gpus', 'options', 'asked'),
    [
        ([0, 2], {'device': 'cuda'}, 1),
        ([0, 2], {'device': 'cuda', 'nproc': 2}, 2),
        ([0, 0], {'device': 'cpu'}, 0),
        ([0, 0], {'device': 'auto'}, 0),
        ([1, 0], {'device': 'auto'}, 1),
    ],
)
def test_a_task_asks_for_as_many_gpus_as_it_needs(
    monkeypatch: pytest.MonkeyPatch, gpus: list[int], options: dict[str, Any], asked: int
) -> None:
    assert cluster(monkeypatch, gpus, **options) == [asked]


@pytest.mark.parametrize(('gpus', 'nproc'), [([0, 0], 1), ([1, 1], 2)])
def test_a_cluster_without_the_gpus_answers_at_once(
    monkeypatch: pytest.MonkeyPatch, gpus: list[int], nproc: int
) -> None:
    with pytest.raises(UsageError, match=rf'no node of the Ray cluster has {nproc} GPUs .*--device cpu'):
        cluster(monkeypatch, gpus, device='cuda', nproc=nproc)
