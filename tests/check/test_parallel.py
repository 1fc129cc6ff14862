"""Several processes find what one finds."""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

from cfglint import engine
from cfglint.engine import check
from cfglint.language.config import Config
from cfglint.language.errors import ConfigError
from cfglint.language.loader import Loader
from cfglint.language.source import SourceFile
from cfglint.parallel import spread
from cfglint.rules import all_rules
from cfglint.workspace import CarefulLoader

pytestmark = pytest.mark.skipif(not hasattr(os, 'fork'), reason='there is no fork on this platform')


def tree(folder: Path) -> list[str]:
    """Write a base with a defect and children that inherit it, one with a defect of its own."""
    (folder / 'base.py').write_text("default_scope = 'mmengine'\nval_cfg = dict(interval=1)\nmodel = dict(type='A')\n")
    for index in range(12):
        (folder / f'child{index:02}.py').write_text(
            "_base_ = 'base.py'\n" + ('fp16 = dict(loss_scale=512.)\n' if index == 7 else '')
        )
    return sorted(str(path) for path in folder.glob('*.py'))


def test_results_are_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    paths = tree(tmp_path)
    rules = list(all_rules().values())
    results = []
    for jobs in (1, 3):
        monkeypatch.setattr(engine, 'jobs_for', lambda count, jobs=jobs: jobs)
        results.append(check(paths, rules))
    one, three = results
    assert one.diagnostics == three.diagnostics and one.outcomes == three.outcomes
    assert any(len(each.affects) == 12 for each in one.diagnostics)
    assert 'removed-fp16' in {diagnostic.rule for diagnostic in one.diagnostics}


def double(run: Sequence[int]) -> list[int]:
    return [item * 2 for item in run]


@pytest.mark.parametrize('count', [0, 1, 7, 8, 9, 100])
def test_results_come_in_the_order_of_the_items(count: int) -> None:
    runs, _ = spread(double, lambda: None, list(range(count)), 3)
    assert [item for run in runs for item in run] == [item * 2 for item in range(count)]


def test_more_items_than_a_pipe_holds_numbers() -> None:
    runs, _ = spread(double, lambda: None, range(200_000), 2)
    assert [item for run in runs for item in run] == [item * 2 for item in range(200_000)]


def test_who_is_done_goes_on_with_the_work_of_others() -> None:
    parent, worked = os.getpid(), list[int]()

    def work(run: Sequence[int]) -> int:
        worked.extend(run)
        if os.getpid() != parent:
            time.sleep(0.3)
        return os.getpid()

    _, told = spread(work, lambda: len(worked), list(range(160)), 2)
    assert len(worked) > 80 and len(worked) + sum(told) == 160


def test_what_a_process_that_dies_has_taken_is_done_here() -> None:
    parent = os.getpid()

    def work(run: Sequence[int]) -> list[int]:
        if os.getpid() != parent and 60 in run:
            os._exit(1)
        return double(run)

    runs, told = spread(work, os.getpid, list(range(90)), 3, lambda item: 1 if item < 60 else 100)
    assert [item for run in runs for item in run] == [item * 2 for item in range(90)]
    assert parent not in told


def test_when_the_process_dies_that_wants_the_results_the_others_begin_nothing_more() -> None:
    reader, writer = os.pipe()

    def work(run: Sequence[int]) -> None:
        if os.getpid() == first:
            os._exit(0)
        os.write(writer, b'.')
        time.sleep(0.1)

    first = os.fork()
    if not first:
        first = os.getpid()
        spread(work, lambda: None, list(range(160)), 2)
    os.close(writer)
    os.waitpid(first, 0)
    with os.fdopen(reader, 'rb') as file:
        assert len(file.read()) <= 2


def test_where_no_process_may_be_started_all_is_done_here(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> int:
        raise BlockingIOError('Resource temporarily unavailable')

    monkeypatch.setattr(os, 'fork', refuse)
    runs, told = spread(double, os.getpid, list(range(90)), 3)
    assert [item for run in runs for item in run] == [item * 2 for item in range(90)] and told == []


def test_failures_are_told_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also those of a process that dies, whose work is done once more."""
    paths = tree(tmp_path)
    parent, load = os.getpid(), Loader.load_known

    def fail(self: CarefulLoader, path: str, source: SourceFile | None = None) -> Config:
        name = os.path.basename(path)
        if name in ('child03.py', 'child10.py'):
            raise RuntimeError('fails')
        if name == 'child11.py' and os.getpid() != parent:
            os._exit(1)
        return load(self, path, source)

    monkeypatch.setattr(engine, 'jobs_for', lambda count: 3)
    monkeypatch.setattr(Loader, 'load_known', fail)
    found = check(paths, list(all_rules().values()))
    assert [os.path.basename(crash.path) for crash in found.crashes] == ['child03.py', 'child10.py']
    assert [os.path.basename(each.path) for each in found.outcomes if each.status == 'broken'] == [
        'child03.py', 'child10.py',
    ]  # fmt: skip


@pytest.mark.parametrize('jobs', [1, 3])
def test_a_base_that_fails_for_all_that_inherit_it_is_told_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, jobs: int
) -> None:
    paths = tree(tmp_path)
    load = Loader._load

    def fail(self: Loader, path: str, source: SourceFile | None) -> Config | ConfigError:
        if os.path.basename(path) == 'base.py':
            raise RuntimeError('fails')
        return load(self, path, source)

    monkeypatch.setattr(engine, 'jobs_for', lambda count: jobs)
    monkeypatch.setattr(Loader, '_load', fail)
    found = check(paths, list(all_rules().values()))
    assert [(os.path.basename(crash.path), crash.what) for crash in found.crashes] == [
        ('base.py', 'reading: RuntimeError: fails')
    ]
    assert {each.status for each in found.outcomes} == {'broken'}
