"""Codecs of mmpose against the head that learns from them and decodes with them, and what is right or not known."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.kit.complete import complete
from tests.kit.repo import diagnose

CONFIG = """
default_scope = 'mmpose'
model = dict(type='TopdownPoseEstimator', head=dict(type='{head}', in_channels=8, out_channels=17{decoder}))
train_dataloader = dict(dataset=dict(type='CocoDataset', ann_file='a', pipeline=[{steps}dict(type='PackPoseInputs')]))
"""
MAKER = "dict(type='GenerateTarget', encoder=%s), "
HEATMAP = "dict(type='MSRAHeatmap', input_size=(192, 256), heatmap_size=(48, 64), sigma=2)"
SIMCC = "dict(type='SimCCLabel', input_size=(192, 256), sigma=6.0, simcc_split_ratio=2.0)"
COORDINATES = "dict(type='RegressionLabel', input_size=(192, 256))"


@pytest.mark.parametrize(
    ('head', 'decoder', 'steps', 'place'),
    [
        ('HeatmapHead', HEATMAP, MAKER % HEATMAP, None),
        ('HeatmapHead', HEATMAP, MAKER % SIMCC, 'train_dataloader.dataset.pipeline.0.encoder'),
        ('HeatmapHead', HEATMAP, '', 'train_dataloader.dataset.pipeline.0'),
        ('HeatmapHead', HEATMAP, "dict(type='MyTargets'), ", None),
        ('HeatmapHead', HEATMAP, MAKER % "dict(type='MyCodec')", None),
        ('RegressionHead', HEATMAP, MAKER % COORDINATES, 'model.head.decoder'),
        ('RegressionHead', COORDINATES, MAKER % COORDINATES, None),
        ('SimCCHead', SIMCC, MAKER % f'[{HEATMAP}, {SIMCC}]', None),
        ('MyHead', HEATMAP, MAKER % SIMCC, None),
    ],
)
def test_targets_are_for_the_head(head: str, decoder: str, steps: str, place: str | None, tmp_path: Path) -> None:
    text = CONFIG.format(head=head, decoder=f', decoder={decoder}', steps=steps)
    found = [each.key for each in diagnose(tmp_path, complete(text)) if each.rule == 'target-of-another-head']
    assert found == ([] if place is None else [place])


VALIDATION = (
    "val_dataloader = dict(dataset=dict(type='CocoDataset', ann_file='b'))\n"
    "val_evaluator = dict(type='CocoMetric', ann_file='b')\nval_cfg = dict()\n"
)


@pytest.mark.parametrize(
    ('head', 'decoder', 'validation', 'is_right'),
    [
        ('HeatmapHead', '', VALIDATION, False),
        ('HeatmapHead', ', decoder=None', VALIDATION, False),
        ('HeatmapHead', f', decoder={HEATMAP}', VALIDATION, True),
        ('HeatmapHead', ', decoder=input()', VALIDATION, True),
        ('HeatmapHead', '', '', True),
        ('RTMOHead', '', VALIDATION, True),
        ('MyHead', '', VALIDATION, True),
    ],
)
def test_validation_needs_a_decoder(head: str, decoder: str, validation: str, is_right: bool, tmp_path: Path) -> None:
    text = CONFIG.format(head=head, decoder=decoder, steps=MAKER % HEATMAP) + validation
    assert ([each for each in diagnose(tmp_path, text) if each.rule == 'missing-decoder'] == []) is is_right
