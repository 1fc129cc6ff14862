"""Count the keys and names of 0.x in a tree of configs, and check that the `deprecated` rules find each of them.

What is there is counted in what MMEngine itself resolves, with lists of its own: the rules' tables are not used. A key
is found when a diagnostic of the config stands at the place where the key is written.

    python tools/census_deprecated.py mmdet path/to/mmdet/configs
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mmengine import Config as MMEngineConfig

from cfglint.era import era_of
from cfglint.language.errors import ConfigError
from cfglint.rules import family
from cfglint.rules.context import Context
from cfglint.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from cfglint.diagnostics import Diagnostic
    from cfglint.rules.declaration import Rule

SECTIONS = """
        optimizer optimizers optimizer_config fp16 lr_config momentum_config runner total_epochs total_iters
        workflow checkpoint_config log_config evaluation dist_params cudnn_benchmark opencv_num_threads
        mp_start_method omp_num_threads mkl_num_threads seed deterministic diff_seed gpu_ids gpus resume_from
        auto_resume exp_name custom_hooks_config visual_config use_ddp_wrapper data prefetch persistent_workers
        sampler train_cfg test_cfg metrics eval_config precise_bn module_hooks multigrid omnisource apex_amp
        ipu_model_cfg options_cfg use_adversarial_train USE_MMDET TRAIN_REID search_metrics img_norm_cfg
        dataset_info data_cfg channel_cfg"""
FIELDS = """
        optimizer.paramwise_cfg optimizer.constructor optimizer.paramwise_options optimizer.model_type
        optimizer.layer_decay optimizer_config.grad_clip optimizer_config.type optimizer_config.cumulative_iters
        optimizer_config.coalesce optimizer_config.bucket_size_mb optimizer_config.detect_anomalous_params
        optimizer_config.update_interval optimizer_config.frozen_layers_cfg optimizer_config.loss_scale
        fp16.loss_scale lr_config.policy lr_config.step lr_config.min_lr lr_config.min_lr_ratio lr_config.warmup
        lr_config.warmup_iters lr_config.warmup_ratio lr_config.warmup_by_epoch lr_config.target_lr
        lr_config.num_last_epochs lr_config.cool_down_time runner.type runner.max_epochs runner.max_iters
        runner.is_dynamic_ddp runner.pass_training_status runner.fp16_loss_scaler
        checkpoint_config.create_symlink checkpoint_config.sync_buffer checkpoint_config.meta
        log_config.interval log_config.hooks evaluation.interval evaluation.dynamic_intervals evaluation.start
        evaluation.by_epoch evaluation.metric evaluation.metrics evaluation.save_best evaluation.rule
        evaluation.greater_keys evaluation.less_keys evaluation.gpu_collect evaluation.pre_eval
        evaluation.save_image evaluation.pipeline evaluation.metric_options evaluation.topk
        evaluation.metric_dict evaluation.type evaluation.sample_kwargs evaluation.best_metric
        evaluation.key_indicator evaluation.rle_score evaluation.recall_threshold data.samples_per_gpu
        data.videos_per_gpu data.imgs_per_gpu data.omni_videos_per_gpu data.train_ratio data.workers_per_gpu
        data.train data.val data.test data.train_dataloader data.val_dataloader data.test_dataloader
        data.drop_last data.persistent_workers data.samples_per_epoch data.val_samples_per_gpu
        data.val_workers_per_gpu data.extract data.train_dataloader.samples_per_gpu
        data.val_dataloader.samples_per_gpu data.test_dataloader.samples_per_gpu
        data.train_dataloader.videos_per_gpu data.val_dataloader.videos_per_gpu
        data.test_dataloader.videos_per_gpu data.train_dataloader.workers_per_gpu
        data.val_dataloader.workers_per_gpu data.test_dataloader.workers_per_gpu"""
_MODEL_PRETRAINED = ('mmdet', 'mmpose', 'mmocr', 'mmedit')
TYPES = {
    'mmdet': """
        BrightnessTransform ContrastTransform EqualizeTransform Shear Translate LoadImageFromWebcam
        CustomDataset LinearMomentumEMAHook MMDetWandbHook SyncRandomSizeHook YOLOXLrUpdaterHook
        ExpMomentumEMAHook MaskHungarianAssigner OccludedSeparatedCocoDataset YOLACTSegmHead
        AscendMaxIoUAssigner AscendAnchorHead AscendRetinaHead AscendSSDHead DetrTransformerDecoderLayer
        DetrTransformerDecoder DetrTransformerEncoder DeformableDetrTransformerDecoder DeformableDetrTransformer
        Transformer""",
    'mmseg': 'CustomDataset FaceOccludedDataset MMSegWandbHook',
    'mmcls': 'BatchMixup BatchCutMix BatchResizeMix DistributedSampler MMClsWandbHook ToHalf',
    'mmpose': """
        TopDown BottomUp TopDownSimpleHead TopdownHeatmapSimpleHead TopdownHeatmapMSMUHead
        TopdownHeatmapMultiStageHead ViPNASHeatmapSimpleHead AESimpleHead AEHigherResolutionHead
        DeepposeRegressionHead JointsMSELoss JointsOHKMMSELoss AELoss MultiLossFactory NormalizeTensor
        TopDownGetBboxCenterScale TopDownRandomShiftBboxCenter TopDownGetRandomScaleRotation TopDownRandomFlip
        TopDownHalfBodyTransform TopDownAffine TopDownGenerateTarget TopDownGenerateTargetRegression
        BottomUpRandomAffine BottomUpRandomFlip BottomUpGetImgSize BottomUpResizeAlign BottomUpGenerateTarget
        BottomUpGenerateHeatmapTarget BottomUpGenerateOffsetTarget GetKeypointCenterArea GetRootCenteredPose
        PoseSequenceToTensor ImageCoordinateNormalization RelativeJointRandomFlip MultiItemProcess
        DiscardDuplicatedItems GenerateVoxel3DHeatmapTarget AffineJoints GenerateInputHeatmaps LoadVideoFromFile
        ModalWiseChannelProcess CropValidClip TemporalPooling GestureRandomFlip TopDownCocoDataset
        TopDownMpiiDataset TopDownCrowdPoseDataset TopDownAicDataset BottomUpCocoDataset
        BottomUpCrowdPoseDataset TopDownCocoWholeBodyDataset AnimalHorse10Dataset FaceWFLWDataset
        InterHand2DDataset Body3DH36MDataset MeshMixDataset ParametricMesh VoxelCenterDetector Interhand3D""",
    'mmaction': """
        ToDataContainer Imgaug PytorchVideoTrans TorchvisionTrans LoadKineticsPose PoseNormalize PaddingWithLoop
        Rename SampleProposalFrames AudioAmplify AudioDecode MelSpectrogram AudioFeatureDataset SSNDataset
        HVUDataset ImageDataset RawVideoDataset SkeletonGCN STGCNHead AudioRecognizer AudioTSNHead AGCN""",
    'mmocr': """
        LoadTextAnnotations CustomFormatBundle ToTensorOCR NormalizeOCR ResizeOCR RandomRotateTextDet
        RandomCropFlip RandomRotatePolyInstances RandomCropPolyInstances RandomCropInstances EastRandomCrop
        RandomScaling SquareResizePad ScaleAspectJitter RandomWrapper OneOfWrapper ColorJitter ImgAug
        MultiRotateAugOCR OpencvToPil PilToOpencv FancyPCA OCRSegTargets LoadImageFromLMDB UniformConcatDataset
        IcdarDataset KIEDataset OpensetKIEDataset NerDataset TextDetDataset OCRSegDataset VeryDeepVgg CRNNNet
        EncodeDecodeRecognizer DBLoss PANLoss PSELoss FCELoss OCRMaskRCNN""",
    'mmedit': """
        LoadImageFromFileList FramesToTensor GenerateHeatmap Quantize RescaleToZeroOne BasicRestorer EDSR RDN
        SRCNN IconVSR BasicVSRPlusPlus TOFlow LIIFEDSR LIIFRDN SRFolderDataset SRAnnotationDataset
        SRREDSMultipleGTDataset SRVimeo90KMultipleGTDataset SRVid4Dataset SRTestMultipleGTDataset
        VFIVimeo90KDataset ImgInpaintingDataset GenerationPairedDataset GenerationUnpairedDataset
        MMEditVisualizationHook""",
}  # fmt: skip
ALL_TYPES = """
    Collect DefaultFormatBundle ImageToTensor ToTensor Normalize MultiScaleFlipAug TextLoggerHook TensorboardLoggerHook
