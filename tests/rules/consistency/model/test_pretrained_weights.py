"""Pretrained weights that do not fit, as far as their name tells."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.kit.repo import diagnose

WHOLE, PLAIN, OTHER = 'unprefixed-checkpoint', 'prefix-of-plain-checkpoint', 'weights-of-another-network'
ZOO = 'https://download.openmmlab.com'
TINY = ', embed_dims=96, depths=[2, 2, 6, 2]'
PREFIX = ", prefix='backbone.'"

BAD = [
    (WHOLE, 'mmseg', 'ResNetV1c', ', depth=50', f'{ZOO}/mmclassification/v0/resnet/resnetv1c50_8xb32_in1k-1.pth', ''),
    (WHOLE, 'mmpose', 'HRNet', '', f'{ZOO}/mmdetection/v2.0/hrnet/faster_rcnn_hrnetv2p_w32_1x_coco-1.pth', ''),
    (WHOLE, 'mmyolo', 'YOLOv5CSPDarknet', '', 'work_dirs/yolov5/best_coco_bbox_mAP_epoch_280.pth', ''),
    (WHOLE, 'mmdet', 'ResNet', ', depth=50', f'{ZOO}/mmsegmentation/v0.5/pspnet/pspnet_r50-d8_1x/pspnet-1.pth', ''),
    (PLAIN, 'mmseg', 'ResNetV1c', ', depth=50', 'open-mmlab://resnet50_v1c', PREFIX),
    (PLAIN, 'mmrotate', 'mmdet.ResNet', ', depth=50', 'torchvision://resnet50', PREFIX),
    (PLAIN, 'mmpose', 'ResNet', ', depth=50', 'mmcls://resnet50', PREFIX),
    (OTHER, 'mmseg', 'ResNetV1c', ', depth=101', 'open-mmlab://resnet50_v1c', ''),
    (OTHER, 'mmdet', 'ResNeXt', ', depth=101, groups=64, base_width=4', 'open-mmlab://resnext101_32x4d', ''),
    (OTHER, 'mmdet', 'RegNet', ", arch='regnetx_800mf'", 'open-mmlab://regnetx_3.2gf', ''),
    (OTHER, 'mmpose', 'SwinTransformer', ', embed_dims=192, depths=[2, 2, 18, 2]', 'swin_base_patch4_window7_224.pth', ''),
    (OTHER, 'mmseg', 'SwinTransformer', TINY, 'pretrain/swin_small_patch4_window7_224.pth', ''),
    (OTHER, 'mmseg', 'MixVisionTransformer', ', embed_dims=64, num_layers=[3, 4, 6, 3]', 'pretrain/mit_b5.pth', ''),
    (OTHER, 'mmdet', 'mmpretrain.ConvNeXt', ", arch='tiny'", f'{ZOO}/x/convnext-small_3rdparty_in1k.pth', PREFIX),
    (OTHER, 'mmdet', 'SwinTransformer', TINY, 'torchvision://resnet50', ''),
]  # fmt: skip
GOOD = [
    (WHOLE, 'mmseg', 'ResNetV1c', ', depth=50', f'{ZOO}/mmclassification/v0/resnet/resnetv1c50_8xb32_in1k-1.pth', PREFIX),
    (WHOLE, 'mmseg', 'SwinTransformer', TINY, 'work_dirs/a/epoch_3.pth', ''),  # it looks for `backbone.` itself
    (WHOLE, 'mmseg', 'STDCNet', '', f'{ZOO}/mmsegmentation/v0.5/pretrain/stdc/stdc1_20220308-5368626c.pth', ''),
    (WHOLE, 'mmpose', 'HRNet', '', f'{ZOO}/mmpose/pretrain_models/hrnet_w32-36af842e.pth', ''),
    (WHOLE, 'mmdet', 'MyNet', '', 'work_dirs/a/epoch_3.pth', ''),
    (WHOLE, 'mmdet', 'ResNet', ', depth=50', 'weights/mine.pth', ''),
    (PLAIN, 'mmseg', 'ResNetV1c', ', depth=50', 'weights/resnet50.pth', PREFIX),
    (PLAIN, 'mmdet', 'ResNet', ', depth=50', 'torchvision://resnet50', ''),
    (OTHER, 'mmseg', 'ResNetV1c', ', depth=101', 'open-mmlab://resnet101_v1c', ''),
    (OTHER, 'mmdet', 'DetectoRS_ResNeXt', ', depth=101, groups=32, base_width=4', 'open-mmlab://resnext101_32x4d', ''),
    (OTHER, 'mmdet', 'ResNet', ', depth=101', 'work_dirs/resnet50_teacher_of_resnet101/mine.pth', ''),
    (OTHER, 'mmdet', 'ResNet', ', depth=101', 'weights/wide_resnet50_2.pth', ''),
    (OTHER, 'mmdet', 'MyNet', ', depth=101', 'torchvision://resnet50', ''),
    (OTHER, 'mmseg', 'HRNet', ', extra=dict(stage4=dict(num_channels=(18, 36, 72, 144)))', 'open-mmlab://msra/hrnetv2_w18_small', ''),
]  # fmt: skip


def messages(rule: str, text: str, folder: Path) -> list[str]:
    """Return what a rule says of a config."""
    return [each.message for each in diagnose(folder, text, rules=[rule])]


def config(scope: str, kind: str, arguments: str, weights: str, more: str) -> str:
    """Return a config with a backbone and its weights."""
    init = f"init_cfg=dict(type='Pretrained', checkpoint='{weights}'{more})"
    return f"default_scope = '{scope}'\nmodel = dict(type='Any', backbone=dict(type='{kind}'{arguments}, {init}))\n"


@pytest.mark.parametrize(('rule', 'scope', 'kind', 'arguments', 'weights', 'more'), BAD)
def test_weights_that_do_not_fit(
    rule: str, scope: str, kind: str, arguments: str, weights: str, more: str, tmp_path: Path
) -> None:
    found = messages(rule, config(scope, kind, arguments, weights, more), tmp_path)
    assert len(found) == 1
    assert len(found[0]) <= 120


@pytest.mark.parametrize(('rule', 'scope', 'kind', 'arguments', 'weights', 'more'), GOOD)
def test_weights_that_fit_or_tell_nothing(
    rule: str, scope: str, kind: str, arguments: str, weights: str, more: str, tmp_path: Path
) -> None:
    assert messages(rule, config(scope, kind, arguments, weights, more), tmp_path) == []


@pytest.mark.parametrize(
    ('depth', 'name', 'count'),
    [
        (101, 'faster_rcnn_r50_fpn_1x_coco-1.pth', 1),
        (50, 'faster_rcnn_r50_fpn_1x_coco-1.pth', 0),
        (101, 'mine.pth', 0),
        (18, 'pspnet_r50-d8_512x1024_40k_cityscapes-1.pth', 1),
    ],
)
def test_a_whole_model_of_another_depth(depth: int, name: str, count: int, tmp_path: Path) -> None:
    model = (
        f"default_scope = 'mmdet'\nmodel = dict(backbone=dict(type='ResNet', depth={depth}))\nload_from = '{name}'\n"
    )
    assert len(messages(OTHER, model, tmp_path)) == count


def test_weights_of_the_model_of_mmseg(tmp_path: Path) -> None:
    """`pretrained` of a segmentor becomes the `init_cfg` of its backbone."""
    text = "model = dict(type='EncoderDecoder', pretrained='open-mmlab://resnet50_v1c', backbone=dict(type='ResNetV1c', depth=%d))\n"
    assert len(messages(OTHER, "default_scope = 'mmseg'\n" + text % 18, tmp_path)) == 1
    assert messages(OTHER, "default_scope = 'mmseg'\n" + text % 50, tmp_path) == []
