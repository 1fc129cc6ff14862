"""What the real libraries do with faults that rules tell of: each is made to happen, without a config or data.

`tools/observe_faults.py` runs them where the libraries are installed and writes down what they said, in `observed_faults.json`.
"""

from __future__ import annotations

from typing import Final

FAULTS: Final = {
    'class-weight-mismatch': """
import torch
from mmpretrain.models import LinearClsHead
head = LinearClsHead(num_classes=3, in_channels=4, loss=dict(type='CrossEntropyLoss', class_weight=[1.0, 2.0]))
head.loss_module(torch.rand(2, 3), torch.tensor([0, 2]))
""",
    'class-weight-mismatch, sigmoid': """
import torch
from mmseg.models.losses import CrossEntropyLoss
CrossEntropyLoss(use_sigmoid=True, class_weight=[1.0, 2.0])(torch.rand(1, 2, 8, 8), torch.zeros(1, 8, 8, dtype=torch.long))
""",
    'loss-classes-mismatch': """
import torch
from mmpretrain.models.losses import LabelSmoothLoss
LabelSmoothLoss(label_smooth_val=0.1, num_classes=1000)(torch.rand(2, 10), torch.tensor([0, 2]))
""",
    'image-channels-mismatch': """
import torch
from mmseg.models.data_preprocessor import SegDataPreProcessor
made = SegDataPreProcessor(mean=[1.0, 2.0, 3.0], std=[1.0, 1.0, 1.0], size=(8, 8))
made(dict(inputs=[torch.rand(4, 8, 8)], data_samples=None))
""",
    'topk-beyond-classes': """
import torch
from mmpretrain.evaluation import Accuracy
Accuracy.calculate(torch.rand(6, 4), torch.tensor([0, 1, 2, 3, 0, 1]), topk=(1, 5))
""",
    'topk-beyond-classes, AVA': """
from mmaction.models.roi_heads.bbox_heads import BBoxHeadAVA
BBoxHeadAVA(background_class=True, in_channels=8, num_classes=4, multilabel=True)
""",
    'level-count-mismatch': """
from mmdet.models.task_modules.prior_generators import AnchorGenerator
AnchorGenerator(scales=[8], ratios=[1.0], strides=[8, 16, 32, 64, 128]).grid_priors([(8, 8)] * 4, device='cpu')
""",
    'stage-count-mismatch': """
import mmdet.models
from mmdet.models.roi_heads import CascadeRoIHead
head = dict(type='Shared2FCBBoxHead', in_channels=8, fc_out_channels=8, roi_feat_size=7, num_classes=3)
layer = dict(type='RoIAlign', output_size=7, sampling_ratio=0)
extractor = dict(type='SingleRoIExtractor', roi_layer=layer, out_channels=8, featmap_strides=[4])
from mmengine.registry import DefaultScope
DefaultScope.get_instance('faults', scope_name='mmdet')
CascadeRoIHead(num_stages=2, stage_loss_weights=[1, 0.5], bbox_roi_extractor=extractor, bbox_head=[head] * 3)
""",
    'stage-count-mismatch, mmseg': """
import mmseg.models
from mmengine.registry import DefaultScope
DefaultScope.get_instance('faults', scope_name='mmseg')
from mmseg.models.segmentors import CascadeEncoderDecoder
head = dict(type='FCNHead', in_channels=64, channels=8, num_classes=2)
CascadeEncoderDecoder(num_stages=3, backbone=dict(type='ResNetV1c', depth=18), decode_head=[head, head])
""",
    'skeleton-layout-mismatch': """
import torch
from mmaction.models.backbones import STGCN
STGCN(graph_cfg=dict(layout='coco', mode='stgcn_spatial'))(torch.rand(1, 1, 8, 25, 3))
""",
    'unknown-part-argument': """
from mmaction.models.backbones import STGCN
STGCN(graph_cfg=dict(layout='coco', strategy='spatial'))
""",
    'mixing-outside-wrapper': """
import numpy as np
from mmdet.datasets.transforms import Mosaic
Mosaic(img_scale=(8, 8))(dict(img=np.zeros((8, 8, 3), dtype=np.uint8)))
""",
    'unreached-pipeline-switch': """
from types import SimpleNamespace as Some
from mmengine.dataset import BaseDataset, RepeatDataset
from mmdet.engine.hooks import YOLOXModeSwitchHook
whole = RepeatDataset(BaseDataset(lazy_init=True, serialize_data=False), times=2, lazy_init=True)
loader = Some(dataset=whole, persistent_workers=False)
model = Some(bbox_head=Some(use_l1=False))
import logging
runner = Some(epoch=5, max_epochs=10, train_loop=Some(dataloader=loader), train_dataloader=loader, model=model, logger=logging.getLogger('a'))
YOLOXModeSwitchHook(num_last_epochs=5).before_train_epoch(runner)
""",
    'format-only-without-path': """
from mmdet.evaluation import CocoMetric
CocoMetric(metric='bbox', format_only=True)
""",
    'unknown-architecture': """
from mmdet.models.backbones import ResNet
ResNet(depth=55)
""",
    'codec-size-mismatch': """
import torch
from mmpose.models.losses import KeypointMSELoss
KeypointMSELoss()(torch.rand(1, 17, 48, 64), torch.rand(1, 17, 64, 48))
""",
    'keypoint-count-mismatch': """
import torch
from mmpose.models.losses import KeypointMSELoss
KeypointMSELoss()(torch.rand(1, 14, 64, 48), torch.rand(1, 17, 64, 48))
""",
    'inconsistent-keypoints, a swap': """
from mmpose.datasets.datasets.utils import parse_pose_metainfo
point = dict(id=0, color=[0, 0, 0], type='upper')
parse_pose_metainfo(dict(
    dataset_name='own', joint_weights=[1.0], sigmas=[0.1], skeleton_info={},
    keypoint_info={0: dict(point, name='left', swap='rigth')}))
""",
    'zero-interval': """
from types import SimpleNamespace as Some
from mmdet.engine.hooks import DetVisualizationHook
from mmengine.visualization import Visualizer
Visualizer.get_instance('faults')
hook = DetVisualizationHook(draw=True, interval=0)
import cv2, tempfile, numpy
path = tempfile.mkdtemp() + '/a.png'
cv2.imwrite(path, numpy.zeros((4, 4, 3)))
hook.after_val_iter(Some(iter=0), 0, {}, [Some(img_path=path)])
""",
    'typeless-item': """
from mmengine.dataset import Compose
Compose([dict(scale=(8, 8))])
""",
    'typeless-component, a layer': """
import mmdet.models
from mmengine.registry import MODELS
MODELS.build(dict(type='mmdet.FPN', in_channels=[8], out_channels=8, num_outs=1, norm_cfg=dict(requires_grad=True)))
""",
    'misspelt-argument, EMAHook': """
from types import SimpleNamespace as Some
import torch, mmdet.models
from mmengine.hooks import EMAHook
EMAHook(ema_type='mmdet.ExpMomentumEMA', moemntum=0.0002).before_run(Some(model=torch.nn.Linear(1, 1)))
""",
    'output-count-mismatch': """
from mmseg.models.decode_heads import FCNHead
FCNHead(in_channels=8, channels=8, num_classes=4, out_channels=2)
""",
    'input-count-mismatch': """
from mmseg.models.decode_heads import SegformerHead
SegformerHead(in_channels=[32, 64, 160, 256], in_index=[0, 1, 2], channels=256, num_classes=4)
""",
    'class-weight-mismatch, focal': """
import torch
from mmseg.models.losses import FocalLoss
FocalLoss(class_weight=[1.0, 2.0])(torch.rand(1, 3, 8, 8), torch.zeros(1, 8, 8, dtype=torch.long))
""",
    'class-weight-mismatch, Tversky': """
import torch
from mmseg.models.losses import TverskyLoss
TverskyLoss(class_weight=[1.0, 2.0])(torch.rand(1, 3, 8, 8), torch.zeros(1, 8, 8, dtype=torch.long))
""",
    'class-weight-mismatch, DETR': """
import mmdet.models
from mmdet.models.dense_heads import DETRHead
DETRHead(num_classes=2, embed_dims=8, loss_cls=dict(type='CrossEntropyLoss', bg_cls_weight=0.1, class_weight=[1.0, 1.0, 0.1]))
""",
    'image-channels-mismatch, four means': """
from mmdet.models.data_preprocessors import DetDataPreprocessor
DetDataPreprocessor(mean=[1.0] * 4, std=[1.0] * 4)
""",
    'missing-dataset-classes, XML': """
from mmdet.datasets import XMLDataset
class Own(XMLDataset):
    pass
Own(ann_file='').full_init()
""",
    'level-count-mismatch, a grid of SOLO': """
from mmdet.models.dense_heads import SOLOHead
SOLOHead(num_classes=2, in_channels=8, num_grids=[40, 36, 24, 16])
""",
    'unsupported-part-value': """
from mmaction.models.utils.graph import Graph
Graph(layout='ntu-rgb+d')
""",
    'unsupported-part-value, focal loss': """
from mmseg.models.losses import FocalLoss
FocalLoss(use_sigmoid=False)
""",
    'missing-part-setting': """
from types import SimpleNamespace
from mmengine.config import ConfigDict
from mmseg.models import EncoderDecoder
EncoderDecoder.slide_inference(SimpleNamespace(test_cfg=ConfigDict(mode='slide')), None, None)
""",
    'transform-setting-mismatch': """
import torch
from mmaction.models.data_preprocessors import ActionDataPreprocessor
made = ActionDataPreprocessor(mean=[1, 2, 3], std=[1, 2, 3], format_shape='NCHW')
made(dict(inputs=[torch.zeros(1, 3, 8, 16, 16)], data_samples=None))
""",
    'unread-samples, frames': """
from mmaction.datasets.transforms import RawFrameDecode
RawFrameDecode()(dict(filename='a.mp4', modality='RGB'))
""",
    'repeated-setting-mismatch, DETR': """
import torch
from mmcv.ops import MultiScaleDeformableAttention
attention = MultiScaleDeformableAttention(embed_dims=8, num_heads=2, num_levels=4, num_points=2, batch_first=True)
shapes, starts = torch.ones(5, 2, dtype=torch.long), torch.arange(5)
attention(torch.rand(1, 5, 8), value=torch.rand(1, 5, 8), reference_points=torch.rand(1, 5, 5, 2), spatial_shapes=shapes,
          level_start_index=starts)
""",
    'loaded-channels-mismatch': """
import cv2, numpy, tempfile, torch
from mmcv.transforms import LoadImageFromFile
from mmdet.models import ResNet
with tempfile.NamedTemporaryFile(suffix='.png') as file:
    cv2.imwrite(file.name, numpy.zeros((64, 64), dtype=numpy.uint8))
    picture = LoadImageFromFile()(dict(img_path=file.name))['img']
ResNet(depth=18, in_channels=1)(torch.from_numpy(picture).permute(2, 0, 1)[None].float())
""",
    'channel-mismatch, MobileNetV2': """
import torch
from mmdet.models import FPN, MobileNetV2
FPN(in_channels=[256, 512, 1024], out_channels=8, num_outs=3)(MobileNetV2(out_indices=(2, 4, 7))(torch.rand(1, 3, 64, 64)))
""",
    'channel-mismatch, RegNet': """
import torch
from mmpose.models import HeatmapHead, RegNet
HeatmapHead(in_channels=2048, out_channels=17)(RegNet(arch='regnetx_800mf')(torch.rand(1, 3, 64, 64)))
""",
    'channel-mismatch, HRNet of mmpose': """
import torch
from mmpose.models import HeatmapHead, HRNet
def stage(branches):
    channels = tuple(8 * 2**each for each in range(branches))
    return dict(num_modules=1, num_branches=branches, block='BASIC', num_blocks=(1,) * branches, num_channels=channels)
extra = dict(stage1=stage(1), stage2=stage(2), stage3=stage(3), stage4=stage(4))
HeatmapHead(in_channels=16, out_channels=17, deconv_out_channels=None)(HRNet(extra=extra)(torch.rand(1, 3, 64, 64)))
""",
    'channel-mismatch, CSPNeXt': """
import torch
from mmdet.models import CSPNeXt, CSPNeXtPAFPN
neck = CSPNeXtPAFPN(in_channels=[8, 16, 32], out_channels=8, num_csp_blocks=1)
neck(CSPNeXt(widen_factor=0.125)(torch.rand(1, 3, 64, 64)))
""",
    'unknown-operator-argument': """
import torch
from mmcv.ops import batched_nms
batched_nms(torch.rand(4, 4), torch.rand(4), torch.zeros(4), dict(type='nms', iou_threshhold=0.5))
""",
    'unknown-operator-argument, type': """
import torch
from mmcv.ops import batched_nms
batched_nms(torch.rand(4, 4), torch.rand(4), torch.zeros(4), dict(type='nmss', iou_threshold=0.5))
""",
    'unknown-part-argument, layer_cfgs': """
from mmpretrain.models.backbones import VisionTransformer
VisionTransformer(arch='deit-tiny', layer_cfgs=dict(drop_path=0.1))
""",
    'misspelt-setting, extra': """
from mmseg.models.backbones import HRNet
stage = dict(num_modules=1, num_branches=1, block='BOTTLENECK', num_block=(1, ), num_channels=(8, ))
HRNet(extra=dict(stage1=stage, stage2=stage, stage3=stage, stage4=stage))
""",
    'misspelt-setting, test_cfg': """
import torch
from mmengine.config import ConfigDict
from mmdet.models.roi_heads.bbox_heads import Shared2FCBBoxHead
head = Shared2FCBBoxHead(in_channels=8, fc_out_channels=8, roi_feat_size=1, num_classes=2)
settings = ConfigDict(scor_thr=0.05, nms=dict(type='nms', iou_threshold=0.5), max_per_img=5)
head._predict_by_feat_single(torch.rand(2, 5), torch.rand(2, 3), torch.rand(2, 8), dict(img_shape=(32, 32)), rcnn_test_cfg=settings)
""",
    'action-classes-mismatch': """
import torch
from mmaction.models.roi_heads.bbox_heads import BBoxHeadAVA
import torch.nn.functional as F
F.binary_cross_entropy_with_logits(BBoxHeadAVA(background_class=True, in_channels=8, num_classes=4, topk=2)(torch.rand(2, 8, 1, 1, 1)), torch.zeros(2, 81))
""",
    'action-classes-mismatch, metric': """
import torch
from mmaction.structures import bbox2result
bbox2result(torch.rand(2, 4), torch.rand(2, 4), num_classes=81, thr=0.002)
""",
    'heatmap-channels-mismatch': """
import torch
from mmaction.models.backbones import ResNet3dSlowOnly
ResNet3dSlowOnly(depth=50, pretrained=None, in_channels=17)(torch.rand(1, 3, 4, 32, 32))
""",
    'refused-value, stages': """
from mmdet.models.backbones import ResNet
ResNet(depth=50, out_indices=(1, 2, 3, 4))
""",
    'refused-value, anchors': """
from mmdet.models.task_modules.prior_generators import AnchorGenerator
AnchorGenerator(strides=[8], ratios=[1.0], scales=[8], octave_base_scale=4, scales_per_octave=3)
""",
    'refused-value': """
from mmdet.datasets.transforms import RandomCrop
RandomCrop(crop_size=(0.5, 0.5), crop_type='relatives')
""",
    'refused-value, a policy': """
from mmpretrain.datasets.transforms import RandAugment
RandAugment(policies='timm', num_policies=2, magnitude_level=9)
""",
    'refused-value, a norm': """
from mmpose.evaluation.metrics import NME
NME(norm_mode='use_norm_item')
""",
    'refused-value, dilations': """
from mmseg.models.backbones import ResNetV1c
ResNetV1c(depth=50, dilations=(1, 1, 2))
""",
    'zero-label-mismatch': """
import tempfile, cv2, numpy
from mmseg.datasets.transforms import LoadAnnotations
path = tempfile.mkdtemp() + '/a.png'
cv2.imwrite(path, numpy.zeros((4, 4), dtype=numpy.uint8))
LoadAnnotations(reduce_zero_label=True)(dict(seg_map_path=path, reduce_zero_label=False, seg_fields=[], label_map=None))
""",
    'missing-argument, groups': """
from mmcv.cnn import build_norm_layer
build_norm_layer(dict(type='GN'), 8)
""",
    'missing-transform': """
from mmpose.datasets.transforms import TopdownAffine
import numpy
TopdownAffine(input_size=(8, 8))(dict(img=numpy.zeros((4, 4, 3))))
""",
    'transform-after-packing': """
import mmdet.datasets
from mmdet.datasets.transforms import PackDetInputs, RandomFlip
import numpy
RandomFlip(prob=1.0)(PackDetInputs(meta_keys=())(dict(img=numpy.zeros((4, 4, 3)))))
""",
    'unloaded-annotations': """
import numpy
from mmdet.datasets.transforms import PackDetInputs
PackDetInputs(meta_keys=())(dict(img=numpy.zeros((4, 4, 3))))['data_samples'].gt_instances.bboxes
""",
    'unread-data-prefix': """
from mmdet.datasets import CocoDataset
made = CocoDataset(lazy_init=True, data_root='a/', data_prefix=dict(img_path='b/'))
made.parse_data_info(dict(raw_img_info=dict(file_name='c.jpg'), raw_ann_info=[]))
""",
    'missing-decoder': """
import mmpose.models
import numpy
from mmpose.models.heads import HeatmapHead
HeatmapHead(in_channels=8, out_channels=3, deconv_out_channels=None).decode(numpy.zeros((1, 3, 8, 8)))
""",
    'target-of-another-head': """
import numpy
from mmpose.codecs import SimCCLabel
from mmpose.datasets.transforms import GenerateTarget, PackPoseInputs
codec = dict(type='SimCCLabel', input_size=(8, 8), sigma=1.0, simcc_split_ratio=2.0)
sample = dict(img=numpy.zeros((8, 8, 3)), keypoints=numpy.zeros((1, 2, 2)), keypoints_visible=numpy.ones((1, 2)))
PackPoseInputs(meta_keys=())(GenerateTarget(encoder=codec)(sample))['data_samples'].gt_fields.heatmaps
""",
    'invalid-transform-argument, a number': """
import numpy
from mmcv.transforms import RandomResize
RandomResize(scale=640)(dict(img=numpy.zeros((4, 4, 3))))
""",
    'unsupported-metric-value, items': """
import numpy
from mmdet.evaluation import CocoMetric
metric = CocoMetric(metric_items=['AP50'])
metric.dataset_meta = dict(classes=('a', ))
boxes = dict(img_id=1, bboxes=numpy.array([[0., 0., 4., 4.]]), scores=numpy.array([1.]), labels=numpy.array([0]))
metric.compute_metrics([(dict(img_id=1, width=8, height=8, anns=[dict(bbox_label=0, bbox=[0., 0., 4., 4.])]), boxes)])
""",
    'refused-value, proposals': """
import numpy
from mmdet.evaluation import CocoMetric
metric = CocoMetric(proposal_nums=(100, 300))
metric.dataset_meta = dict(classes=('a', ))
boxes = dict(img_id=1, bboxes=numpy.array([[0., 0., 4., 4.]]), scores=numpy.array([1.]), labels=numpy.array([0]))
metric.compute_metrics([(dict(img_id=1, width=8, height=8, anns=[dict(bbox_label=0, bbox=[0., 0., 4., 4.])]), boxes)])
""",
    'refused-value, means': """
import torch
from mmdet.models.task_modules.coders import DeltaXYWHBBoxCoder
coder = DeltaXYWHBBoxCoder(target_means=(0.0,) * 5, target_stds=(1.0,) * 5)
coder.encode(torch.tensor([[0.0, 0.0, 4.0, 4.0]]), torch.tensor([[0.0, 0.0, 4.0, 4.0]]))
""",
    'metric-of-another-task, mmseg': """
from mmseg.evaluation import DepthMetric
DepthMetric().process({}, [dict(pred_sem_seg=None)])
""",
    'feature-shape-mismatch': """
import torch
from mmpretrain.models import LinearClsHead, ResNet
LinearClsHead(num_classes=10, in_channels=512)(ResNet(depth=18)(torch.rand(2, 3, 64, 64)))
""",
    'feature-shape-mismatch, vectors': """
import torch
from mmpretrain.models import GlobalAveragePooling, VisionTransformer
backbone = VisionTransformer(arch='deit-t', img_size=32)
GlobalAveragePooling()(backbone(torch.rand(1, 3, 32, 32)))
""",
    'picture-size-mismatch': """
import torch
from mmpretrain.models import MlpMixer
MlpMixer(arch='b', img_size=32)(torch.rand(1, 3, 64, 64))
""",
    'picture-size-mismatch, masked': """
import torch
from mmpretrain.models import MAEViT
MAEViT(arch='b', img_size=32)(torch.rand(1, 3, 64, 64), True)
""",
    'queue-unlike-batch': """
import torch
from mmpretrain.models import MoCo
from mmengine.registry import DefaultScope
DefaultScope.get_instance('faults', scope_name='mmpretrain')
neck = dict(type='MoCoV2Neck', in_channels=512, hid_channels=8, out_channels=8)
model = MoCo(backbone=dict(type='ResNet', depth=18), neck=neck, head=dict(type='ContrastiveHead',
    loss=dict(type='CrossEntropyLoss')), queue_len=64, feat_dim=8)
model._dequeue_and_enqueue(torch.rand(48, 8))
""",
    'dropped-sample-key': """
import torch
from mmengine.structures import InstanceData
from mmdet.models import RetinaHead
head = RetinaHead(num_classes=1, in_channels=8, test_cfg=dict())
boxes = InstanceData(bboxes=torch.rand(1, 4), scores=torch.rand(1), labels=torch.zeros(1, dtype=torch.long))
head._bbox_post_process(boxes, head.test_cfg, rescale=True, img_meta=dict(img_shape=(8, 8)))
""",
    'dropped-sample-key, poses': """
from types import SimpleNamespace
import torch
from mmengine.structures import InstanceData
from mmpose.models import TopdownPoseEstimator
from mmpose.structures import PoseDataSample
sample = PoseDataSample(gt_instances=InstanceData(bboxes=torch.rand(1, 4), bbox_scores=torch.rand(1)))
found = InstanceData(keypoints=torch.rand(1, 3, 2))
TopdownPoseEstimator.add_pred_to_datasample(SimpleNamespace(test_cfg={}), [found], None, [sample])
""",
    'metric-of-another-dataset, things': """
from mmdet.evaluation import CocoPanopticMetric
metric = CocoPanopticMetric.__new__(CocoPanopticMetric)
metric.tmp_dir = None
metric._dataset_meta = dict(classes=('a', ))
metric.gt_to_coco_json([dict(seg_map_path='a/b.png')], 'a')
""",
    'metric-of-another-dataset, difficult': """
import torch
from mmpretrain.evaluation import VOCMultiLabelMetric
VOCMultiLabelMetric().process(None, [dict(gt_label=torch.tensor([1]), pred_score=torch.rand(4))])
""",
}
"""Rule, and the way that it is made to happen where there are several → code that raises."""
