"""Parts without a `type`: what a class of the user's own makes of them is not known."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.kit.complete import complete
from tests.kit.repo import diagnose

if TYPE_CHECKING:
    from pathlib import Path

RULE = 'typeless-component'
OWN = """from mmdet.registry import MODELS
from mmengine.model import BaseModel


@MODELS.register_module()
class Fusing(BaseModel):
    def __init__(self, backbone=None, encoder=None):
        super().__init__()
        self.backbone = MODELS.build(backbone if encoder is None else encoder)
"""


@pytest.mark.parametrize(
    ('kind', 'part', 'is_told'),
    [('Fusing', '', False), ('Fusing', 'depth=50', True), ('RetinaNet', '', True)],
)
def test_a_part_that_is_taken_away(kind: str, part: str, is_told: bool, tmp_path: Path) -> None:
    base = f"default_scope = 'mmdet'\ncustom_imports = dict(imports=['own'])\nmodel = dict(type='{kind}', backbone=dict(type='ResNet', depth=18))\n"
    text = f"_base_ = 'base.py'\nmodel = dict(backbone=dict(_delete_=True, {part}), encoder=dict(type='ResNet', depth=34))\n"
    files = {'own.py': OWN, 'base.py': complete(base), 'config.py': text}
    found = diagnose(tmp_path, files, 'config.py', rules=[RULE])
    assert bool(found) == is_told
