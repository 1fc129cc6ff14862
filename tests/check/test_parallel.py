"""Several processes find what one finds."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import pytest

from cfglint import check as check_module
from cfglint.check import check
from cfglint.parallel import spread
from cfglint.rules import all_rules

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
        monkeypatch.setattr(check_module, 'jobs_for', lambda count, jobs=jobs: jobs)
        results.append(check(paths, rules))
    one, three = results
    assert one.diagnostics == three.diagnostics and one.outcomes == three.outcomes
    assert any('affects 12 configs' in related.message for each in one.diagnostics for related in each.related)
    assert 'removed-fp16' in {diagnostic.rule for diagnostic in one.diagnostics}


def test_a_slice_of_a_process_that_dies_is_done_here() -> None:
    parent = os.getpid()

    def work(part: Sequence[int]) -> list[int]:
        if os.getpid() != parent and 3 in part:
            os._exit(1)
        return [item * 2 for item in part]

    assert [item for part in spread(work, list(range(6)), 3) for item in part] == [0, 2, 4, 6, 8, 10]
