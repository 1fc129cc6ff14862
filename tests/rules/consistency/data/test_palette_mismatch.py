"""Colours in metainfo against its classes."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.kit.repo import diagnose

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
    text = CONFIG % (scope, kind, classes, palette)
    assert len(diagnose(tmp_path, text, rules=['palette-mismatch'])) == count
