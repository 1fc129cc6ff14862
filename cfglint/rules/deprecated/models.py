"""Models, their parts, and hooks that 1.x renamed or dropped, by library; read as `components` says."""

from __future__ import annotations

from cfglint.rules.deprecated.components import Table

_LOSS = '~{}; within the head, as `module_loss`'
_NO_POSE = 'MMPose 1.x has nothing of the kind'
_EDIT = '~{}; the arguments are those of the new class'
_HEATMAP = '~HeatmapHead; with `deconv_out_channels` and `deconv_kernel_sizes`, `loss` for `loss_keypoint`, and a `decoder`'

MODELS: dict[str, Table] = {
    'mmdet': {
        'YOLACTSegmHead': 'write `with_seg_branch=True` and `loss_segm` in `YOLACTProtonet`',
        'MaskHungarianAssigner': '~HungarianAssigner; with `match_costs=[…]` for `cls_cost`, `mask_cost` and `dice_cost`',
        'AscendMaxIoUAssigner': '=MaxIoUAssigner', 'AscendAnchorHead': '=AnchorHead', 'AscendRetinaHead': '=RetinaHead',
        'AscendSSDHead': '=SSDHead',
        **dict.fromkeys((
            'DetrTransformerDecoderLayer', 'DetrTransformerDecoder', 'DetrTransformerEncoder', 'DeformableDetrTransformerDecoder',
            'DeformableDetrTransformer', 'Transformer',
        ), 'write `encoder` and `decoder` of the detector: the transformer is no part of the head any more'),
    },
    'mmseg': {},
    'mmcls': {
        'BatchMixup': '~Mixup; without `num_classes`, and with its `prob` in `probs` beside `augments`',
        'BatchCutMix': '~CutMix; without `num_classes`, and with its `prob` in `probs` beside `augments`',
        'BatchResizeMix': '~ResizeMix; without `num_classes`, and with its `prob` in `probs` beside `augments`',
        'DistributedSampler': '~DefaultSampler; with `shuffle`',
    },
    'mmselfsup': {
        'Classification': '~ImageClassifier', 'MMClsImageClassifierWrapper': '=ImageClassifier', 'MIMVisionTransformer': '~VisionTransformer; '
        'or `BEiTViT`', 'CAEViT': '~CAEPretrainViT', 'MAEFinetuneHead': '~VisionTransformerClsHead', 'MAELinprobeHead':
        '~VisionTransformerClsHead', 'MaskFeatFinetuneHead': '~VisionTransformerClsHead', 'MaskFeatPretrainHead': '~MIMHead; with `loss`',
        'AvgPool2dNeck': '~GlobalAveragePooling', 'SimMIMNeck': '~SimMIMLinearDecoder; with `in_channels`',
        **dict.fromkeys((
            'DeepCluster', 'ODC', 'NPID', 'RelativeLoc', 'RotationPred', 'InterCLRMoCo', 'ODCNeck', 'RelativeLocNeck', 'MultiClsHead',
            'SimpleMemory', 'ODCMemory', 'InterCLRMemory',
        ), 'MMPretrain has nothing of the kind: it is in MMSelfSup 1.0 only, or nowhere'),
    },
    'mmpose': {
        'TopDown': '~TopdownPoseEstimator; `keypoint_head` is called `head`',
        'BottomUp': '~BottomupPoseEstimator; `keypoint_head` is called `head`',
        'AssociativeEmbedding': '~BottomupPoseEstimator; with an `AssociativeEmbeddingHead` as `head`',
        'DisentangledKeypointRegressor': '~BottomupPoseEstimator; with a `DEKRHead` as `head`',
        'CID': '~BottomupPoseEstimator; with a `CIDHead` as `head`',
        **dict.fromkeys(('TopdownHeatmapSimpleHead', 'TopDownSimpleHead'), _HEATMAP),
        **dict.fromkeys(('TopdownHeatmapMultiStageHead', 'TopDownMultiStageHead'), '~CPMHead; with a `decoder`'),
        **dict.fromkeys(('TopdownHeatmapMSMUHead', 'TopDownMSMUHead'), '~MSPNHead; with a `decoder`'),
        'ViPNASHeatmapSimpleHead': '~ViPNASHead; with a `decoder`',
        **dict.fromkeys((
            'AESimpleHead', 'AEMultiStageHead', 'AEHigherResolutionHead', 'BottomUpSimpleHead', 'BottomUpHigherResolutionHead',
        ), '~AssociativeEmbeddingHead; with a `decoder`'),
        'DeepposeRegressionHead': '~RegressionHead; or `RLEHead`, with `loss` for `loss_keypoint` and a `decoder`',
        'Interhand3DHead': '~InternetHead; with `keypoint_head_cfg`, `root_head_cfg` and `hand_type_head_cfg`',
        'JointsMSELoss': '~KeypointMSELoss', 'JointsOHKMMSELoss': '~KeypointOHKMMSELoss',
        'AELoss': '~AssociativeEmbeddingLoss', 'MultiLossFactory': '~MultipleLossWrapper; with a list of `losses`',
        'Interhand3D': '~TopdownPoseEstimator; with an `InternetHead` as `head`',
        **dict.fromkeys((
            'ParametricMesh', 'HMRMeshHead', 'MeshHMRHead', 'MeshLoss', 'GestureRecognizer', 'MultiTask', 'PoseWarper',
            'VoxelCenterDetector', 'VoxelSinglePose', 'DetectAndRegress', 'CuboidCenterHead', 'CuboidPoseHead', 'MultiModalSSAHead',
            'MTA', 'TCFormer', 'SMPL', 'FcHead', 'DeconvHead', 'HeatmapLoss',
        ), _NO_POSE),
    },
    'mmaction': {
        'SkeletonGCN': '~RecognizerGCN', 'STGCNHead': '~GCNHead', 'AudioRecognizer': '~RecognizerAudio', 'AudioTSNHead': '~TSNAudioHead',
        'AGCN': '~AAGCN', 'SSN': 'MMAction2 1.x has nothing of the kind', 'SSNHead': 'MMAction2 1.x has nothing of the kind',
    },
    'mmocr': {
        'VeryDeepVgg': '=MiniVGG', 'CRNNNet': '~CRNN', 'EncodeDecodeRecognizer': '~EncoderDecoderRecognizer', 'TransformerEncoder':
        '~NRTREncoder', 'SatrnEncoder': '~SATRNEncoder', 'ABIVisionModel': '~ABIEncoder; with an `ABIVisionDecoder`',
        'RobustScannerDecoder': '~RobustScannerFuser; with its decoders', 'TPSPreprocessor': '~STN', 'OCRMaskRCNN': '~MMDetWrapper; with '
        "`cfg=dict(type='mmdet.MaskRCNN', …)`",
        'DBLoss': _LOSS.format('DBModuleLoss'), 'PANLoss': _LOSS.format('PANModuleLoss'), 'PSELoss': _LOSS.format('PSEModuleLoss'),
        'FCELoss': _LOSS.format('FCEModuleLoss'), 'TextSnakeLoss': _LOSS.format('TextSnakeModuleLoss'),
        'DRRGLoss': _LOSS.format('DRRGModuleLoss'), 'SDMGRLoss': _LOSS.format('SDMGRModuleLoss'),
        'ABILoss': '~ABIModuleLoss; within the decoder, as `module_loss`', 'CTCLoss': '~CTCModuleLoss; within the decoder, as `module_loss`',
        'CELoss': '~CEModuleLoss; within the decoder, as `module_loss`', 'TFLoss': '~CEModuleLoss; within the decoder, as `module_loss`',
        'SARLoss': '~CEModuleLoss; within the decoder, as `module_loss`', 'DiceLoss': '~MaskedDiceLoss',
        **dict.fromkeys(('AttnConvertor', 'CTCConvertor', 'ABIConvertor', 'SegConvertor', 'NerConvertor'),
                        "write a `dictionary=dict(type='Dictionary', dict_file=…)` in the decoder, with a `postprocessor`"),
        **dict.fromkeys(('NerClassifier', 'BertEncoder', 'FCDecoder', 'MaskedCrossEntropyLoss', 'MaskedFocalLoss'),
                        'MMOCR 1.x has no named entity recognition'),
        **dict.fromkeys(('SegRecognizer', 'SegHead', 'SegLoss', 'FPNOCR'), 'MMOCR 1.x has no SegOCR'),
    },
    'mmedit': {
        'BasicRestorer': '~BaseEditModel', 'EDSR': _EDIT.format('EDSRNet'), 'RDN': _EDIT.format('RDNNet'), 'SRCNN': _EDIT.format('SRCNNNet'),
        'IconVSR': _EDIT.format('IconVSRNet'), 'BasicVSRPlusPlus': _EDIT.format('BasicVSRPlusPlusNet'),
        'TOFlow': '~TOFlowVSRNet; or `TOFlowVFINet` for interpolation', 'LIIFEDSR': _EDIT.format('LIIFEDSRNet'),
        'LIIFRDN': _EDIT.format('LIIFRDNNet'), 'GLEAN': '~SRGAN; with a `GLEANStyleGANv2` as `generator`',
    },
    'mmgen': {
        'StaticUnconditionalGAN': 'name the model itself: `DCGAN`, `LSGAN`, `WGANGP`, `GGAN`, `StyleGAN2` or `StyleGAN3`',
        'BasicConditionalGAN': 'name the model itself: `BigGAN`, `SAGAN` or `SNGAN`', 'BasiccGAN': 'name the model itself: `BigGAN`, '
        '`SAGAN` or `SNGAN`', 'StaticTranslationGAN': 'name the model itself: `Pix2Pix` or `CycleGAN`',
        'BasicGaussianDiffusion': 'name one of the diffusion models of MMagic',
    },
    'mmrotate': {
        **{old: f'~{new}' for old, new in {
            'RotatedRetinaNet': 'mmdet.RetinaNet', 'RotatedFasterRCNN': 'mmdet.FasterRCNN', 'GlidingVertex': 'mmdet.FasterRCNN',
            'OrientedRCNN': 'mmdet.FasterRCNN', 'RoITransformer': 'mmdet.CascadeRCNN', 'ReDet': 'mmdet.CascadeRCNN',
            'RotatedFCOS': 'mmdet.FCOS', 'RotatedRepPoints': 'mmdet.RepPointsDetector', 'R3Det': 'RefineSingleStageDetector',
            'S2ANet': 'RefineSingleStageDetector', 'RotatedRPNHead': 'mmdet.RPNHead', 'RoITransRoIHead': 'mmdet.CascadeRoIHead',
            'OrientedStandardRoIHead': 'mmdet.StandardRoIHead', 'RotatedStandardRoIHead': 'mmdet.StandardRoIHead',
            'KFIoURRetinaHead': 'RotatedRetinaHead', 'CSLRFCOSHead': 'RotatedFCOSHead', 'CSLRRetinaHead': 'RotatedRetinaHead',
            'RRandomSampler': 'mmdet.RandomSampler', 'ATSSObbAssigner': 'RotatedATSSAssigner', 'ATSSKldAssigner': 'RotatedATSSAssigner',
            'PseudoAnchorGenerator': 'PseudoRotatedAnchorGenerator',
        }.items()},
        'RotatedAnchorGenerator': '~FakeRotatedAnchorGenerator; with `angle_version`',
        'DeltaXYWHAOBBoxCoder': '~DeltaXYWHTRBBoxCoder; with `angle_version` for `angle_range`',
        'DeltaXYWHAHBBoxCoder': '~DeltaXYWHTHBBoxCoder; with `angle_version` for `angle_range`',
        'KLDRepPointsLoss': 'nothing replaces it',
    },
    'mmtrack': {'SortTracker': '~SORTTracker'},
    'mmflow': {},
    'mmdet3d': {},
}  # fmt: skip

