"""The one table of the top-level keys of a config: every list of section names is drawn from it.

The names are those that `Runner.from_cfg` and `FlexibleRunner.from_cfg` of MMEngine 0.10 read, those of 0.x as
``mmcv.runner`` and the train scripts of the 0.x libraries read them, and helper variables that all libraries have.
"""

from __future__ import annotations

from typing import Final, Literal, NamedTuple

Stage = Literal['train', 'val', 'test']


class Section(NamedTuple):
    """A top-level key.

    Attributes:
        name: The key.
        model: Where the model of its value is, as ``module:NAME`` in this package; none where nothing is checked by a model.
        era: ``1.x`` for a name that only MMEngine reads, ``0.x`` for one that only 0.x read, ``both`` for what tells
            nothing.
        stage: The stage of which MMEngine wants all sections or none.
        builds: Whether a component is built from it.
        registry: The registry in which its `type` is looked up; none where what is inside decides.
        helper: Whether it is a variable that other sections read, by convention; the Runner does not.
        successor: The section of 1.x in which what a key of 0.x said stands now.
    """

    name: str
    model: str | None = None
    era: Literal['1.x', '0.x', 'both'] = 'both'
    stage: Stage | None = None
    builds: bool = False
    registry: str | None = None
    helper: bool = False
    successor: str | None = None


def _built(name: str, model: str, registry: str | None, era: Literal['1.x', 'both'] = '1.x') -> Section:
    return Section(name, model, era, builds=True, registry=registry)


def _of_stage(
    name: str, model: str, stage: Stage, registry: str | None = None, era: Literal['1.x', 'both'] = '1.x'
) -> Section:
    return Section(name, model, era, stage, builds=True, registry=registry)


TABLE: Final = (
    _built('model', 'model:MODEL', 'MODELS', 'both'),
    _built('data_preprocessor', 'model:DATA_PREPROCESSOR', 'MODELS', 'both'),
    _built('model_wrapper_cfg', 'wrappers:MODEL_WRAPPER', 'MODEL_WRAPPERS', 'both'),
    _of_stage('train_dataloader', 'dataloaders:DATALOADER', 'train'),
    _of_stage('val_dataloader', 'dataloaders:DATALOADERS', 'val'),
    _of_stage('test_dataloader', 'dataloaders:DATALOADERS', 'test'),
    # Models of 0.x have a `train_cfg` and a `test_cfg` of their own.
    _of_stage('train_cfg', 'loops:TRAIN_LOOP', 'train', 'LOOPS', 'both'),
    _of_stage('val_cfg', 'loops:VAL_LOOP', 'val', 'LOOPS', 'both'),
    _of_stage('test_cfg', 'loops:TEST_LOOP', 'test', 'LOOPS', 'both'),
    # A metric, or an evaluator of several.
    _of_stage('val_evaluator', 'evaluators:EVALUATOR', 'val'),
    _of_stage('test_evaluator', 'evaluators:EVALUATOR', 'test'),
    _of_stage('optim_wrapper', 'optim_wrapper:OPTIM_WRAPPER', 'train', 'OPTIM_WRAPPERS'),
    _built('param_scheduler', 'param_scheduler:PARAM_SCHEDULER', 'PARAM_SCHEDULERS'),
    Section('auto_scale_lr', 'optim_wrapper.scaling:AUTO_SCALE_LR'),
    _built('default_hooks', 'hooks:DEFAULT_HOOKS', 'HOOKS'),
    _built('custom_hooks', 'hooks:CUSTOM_HOOKS', 'HOOKS', 'both'),
    Section('env_cfg', 'env_cfg:ENV_CFG', '1.x'),
    Section('randomness', 'env_cfg:RANDOMNESS', '1.x'),
    _built('log_processor', 'log_processor:LOG_PROCESSOR', 'LOG_PROCESSORS'),
    _built('visualizer', 'visualizer:VISUALIZER', 'VISUALIZERS'),
    _built('vis_backends', 'visualizer:VIS_BACKENDS', 'VISBACKENDS'),
    _built('tta_model', 'model:TTA_MODEL', 'MODELS'),
    _built('tta_pipeline', 'model:PIPELINE', 'TRANSFORMS', 'both'),
    _built('strategy', 'runner:STRATEGY', 'STRATEGIES', 'both'),
    Section('work_dir', 'runner:WORK_DIR'),
    Section('experiment_name', 'runner:EXPERIMENT_NAME'),
    Section('load_from', 'runner:LOAD_FROM'),
    Section('resume', 'runner:RESUME', '1.x'),
    Section('launcher', 'runner:LAUNCHER'),
    Section('log_level', 'runner:LOG_LEVEL'),
    Section('default_scope', 'runner:DEFAULT_SCOPE', '1.x'),
    Section('sync_bn', 'runner:SYNC_BN'),
    Section('find_unused_parameters', 'runner:FIND_UNUSED_PARAMETERS'),
    Section('compile', 'runner:COMPILE'),
    Section('activation_checkpointing', 'runner:ACTIVATION_CHECKPOINTING'),
    Section('efficient_conv_bn_eval', 'runner:EFFICIENT_CONV_BN_EVAL'),
    Section('runner_type', 'runner:RUNNER_TYPE'),
    Section('custom_imports'),
    *(
        Section(name, helper=True)
        for name in (
            'train_pipeline',
            'val_pipeline',
            'test_pipeline',
            'dataset_type',
            'data_root',
            'metainfo',
            'file_client_args',
            'backend_args',
        )
    ),
    Section('data', era='0.x', builds=True, successor='train_dataloader'),
    Section('runner', era='0.x', builds=True, registry='RUNNERS', successor='train_cfg'),
    Section('optimizer', era='0.x', builds=True, registry='OPTIMIZERS', successor='optim_wrapper'),
    Section('optimizer_config', era='0.x', builds=True, registry='HOOKS', successor='optim_wrapper'),
    Section('log_config', era='0.x', builds=True, successor='default_hooks'),
    *(
        Section(name, era='0.x', successor=successor)
        for name, successor in {
            'lr_config': 'param_scheduler',
            'optimizers': 'optim_wrapper',
            'checkpoint_config': 'default_hooks',
            'evaluation': 'val_evaluator',
            'total_epochs': 'train_cfg',
            'total_iters': 'train_cfg',
            'workflow': 'train_cfg',
            'resume_from': 'resume',
            'dist_params': 'env_cfg',
            'momentum_config': 'param_scheduler',
            'fp16': 'optim_wrapper',
            'cudnn_benchmark': 'env_cfg',
            'gpu_ids': 'launcher',
            'auto_resume': 'resume',
            'seed': 'randomness',
            'deterministic': 'randomness',
            'opencv_num_threads': 'env_cfg',
            'mp_start_method': 'env_cfg',
        }.items()
    ),
)

