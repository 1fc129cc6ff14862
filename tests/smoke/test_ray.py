"""`--executor ray`, on a cluster of two nodes on this machine. Needs the extra `ray`."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from cfglint.smoke.options import Options
from cfglint.smoke.results import Status
from cfglint.smoke.run import Smoke
from tests.smoke.conftest import TOY, write_configs

if TYPE_CHECKING:
    from collections.abc import Iterator

ray = pytest.importorskip('ray', reason='the extra `ray` is not installed')
NAP = "custom_hooks = [dict(type='Trouble', kind='nap', at='before_run', path={path!r})]\n"
ROOT = Path(__file__).parents[2]


@pytest.fixture
def cluster(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    from ray.cluster_utils import Cluster

    monkeypatch.setenv('PYTHONPATH', f'{ROOT}:{TOY}')
    cluster = Cluster(initialize_head=True, head_node_args={'num_cpus': 0})
    cluster.nodes = [cluster.add_node(num_cpus=1), cluster.add_node(num_cpus=1)]
    cluster.wait_for_nodes()
    ray.init(address=cluster.address, log_to_driver=False)
    yield cluster
    ray.shutdown()
    cluster.shutdown()


def test_configs_are_spread_and_a_lost_node_is_made_up_for(cluster: Any, tmp_path: Path) -> None:
    texts = {f'nap_{number}': NAP.format(path=str(tmp_path / f'mark-{number}')) for number in range(3)}
    texts['twin'] = texts['nap_0']
    texts['broken'] = "model['neck'] = dict(type='Nekc')\n"
    texts['fragment'] = 'del model\n'
    seen: list[str] = []

    def progress(result: Any) -> None:
        seen.append(Path(result.config).stem)

    import threading

    def lose_a_node() -> None:
        while len(list(tmp_path.glob('mark-*'))) < 2:
            time.sleep(0.1)
        cluster.remove_node(cluster.nodes[1], allow_graceful=False)

    thread = threading.Thread(target=lose_a_node)
    thread.start()
    options = Options(device='cpu', threads=1, executor='ray', allow_writes=True)
    results = Smoke(options, progress=progress).run(write_configs(tmp_path, texts))
    thread.join()
    found = {Path(result.config).stem: result for result in results}
    assert {name: result.status for name, result in found.items()} == {
        'nap_0': Status.OK, 'nap_1': Status.OK, 'nap_2': Status.OK,
        'twin': Status.SAME, 'broken': Status.FAILED, 'fragment': Status.UNFIT,
    }, [result.failure for result in results]  # fmt: skip
    assert found['broken'].failure is not None and found['broken'].failure.stage == 'registry'
    assert sorted(seen) == sorted(texts)
    starts = [len((tmp_path / f'mark-{number}').read_text().split()) for number in range(3)]
    assert max(starts) > 1, 'the config on the lost node was not started again'
