"""Values that parts of a model take, what they need beside them, and losses that are not trained."""

from __future__ import annotations

from pathlib import Path

import pytest

from cfglint.catalog.run_libraries import Libraries
from cfglint.engine import check
from cfglint.rules import all_rules
from cfglint.workspace import Workspace
from tests.kit.complete import complete

VALUES, SETTINGS, LOSSES = 'unsupported-part-value', 'missing-part-setting', 'untrained-loss'
LAYOUT = 'dict(num_node=3, inward=[(1, 0)], center=0)'


def said(tmp_path: Path, scope: str, model: str, rule: str) -> list[str | None]:
    """Return the keys of what a rule says about a model."""
    (tmp_path / 'config.py').write_text(complete(f"default_scope = '{scope}'\nmodel = dict({model})\n"))
    result = check([str(tmp_path / 'config.py')], [all_rules()[rule]], Workspace(Libraries(roots=(str(tmp_path),))))
    return [each.key for each in result.diagnostics]


@pytest.mark.parametrize(
    ('rule', 'scope', 'model', 'key'),
    [
        (VALUES, 'mmaction', "backbone=dict(type='AAGCN', graph_cfg=dict(mode='spacial'))", 'backbone.graph_cfg.mode'),
        (VALUES, 'mmaction', "backbone=dict(type='STGCN', tcn_type='tcn')", 'backbone.tcn_type'),
        (VALUES, 'mmdet', "neck=dict(type='FPN', add_extra_convs='on_outputs')", 'neck.add_extra_convs'),
        (VALUES, 'mmrotate', "loss=dict(type='mmdet.FocalLoss', use_sigmoid=False)", 'loss.use_sigmoid'),
        (VALUES, 'mmseg', "loss=dict(type='FocalLoss', use_sigmoid=False)", 'loss.use_sigmoid'),
        (VALUES, 'mmseg', "type='EncoderDecoder', test_cfg=dict(mode='sliding')", 'test_cfg.mode'),
        (SETTINGS, 'mmseg', "type='EncoderDecoder', test_cfg=dict(mode='slide', crop_size=(8, 8))", 'test_cfg.mode'),
        (LOSSES, 'mmseg', "loss=[dict(type='mmseg.DiceLoss', loss_name='dice')]", 'loss.0.loss_name'),
    ],
)
def test_what_is_refused_is_told(tmp_path: Path, rule: str, scope: str, model: str, key: str) -> None:
    assert said(tmp_path, scope, model, rule) == [f'model.{key}']


@pytest.mark.parametrize(
    ('rule', 'scope', 'model'),
    [
        (VALUES, 'mmaction', f"backbone=dict(type='STGCN', graph_cfg=dict(layout={LAYOUT}))"),
        (VALUES, 'mmdet', "neck=dict(type='FPN', add_extra_convs=True)"),
        (VALUES, 'mmdet', "loss=dict(type='CrossEntropyLoss', use_sigmoid=False)"),
        (VALUES, 'mmseg', "type='DepthEstimator', test_cfg=dict(mode='slide_flip')"),
        (VALUES, 'mmseg', "type='MyDecoder', test_cfg=dict(mode='mine')"),
        (SETTINGS, 'mmseg', "type='EncoderDecoder', test_cfg=dict(mode='whole')"),
        (SETTINGS, 'mmseg', "type='MyDecoder', test_cfg=dict(mode='slide')"),
        (LOSSES, 'mmseg', "loss=dict(type='DiceLoss', loss_name='my_loss')"),
        (LOSSES, 'mmseg', "loss=dict(type='MyLoss', loss_name='mine')"),
    ],
)
def test_what_is_right_is_silent(tmp_path: Path, rule: str, scope: str, model: str) -> None:
    (tmp_path / 'mine.py').write_text(
        'from mmseg.models import EncoderDecoder\n'
        'from mmseg.registry import MODELS\n\n\n'
        '@MODELS.register_module()\n'
        'class MyDecoder(EncoderDecoder):\n'
        '    pass\n'
    )
    assert not said(tmp_path, scope, model, rule)