"""
ARGUMENTS = {
    'mmdet': """
        Resize.img_scale Resize.multiscale_mode Resize.ratio_range RandomFlip.flip_ratio RandomShift.shift_ratio
        Mosaic.min_bbox_size Albu.update_pad_shape YOLOX.input_size YOLOX.random_size_range
        CenterNetHead.in_channel CenterNetHead.feat_channel CTResNetNeck.in_channel HungarianAssigner.cls_cost
        HungarianAssigner.reg_cost *.img_prefix *.seg_prefix *.file_client_args
        MultiImageMixDataset.dynamic_scale LoadAnnotations.denorm_bbox""",
    'mmseg': 'Resize.img_scale Resize.ratio_range RandomFlip.flip_ratio *.img_dir *.ann_dir *.split Pad.seg_pad_val',
    'mmcls': """
        RandomResizedCrop.size RandomResizedCrop.efficientnet_style RandomCrop.size Resize.size
        RandomFlip.flip_prob CenterCrop.efficientnet_style RandomGrayscale.gray_prob""",
    'mmpose': 'TopDown.keypoint_head BottomUp.keypoint_head *.dataset_info *.data_cfg *.img_prefix',
    'mmaction': 'RawframeDataset.data_prefix VideoDataset.data_prefix Normalize.to_bgr',
    'mmocr': 'DBNet.bbox_head PANet.bbox_head SARNet.label_convertor CRNNNet.label_convertor *.img_prefix *.loader',
    'mmedit': """
        LoadImageFromFile.io_backend LoadImageFromFile.flag GetMaskedImage.img_name Pad.ds_factor *.lq_folder
        *.gt_folder *.dataroot""",
}  # fmt: skip


def present(config: dict[str, Any], library: str) -> Iterator[tuple[str, str]]:
    """Yield what a resolved config has of 0.x: what it is counted as, and its dotted key."""
    for key in SECTIONS.split():
        if key in config:
            yield key, key
    for key in FIELDS.split():
        if _has(config, key):
            yield key, key
    if library in _MODEL_PRETRAINED and _has(config, 'model.pretrained'):
        yield 'model.pretrained', 'model.pretrained'
    types = {*TYPES[library].split(), *ALL_TYPES.split()}
    arguments = ARGUMENTS[library].split()
    for root in ('model', 'data', 'custom_hooks', 'log_config', 'train_pipeline', 'val_pipeline', 'test_pipeline'):
        for key, value in _dicts(config.get(root), root):
            kind = value.get('type')
            if kind in types:
                yield f'type {kind}', f'{key}.type'
            for argument in arguments:
                owner, _, name = argument.partition('.')
                in_dataset = key.startswith('data.') and 'pipeline' not in key
                if value.get(name) is not None and (owner == kind or (owner == '*' and in_dataset)):
                    yield f'argument {argument}', f'{key}.{name}'


def _has(config: Any, key: str) -> bool:
    for part in key.split('.'):
        if not isinstance(config, dict) or part not in config:
            return False
        config = config[part]
    return True


def _dicts(value: Any, key: str) -> Iterator[tuple[str, dict[str, Any]]]:
    if isinstance(value, dict):
        yield key, value
        for name, item in value.items():
            yield from _dicts(item, f'{key}.{name}')
    elif isinstance(value, (list, tuple)):
        for index, item in enumerate(value):
            yield from _dicts(item, f'{key}.{index}')


def asked(rule: Rule, context: Context) -> Iterable[Diagnostic]:
    """Return what a rule says of a config; nothing if it is not about that generation."""
    context.rule = rule
    return list(rule.check(context)) if context.era == 'mixed' or rule.era in ('all', context.era) else ()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('library', choices=sorted(TYPES))
    parser.add_argument('folder', type=Path)
    parser.add_argument('--show', type=int, default=20, help='how many of those that are missing to print')
    options = parser.parse_args()
    rules, workspace = family('deprecated'), Workspace()
    there: Counter[str] = Counter()
    found: Counter[str] = Counter()
    missing: list[str] = []
    configs = 0
    for path in sorted(options.folder.rglob('*.py')):
        try:
            raw = MMEngineConfig.fromfile(str(path), import_custom_modules=False).to_dict()
            config = workspace.loader.load(str(path.resolve()))
        except (ConfigError, Exception):  # what MMEngine refuses is counted by another tool
            continue
        configs += 1
        context = Context(config, era_of(config), is_entry=True, workspace=workspace)
        if context.era == 'neutral':
            continue
        spans = {diagnostic.span for rule in rules for diagnostic in asked(rule, context)}
        for name, key in present(raw, options.library):
            there[name] += 1
            item = context.find(key)
            if item is not None and context.key_span(item) in spans:
                found[name] += 1
            else:
                missing.append(f'{path}: {key}')
    for name, count in sorted(there.items()):
        mark = '' if found[name] == count else '   <-- missing'
        print(f'{found[name]:7} of {count:7}  {name}{mark}')
    print(f'{options.library}: {found.total()} of {there.total()} found in {configs} configs')
    print(*missing[: options.show], sep='\n')
    return int(bool(missing))


if __name__ == '__main__':
    sys.exit(main())