SECTIONS: Final[dict[str, str]] = {each.name: each.model for each in TABLE if each.model is not None}
"""Each section that a model checks, with the model's place."""

SUCCESSORS: Final = {each.name: each.successor for each in TABLE if each.successor is not None}
"""What only 0.x read, and where it stands now."""

LEGACY_KEYS: Final = frozenset(SUCCESSORS)
"""What only 0.x read."""

MODERN_KEYS: Final = frozenset(each.name for each in TABLE if each.era == '1.x')
"""What only MMEngine reads: one of them makes a config one of 1.x."""

TOP_LEVEL_KEYS: Final = frozenset(each.name for each in TABLE if each.era != '0.x')
"""Every key that MMEngine reads, and the helper variables that the libraries have by convention."""

READ_KEYS: Final = frozenset(each.name for each in TABLE if not each.helper)
"""Every key that MMEngine or 0.x reads."""

BUILT: Final[dict[str, str | None]] = {each.name: each.registry for each in TABLE if each.builds and each.era != '0.x'}
"""Each section from which MMEngine builds a component, with the registry of its `type`."""

LEGACY_BUILT: Final[dict[str, str | None]] = {
    each.name: each.registry for each in TABLE if each.builds and each.era == '0.x'
}
"""The same for keys that only 0.x read."""

STAGES: Final[dict[Stage, tuple[str, ...]]] = {
    stage: tuple(each.name for each in TABLE if each.stage == stage) for stage in ('train', 'val', 'test')
}
"""The sections of each stage: MMEngine wants all or none of them."""

LOADERS: Final = tuple(each.name for each in TABLE if each.model and each.model.startswith('dataloaders:'))
"""The dataloaders."""

EVALUATORS: Final = tuple(each.name for each in TABLE if each.model and each.model.startswith('evaluators:'))
"""The evaluators."""

HOOKS: Final = tuple(each.name for each in TABLE if each.model and each.model.startswith('hooks:'))
"""The hooks, those with a name and the others."""
