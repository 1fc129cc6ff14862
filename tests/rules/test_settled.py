"""What is in a section that many configs share is told of all of them; in what had nothing, nobody looks again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from cfglint.engine import check
from cfglint.rules import all_rules
from cfglint.rules.memo import Memos
from cfglint.workspace import Workspace

if TYPE_CHECKING:
    from pathlib import Path

BASES = {
    'misspelt-field': "train_cfg = dict(type='EpochBasedTrainLoop', max_epoch=12)\n",
    'removed-transform': (
        "default_scope = 'mmdet'\n"
        "train_dataloader = dict(dataset=dict(type='CocoDataset', pipeline=[dict(type='DefaultFormatBundle')]))\n"
    ),
    'misspelt-argument': "default_scope = 'mmdet'\nmodel = dict(type='RetinaNet', backbone=dict(type='ResNet', dept=50))\n",
}


@pytest.mark.parametrize('rule', BASES)
def test_all_that_share_a_section_show_what_is_in_it(rule: str, tmp_path: Path) -> None:
    (tmp_path / '_base_').mkdir()
    (tmp_path / '_base_' / 'base.py').write_text(BASES[rule])
    children = [tmp_path / f'child{number}.py' for number in range(3)]
    for number, child in enumerate(children):
        child.write_text(f"_base_ = './_base_/base.py'\nwork_dir = './{number}'\n")
    found = check([str(child) for child in children], list(all_rules().values()))
    told = [each for each in found.diagnostics if each.rule == rule]
    assert len(told) == 1, {each.rule for each in found.diagnostics}
    assert len(told[0].affects) == 3


def test_what_is_known_does_not_grow_with_the_files() -> None:
    workspace = Workspace()
    workspace.settled['x'].add(7)
    forgot = [workspace.next_file() for _ in range(Memos.FILES)]
    assert forgot[-1] and not any(forgot[:-1]) and 7 not in workspace.settled['x']
