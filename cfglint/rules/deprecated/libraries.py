"""Which library of 0.x a config belongs to, and what became of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cfglint.rules.context import type_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cfglint.language.config import Config

SUCCESSORS = {
    'mmdet': 'mmdet', 'mmseg': 'mmseg', 'mmcls': 'mmpretrain', 'mmselfsup': 'mmpretrain', 'mmpose': 'mmpose',
    'mmaction': 'mmaction', 'mmocr': 'mmocr', 'mmedit': 'mmagic', 'mmgen': 'mmagic', 'mmrotate': 'mmrotate',
    'mmtrack': 'mmtrack', 'mmflow': 'mmflow', 'mmdet3d': 'mmdet3d',
}  # fmt: skip
"""The scope of each library of 0.x in 1.x."""

PACKERS = {
    'mmdet': 'PackDetInputs', 'mmseg': 'PackSegInputs', 'mmcls': 'PackInputs', 'mmselfsup': 'PackInputs',
    'mmpose': 'PackPoseInputs', 'mmaction': 'PackActionInputs',
    'mmocr': 'PackTextDetInputs` or `PackTextRecogInputs', 'mmedit': 'PackInputs', 'mmgen': 'PackInputs',
    'mmrotate': 'mmdet.PackDetInputs',
    'mmtrack': 'PackTrackInputs', 'mmflow': 'PackFlowInputs', 'mmdet3d': 'Pack3DDetInputs',
}  # fmt: skip
"""The transform that ends a pipeline of 1.x."""

PREPROCESSORS = {
    'mmdet': 'DetDataPreprocessor', 'mmseg': 'SegDataPreProcessor', 'mmcls': 'ClsDataPreprocessor',
    'mmpose': 'PoseDataPreprocessor', 'mmselfsup': 'SelfSupDataPreprocessor', 'mmaction': 'ActionDataPreprocessor',
    'mmedit': 'DataPreprocessor', 'mmgen': 'DataPreprocessor', 'mmrotate': 'mmdet.DetDataPreprocessor',
    'mmtrack': 'TrackDataPreprocessor', 'mmflow': 'FlowDataPreprocessor', 'mmdet3d': 'Det3DDataPreprocessor',
}  # fmt: skip
"""What normalizes and pads batches in 1.x."""

_MARKS = {
    'mmdet': """
        ATSS AutoAssign CascadeRCNN CenterNet CocoDataset CocoPanopticDataset CornerNet DDOD DETR DeformableDETR
        FCOS FOVEA FSAF FastRCNN FasterRCNN GFL GridRCNN HybridTaskCascade
        KnowledgeDistillationSingleStageDetector LAD LVISV05Dataset LVISV1Dataset Mask2Former MaskFormer
        MaskRCNN MaskScoringRCNN NASFCOS Objects365V1Dataset Objects365V2Dataset OccludedSeparatedCocoDataset
        OpenImagesChallengeDataset OpenImagesDataset PAA PanopticFPN PointRend QueryInst RPN RepPointsDetector
        RetinaNet SCNet SOLO SOLOv2 SingleStageDetector SingleStageInstanceSegmentor SparseRCNN TOOD
        TridentFasterRCNN TwoStageDetector TwoStagePanopticSegmentor VFNet VOCDataset WIDERFaceDataset
        XMLDataset YOLACT YOLOF YOLOV3 YOLOX""",
    'mmseg': """
        ADE20KDataset COCOStuffDataset CascadeEncoderDecoder ChaseDB1Dataset DRIVEDataset DarkZurichDataset
        EncoderDecoder FaceOccludedDataset HRFDataset ISPRSDataset LoveDADataset NightDrivingDataset
        PascalContextDataset PascalContextDataset59 PascalVOCDataset PotsdamDataset STAREDataset iSAIDDataset""",
    'mmcls': """
        CIFAR10 CIFAR100 CUB FashionMNIST ImageClassifier ImageNet ImageNet21k KFoldDataset MNIST StanfordCars
        VOC""",
    'mmpose': """
        AnimalAP10KDataset AnimalATRWDataset AnimalFlyDataset AnimalHorse10Dataset AnimalLocustDataset
        AnimalMacaqueDataset AnimalPoseDataset AnimalZebraDataset AssociativeEmbedding Body3DH36MDataset
        Body3DMpiInf3dhpDataset Body3DMviewDirectCampusDataset Body3DMviewDirectPanopticDataset
        Body3DMviewDirectShelfDataset Body3DSemiSupervisionDataset BottomUp BottomUpAicDataset
        BottomUpCocoDataset BottomUpCocoWholeBodyDataset BottomUpCrowdPoseDataset BottomUpMhpDataset CID
        DetectAndRegress DisentangledKeypointRegressor Face300WDataset FaceAFLWDataset FaceCOFWDataset
        FaceCocoWholeBodyDataset FaceWFLWDataset FreiHandDataset GestureRecognizer HandCocoWholeBodyDataset
        InterHand2DDataset InterHand3DDataset Interhand3D MeshAdversarialDataset MeshH36MDataset MeshMixDataset
        MoshDataset MultiTask NVGestureDataset OneHand10KDataset PanopticDataset ParametricMesh PoseLifter
        PoseWarper Rhd2DDataset SMPL TopDown TopDownAicDataset TopDownCocoDataset TopDownCocoWholeBodyDataset
        TopDownCrowdPoseDataset TopDownFreiHandDataset TopDownH36MDataset TopDownHalpeDataset
        TopDownJhmdbDataset TopDownMhpDataset TopDownMpiiDataset TopDownMpiiTrbDataset TopDownOCHumanDataset
        TopDownOneHand10KDataset TopDownPanopticDataset TopDownPoseTrack18Dataset TopDownPoseTrack18VideoDataset
        VoxelCenterDetector VoxelSinglePose""",
    'mmaction': """
        AVADataset ActivityNetDataset AudioDataset AudioFeatureDataset AudioRecognizer AudioVisualDataset BMN
        HVUDataset PEM PoseDataset RawVideoDataset RawframeDataset Recognizer2D Recognizer3D SSN SSNDataset
        SkeletonGCN TEM VideoDataset""",
    'mmocr': """
        ABINet CRNNNet DBNet DRRG EncodeDecodeRecognizer FCENet IcdarDataset KIEDataset MASTER NRTR
        NerClassifier NerDataset OCRDataset OCRMaskRCNN OCRSegDataset OpensetKIEDataset PANet PSENet
        RobustScanner SARNet SATRN SDMGR SegRecognizer SingleStageTextDetector TextDetDataset TextSnake
        UniformConcatDataset""",
    'mmedit': """
        AOTInpaintor AdobeComp1kDataset BaseMattingDataset BaseMattor BasicInterpolator BasicRestorer BasicVSR
        CAIN DIC DIM DeepFillv1Inpaintor EDVR ESRGAN FLAVR GCA GLEAN GLInpaintor GenerationPairedDataset
        GenerationUnpairedDataset ImgInpaintingDataset IndexNet LIIF OneStageInpaintor PConvInpaintor
        RealBasicVSR RealESRGAN SRAnnotationDataset SRFacialLandmarkDataset SRFolderDataset SRFolderGTDataset
        SRFolderMultipleGTDataset SRFolderRefDataset SRFolderVideoDataset SRGAN SRLmdbDataset SRREDSDataset
        SRREDSMultipleGTDataset SRTestMultipleGTDataset SRVid4Dataset SRVimeo90KDataset
        SRVimeo90KMultipleGTDataset TDAN TTSR TwoStageInpaintor VFIVimeo90K7FramesDataset VFIVimeo90KDataset""",
    'mmgen': """
        BaseTranslationModel BasicConditionalGAN BasiccGAN BasicGaussianDiffusion GrowScaleImgDataset
        MSPIEStyleGAN2 PESinGAN PairedImageDataset ProgressiveGrowingGAN QuickTestImageDataset SinGAN
        SinGANDataset StaticTranslationGAN StaticUnconditionalGAN UnconditionalImageDataset UnpairedImageDataset
        StyleGANV1 StyleGANV2""",
    'mmrotate': """
        DOTADataset GlidingVertex HRSCDataset OrientedRCNN R3Det ReDet RoITransformer RotatedBaseDetector
        RotatedFCOS RotatedFasterRCNN RotatedRepPoints RotatedRetinaNet RotatedSingleStageDetector
        RotatedTwoStageDetector S2ANet SARDataset""",
    'mmtrack': """
        BaseSOTDataset ByteTrack CocoVideoDataset DFF DanceTrackDataset DeepSORT FGFA GOT10kDataset
        ImagenetVIDDataset LaSOTDataset MOTChallengeDataset MaskTrackRCNN OCSORT OTB100Dataset QDTrack
        RandomSampleConcatDataset ReIDDataset SELSA SOTCocoDataset SOTImageNetVIDDataset SOTTestDataset
        SOTTrainDataset SiamRPN Stark TaoDataset TrackingNetDataset Tracktor UAV123Dataset VOTDataset
        YouTubeVISDataset""",
    'mmselfsup': """
        BYOL BarlowTwins CAE Classification DeepCluster DeepClusterDataset DenseCL InterCLRMoCo MAE
        MMClsImageClassifierWrapper MaskFeat MoCo MoCoV3 MultiViewDataset NPID ODC RelativeLoc
        RelativeLocDataset RotationPred RotationPredDataset SimCLR SimMIM SimSiam SingleViewDataset SwAV""",
    'mmflow': """
        ChairsSDHom FlowNet2 FlowNetC FlowNetCSS FlowNetS FlyingChairs FlyingChairsOcc FlyingThings3D
        FlyingThings3DSubset HD1K IRRPWC KITTI2012 KITTI2015 LiteFlowNet MaskFlowNet MaskFlowNetS PWCNet RAFT
        Sintel""",
    'mmdet3d': """
        CBGSDataset CenterPoint Custom3DDataset Custom3DSegDataset DynamicMVXFasterRCNN DynamicVoxelNet
        EncoderDecoder3D FCOSMono3D GroupFree3DNet H3DNet ImVoteNet ImVoxelNet Kitti2DDataset KittiDataset
        KittiMonoDataset LyftDataset MVXFasterRCNN MVXTwoStageDetector MinkSingleStage3DDetector NuScenesDataset
        NuScenesMonoDataset PartA2 PointRCNN S3DISDataset S3DISSegDataset SASSD SMOKEMono3D SSD3DNet
        SUNRGBDDataset ScanNetDataset ScanNetInstanceSegDataset ScanNetSegDataset SemanticKITTIDataset
        SingleStage3DDetector SingleStageMono3DDetector TwoStage3DDetector VoteNet VoxelNet WaymoDataset""",
}
"""Datasets and whole models that only one library of 0.x had."""

LIBRARY_OF = {name: library for library, names in _MARKS.items() for name in names.split()}
_FIELDS = {
    'img_dir': 'mmseg',
    'ann_dir': 'mmseg',
    'data_cfg': 'mmpose',
    'dataset_info': 'mmpose',
    'data_source': 'mmselfsup',
}
"""Arguments of datasets that only one library of 0.x had."""
_SHARED = {'CityscapesDataset': 'mmdet', 'CustomDataset': 'mmdet', 'DeepFashionDataset': 'mmdet'}
"""Datasets of two libraries, and the one that takes ``img_prefix``."""
_KEYS = {
    'optimizers': 'mmedit',
    'visual_config': 'mmedit',
    'data_cfg': 'mmpose',
    'channel_cfg': 'mmpose',
    'dataset_info': 'mmpose',
}


def scope_of(config: Config) -> str | None:
    """Return the `default_scope` of a 1.x config."""
    scope = config.table.get('default_scope')
    return scope if isinstance(scope, str) else None


def library_of(config: Config) -> str | None:
    """Return the library of 0.x whose parts a config names, None if it names none or parts of several."""
    table = config.table
    for values in (_datasets(table.get('data')), [table.get('dataset_type')], [table.get('model')]):
        found = {library for value in values if (library := _library_of_part(value)) is not None}
        if found:
            return found.pop() if len(found) == 1 else None
    return next((library for key, library in _KEYS.items() if key in table), None)


def _library_of_part(value: Any) -> str | None:
    name = _named(value) or ''
    if name in LIBRARY_OF:
        return LIBRARY_OF[name]
    if not isinstance(value, dict):
        return None
    by_field = next((library for field, library in _FIELDS.items() if field in value), None)
    return by_field or (_SHARED.get(name) if 'img_prefix' in value else None)


def _named(value: Any) -> str | None:
    name = value.get('type') if isinstance(value, dict) else value
    # A part that is taken from another library says nothing about this config.
    return None if isinstance(name, str) and '.' in name else type_name(name)


def _datasets(data: Any) -> Iterator[Any]:
    """Yield the datasets in ``data``, those inside of wrappers too."""
    if isinstance(data, dict):
        for stage in ('train', 'val', 'test'):
            yield from _unwrapped(data.get(stage), 3)


def _unwrapped(value: Any, depth: int) -> Iterator[Any]:
    if isinstance(value, (list, tuple)):
        for item in value[:4]:
            yield from _unwrapped(item, depth)
    elif isinstance(value, dict):
        inner = [value[name] for name in ('dataset', 'datasets') if name in value]
        for item in inner if depth else ():
            yield from _unwrapped(item, depth - 1)
        if not inner:
            yield value
