"""Small configs of several libraries, good ones, into which faults are put."""

from __future__ import annotations

from typing import Final

_SCHEDULE: Final = """
optim_wrapper = dict(
    type='OptimWrapper',
    optimizer=dict(type='AdamW', lr=0.01, weight_decay=0.05){paramwise})
param_scheduler = [dict(type='CosineAnnealingLR', begin=0, end=12, by_epoch=True, T_max=12, eta_min=0.0001)]
train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=12)
"""

DETECTOR: Final = """
default_scope = 'mmdet'
train_pipeline = [
    dict(type='LoadImageFromFile'),
    dict(type='LoadAnnotations', with_bbox=True),
    dict(type='Resize', scale=(8, 8)),
    dict(type='PackDetInputs', meta_keys=('img_id', 'img_path'))]
train_dataloader = dict(
    batch_size=2,
    num_workers=2,
    persistent_workers=True,
    sampler=dict(type='DefaultSampler', shuffle=True),
    dataset=dict(type='CocoDataset', data_root='data/', ann_file='train.json', data_prefix=dict(img='train/'), pipeline=train_pipeline))
val_dataloader = dict(
    batch_size=1, num_workers=1, dataset=dict(type='CocoDataset', data_root='data/', ann_file='val.json', pipeline=train_pipeline))
val_evaluator = dict(type='CocoMetric', ann_file='data/val.json')
val_cfg = dict()
default_hooks = dict(checkpoint=dict(type='CheckpointHook', interval=1, save_best='coco/bbox_mAP'))
custom_hooks = [
    dict(type='CheckInvalidLossHook', interval=50),
    dict(type='PipelineSwitchHook', switch_epoch=9, switch_pipeline=train_pipeline)]
visualizer = dict(type='DetLocalVisualizer', vis_backends=[dict(type='LocalVisBackend')])
model = dict(
    type='CascadeRCNN',
    data_preprocessor=dict(type='DetDataPreprocessor', pad_size_divisor=32),
    backbone=dict(
        type='ResNet',
        depth=50,
        dcn=dict(type='DCN', deform_groups=1, fallback_on_stride=False),
        stage_with_dcn=(False, True, True, True),
        init_cfg=dict(type='Pretrained', checkpoint='torchvision://resnet50')),
    neck=dict(type='FPN', in_channels=[256, 512, 1024, 2048], out_channels=64, relu_before_extra_convs=False, num_outs=5),
    rpn_head=dict(
        type='RPNHead',
        in_channels=64,
        feat_channels=64,
        anchor_generator=dict(type='AnchorGenerator', scales=[8], ratios=[0.5, 1.0, 2.0], strides=[4, 8, 16, 32, 64])),
    roi_head=dict(
        type='CascadeRoIHead',
        num_stages=2,
        stage_loss_weights=[1, 0.5],
        bbox_roi_extractor=dict(
            type='SingleRoIExtractor',
            roi_layer=dict(type='RoIAlign', output_size=7, sampling_ratio=0),
            out_channels=64,
            featmap_strides=[4, 8, 16, 32]),
        bbox_head=[
            dict(
                type='Shared2FCBBoxHead',
                in_channels=64,
                fc_out_channels=64,
                roi_feat_size=7,
                num_classes=80,
                reg_class_agnostic=True,
                loss_cls=dict(type='CrossEntropyLoss', use_sigmoid=False, loss_weight=1.0)) for _ in range(2)]))
""" + _SCHEDULE.format(paramwise='')

PLAIN: Final = "_base_ = 'detector.py'\nwork_dir = 'work_dirs/plain'\n"
HEIR: Final = "_base_ = 'detector.py'\nmodel = dict(neck=dict(_delete_=True, type='ChannelMapper', in_channels=[256, 512, 1024, 2048], out_channels=64, num_outs=5))\n"

PANOPTIC: Final = """
default_scope = 'mmdet'
model = dict(
    type='MaskFormer',
    panoptic_head=dict(type='MaskFormerHead', in_channels=[256, 512, 1024, 2048], num_things_classes=80, num_stuff_classes=53),
    panoptic_fusion_head=dict(type='MaskFormerFusionHead', num_things_classes=80, num_stuff_classes=53),
    backbone=dict(type='ResNet', depth=50))
train_dataloader = dict(batch_size=1, dataset=dict(type='CocoPanopticDataset', ann_file='a.json', pipeline=[]))
""" + _SCHEDULE.format(paramwise='')

