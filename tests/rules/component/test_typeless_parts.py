"""Parts without a `type`, forwarded arguments, and scopes of libraries that were taken over."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.kit.repo import diagnose

PART, ARGUMENT, SCOPE = 'unknown-part-argument', 'unknown-argument', 'scope-of-renamed-library'
OPERATOR, SETTING = 'unknown-operator-argument', 'misspelt-setting'
RETINA = "default_scope = 'mmdet'\nmodel = dict(type='RetinaNet', test_cfg=dict(%s))\n"
RCNN = "default_scope = 'mmdet'\nmodel = dict(type='FasterRCNN', %s=dict(%s))\n"
ROTATED = "default_scope = 'mmrotate'\nmodel = dict(type='mmdet.FasterRCNN', test_cfg=dict(rcnn=dict(nms=dict(%s))))\n"
RESNET = "default_scope = 'mmdet'\nmodel = dict(backbone=dict(type='ResNet', depth=50, plugins=[dict(%s)]))\n"
HRNET = "default_scope = '%s'\nmodel = dict(backbone=dict(type='HRNet', extra=dict(%s)))\n"
VIT = "default_scope = 'mmpretrain'\nmodel = dict(backbone=dict(type='%s', %s))\n"
GCN = "default_scope = 'mmaction'\nmodel = dict(type='RecognizerGCN', backbone=dict(type='%s', graph_cfg=dict(%s)%s))\n"
AVA = "default_scope = 'mmaction'\nmodel = dict(_scope_='mmdet', type='FastRCNN', backbone=dict(type='mmaction.ResNet3dSlowFast', slow_pathway=dict(type='%s', depth=50)), train_cfg=dict(rcnn=dict(%s)))\n"
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
    (PART, VIT % ('VisionTransformer', 'layer_cfgs=dict(drop_path=0.1)')),
    (PART, VIT % ('BEiTViT', 'layer_cfgs=[dict(), dict(num_head=3)]')),
    (PART, VIT % ('SwinTransformer', 'stage_cfgs=dict(block_cfgs=dict(window=6))')),
    (OPERATOR, RETINA % "nms=dict(type='nms', iou_threshhold=0.5)"),
    (OPERATOR, RETINA % 'nms=dict(iou=0.5)'),
    (OPERATOR, RCNN % ('train_cfg', "rpn_proposal=dict(nms=dict(type='softnms', iou_threshold=0.5))")),
    (OPERATOR, ROTATED % "type='nms_rotated', iou_thr=0.1"),
    (SETTING, RCNN % ('test_cfg', 'rcnn=dict(score_the=0.05)')),
    (SETTING, RCNN % ('train_cfg', 'rcnn=[dict(pos_wieght=-1)]')),
    (SETTING, RESNET % "cfg=dict(type='ContextBlock', ratio=0.1), stage=(True, )"),
    (SETTING, HRNET % ('mmseg', 'stage1=dict(num_module=1)')),
    (SETTING, HRNET % ('mmpose', 'sage1=dict(num_modules=1)')),
    (SETTING, AVA % ('resnet3d', 'pos_wight=1')),
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
    (PART, VIT % ('VisionTransformer', 'layer_cfgs=dict(drop_path_rate=0.1), patch_cfg=dict(stride=8)')),
    (PART, VIT % ('BEiTViT', 'layer_cfgs=[dict(), dict(num_heads=3)]')),
    (PART, VIT % ('SwinTransformer', 'stage_cfgs=dict(block_cfgs=dict(window_size=6))')),
    (OPERATOR, RETINA % "nms=dict(type='nms', iou_thr=0.5, class_agnostic=True)"),
    (OPERATOR, RETINA % 'nms=dict(iou_threshold=0.5)'),
    (OPERATOR, ROTATED % "type='nms_rotated', iou_threshold=0.1"),
    (OPERATOR, RETINA.replace('RetinaNet', 'MyNet') % "nms=dict(type='my_nms', strength=1)"),
    (SETTING, RCNN % ('test_cfg', 'rcnn=dict(score_thr=0.05, own_threshold=3)')),
    (SETTING, RCNN % ('test_cfg', "rpn=dict(nms_post=1000, nms_across_levels=False, nms=dict(type='nms', nsm_pre=1))")),
    (SETTING, RETINA.replace('RetinaNet', 'MyNet') % 'score_the=0.05'),
    (SETTING, "model = dict(type='H3DNet', train_cfg=dict(rcnn=dict(num_point=10)))\n"),
    (SETTING, RESNET % "cfg=dict(type='ContextBlock', ratio=0.1, stage=1), stages=(True, ), position='after_conv3'"),
    (SETTING, HRNET % ('mmseg', 'stage1=dict(num_modules=1, num_branches=1)')),
    (SETTING, AVA % ('MyPathway', 'pos_wight=1')),
    (SETTING, AVA % ('resnet3d', 'pos_weight=1')),
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
