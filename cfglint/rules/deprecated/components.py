"""Registered components that 1.x renamed or dropped, by library.

What a table says about a type:

- ``=New``: the type has a new name, its arguments are the same;
- ``~New``, ``~New; more``: the type has a new name, and its arguments changed too, in the way that the rest says;
- anything else is what to do instead, as it stands in the message.
"""

from __future__ import annotations

Table = dict[str, str]

_PACK = 'end the pipeline with `{packer}`, which takes what `Collect` and the formatting did'
_FORMAT = 'remove it: `{packer}` at the end of the pipeline does it'
_GONE = 'nothing replaces it'

ALL_TRANSFORMS: Table = {
    'Collect': _PACK,
    'DefaultFormatBundle': _PACK,
    'ToDataContainer': _FORMAT,
    'WrapFieldsToLists': _FORMAT,
    'ImageToTensor': _FORMAT,
    'ToTensor': _FORMAT,
    'Transpose': _FORMAT,
    'MultiScaleFlipAug': 'put its `transforms` into the test pipeline, with one scale and without the flip; several '
    'scales or '
    'flips belong into `tta_model` and `tta_pipeline`',
}
"""Transforms that most libraries of 0.x had."""

KEPT = {
    'mmpretrain': frozenset({'Collect', 'ToPIL', 'ToNumpy'}),
    'mmagic': frozenset({'RescaleToZeroOne'}),
    'mmocr': frozenset({'IcdarDataset'}),
    'mmpose': frozenset({'AssociativeEmbedding'}),
    'mmdet3d': frozenset({'LoadImageFromFileMono3D'}),
}
"""What the tables replace, but the 1.x library still registers."""
GONE_EVERYWHERE = frozenset({'DefaultFormatBundle', 'ToDataContainer'})
"""What no library of 1.x registers."""
GONE_IN_LIBRARIES = frozenset({*GONE_EVERYWHERE, 'Collect'})
"""What no library of 1.x registers but those of `KEPT`."""

