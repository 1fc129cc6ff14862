"""What was renamed while the 1.x libraries were made: scopes, modules, components; read as `components` says."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cfglint.rules.deprecated.components import Table

SCOPES = {
    'mmcls': 'mmpretrain',
    'mmselfsup': 'mmpretrain',
    'mmgen': 'mmagic',
    'mmedit': 'mmagic',
    'mmtrack': 'mmdet',
}
"""Libraries that others took over."""

LAST_BEFORE = {
    'mmcls': {
        'mmdet': '3.0.0',
        'mmsegmentation': '1.0.0',
        'mmpose': '1.0.0',
        'mmaction2': '1.0.0',
        'mmyolo': '0.6.0',
        'mmrotate': '1.0.0rc1',
        'mmrazor': '1.0.0',
        'mmselfsup': '1.0.0',
    }
}
"""The last releases of other libraries whose configs import the old one, not the one that took it over."""

MODULES = {
    **SCOPES,
    'mmcv.runner': 'mmengine',
    'mmcv.utils': 'mmengine',
    'mmcv.fileio': 'mmengine.fileio',
    'mmcv.parallel': 'mmengine.model',
}
"""Modules that configs import, and where what they held is now."""

COMPONENTS: dict[str, Table] = {
    'mmagic': {
        'GenOptimWrapperConstructor': '=MultiOptimWrapperConstructor',
        'GANDataPreprocessor': '~DataPreprocessor; with `output_channel_order` for `bgr_to_rgb`',
        'EditDataPreprocessor': '~DataPreprocessor; with `output_channel_order` for `bgr_to_rgb`',
        'PackGenInputs': '~PackInputs; without `pack_all`, and with `data_keys` for what is no image',
        'PackEditInputs': '~PackInputs; with `data_keys` for what is no image',
        'GenValLoop': '=MultiValLoop',
        'GenTestLoop': '=MultiTestLoop',
        'EditValLoop': '=MultiValLoop',
        'EditTestLoop': '=MultiTestLoop',
        'GenEvaluator': '=Evaluator',
        'EditEvaluator': '=Evaluator',
        'GenIterTimerHook': '=IterTimerHook',
        'EditIterTimerHook': '=IterTimerHook',
        'GenLogProcessor': '=LogProcessor',
        'EditLogProcessor': '=LogProcessor',
        'GenVisualizationHook': '=VisualizationHook',
        'GenVisualizer': '=Visualizer',
        'GenVisBackend': '=VisBackend',
        'TensorboardGenVisBackend': '=TensorboardVisBackend',
        'PaviGenVisBackend': '=PaviVisBackend',
        'WandbGenVisBackend': '=WandbVisBackend',
    },
    'mmpretrain': {
        'PackClsInputs': '=PackInputs',
        'ClsVisualizer': '=UniversalVisualizer',
        'SelfSupVisualizer': '=UniversalVisualizer',
        'PackSelfSupInputs': '~PackInputs; pseudo labels have no key of their own',
        'RandomGaussianBlur': '~GaussianBlur; with `magnitude_range` for `sigma_min` and `sigma_max`',
        'RandomSolarize': '~Solarize; with `thr`',
        'MAEReconstructionLoss': "~PixelReconstructionLoss; with `criterion='L2'`",
        'SimMIMReconstructionLoss': "~PixelReconstructionLoss; with `criterion='L1'`",
        'BEiTLoss': '~CrossEntropyLoss',
        'MILANPretrainHead': '~MIMHead',
        'MixMIMTransformerPretrain': '=MixMIMPretrainTransformer',
        'CorruptionError': 'nothing replaces it',
        'LinearReduction': 'nothing replaces it',
    },
    'mmdet': {'MOTChallengeMetrics': '~MOTChallengeMetric'},
}
"""Components of the release candidates, and of libraries that others took over, by the scope that holds them now."""

CONSTRUCTORS = {
    'DefaultOptimizerConstructor': 'DefaultOptimWrapperConstructor',
    'TSMOptimizerConstructor': 'TSMOptimWrapperConstructor',
    'TransformerFinetuneConstructor': 'LearningRateDecayOptimWrapperConstructor',
    'GenOptimWrapperConstructor': 'MultiOptimWrapperConstructor',
    'GenOptimWrapperContructor': 'MultiOptimWrapperConstructor',
    'MultiOptimWrapperContructor': 'MultiOptimWrapperConstructor',
    'OptimWrapperConstructor': 'DefaultOptimWrapperConstructor',
}
"""Constructors of optimizers, and of optimizer wrappers as the documentation misspells them."""