_WANDB = "write `vis_backends=[dict(type='WandbVisBackend')]` for the `visualizer`"
_SCHEDULER = 'write `param_scheduler`'

HOOKS: Table = {
    'ExpMomentumEMAHook': "~EMAHook; with `ema_type='ExpMomentumEMA'`, `gamma` for `total_iter`, and `update_buffers` for `not "
    'skip_buffers`',
    'LinearMomentumEMAHook': 'nothing replaces it',
    'SyncRandomSizeHook': "write `batch_augments=[dict(type='BatchSyncRandomResize', …)]` in the data preprocessor",
    'MMDetWandbHook': _WANDB, 'MMSegWandbHook': _WANDB, 'MMClsWandbHook': _WANDB,
    'YOLOXLrUpdaterHook': _SCHEDULER, 'StepFixCosineAnnealingLrUpdaterHook': _SCHEDULER, 'LinearLrUpdaterHook': _SCHEDULER,
    'ReduceLrUpdaterHook': _SCHEDULER, 'MultiStageLrUpdaterHook': _SCHEDULER, 'RelativeStepLrUpdaterHook': _SCHEDULER,
    'TINLrUpdaterHook': _SCHEDULER, 'SiameseRPNLrUpdaterHook': _SCHEDULER, 'CosineAnnealingCooldownLrUpdaterHook': _SCHEDULER,
    'StepLrUpdaterHook': _SCHEDULER, 'CosineAnnealingLrUpdaterHook': _SCHEDULER, 'PolyLrUpdaterHook': _SCHEDULER,
    'CyclicLrUpdaterHook': _SCHEDULER,
    'EvalHook': 'write `val_evaluator`', 'DistEvalHook': 'write `val_evaluator`', 'GenerativeEvalHook': 'write `val_evaluator`',
    'TranslationEvalHook': 'write `val_evaluator`',
    'OptimizerHook': 'write `optim_wrapper`', 'Fp16OptimizerHook': "write `optim_wrapper = dict(type='AmpOptimWrapper', …)`",
    'GradientCumulativeOptimizerHook': 'write `accumulative_counts` in `optim_wrapper`',
    'GradientCumulativeFp16OptimizerHook': "write `optim_wrapper = dict(type='AmpOptimWrapper', accumulative_counts=…)`",
    'DistOptimizerHook': 'write `optim_wrapper`', 'GradAccumFp16OptimizerHook': "write `optim_wrapper = dict(type='AmpOptimWrapper', …)`",
    'SiameseRPNOptimizerHook': '~SiamRPNBackboneUnfreezeHook; with clipping in `optim_wrapper`',
    'SiameseRPNFp16OptimizerHook': '~SiamRPNBackboneUnfreezeHook; with clipping in `optim_wrapper`',
    'TextLoggerHook': 'write `default_hooks.logger`', 'IterTextLoggerHook': 'write `default_hooks.logger`, with '
    '`log_processor = dict(by_epoch=False)`',
    'TensorboardLoggerHook': "write `vis_backends=[dict(type='TensorboardVisBackend')]` for the `visualizer`", 'WandbLoggerHook': _WANDB,
    'MlflowLoggerHook': "write `vis_backends=[dict(type='MLflowVisBackend')]` for the `visualizer`",
    'ClearMLLoggerHook': "write `vis_backends=[dict(type='ClearMLVisBackend')]` for the `visualizer`",
    'NeptuneLoggerHook': "write `vis_backends=[dict(type='NeptuneVisBackend')]` for the `visualizer`",
    'DvcliveLoggerHook': "write `vis_backends=[dict(type='DVCLiveVisBackend')]` for the `visualizer`",
    'PaviLoggerHook': 'nothing in MMEngine replaces it', 'SegmindLoggerHook': 'nothing in MMEngine replaces it',
    'BYOLHook': 'remove it: the model updates its momentum itself', 'MomentumUpdateHook': 'remove it: the model updates its momentum itself',
    'DeepClusterHook': 'keep it with MMSelfSup 1.0, with `extract_dataloader` for `extractor`; MMPretrain has nothing of the kind',
    'ODCHook': 'MMPretrain has nothing of the kind', 'InterCLRHook': 'MMPretrain has nothing of the kind',
    'VisualizeUnconditionalSamples': "~VisualizationHook; with `fixed_input=True` and `vis_kwargs_list=dict(type='GAN', name='fake_img')`",
    'MMGenVisualizationHook': '~VisualizationHook; with one entry of `vis_kwargs_list` for each of `res_name_list`',
    'MMEditVisualizationHook': "~BasicVisualizationHook; with `visualizer = dict(type='ConcatImageVisualizer', …)`",
    'PetrelUploadHook': 'nothing replaces it', 'ModelSetEpochHook': 'nothing replaces it',
    'DropPathProbHook': 'nothing replaces it', 'SearchSubnetHook': 'nothing replaces it', 'SubBatchNorm3dAggregationHook':
    'nothing replaces it',
}  # fmt: skip
"""Hooks of all libraries: their names differ."""
