"""Parts without a `type`, forwarded arguments, and scopes of libraries that were taken over."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.kit.repo import diagnose

PART, ARGUMENT, SCOPE = 'unknown-part-argument', 'unknown-argument', 'scope-of-renamed-library'
GCN = "default_scope = 'mmaction'\nmodel = dict(type='RecognizerGCN', backbone=dict(type='%s', graph_cfg=dict(%s)%s))\n"
DETR = "default_scope = 'mmdet'\nmodel = dict(type='%s', encoder=dict(num_layers=6, layer_cfg=dict(%s)))\n"
VOXELS = (
    "default_scope = 'mmdet3d'\nmodel = dict(data_preprocessor=dict(type='Det3DDataPreprocessor', voxel=True,"
    ' voxel_layer=dict(%s)))\n'
)
M2F = (
    "default_scope = 'mmseg'\nmodel = dict(decode_head=dict(type='Mask2FormerHead', pixel_decoder=dict("
    "type='mmdet.MSDeformAttnPixelDecoder', encoder=dict(num_layers=6, layer_cfg=dict(%s)))))\n"
)
IMPORTS = "default_scope = 'mmdet'\ncustom_imports = dict(imports=%r)\nmodel = dict(type='RetinaNet', %s)\n"

BAD = [
    (PART, GCN % ('STGCN', "layout='coco', strategy='spatial'", '')),
    (PART, GCN % ('AAGCN', "layout='coco', max_hops=1", '')),
    (PART, DETR % ('DETR', 'self_attn_cfg=dict(embed_dims=256), ffn=dict(embed_dims=256)')),
    (PART, DETR.replace('num_layers', 'layers') % ('DINO', 'self_attn_cfg=dict(embed_dims=256)')),
    (PART, VOXELS % 'max_points=32, voxel_size=[1, 1, 1]'),
    (PART, M2F % 'attn_cfgs=dict(embed_dims=256)'),
    (ARGUMENT, GCN % ('STGCN', "layout='coco'", ', edge_weighting=True')),
    (ARGUMENT, GCN % ('AAGCN', "layout='coco'", ', gcn_with_res=True')),
    (ARGUMENT, GCN % ('STGCN', "layout='coco'", ', tcn_window=9')),
    (SCOPE, IMPORTS % (['mmpretrain.models'], "backbone=dict(type='mmcls.ConvNeXt')")),
    (SCOPE, IMPORTS % ('mmpretrain.models', "neck=dict(type='mmselfsup.NonLinearNeck')")),
    (SCOPE, IMPORTS % (['mmagic.models'], "backbone=dict(type='mmedit.RDNNet')")),
]  # fmt: skip
GOOD = [
    (PART, GCN % ('STGCN', "layout='coco', mode='stgcn_spatial'", '')),
    (PART, GCN % ('MyGCN', "layout='coco', strategy='spatial'", '')),
    (PART, DETR % ('DETR', 'self_attn_cfg=dict(embed_dims=256), ffn_cfg=dict(embed_dims=256)')),
    (PART, DETR % ('MyDETR', 'ffn=dict(embed_dims=256)')),
    (PART, VOXELS % 'max_num_points=32, voxel_size=[1, 1, 1]'),
    (ARGUMENT, GCN % ('STGCN', "layout='coco'", ", gcn_adaptive='init', tcn_type='mstcn'")),
    (ARGUMENT, GCN % ('AAGCN', "layout='coco'", ', gcn_attention=False')),
    (SCOPE, IMPORTS % (['mmpretrain.models'], "backbone=dict(type='mmpretrain.ConvNeXt')")),
    (SCOPE, IMPORTS % (['mmcls.models', 'mmpretrain.models'], "backbone=dict(type='mmcls.ConvNeXt')")),
    (SCOPE, IMPORTS % (['mmcls.models'], "backbone=dict(type='mmcls.ConvNeXt')")),
]  # fmt: skip


def messages(rule: str, text: str, folder: Path) -> list[str]:
    """Return what a rule says of a config."""
    return [each.message for each in diagnose(folder, text, rules=[rule])]


@pytest.mark.parametrize(('rule', 'text'), BAD)
def test_what_no_class_takes(rule: str, text: str, tmp_path: Path) -> None:
    assert len(messages(rule, text, tmp_path)) == 1


@pytest.mark.parametrize(('rule', 'text'), GOOD)
def test_what_is_taken_or_not_known(rule: str, text: str, tmp_path: Path) -> None:
    assert messages(rule, text, tmp_path) == []
