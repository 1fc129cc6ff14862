"""Levels that a head in a fork takes: the library's facts hold as long as it does not take over what they are about."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.kit.complete import complete
from tests.kit.repo import diagnose

HEAD = """from mmdet.models import FCOSHead
from mmdet.registry import MODELS


@MODELS.register_module()
class OneLevelHead(FCOSHead):
    def {method}(self, x):
        return super().{method}(x[:1])
"""
CONFIG = """default_scope = 'mmdet'
custom_imports = dict(imports=['mmdet.models.dense_heads.one_level_head'])
model = dict(
    type='FCOS',
    neck=dict(type='FPN', in_channels=[8] * 3, out_channels=8, num_outs=3),
    bbox_head=dict(type='OneLevelHead', num_classes=2, in_channels=8, strides=[8], regress_ranges=[(-1, 1e8)]))
"""


@pytest.mark.parametrize(('method', 'keys'), [('forward', []), ('init_weights', ['model.bbox_head.regress_ranges'])])
def test_a_head_with_a_forward_of_its_own_takes_what_it_wants(method: str, keys: list[str], tmp_path: Path) -> None:
    files = {'mmdet/models/dense_heads/one_level_head.py': HEAD.format(method=method), 'config.py': complete(CONFIG)}
    found = diagnose(tmp_path, files, 'config.py', rules=['level-count-mismatch'])
    assert [each.key for each in found] == keys
    assert all('has 1 level,' in each.message for each in found)
