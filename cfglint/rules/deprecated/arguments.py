"""Arguments of registered components that 1.x renamed or dropped, by library and type; ``*`` stands for any type.

What a table says about an argument:

- ``=new``: it has a new name, the value is the same;
- ``~new``, ``~new; more``: it has a new name, and the value changed too, in the way that the rest says;
- anything else is what to do instead, as it stands in the message; ``{value}`` is the value.
"""

from __future__ import annotations

Arguments = dict[str, dict[str, str]]

_DROP = 'remove it: 1.x does without'
_CLASSES = 'write `metainfo=dict(classes={value})`'
_PREFIX = 'write `data_prefix=dict(img={value})`'
_TTA = 'it belongs into `tta_pipeline`; the test pipeline has one scale and no flip'
_AUGMENT = 'write `batch_augments` in the data preprocessor'
_POSE_HEAD = '=head'
_PRETRAINED = "write `init_cfg=dict(type='Pretrained', checkpoint={value})` in the `backbone`"

_RESIZE = {
    'img_scale': '=scale',
    'multiscale_mode': "use `RandomChoiceResize(scales=…)` for `'value'`, `RandomResize(scale=…)` for `'range'`",
    'ratio_range': 'use `RandomResize`, which takes `scale` and `ratio_range`',
    'bbox_clip_border': '=clip_object_border',
    'override': _DROP,
}
_FLIP_AUG = {'img_scale': _TTA, 'flip': _TTA, 'img_ratios': _TTA}
_MIX = {'min_bbox_size': _DROP, 'skip_filter': _DROP, 'min_area_ratio': _DROP, 'max_aspect_ratio': _DROP}

ALL_ARGUMENTS: Arguments = {'*': {'file_client_args': '~backend_args; `disk` is called `local`'}}
"""What changed in all libraries."""

_DATASET_2D = {
    'img_prefix': _PREFIX,
    'seg_prefix': 'write `data_prefix=dict(seg={value})`',
    'classes': _CLASSES,
    'filter_empty_gt': 'write `filter_cfg=dict(filter_empty_gt={value}, min_size=32)`',
    'min_size': 'write `filter_cfg=dict(min_size={value})`',
}

DATASET_ARGUMENTS: dict[str, dict[str, str]] = {
    'mmdet': _DATASET_2D,
    'mmrotate': {
        **_DATASET_2D,
        'version': 'remove it: the convention of angles is up to the coder',
        'difficulty': '=diff_thr',
    },
    'mmtrack': {
        **_DATASET_2D,
        'interpolate_tracks_cfg': 'write `postprocess_tracklet_cfg` in the metric',
    },
    'mmseg': {
        'img_dir': 'write `data_prefix=dict(img_path={value})`',
        'ann_dir': 'write `data_prefix=dict(seg_map_path={value})`',
        'split': '=ann_file',
        'classes': _CLASSES,
        'palette': 'write `metainfo=dict(palette={value})`, together with `classes`',
        'gt_seg_map_loader_cfg': 'give it to `LoadAnnotations`',
    },
    'mmcls': {'recursion_subdir': _DROP, 'image_class_labels_file': _DROP, 'train_test_split_file': _DROP},
    'mmselfsup': {
        'data_source': 'write the dataset itself, with its `pipeline`',
        'prefetch': _DROP,
        'num_views': 'write a `MultiView` transform',
        'pipelines': 'write them as `transforms` of a `MultiView` transform',
    },
    'mmpose': {
        'img_prefix': _PREFIX,
        'dataset_info': "write `metainfo=dict(from_file='…')`",
        'data_cfg': 'split it: sizes belong into the `codec`, `bbox_file` into the dataset, thresholds into the metric',
    },
    'mmaction': {
        'sample_by_class': _DROP,
        'power': _DROP,
        'dynamic_length': _DROP,
    },
    'mmocr': {
        'img_prefix': 'write `data_prefix=dict(img_path={value})`',
        'loader': 'convert the annotations to the new format',
    },
    'mmedit': {
        'lq_folder': 'write `data_prefix=dict(img={value})`',
        'gt_folder': 'write `data_prefix=dict(gt={value})`',
        'ref_folder': 'write `data_prefix=dict(ref={value})`',
        'dataroot': '=data_root',
        'scale': _DROP,
    },
    'mmgen': {'imgs_root': '=data_root', 'imgs_roots': '=data_roots', 'dataroot': '=data_root'},
    'mmflow': {},
    'mmdet3d': {
        'classes': _CLASSES,
        'pts_prefix': 'write `data_prefix=dict(pts={value})`',
        'img_prefix': _PREFIX,
        'split': 'write it into the paths of `data_prefix`',
    },
}
"""Arguments of any dataset, wherever it is the dataset of a stage."""