SEGMENTOR: Final = """
default_scope = 'mmseg'
model = dict(
    type='EncoderDecoder',
    data_preprocessor=dict(
        type='SegDataPreProcessor', mean=[123.7, 116.3, 103.5], std=[58.4, 57.1, 57.4], size=(64, 64)),
    backbone=dict(
        type='ResNetV1c',
        depth=50,
        in_channels=3,
        init_cfg=dict(
            type='Pretrained',
            checkpoint='https://download.openmmlab.com/mmclassification/v0/resnet/resnet50_8xb32_in1k_20210831-ea4938fc.pth',
            prefix='backbone.')),
    decode_head=dict(
        type='FCNHead',
        in_channels=2048,
        channels=64,
        num_classes=19,
        loss_decode=dict(type='CrossEntropyLoss', use_sigmoid=False, loss_weight=1.0)))
train_pipeline = [dict(type='LoadImageFromFile'), dict(type='LoadAnnotations'), dict(type='Resize', scale=(64, 64)), dict(type='PackSegInputs')]
train_dataloader = dict(
    batch_size=2, num_workers=2, dataset=dict(type='CityscapesDataset', data_root='data/', pipeline=train_pipeline))
""" + _SCHEDULE.format(
    paramwise=",\n    paramwise_cfg=dict(custom_keys={'backbone': dict(lr_mult=0.1, decay_mult=1.0), 'head': dict(lr_mult=2.0)})"
)

CLASSIFIER: Final = """
default_scope = 'mmpretrain'
data_preprocessor = dict(num_classes=1000, mean=[123.7, 116.3, 103.5], std=[58.4, 57.1, 57.4])
model = dict(
    type='ImageClassifier',
    backbone=dict(type='ResNet', depth=50, num_stages=4, out_indices=(3, )),
    neck=dict(type='GlobalAveragePooling'),
    head=dict(type='LinearClsHead', in_channels=2048, num_classes=1000, loss=dict(type='LabelSmoothLoss', label_smooth_val=0.1, num_classes=1000)),
    train_cfg=dict(augments=[dict(type='Mixup', alpha=0.2)]))
train_dataloader = dict(batch_size=2, num_workers=2, dataset=dict(type='ImageNet', data_root='data/', pipeline=[dict(type='LoadImageFromFile'), dict(type='PackInputs')]))
val_dataloader = dict(batch_size=2, num_workers=2, dataset=dict(type='ImageNet', data_root='data/', pipeline=[dict(type='LoadImageFromFile'), dict(type='PackInputs')]))
val_evaluator = dict(type='Accuracy', topk=(1, 5))
val_cfg = dict()
""" + _SCHEDULE.format(paramwise='')

POSE: Final = """
default_scope = 'mmpose'
codec = dict(type='MSRAHeatmap', input_size=(192, 256), heatmap_size=(48, 64), sigma=2)
model = dict(
    type='TopdownPoseEstimator',
    backbone=dict(type='ResNet', depth=50),
    head=dict(
        type='HeatmapHead', in_channels=2048, out_channels=2, deconv_out_channels=(256, 256, 256), deconv_kernel_sizes=(4, 4, 4), decoder=codec))
train_dataloader = dict(
    batch_size=2,
    num_workers=2,
    dataset=dict(
        type='CocoDataset',
        metainfo=dict(from_file='configs/own.py'),
        pipeline=[dict(type='LoadImage'), dict(type='GenerateTarget', encoder=codec), dict(type='PackPoseInputs')]))
val_dataloader = dict(
    batch_size=2,
    num_workers=2,
    dataset=dict(
        type='CocoDataset',
        metainfo=dict(from_file='configs/own.py'),
        test_mode=True,
        pipeline=[dict(type='LoadImage'), dict(type='PackPoseInputs')]))
val_evaluator = dict(type='CocoMetric', ann_file='val.json')
val_cfg = dict()
""" + _SCHEDULE.format(paramwise='')
METAINFO: Final = """
dataset_info = dict(
    dataset_name='own',
    keypoint_info={
        0: dict(name='left_end', id=0, color=[0, 0, 0], type='upper', swap='right_end'),
        1: dict(name='right_end', id=1, color=[0, 0, 0], type='upper', swap='left_end')},
    skeleton_info={0: dict(link=('left_end', 'right_end'), id=0, color=[0, 0, 0])},
    joint_weights=[1.0, 1.0],
    sigmas=[0.025, 0.025])
"""

