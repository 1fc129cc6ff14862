"""Settings of the whole suite."""

from __future__ import annotations

import gc
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from xdist.scheduler import LoadFileScheduling

# The test kit is imported as `tests.kit` by tests and by the processes that they start.
sys.path.insert(0, str(Path(__file__).parent.parent))

# Many containers forbid it: each process would compile all modules and rewrite all tests anew, at each run.
sys.dont_write_bytecode = False
# What is collected stays: nobody need look through it, and through what tests keep, as often as Python would.
gc.disable()

LONG = (
    'tests/smoke/', 'tests/test_types.py', 'tests/hostile/', 'tests/cli/', 'tests/code/', 'tests/rules/test_', 'tests/language/',
    'tests/timeline/', 'tests/sections/', 'tests/api/',
)  # fmt: skip
"""What takes longest, which goes first: at the end, processes wait for each other."""
UNSHARED = tuple(f'tests/smoke/test_{name}.py' for name in ('distributed', 'interrupt', 'stand_in', 'weights'))
"""Files about smoke that start workers of their own."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: next((turn for turn, start in enumerate(LONG) if item.nodeid.startswith(start)), 99))


def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> LoadFileScheduling:
    """Give each file to one process, which makes its fixtures once, and to one of them all that share a warm worker."""
    from xdist.scheduler import LoadFileScheduling

    class Scheduling(LoadFileScheduling):
        def _split_scope(self, nodeid: str) -> str:
            file = nodeid.partition('::')[0]
            return 'tests/smoke' if file.startswith('tests/smoke/') and file not in UNSHARED else file

    config.option.loadscopereorder = False
    return Scheduling(config, log)


def pytest_collection_finish() -> None:
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 10, 20)
    gc.enable()


def pytest_xdist_auto_num_workers() -> int:
    """Return one process more than there are cores: many tests wait for processes that they have started."""
    return (os.cpu_count() or 1) + 1


@pytest.fixture(scope='session', autouse=True)
def _own_caches(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep the suite, and the processes that it starts, out of the user's caches."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv('XDG_CACHE_HOME', str(tmp_path_factory.mktemp('caches')))
        patch.delenv('PYTHONDONTWRITEBYTECODE', raising=False)
        yield


@pytest.fixture
def bare_mmengine() -> Iterator[None]:
    """Leave out of MMEngine what takes its time and decides nothing in a test."""
    from tests.kit.oracle import bare

    with bare():
        yield
