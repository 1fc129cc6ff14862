"""Configs that made a rule fail, as `tools/fuzz.py` found them, cut down to what matters."""

from __future__ import annotations

from pathlib import Path

import pytest

from cfglint.engine import check
from cfglint.rules import all_rules
from tests.hostile.commands import run
from tests.hostile.scans import _RUN

_CONCAT = "train_dataloader = dict(dataset=dict(type='ConcatDataset', datasets={}))\n"
_DATASET = "dict(type='CocoDataset', metainfo=dict(classes=('a', )))"
TEXTS = {
    'datasets that are none': _CONCAT.format('[1, 2]'),
    'a dataset beside what is none': _CONCAT.format(f'[{_DATASET}, None]'),
    'class weights that are no numbers': (
        "default_scope = 'mmpretrain'\nmodel = dict(type='ImageClassifier', head=dict(type='LinearClsHead', in_channels=5, "
        "num_classes=3, loss=dict(type='CrossEntropyLoss', class_weight=[{3: 1.0}, 2.0])))\n"
    ),
    'a scope that is no name': (
        "default_scope = dict(a=1)\ncustom_imports = dict(imports=['mmpretrain.models'])\n"
        "model = dict(type='RetinaNet', backbone=dict(type='mmcls.MobileNetV3'))\n"
    ),
    'keys that cannot be ignored': _CONCAT.format(f'[{_DATASET}, {_DATASET}], ignore_keys=[[1], dict()]'),
}


@pytest.mark.parametrize('text', TEXTS.values(), ids=TEXTS)
def test_no_rule_fails(text: str, tmp_path: Path) -> None:
    path = tmp_path / 'a.py'
    path.write_text(_RUN + text)
    found = check([str(path)], list(all_rules().values()))
    assert not found.crashes and [each.status for each in found.outcomes] != ['broken']


@pytest.mark.parametrize(('digits', 'code'), [(3_000, 0), (5_000, 1)])
@pytest.mark.parametrize(
    'command', [('show',), ('show', '--origins'), ('show', '--format', 'json'), ('show', '--as', '1.x')]
)
def test_numbers_that_cannot_be_printed_are_refused(
    command: tuple[str, ...], digits: int, code: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / 'a.py').write_text(f'a = {{0x{"f" * digits}: "0x{"f" * 5_000}"}}\n')
    monkeypatch.chdir(tmp_path)
    ran = run(*command, 'a.py')
    assert ran.code == code and ('more digits than can be printed' in ran.err + ran.out) == bool(code), ran
