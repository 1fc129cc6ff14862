"""What a dataset of mmseg and its pipeline say of label zero, by default, too."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.kit.complete import complete
from tests.kit.repo import diagnose

SET = "default_scope = 'mmseg'\ntrain_dataloader = dict(dataset=dict(type='%s'%s, pipeline=[dict(type='LoadAnnotations'%s)]))\n"
OWN = 'from mmseg.datasets import BaseSegDataset\nfrom mmseg.registry import DATASETS\n\n\n@DATASETS.register_module()\nclass OwnDataset(BaseSegDataset):\n    def __init__(self, reduce_zero_label=True, **kwargs):\n        super().__init__(reduce_zero_label=reduce_zero_label, **kwargs)\n'
YES, NO = ', reduce_zero_label=True', ', reduce_zero_label=False'


@pytest.mark.parametrize(
    ('text', 'is_right'),
    [
        (SET % ('BaseSegDataset', '', YES), False),
        (SET % ('BaseSegDataset', YES, YES), True),
        (SET % ('BaseSegDataset', '', ''), True),
        (SET % ('ADE20KDataset', '', YES), True),
        (SET % ('ADE20KDataset', '', NO), False),
        (SET % ('ADE20KDataset', NO, YES), False),
        (SET % ('CityscapesDataset', '', YES), False),
        (SET % ('UnknownDataset', '', YES), True),
        ("custom_imports = dict(imports=['own'])\n" + SET % ('OwnDataset', '', NO), False),
        ("custom_imports = dict(imports=['own'])\n" + SET % ('OwnDataset', '', YES), True),
    ],
)
def test_both_say_the_same(text: str, is_right: bool, tmp_path: Path) -> None:
    files = {'own.py': OWN, 'a.py': complete(text)}
    found = [each for each in diagnose(tmp_path, files, 'a.py') if each.rule == 'zero-label-mismatch']
    assert (found == []) is is_right
