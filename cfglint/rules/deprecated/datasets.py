"""Datasets that 1.x renamed or dropped, by library; read as `components` says."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cfglint.rules.deprecated.components import Table

_GONE = 'nothing replaces it'

DATASETS: dict[str, Table] = {
    'mmdet': {
        'CustomDataset': '~BaseDetDataset; annotations are `metainfo` and `data_list` now',
        'OccludedSeparatedCocoDataset': '~CocoDataset; with `CocoOccludedSeparatedMetric`',
    },
    'mmseg': {
        'CustomDataset': '~BaseSegDataset; with `data_prefix` and `metainfo`',
        'FaceOccludedDataset': '~BaseSegDataset; with `metainfo`',
    },
    'mmcls': {},
    'mmselfsup': {
        'SingleViewDataset': '~ImageNet; or the dataset of its `data_source`',
        'MultiViewDataset': '~ImageNet; or the dataset of its '
        '`data_source`, with a `MultiView` transform for its `pipelines`',
        'DeepClusterDataset': 'MMPretrain has nothing of the kind',
        'RelativeLocDataset': 'MMPretrain has nothing of the kind',
        'RotationPredDataset': 'MMPretrain has nothing of the kind',
    },
    'mmpose': {
        **{
            f'{prefix}{name}Dataset': f"~{new}Dataset; with `data_mode='{mode}'` and `data_prefix`"
            for prefix, mode, names in (
                (
                    'TopDown',
                    'topdown',
                    {
                        'Coco': 'Coco',
                        'Aic': 'Aic',
                        'CrowdPose': 'CrowdPose',
                        'Mpii': 'Mpii',
                        'MpiiTrb': 'MpiiTrb',
                        'OCHuman': 'OCHuman',
                        'PoseTrack18': 'PoseTrack18',
                        'PoseTrack18Video': 'PoseTrack18Video',
                        'Jhmdb': 'Jhmdb',
                        'Mhp': 'Mhp',
                        'Halpe': 'Halpe',
                        'CocoWholeBody': 'CocoWholeBody',
                        'H36M': 'Human36m',
                        'FreiHand': 'FreiHand',
                        'OneHand10K': 'OneHand10K',
                        'Panoptic': 'PanopticHand2D',
                    },
                ),
                (
                    'BottomUp',
                    'bottomup',
                    {
                        'Coco': 'Coco',
                        'Aic': 'Aic',
                        'CrowdPose': 'CrowdPose',
                        'Mhp': 'Mhp',
                        'CocoWholeBody': 'CocoWholeBody',
                    },
                ),
                (
                    'Animal',
                    'topdown',
                    {
                        'AP10K': 'AP10K',
                        'ATRW': 'ATRW',
                        'Fly': 'Fly',
                        'Horse10': 'Horse10',
                        'Locust': 'Locust',
                        'Macaque': 'Macaque',
                        'Zebra': 'Zebra',
                    },
                ),
                (
                    'Face',
                    'topdown',
                    {'AFLW': 'AFLW', 'COFW': 'COFW', 'WFLW': 'WFLW', 'CocoWholeBody': 'CocoWholeBodyFace'},
                ),
                ('Hand', 'topdown', {'CocoWholeBody': 'CocoWholeBodyHand'}),
                (
                    '',
                    'topdown',
                    {'Panoptic': 'PanopticHand2D', 'InterHand2D': 'InterHand2DDouble', 'Body3DH36M': 'Human36m'},
                ),
            )
            for name, new in names.items()
        },
        **dict.fromkeys(
            (
                'Body3DMpiInf3dhpDataset',
                'Body3DMviewDirectCampusDataset',
                'Body3DMviewDirectPanopticDataset',
                'Body3DMviewDirectShelfDataset',
                'Body3DSemiSupervisionDataset',
                'MeshAdversarialDataset',
                'MeshH36MDataset',
                'MeshMixDataset',
                'MoshDataset',
                'NVGestureDataset',
            ),
            'MMPose 1.x has nothing of the kind',
        ),
    },
    'mmaction': {
        'AudioFeatureDataset': '~AudioDataset',
        **dict.fromkeys(
            ('SSNDataset', 'AudioVisualDataset', 'HVUDataset', 'ImageDataset', 'RawVideoDataset'),
            'MMAction2 1.x has nothing of the kind',
        ),
    },
    'mmocr': {
        'UniformConcatDataset': '~ConcatDataset; with `pipeline`',
        'IcdarDataset': '~OCRDataset; with annotations in the new format',
        'KIEDataset': '~WildReceiptDataset',
        'OpensetKIEDataset': '~WildReceiptDataset',
        **dict.fromkeys(('NerDataset', 'TextDetDataset', 'OCRSegDataset'), 'MMOCR 1.x has nothing of the kind'),
    },
    'mmedit': {
        **dict.fromkeys(
            (
                'SRFolderDataset',
                'SRFolderGTDataset',
                'SRFolderRefDataset',
                'SRAnnotationDataset',
                'SRLmdbDataset',
                'ImgInpaintingDataset',
                'SRFacialLandmarkDataset',
            ),
            '~BasicImageDataset; with `data_root`, `data_prefix=dict(img=…, gt=…)` and `metainfo`',
        ),
        **dict.fromkeys(
            (
                'SRREDSDataset',
                'SRREDSMultipleGTDataset',
                'SRVimeo90KDataset',
                'SRVimeo90KMultipleGTDataset',
                'SRVid4Dataset',
                'SRTestMultipleGTDataset',
                'SRFolderMultipleGTDataset',
                'SRFolderVideoDataset',
                'VFIVimeo90KDataset',
                'VFIVimeo90K7FramesDataset',
            ),
            '~BasicFramesDataset; with `data_root`, `data_prefix=dict(img=…, gt=…)`, `metainfo` and `num_input_frames`',
        ),
        'GenerationPairedDataset': '~PairedImageDataset; with `data_root` for `dataroot`',
        'GenerationUnpairedDataset': '~UnpairedImageDataset; with `data_root` for `dataroot`',
        'BaseMattingDataset': '~AdobeComp1kDataset; with `data_root`',
    },
    'mmgen': {
        'UnconditionalImageDataset': '~BasicImageDataset; with `data_root` for `imgs_root`',
        'QuickTestImageDataset': _GONE,
    },
    'mmrotate': {'SARDataset': '~mmdet.CocoDataset'},
    'mmtrack': {
        'CocoVideoDataset': '~BaseVideoDataset; with `ref_img_sampler` in the dataset',
        'SOTTestDataset': _GONE,
        'SOTTrainDataset': _GONE,
    },
    'mmflow': {},
    'mmdet3d': {
        'Custom3DDataset': '~Det3DDataset',
        'Custom3DSegDataset': '~Seg3DDataset',
        'SemanticKITTIDataset': '~SemanticKittiDataset',
        'NuScenesMonoDataset': "~NuScenesDataset; with `load_type='mv_image_based'`",
        'KittiMonoDataset': "~KittiDataset; with `load_type='fov_image_based'`",
    },
}
