"""A few turns of each fuzzer, always the same; `tools/fuzz.py` does more."""

from __future__ import annotations

import random
import shutil
import sys
from pathlib import Path

import pytest

from tests.hostile.fuzzing import FUZZERS
from tests.hostile.fuzzing.kit import Run

EXAMPLES = Path(__file__).parents[2] / 'examples'
TURNS = {'generated': 1, 'interrupted': 2, 'overtaken': 2, 'operations': 6}
"""How many turns; of others, more."""


@pytest.mark.skipif(sys.platform == 'win32', reason='a turn is stopped by a signal that Windows does not have')
@pytest.mark.parametrize('kind', FUZZERS)
def test_nothing_is_found(kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    zoo = Path(shutil.copytree(EXAMPLES, tmp_path / 'zoo'))
    for seed in range(TURNS.get(kind, 15)):
        folder = tmp_path / str(seed)
        folder.mkdir()
        monkeypatch.chdir(folder)
        rng = random.Random(f'{kind} {seed}')
        assert not list(FUZZERS[kind](Run(rng, folder, zoo if seed % 2 else None))), f'--only {kind} {seed}'
