"""Every hostile tree goes through every command and format: an answer, no internal error, nothing that steers a terminal.

The evaluator has little fuel here, so that those who want to use it up are soon done.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from cfglint.language.evaluation import evaluator
from tests.hostile import contributor, data, evaluation, inheritance, names, scans, trees
from tests.hostile.commands import all_of, run
from tests.hostile.kit import RAW, Case, write
from tests.kit.sample import THOROUGH, sample

FUEL = 6_000
CORPUS = [
    case for module in (contributor, data, evaluation, inheritance, names, scans, trees) for case in module.cases()
]
KINDS = ('names', 'settings', 'trees', 'yaml')
"""What goes through `check` and another command here, or two; what computes, or is long, is measured by `tools/hostile_costs.py`."""
LESS = (
    'contributor', 'places', 'json', 'pyproject.toml', 'project', 'own modules', 'inheritance', '.gitignore', 'configs/.gitignore',
    '.git/info/exclude', 'requirements.txt', 'setup.cfg', 'setup.py', 'environment.yml', 'Dockerfile',
)  # fmt: skip
"""Of what a few go through one."""
CASES = [case for case in CORPUS if case.kind in KINDS] + list(
    sample([case for case in CORPUS if case.kind in LESS], 1, 4)
)
BLOCKS = 20
"""Cases are checked in so many tests: a test for each would take longer to report than to run."""


def test_there_are_enough() -> None:
    assert len(CORPUS) >= 400 and len({case.id for case in CORPUS}) == len(CORPUS)


@pytest.fixture(autouse=True)
def _little_fuel(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(evaluator, 'MAX_STEPS', FUEL)
    yield


@pytest.mark.skipif(sys.platform != 'linux', reason='the trees have pipes and devices of Linux')
@pytest.mark.parametrize('block', range(BLOCKS))
def test_there_is_an_answer(block: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    faults = []
    for number, case in enumerate(CASES[block::BLOCKS]):
        folder = tmp_path / str(number)
        folder.mkdir()
        write(folder, {'.git/HEAD': ''} if not any(name.startswith('.git') for name in case.files()) else {})
        write(folder, case.files())
        monkeypatch.chdir(folder)
        faults += [f'{case.id}: {fault}' for fault in _faults(case, folder, number)]
    assert not faults, '\n'.join(faults)


def _faults(case: Case, folder: Path, turn: int) -> Iterator[str]:
    """Yield what is wrong with what commands do; each case goes through some, all commands have their turn."""
    files = sorted(str(path.relative_to(folder)) for path in folder.glob('configs/*.*') if path.is_file())
    commands = list(all_of(files))
    others = 2 if THOROUGH else 1
    rest = [commands[(turn * others + each) % len(commands)] for each in range(others)]
    for command in [commands[0], *rest] if case.kind in KINDS else rest[:1]:
        ran = run(*command)
        words = ' '.join(command)
        if ran.code not in (0, 1, 2):
            yield f'{words}: exit {ran.code}: {ran.err[-500:]}'
        raw = RAW.search(ran.out) or RAW.search(ran.err)
        if raw is not None:
            yield f'{words}: raw {raw[0]!a} in {raw.string[max(raw.start() - 40, 0) : raw.end() + 20]!a}'
