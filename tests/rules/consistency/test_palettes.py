"""Colours in metainfo against its classes."""

from __future__ import annotations

from pathlib import Path

import pytest

from cfglint.engine import check
from cfglint.rules import all_rules

CONFIG = (
    "default_scope = '%s'\ntrain_dataloader = dict(dataset=dict(type='%s', metainfo=dict(classes=%s, palette=%s)))\n"
)


@pytest.mark.parametrize(
    ('scope', 'kind', 'classes', 'palette', 'count'),
    [
        ('mmseg', 'BaseSegDataset', ('a', 'b'), [[0, 0, 0]], 1),
        ('mmseg', 'BaseSegDataset', ('a', 'b'), [[0, 0, 0]] * 3, 1),
        ('mmseg', 'ADE20KDataset', ('wall', 'sky'), [[0, 0, 0]], 1),
        ('mmseg', 'ADE20KDataset', ('wall', 'sky'), [[0, 0, 0]] * 150, 0),  # it picks those of its classes
        ('mmseg', 'BaseSegDataset', ('a', 'b'), [], 0),
        ('mmseg', 'BaseSegDataset', ('a', 'b'), [[0, 0, 0]] * 2, 0),
        ('mmseg', 'MyDataset', ('a', 'b'), [[0, 0, 0]], 0),
        ('mmdet', 'CocoDataset', ('a', 'b'), [(0, 0, 0)], 0),
    ],
)
def test_colours_and_classes(
    scope: str, kind: str, classes: object, palette: object, count: int, tmp_path: Path
) -> None:
    path = tmp_path / 'config.py'
    path.write_text(CONFIG % (scope, kind, classes, palette))
    result = check([str(path)], [all_rules()['palette-mismatch']])
    assert result.crashes == []
    assert len(result.diagnostics) == count
