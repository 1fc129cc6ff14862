"""Settings of the whole suite."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

# The test kit is imported as `tests.kit` by tests and by the processes that they start.
sys.path.insert(0, str(Path(__file__).parent.parent))


def pytest_xdist_auto_num_workers() -> int:
    """Return one process more than there are cores: many tests wait for processes that they have started."""
    return (os.cpu_count() or 1) + 1


@pytest.fixture(scope='session', autouse=True)
def _own_caches(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep the suite, and the processes that it starts, out of the user's caches."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv('XDG_CACHE_HOME', str(tmp_path_factory.mktemp('caches')))
        # Many containers set it: each of some hundred processes would compile all modules anew.
        patch.delenv('PYTHONDONTWRITEBYTECODE', raising=False)
        yield


@pytest.fixture
def bare_mmengine() -> Iterator[None]:
    """Leave out of MMEngine what takes its time and decides nothing in a test."""
    from tests.kit.oracle import bare

    with bare():
        yield