ARGUMENTS: dict[str, Arguments] = {
    'mmdet': {
        'Resize': _RESIZE,
        'MultiScaleFlipAug': _FLIP_AUG,
        'RandomFlip': {'flip_ratio': '=prob'},
        'RandomShift': {'shift_ratio': '=prob'},
        'Mosaic': _MIX,
        'MixUp': _MIX,
        'RandomAffine': _MIX,
        'Albu': {'update_pad_shape': _DROP},
        'LoadAnnotations': {'denorm_bbox': _DROP},
        'LoadImageFromFile': {'channel_order': 'remove it: images are BGR, the data preprocessor has `bgr_to_rgb`'},
        'Rotate': {
            'max_rotate_angle': '~max_mag',
            'scale': _DROP,
            'center': _DROP,
            'img_fill_val': '~img_border_value',
            'random_negative_prob': '~reversal_prob',
        },
        'ClassBalancedDataset': {'filter_empty_gt': _DROP},
        'MultiImageMixDataset': {'dynamic_scale': _AUGMENT},
        'ConcatDataset': {'separate_eval': _DROP},
        'CocoPanopticDataset': {'ins_ann_file': _DROP},
        'YOLOX': {
            'input_size': _AUGMENT,
            'size_multiplier': _AUGMENT,
            'random_size_range': _AUGMENT,
            'random_size_interval': _AUGMENT,
        },
        'CenterNetHead': {'in_channel': '=in_channels', 'feat_channel': '=feat_channels'},
        'CTResNetNeck': {'in_channel': '=in_channels'},
        'PanopticFPNHead': {'num_classes': _DROP, 'fg_range': _DROP, 'bg_range': _DROP},
        'HungarianAssigner': dict.fromkeys(
            ('cls_cost', 'reg_cost', 'iou_cost', 'mask_cost', 'dice_cost'),
            'write it as an item of `match_costs`, in the same order',
        ),
        'YOLACT': {'segm_head': 'write `with_seg_branch` and `loss_segm` in the mask head'},
        **{
            key: {
                'transformer': 'write `encoder` and `decoder` of the detector',
                'positional_encoding': 'write it in the detector',
                'num_query': '~num_queries; of the detector',
                'with_box_refine': 'write it in the detector',
            }
            for key in ('DETRHead', 'DeformableDETRHead')
        },
    },
    'mmseg': {
        'Resize': {**_RESIZE, 'min_size': 'use `ResizeShortestEdge(scale={value}, max_size=…)`'},
        'MultiScaleFlipAug': _FLIP_AUG,
        'RandomFlip': {'flip_ratio': '=prob'},
        'Pad': {'seg_pad_val': 'write it in the data preprocessor, or in `pad_val=dict(img=…, seg={value})`'},
    },
    'mmcls': {
        'RandomResizedCrop': {
            'size': '~scale; the old `scale` is called `crop_ratio_range`',
            'ratio': '~aspect_ratio_range',
            'efficientnet_style': 'use `EfficientNetRandomCrop`',
            'min_covered': 'use `EfficientNetRandomCrop`',
            'crop_padding': 'use `EfficientNetRandomCrop`',
        },
        'RandomCrop': {'size': '=crop_size'},
        'Resize': {
            'size': '~scale; (h, w) is (w, h) now, and `(n, -1)` is `ResizeEdge(scale=n)`',
            'adaptive_side': 'use `ResizeEdge`, with `edge`',
        },
        'CenterCrop': {
            'efficientnet_style': 'use `EfficientNetCenterCrop`',
            'crop_padding': 'use `EfficientNetCenterCrop`',
            'interpolation': 'use `EfficientNetCenterCrop`',
            'backend': 'use `EfficientNetCenterCrop`',
        },
        'RandomFlip': {'flip_prob': '=prob'},
        'RandomGrayscale': {'gray_prob': '~prob; with `keep_channels=True`'},
    },
    'mmselfsup': {
        'RandomGrayscale': {'p': '~prob; with `keep_channels=True`'},
        'GaussianBlur': {
            'sigma_min': '~magnitude_range',
            'sigma_max': '~magnitude_range',
            'p': '~prob',
        },
    },
    'mmpose': {
        'TopDown': {'keypoint_head': _POSE_HEAD},
        'BottomUp': {'keypoint_head': _POSE_HEAD},
        'PoseLifter': {'keypoint_head': _POSE_HEAD},
        'AssociativeEmbedding': {'keypoint_head': _POSE_HEAD},
        'LoadImageFromFile': {'channel_order': 'remove it: images are BGR, the data preprocessor has `bgr_to_rgb`'},
        'TemporalRegressionHead': {'loss_keypoint': '~loss', 'max_norm': _DROP},
        'RLELoss': {'q_dis': '=q_distribution'},
    },
    'mmaction': {
        'SampleFrames': {'start_index': 'give it to the dataset'},
        'UntrimmedSampleFrames': {'start_index': 'give it to the dataset'},
        'Normalize': {'to_bgr': '~to_rgb; of `ActionDataPreprocessor`', 'adjust_magnitude': _DROP},
        'FormatGCNInput': {'input_format': _DROP},
        'STGCN': {'edge_importance_weighting': _DROP, 'data_bn': '~data_bn_type'},
        'RawframeDataset': {'data_prefix': 'write `data_prefix=dict(img={value})`'},
        'VideoDataset': {'data_prefix': 'write `data_prefix=dict(video={value})`'},
        'AudioDataset': {'data_prefix': 'write `data_prefix=dict(audio={value})`'},
        'AudioFeatureDataset': {'data_prefix': 'write `data_prefix=dict(audio={value})`'},
    },
    'mmocr': {
        **{
            key: {'bbox_head': '=det_head', 'show_score': _DROP, 'train_cfg': _DROP, 'test_cfg': _DROP}
            for key in ('DBNet', 'PANet', 'PSENet', 'FCENet', 'TextSnake', 'DRRG')
        },
        **{
            key: {
                'loss': '~module_loss; of the decoder',
                'label_convertor': 'write a `dictionary` and a `postprocessor` in the decoder',
            }
            for key in (
                'CRNNNet',
                'SARNet',
                'NRTR',
                'SATRN',
                'ABINet',
                'MASTER',
                'RobustScanner',
                'EncodeDecodeRecognizer',
            )
        },
        'SDMGR': {
            'bbox_head': '~kie_head',
            'extractor': '=roi_extractor',
            'class_list': 'give it to the dataset',
            'visual_modality': _DROP,
        },
        'SARNet': {'loss': '~module_loss; of the decoder', 'label_convertor': 'write a `dictionary` in the decoder'},
        'MultiScaleFlipAug': _FLIP_AUG,
        'Resize': _RESIZE,
        'RandomFlip': {'flip_ratio': '=prob'},
    },
    'mmedit': {
        'LoadImageFromFile': {
            'io_backend': '~backend_args',
            'flag': '=color_type',
            'convert_to': "~to_y_channel; `'y'` is `True`",
            'backend': '=imdecode_backend',
        },
        'LoadImageFromFileList': {'io_backend': '~backend_args', 'flag': '=color_type'},
        'GetMaskedImage': {'img_name': '=img_key', 'mask_name': '=mask_key'},
        'Pad': {'ds_factor': '=size_divisor', 'keys': _DROP},
        'CompositeFg': {'io_backend': _DROP},
        'RandomLoadResizeBg': {'io_backend': _DROP},
    },
    'mmgen': {
        'LoadImageFromFile': {'io_backend': '~backend_args', 'flag': '=color_type', 'backend': '=imdecode_backend'},
        'LoadPairedImageFromFile': {
            'io_backend': '~backend_args',
            'flag': '=color_type',
            'backend': '=imdecode_backend',
        },
    },
    'mmrotate': {'RResize': {'img_scale': '=scale'}, 'RRandomFlip': {'flip_ratio': '~prob; the sum of the list'}},
    'mmtrack': {
        'LinearReIDHead': {'loss': '=loss_cls', 'loss_pairwise': '=loss_triplet'},
        'Resize': _RESIZE,
        'SeqResize': _RESIZE,
        'RandomFlip': {'flip_ratio': '=prob'},
        'SeqRandomFlip': {'flip_ratio': '=prob'},
        'MultiScaleFlipAug': _FLIP_AUG,
    },
    'mmflow': {},
    'mmdet3d': {
        'Resize': _RESIZE,
        'MultiScaleFlipAug': _FLIP_AUG,
        'FCAF3DHead': {'n_classes': '=num_classes', 'n_reg_outs': '=num_reg_outs'},
        'MinkSingleStage3DDetector': {'head': '=bbox_head'},
        'MonoFlexHead': {'loss_offsets2d': '=loss_offsets_2d'},
        'PointRCNNRoIHead': {'point_roi_extractor': '=bbox_roi_extractor'},
        'PartAggregationROIHead': {'part_roi_extractor': '~bbox_roi_extractor'},
        'PointSegClassMapping': {'valid_cat_ids': _DROP, 'max_cat_id': _DROP},
        **{
            key: {
                'voxel_layer': 'write it in `Det3DDataPreprocessor`, with `voxel=True`',
                'pts_voxel_layer': 'write it in `Det3DDataPreprocessor` as `voxel_layer`, with `voxel=True`',
            }
            for key in ('VoxelNet', 'DynamicVoxelNet', 'CenterPoint', 'PartA2', 'SASSD')
        },
    },
}
"""Arguments of single types. They apply to configs of their library only."""