TRANSFORMS: dict[str, Table] = {
    'mmdet': {
        'LoadImageFromWebcam': '=LoadImageFromNDArray',
        'BrightnessTransform': '~Brightness; its strength is `level`, `min_mag` and `max_mag`',
        'ContrastTransform': '~Contrast; its strength is `level`, `min_mag` and `max_mag`',
        'EqualizeTransform': '~Equalize; its strength is `level`, `min_mag` and `max_mag`',
        'Shear': '~ShearX; or `ShearY`: one for each direction, with `max_mag`',
        'Translate': '~TranslateX; or `TranslateY`: one for each direction, with `max_mag`',
    },
    'mmseg': {},
    'mmcls': {
        'ToHalf': _GONE,
        'ToPIL': '~NumpyToPIL; with `to_rgb`',
        'ToNumpy': '~PILToNumpy; with `to_bgr`',
    },
    'mmselfsup': {
        'RandomAppliedTrans': '~RandomApply; `p` is called `prob`',
        'Solarization': '~Solarize; `p` is called `prob`, and it needs `thr`',
        'RandomAug': '~RandAugment; with `policies`',
        'MaskFeatMaskGenerator': '~BEiTMaskGenerator; with the same number of patches',
        'RandomHorizontalFlip': '~RandomFlip; `p` is called `prob`',
    },
    'mmpose': {
        'TopDownGetBboxCenterScale': '=GetBBoxCenterScale',
        'TopDownRandomShiftBboxCenter': (
            '~RandomBBoxTransform; `prob` is called `shift_prob`; one such transform does shift, scale and rotation'
        ),
        'TopDownGetRandomScaleRotation': (
            '~RandomBBoxTransform; with `rotate_factor` twice the old `rot_factor`, `scale_factor=(1-s, '
            '1+s)`, and `rotate_prob` for `rot_prob`'
        ),
        'TopDownRandomFlip': "~RandomFlip; with `direction='horizontal'`, and `prob` for `flip_prob`",
        'TopDownHalfBodyTransform': (
            '~RandomHalfBody; with `min_total_keypoints` one more than `num_joints_half_body`, and `prob` '
            'for `prob_half_body`'
        ),
        'TopDownAffine': '~TopdownAffine; with `input_size`, the old `data_cfg.image_size`',
        'TopDownGenerateTarget': (
            '~GenerateTarget; with `encoder=codec`: an `MSRAHeatmap`, `UDPHeatmap` or `MegviiHeatmap`'
        ),
        'TopDownGenerateTargetRegression': "~GenerateTarget; with `encoder=dict(type='RegressionLabel', input_size=…)`",
        'NormalizeTensor': 'write mean and std, times 255, in `PoseDataPreprocessor`, with `bgr_to_rgb=True`',
        'BottomUpRandomAffine': '~BottomupRandomAffine; with `input_size`',
        'BottomUpRandomFlip': "~RandomFlip; with `direction='horizontal'`, and `prob` for `flip_prob`",
        'BottomUpGetImgSize': '~BottomupResize; with `input_size`',
        'BottomUpResizeAlign': '~BottomupResize; with `input_size`',
        'BottomUpGenerateTarget': '~GenerateTarget; with an `encoder` of type `AssociativeEmbedding`',
        'BottomUpGenerateHeatmapTarget': '~GenerateTarget; with an `encoder` of type `SPR`',
        'BottomUpGenerateOffsetTarget': '~GenerateTarget; with an `encoder` of type `SPR`',
        'GetKeypointCenterArea': '~GenerateTarget; with an `encoder` of type `SPR`',
        'BottomUpGeneratePAFTarget': _GONE,
        'CIDGenerateTarget': '~GenerateTarget; with an `encoder` of type `DecoupledHeatmap`',
        'Generate3DHeatmapTarget': '~GenerateTarget; with an `encoder` of type `Hand3DHeatmap`',
        'HandGenerateRelDepthTarget': '~GenerateTarget; with an `encoder` of type `Hand3DHeatmap`',
        'GetRootCenteredPose': 'let the codec `VideoPoseLifting` do it',
        'ImageCoordinateNormalization': 'let the codec `VideoPoseLifting` do it',
        'NormalizeJointCoordinate': 'let the codec `VideoPoseLifting` do it',
        'PoseSequenceToTensor': _FORMAT,
        'CollectCameraIntrinsics': 'let the codec `VideoPoseLifting` do it',
        'RelativeJointRandomFlip': '~RandomFlipAroundRoot; with `keypoints_flip_cfg` and `target_flip_cfg`',
        'MultiItemProcess': _GONE,
        'DiscardDuplicatedItems': _GONE,
        'RenameKeys': _GONE,
        **dict.fromkeys(
            (
                'AffineJoints',
                'CameraProjection',
                'CenterSpatialCrop',
                'CropValidClip',
                'GenerateInputHeatmaps',
                'GenerateVoxel3DHeatmapTarget',
                'GestureRandomFlip',
                'IUVToTensor',
                'LoadIUVFromFile',
                'LoadVideoFromFile',
                'MeshAffine',
                'MeshGetRandomScaleRotation',
                'MeshRandomChannelNoise',
                'MeshRandomFlip',
                'ModalWiseChannelProcess',
                'MultiFrameBBoxMerge',
                'MultiModalVideoToTensor',
                'MultitaskGatherTarget',
                'RandomAlignedSpatialCrop',
                'ResizeGivenShortEdge',
                'ResizedCropByBBox',
                'TemporalPooling',
                'VideoColorJitter',
                'VideoNormalizeTensor',
            ),
            'MMPose 1.x has nothing of the kind',
        ),
    },
    'mmaction': {
        'Imgaug': '=ImgAug',
        'PytorchVideoTrans': '~PytorchVideoWrapper; with `op`, the old `type`',
        'TorchvisionTrans': '~TorchVisionWrapper; with `op`, the old `type`',
        'LoadKineticsPose': '~DecompressPose; with `squeeze=True`',
        'PoseNormalize': '~PreNormalize3D; or `PreNormalize2D`',
        'PaddingWithLoop': '~UniformSampleFrames; with `clip_len`',
        'Rename': 'take the new names from the transforms before it: `PackActionInputs` takes `keypoint`',
        'SampleProposalFrames': _GONE,
        'AudioAmplify': _GONE,
        'AudioDecode': '~LoadAudioFeature; audio is read as features',
        'AudioDecodeInit': '~LoadAudioFeature; audio is read as features',
        'MelSpectrogram': '~LoadAudioFeature; audio is read as features',
    },
    'mmocr': {
        'LoadTextAnnotations': '~LoadOCRAnnotations; with `with_polygon`, `with_bbox`, `with_label`',
        'CustomFormatBundle': 'end the pipeline with `PackTextDetInputs`: targets are made in the loss',
        'KIEFormatBundle': 'end the pipeline with `PackKIEInputs`',
        'ToTensorOCR': 'end the pipeline with `PackTextRecogInputs`',
        'NormalizeOCR': 'write mean and std, times 255, in `TextRecogDataPreprocessor`',
        'ResizeOCR': (
            '~RescaleToHeight; or `Resize(scale=(max_width, height), keep_ratio=False)` where the aspect '
            'ratio is not kept, with `PadToWidth` where it is padded'
        ),
        'RandomRotateTextDet': '~RandomRotate; `rotate_ratio` becomes the `prob` of a `RandomApply` around it',
        'RandomRotatePolyInstances': (
            '~RandomRotate; with `use_canvas=True`; `rotate_ratio` becomes the `prob` of a `RandomApply` around it'
        ),
        'RandomCropFlip': '~TextDetRandomCropFlip',
        'RandomCropPolyInstances': '~RandomCrop; in a `RandomApply`, whose `prob` is the old `crop_ratio`',
        'RandomCropInstances': '~TextDetRandomCrop',
        'EastRandomCrop': '~RandomCrop; with `min_side_ratio=0.1`, then `Resize(keep_ratio=True)` and `Pad`',
        'RandomScaling': '~RandomResize; with `scale=(size, size)`, `ratio_range` for `scale`, and `keep_ratio=True`',
        'SquareResizePad': '~RandomChoice; of resize-and-pad with probability `pad_ratio`, and plain resize',
        'ScaleAspectJitter': (
            '~ShortScaleAspectJitter; or `BoundedScaleAspectJitter` or `RandomResize`, by `resize_type`'
        ),
        'RandomWrapper': '~RandomApply; `p` is called `prob`',
        'OneOfWrapper': '~RandomChoice; each choice is a list of transforms',
        'ColorJitter': "~TorchVisionWrapper; with `op='ColorJitter'`",
        'ImgAug': '~ImgAugWrapper; without `clip_invalid_ploys`',
        'MultiRotateAugOCR': 'put its `transforms` into the test pipeline; rotations belong into `tta_pipeline`',
        'LoadImageFromNdarray': '=LoadImageFromNDArray',
        'ResizeNoImg': '~Resize; with `scale`',
        'FancyPCA': _GONE,
        'RandomPaddingOCR': _GONE,
        'RandomRotateImageBox': _GONE,
        'OpencvToPil': _GONE,
        'PilToOpencv': _GONE,
        'LoadImageFromLMDB': 'read the images through a `RecogLMDBDataset`',
        'OnlineCropOCR': '~TextRecogGeneralAug',
        'AffineJitter': _GONE,
        'NerTransform': 'MMOCR 1.x has no named entity recognition',
        'ToTensorNER': 'MMOCR 1.x has no named entity recognition',
        **dict.fromkeys(
            (
                'DBNetTargets',
                'DRRGTargets',
                'FCENetTargets',
                'OCRSegTargets',
                'PANetTargets',
                'PSENetTargets',
                'TextSnakeTargets',
            ),
            'remove it: targets are made in the loss',
        ),
    },
    'mmedit': {
        'LoadImageFromFileList': '~LoadImageFromFile; with `color_type` for `flag`',
        'FramesToTensor': _FORMAT,
        'RescaleToZeroOne': 'remove it: the data preprocessor maps 0 to 255 onto what the model takes',
        'GenerateHeatmap': '~GenerateFacialHeatmap; with `image_key`',
        'Quantize': '=Clip',
    },
    'mmgen': {
        'RescaleToZeroOne': 'remove it: the data preprocessor maps 0 to 255 onto what the model takes',
        'RandomImgNoise': _GONE,
    },
    'mmrotate': {
        'RResize': '~mmdet.Resize; `img_scale` is called `scale`, with `keep_ratio=True`',
        'RMosaic': '~mmdet.Mosaic',
        'RRandomFlip': '~mmdet.RandomFlip; `flip_ratio` is called `prob`: the sum, with the list of `direction`s',
        'PolyRandomRotate': '~RandomRotate; with `prob`, `angle_range` and `rect_obj_labels`',
        'RRandomCrop': '~mmdet.RandomCrop',
        'LoadPatchFromImage': '~mmdet.LoadImageFromNDArray',
    },
    'mmtrack': {
        'LoadMultiImagesFromFile': '~LoadImageFromFile; within a `TransformBroadcaster`',
        'SeqLoadAnnotations': '~LoadTrackAnnotations',
        'SeqResize': '~Resize; within a `TransformBroadcaster(share_random_params=True)`',
        'SeqRandomFlip': '~RandomFlip; within a `TransformBroadcaster(share_random_params=True)`',
        'SeqRandomCrop': '~mmdet.RandomCrop; within a `TransformBroadcaster(share_random_params=True)`',
        'SeqPhotoMetricDistortion': '~mmdet.PhotoMetricDistortion; within a `TransformBroadcaster`',
        'SeqNormalize': 'write mean and std in `TrackDataPreprocessor`',
        'SeqPad': 'write `pad_size_divisor` in `TrackDataPreprocessor`',
        'SeqCropLikeSiamFC': '~CropLikeSiamFC',
        'SeqBrightnessAug': '~BrightnessAug',
        'SeqGrayAug': '~GrayAug',
        'ReIDFormatBundle': '~PackReIDInputs',
        **dict.fromkeys(
            (
                'SeqDefaultFormatBundle',
                'VideoCollect',
                'ConcatVideoReferences',
                'ConcatSameTypeFrames',
                'MultiImagesToTensor',
                'ToList',
            ),
            _PACK,
        ),
        'MatchInstances': 'remove it: `PackTrackInputs` does it',
        'LoadDetections': _GONE,
    },
    'mmflow': {'TestFormatBundle': _PACK, 'RandomRotation': _GONE, 'RandomTranslate': _GONE},
    'mmdet3d': {
        'DefaultFormatBundle3D': _PACK,
        'Collect3D': _PACK,
        'RandomRotate': _GONE,
        'RangeLimitedRandomCrop': _GONE,
        'LoadImageFromFileMono3D': "keep it: the data are read by a dataset with `load_type='mv_image_based'`",
    },
}