SKELETON: Final = """
default_scope = 'mmaction'
model = dict(
    type='RecognizerGCN',
    backbone=dict(type='STGCN', graph_cfg=dict(layout='coco', mode='stgcn_spatial')),
    cls_head=dict(type='GCNHead', num_classes=60, in_channels=256))
train_dataloader = dict(
    batch_size=2,
    num_workers=2,
    dataset=dict(type='PoseDataset', ann_file='a.pkl', pipeline=[dict(type='GenSkeFeat', dataset='coco', feats=['j']), dict(type='PackActionInputs')]))
""" + _SCHEDULE.format(paramwise='')

POINTS: Final = """
default_scope = 'mmdet3d'
model = dict(
    type='VoxelNet',
    data_preprocessor=dict(
        type='Det3DDataPreprocessor',
        voxel=True,
        voxel_layer=dict(max_num_points=5, point_cloud_range=[0, -40, -3, 70.4, 40, 1], voxel_size=[0.05, 0.05, 0.1], max_voxels=(16000, 40000))),
    voxel_encoder=dict(type='HardSimpleVFE'),
    middle_encoder=dict(type='SparseEncoder', in_channels=4, sparse_shape=[41, 1600, 1408]),
    backbone=dict(type='SECOND', in_channels=256, layer_nums=[5, 5], layer_strides=[1, 2], out_channels=[128, 256]),
    bbox_head=dict(
        type='Anchor3DHead',
        num_classes=3,
        in_channels=512,
        anchor_generator=dict(
            type='Anchor3DRangeGenerator',
            ranges=[[0, -40.0, -0.6, 70.4, 40.0, -0.6], [0, -40.0, -0.6, 70.4, 40.0, -0.6], [0, -40.0, -1.78, 70.4, 40.0, -1.78]],
            sizes=[[0.8, 0.6, 1.73], [1.76, 0.6, 1.73], [3.9, 1.6, 1.56]])))
train_dataloader = dict(
    batch_size=2,
    num_workers=2,
    dataset=dict(
        type='KittiDataset',
        ann_file='a.pkl',
        metainfo=dict(classes=['Pedestrian', 'Cyclist', 'Car']),
        pipeline=[dict(type='PointsRangeFilter', point_cloud_range=[0, -40, -3, 70.4, 40, 1]), dict(type='Pack3DDetInputs', keys=['points'])]))
""" + _SCHEDULE.format(paramwise='')

TEXTS: Final = """
default_scope = 'mmocr'
model = dict(type='DBNet', data_preprocessor=dict(type='TextDetDataPreprocessor'))
val_dataloader = dict(
    batch_size=1,
    num_workers=1,
    dataset=dict(type='ConcatDataset', datasets=[dict(type='OCRDataset', ann_file='a.json'), dict(type='OCRDataset', ann_file='b.json')]))
val_evaluator = dict(type='MultiDatasetsEvaluator', metrics=dict(type='HmeanIOUMetric'), dataset_prefixes=['a', 'b'])
val_cfg = dict()
"""

ACTIONS: Final = """
default_scope = 'mmaction'
model = dict(
    type='FastRCNN',
    _scope_='mmdet',
    roi_head=dict(type='AVARoIHead', bbox_head=dict(type='BBoxHeadAVA', topk=2, multilabel=True, in_channels=8, num_classes=4)))
train_dataloader = dict(
    batch_size=2,
    num_workers=2,
    dataset=dict(
        type='AVADataset', ann_file='a.csv', num_classes=4, custom_classes=[11, 12, 17], pipeline=[dict(type='PackActionInputs')]))
""" + _SCHEDULE.format(paramwise='')

HEATMAPS: Final = """
default_scope = 'mmaction'
model = dict(
    type='Recognizer3D',
    backbone=dict(type='ResNet3dSlowOnly', depth=50, pretrained=None, in_channels=17),
    cls_head=dict(type='I3DHead', in_channels=2048, num_classes=60))
train_dataloader = dict(
    batch_size=2,
    num_workers=2,
    dataset=dict(
        type='PoseDataset',
        ann_file='a.pkl',
        pipeline=[
            dict(type='Flip', left_kp=[1, 3, 5], right_kp=[2, 4, 6]),
            dict(type='GeneratePoseTarget', with_kp=True),
            dict(type='PackActionInputs')]))
""" + _SCHEDULE.format(paramwise='')

FILES: Final = {
    'detector.py': DETECTOR, 'heir.py': HEIR, 'plain.py': PLAIN, 'panoptic.py': PANOPTIC, 'segmentor.py': SEGMENTOR, 'classifier.py': CLASSIFIER,
    'pose.py': POSE, 'skeleton.py': SKELETON, 'points.py': POINTS, 'actions.py': ACTIONS, 'heatmaps.py': HEATMAPS, 'texts.py': TEXTS, 'configs/own.py': METAINFO,
}  # fmt: skip