AXES: dict[str, dict[str, str]] = {
    'mmdet': {
        'Pad': 'size',
        'Mosaic': 'img_scale',
        'MixUp': 'img_scale',
        'RandomAffine': 'border',
        'RandomCenterCropPad': 'crop_size',
        'RandomCrop': 'crop_size',
    },
    'mmtrack': {'Pad': 'size', 'Mosaic': 'img_scale', 'MixUp': 'img_scale', 'RandomAffine': 'border'},
    'mmrotate': {'Pad': 'size', 'RMosaic': 'img_scale'},
    'mmcls': {'Resize': 'size', 'CenterCrop': 'crop_size', 'Pad': 'size'},
}
"""Sizes that were (h, w) in 0.x and are (w, h) in 1.x."""

HOOK_ARGUMENTS: Arguments = {
    'EMAHook': {'warm_up': _DROP, 'resume_from': _DROP},
    'ExpMomentumEMAHook': {
        'resume_from': _DROP,
        'skip_buffers': '~update_buffers; the opposite',
        'total_iter': '=gamma',
    },
    'SyncNormHook': {'num_last_epochs': _DROP, 'interval': _DROP},
    'PGGANFetchDataHook': {'interval': _DROP},
    'CheckpointHook': {'create_symlink': _DROP, 'sync_buffer': _DROP, 'meta': _DROP},
}

WARNED = frozenset({'LoadImageFromFile', 'LoadAnnotations', 'LoggerHook', 'CheckpointHook'})
"""Types that still take `file_client_args` in 1.x, with a warning."""

PRETRAINED_REFUSED = frozenset({'mmdet', 'mmrotate', 'mmpose', 'mmtrack', 'mmdet3d', 'mmocr', 'mmedit'})
"""Libraries whose whole models take no `pretrained` in 1.x."""
