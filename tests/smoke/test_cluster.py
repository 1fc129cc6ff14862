"""What is asked of a Ray cluster before anything runs, without Ray."""

from __future__ import annotations

import socket
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from cfglint.smoke import on_ray
from cfglint.smoke.budget import Budget, OutOfTime
from cfglint.smoke.on_ray import Cluster
from cfglint.smoke.options import Options
from cfglint.smoke.ray_address import require_named_reachable
from cfglint.usage import UsageError


class RayError(Exception):
    """Stands for Ray's own."""


class Task:
    """A function on the cluster, which starts as soon as nothing is busy."""

    def __init__(self, function: Any) -> None:
        self.function = function

    def remote(self, *arguments: Any) -> Any:
        return lambda: self.function(*arguments)


def cluster(
    monkeypatch: pytest.MonkeyPatch, gpus: list[int], starts: bool = True, fails: str = '', budget: Budget | None = None,
    **options: Any,
) -> dict[str, int]:  # fmt: skip
    """What a task asks for, on nodes with 4 CPUs and so many GPUs each, of which a dead one has the most."""
    asked: list[dict[str, int]] = []
    nodes = [{'Alive': True, 'Resources': {'CPU': 4.0, **({'GPU': float(count)} if count else {})}} for count in gpus]
    nodes[0]['Resources'] = {**nodes[0]['Resources'], 'CPU': 8.0}
    nodes.append({'Alive': False, 'Resources': {'CPU': 64.0, 'GPU': 8.0}})

    def remote(max_retries: int, **wanted: int) -> Any:
        asked.append(wanted)
        return Task

    def get(reference: Any) -> Any:
        if fails:
            raise RayError(fails)
        return reference()

    ray = SimpleNamespace(
        is_initialized=lambda: True, nodes=lambda: nodes, remote=remote, get=get,
        wait=lambda waiting, timeout: (waiting, []) if starts else ([], waiting),
        exceptions=SimpleNamespace(RayError=RayError),
    )  # fmt: skip
    monkeypatch.setitem(sys.modules, 'ray', ray)
    monkeypatch.setattr(on_ray, 'START_SECONDS', 0.05)
    Cluster(Options(executor='ray', **options), budget or Budget())._remote(len)
    return asked[-1]


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
    assert cluster(monkeypatch, gpus, **options) == {'num_cpus': 1, 'num_gpus': asked}


@pytest.mark.parametrize(('gpus', 'nproc'), [([0, 0], 1), ([1, 1], 2)])
def test_a_cluster_without_the_gpus_answers_at_once(
    monkeypatch: pytest.MonkeyPatch, gpus: list[int], nproc: int
) -> None:
    with pytest.raises(UsageError, match=rf'no node of the Ray cluster has {nproc} GPUs? .*--device cpu'):
        cluster(monkeypatch, gpus, device='cuda', nproc=nproc)


@pytest.mark.parametrize(
    ('threads', 'words'),
    [(65, r'has 65 CPUs \(the most are 8\); see --threads'), (6, 'has 6 CPU and 1 GPU at once; see --threads')],
)
def test_a_cluster_without_the_processors_answers_at_once(
    monkeypatch: pytest.MonkeyPatch, threads: int, words: str
) -> None:
    with pytest.raises(UsageError, match=words):
        cluster(monkeypatch, [0, 1], device='cuda', threads=threads)


def test_a_task_asks_for_the_processors_that_a_node_has(monkeypatch: pytest.MonkeyPatch) -> None:
    assert cluster(monkeypatch, [0, 1], device='cpu', threads=8) == {'num_cpus': 8, 'num_gpus': 0}


def test_a_cluster_that_starts_nothing_in_time_answers_with_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(UsageError, match=r'has started nothing in 0 s: its CPUs or GPUs may all be in use'):
        cluster(monkeypatch, [0], starts=False, device='cpu')


def test_waiting_for_a_cluster_takes_of_the_time_budget(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(OutOfTime):
        cluster(monkeypatch, [0], starts=False, device='cpu', budget=Budget(1e-9))


def test_nodes_that_lack_cfglint_are_no_failure_of_a_config(monkeypatch: pytest.MonkeyPatch) -> None:
    said = "The task failed.\nModuleNotFoundError: No module named 'cfglint'"
    with pytest.raises(UsageError, match=r"cannot run cfglint: ModuleNotFoundError: No module named 'cfglint'"):
        cluster(monkeypatch, [0], fails=said, device='cpu')


def free_port() -> int:
    with socket.socket() as server:
        server.bind(('127.0.0.1', 0))
        port: int = server.getsockname()[1]
        return port


def test_a_cluster_that_the_environment_names_and_nobody_runs_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    address = f'127.0.0.1:{free_port()}'
    monkeypatch.setenv('RAY_ADDRESS', address)
    with pytest.raises(UsageError, match=f'nobody answers at `{address}`, which RAY_ADDRESS names'):
        require_named_reachable()


def test_a_cluster_that_has_gone_without_a_word_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    address = f'127.0.0.1:{free_port()}'
    monkeypatch.delenv('RAY_ADDRESS', raising=False)
    monkeypatch.setenv('RAY_TMPDIR', str(tmp_path))
    require_named_reachable()
    (tmp_path / 'ray').mkdir()
    (tmp_path / 'ray' / 'ray_current_cluster').write_text(address)
    with pytest.raises(UsageError, match=f'nobody answers at `{address}`, which .*ray_current_cluster names'):
        require_named_reachable()


def test_a_cluster_that_answers_is_joined(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(('127.0.0.1', 0)) as server:
        monkeypatch.setenv('RAY_ADDRESS', f'127.0.0.1:{server.getsockname()[1]}')
        require_named_reachable()
    with pytest.raises(UsageError):
        require_named_reachable()
