"""Fields of the sections of 0.x, at the lines where they are written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from cfglint.rules.deprecated.text import shown

if TYPE_CHECKING:
    from cfglint.diagnostics import Diagnostic
    from cfglint.language.values import Origin
    from cfglint.rules.context import Context, Item

Fields = Mapping[str, str]
"""What to say about each field; ``{value}`` stands for its value."""

_LOADER_FIELDS = {
    'samples_per_gpu': '`batch_size={value}`',
    'videos_per_gpu': '`batch_size={value}`',
    'workers_per_gpu': '`num_workers={value}`',
    'shuffle': "`sampler=dict(type='DefaultSampler', shuffle={value})`",
}
_STAGES = {
    stage: {
        f'data.{stage}': f'`{stage}_dataloader.dataset`',
        f'data.{stage}_dataloader': f'`{stage}_dataloader` at the top level',
        f'data.{stage}.samples_per_gpu': f'`{stage}_dataloader.batch_size={{value}}`',
        **{
            f'data.{stage}_dataloader.{name}': f'{text} in `{stage}_dataloader`'
            for name, text in _LOADER_FIELDS.items()
        },
    }
    for stage in ('train', 'val', 'test')
}

DATA: Fields = {
    'data.samples_per_gpu': '`train_dataloader.batch_size={value}`',
    'data.videos_per_gpu': '`batch_size={value}` in each dataloader',
    'data.imgs_per_gpu': '`train_dataloader.batch_size={value}`',
    'data.workers_per_gpu': '`num_workers={value}` in each dataloader',
    **_STAGES['train'],
    **_STAGES['val'],
    **_STAGES['test'],
    'data.drop_last': '`train_dataloader.drop_last={value}`',
    'data.shuffle': "`train_dataloader.sampler=dict(type='DefaultSampler', shuffle={value})`",
    'data.pin_memory': '`pin_memory={value}` in each dataloader',
    'data.prefetch_factor': '`prefetch_factor={value}` in each dataloader',
    'data.persistent_workers': '`persistent_workers={value}` in each dataloader',
    'data.samples_per_epoch': "`train_dataloader.sampler=dict(type='QuotaSampler', samples_per_epoch={value})`",
    'data.val_samples_per_gpu': '`val_dataloader.batch_size={value}`',
    'data.val_workers_per_gpu': '`val_dataloader.num_workers={value}`',
    'data.val_data_loader': '`val_dataloader`',
    'data.omni_videos_per_gpu': '`other_loaders` of a `MultiLoaderEpochBasedTrainLoop`',
    'data.train_ratio': '`other_loaders` of a `MultiLoaderEpochBasedTrainLoop`',
    'data.extract': '`extract_dataloader` of the hook that extracts features',
    'data.sampling_replace': '`train_dataloader.sampler`',
}

OPTIMIZER: Fields = {
    'optimizer.paramwise_cfg': '`optim_wrapper.paramwise_cfg`',
    'optimizer.constructor': '`optim_wrapper.constructor`',
    'optimizer.paramwise_options': '`optim_wrapper.paramwise_cfg.custom_keys`, which are no regular expressions',
    'optimizer.model_type': '`optim_wrapper.constructor` (`LearningRateDecayOptimWrapperConstructor`)',
    'optimizer.layer_decay': '`optim_wrapper.paramwise_cfg.layer_decay_rate={value}`',
}

OPTIMIZER_CONFIG: Fields = {
    'optimizer_config.grad_clip': '`optim_wrapper.clip_grad={value}`',
    'optimizer_config.type': 'the type of `optim_wrapper`: `OptimWrapper` or `AmpOptimWrapper`',
    'optimizer_config.cumulative_iters': '`optim_wrapper.accumulative_counts={value}`',
    'optimizer_config.update_interval': '`optim_wrapper.accumulative_counts={value}`',
    'optimizer_config.loss_scale': "`optim_wrapper.loss_scale={value}`, with `type='AmpOptimWrapper'`",
    'optimizer_config.detect_anomalous_params': '`model_wrapper_cfg.detect_anomalous_params={value}`',
    'optimizer_config.frozen_layers_cfg': '`frozen_layers_cfg` of the `SwAVHook`',
    'optimizer_config.backbone_start_train_epoch': '`SiamRPNBackboneUnfreezeHook` in `custom_hooks`',
    'optimizer_config.backbone_train_layers': '`SiamRPNBackboneUnfreezeHook` in `custom_hooks`',
    'optimizer_config.coalesce': '',
    'optimizer_config.bucket_size_mb': '',
    'optimizer_config.distributed': '',
}

FP16: Fields = {'fp16.loss_scale': '`optim_wrapper.loss_scale={value}`'}

_WARMUP = 'the first entry of `param_scheduler`'
LR_CONFIG: Fields = {
    'lr_config.policy': 'the `type` of an entry of `param_scheduler`',
    'lr_config.step': '`milestones={value}` (one number: `step_size`) of that entry',
    'lr_config.min_lr': '`eta_min={value}` of that entry',
    'lr_config.min_lr_ratio': '`eta_min_ratio={value}` of that entry',
    'lr_config.warmup': f'{_WARMUP}: `LinearLR` or `ConstantLR`',
    'lr_config.warmup_iters': f'`end={{value}}` of {_WARMUP}',
    'lr_config.warmup_ratio': f'`start_factor={{value}}` of {_WARMUP}',
    'lr_config.warmup_by_epoch': f'`by_epoch={{value}}, convert_to_iter_based={{value}}` of {_WARMUP}',
    'lr_config.target_lr': '`end_factor={value}` of that entry',
    'lr_config.start': '`begin={value}` of that entry',
    'lr_config.max_lr': '`eta_max={value}` of that entry',
    'lr_config.target_ratio': 'two entries of `param_scheduler`, one up and one down',
    'lr_config.cyclic_times': 'two entries of `param_scheduler` for each cycle',
    'lr_config.step_ratio_up': 'the `end` of the first of two entries of `param_scheduler`',
    'lr_config.num_last_epochs': '`end` and `begin` of the last two entries of `param_scheduler`',
    'lr_config.start_percent': '`begin` of that entry',
    'lr_config.cool_down_time': '`end` of that entry',
    'lr_config.cool_down_ratio': '`factor` of a last `ConstantLR`',
    'lr_config.val_metric': '`monitor` of that entry',
    'lr_config.epoch_base_valid': '',
    'lr_config.lr_configs': 'entries of `param_scheduler`',
    'lr_config.milestone_lrs': '`milestone_params={value}` of that entry',
}

MOMENTUM_CONFIG: Fields = {
    'momentum_config.policy': 'the `type` of a `…Momentum` entry of `param_scheduler`',
    'momentum_config.min_momentum': '`eta_min={value}` of that entry',
    'momentum_config.target_ratio': '`eta_min_ratio` of two entries, one up and one down',
    'momentum_config.cyclic_times': 'two entries for each cycle',
    'momentum_config.step_ratio_up': 'the `end` of the first entry',
}

RUNNER: Fields = {
    'runner.type': 'the `type` of `train_cfg`: `EpochBasedTrainLoop` or `IterBasedTrainLoop`',
    'runner.max_epochs': '`train_cfg.max_epochs={value}`',
    'runner.max_iters': '`train_cfg.max_iters={value}`',
    'runner.is_dynamic_ddp': "`model_wrapper_cfg = dict(type='MMSeparateDistributedDataParallel', …)`",
    'runner.pass_training_status': '',
    'runner.fp16_loss_scaler': "`type='AmpOptimWrapper', loss_scale={value}` of each optimizer wrapper",
    'runner.use_apex_amp': "`type='ApexOptimWrapper'` of each optimizer wrapper",
    'runner.ipu_model_cfg': '',
    'runner.options_cfg': '',
}

CHECKPOINT_CONFIG: Fields = {
    'checkpoint_config.create_symlink': '',
    'checkpoint_config.sync_buffer': "`dict(type='SyncBuffersHook')` in `custom_hooks`",
    'checkpoint_config.meta': '',
}

LOG_CONFIG: Fields = {
    'log_config.interval': '`default_hooks.logger.interval={value}`',
    'log_config.hooks': '`default_hooks.logger` and `visualizer.vis_backends`',
}

_METRIC = 'the metric in `val_evaluator`'
_CHECKPOINT = 'default_hooks.checkpoint'
EVALUATION: Fields = {
    'evaluation.interval': '`train_cfg.val_interval={value}`',
    'evaluation.start': '`train_cfg.val_begin={value}`',
    'evaluation.dynamic_intervals': '`train_cfg.dynamic_intervals={value}` (a list of tuples)',
    'evaluation.by_epoch': '`train_cfg`: the interval counts what the loop counts',
    'evaluation.metric': '`val_evaluator`',
    'evaluation.metrics': '`val_evaluator`',
    'evaluation.type': '`val_evaluator`',
    'evaluation.save_best': f'`{_CHECKPOINT}.save_best`, where a metric is named with its prefix',
    'evaluation.rule': f'`{_CHECKPOINT}.rule={{value}}`',
    'evaluation.greater_keys': f'`{_CHECKPOINT}.greater_keys={{value}}`',
    'evaluation.less_keys': f'`{_CHECKPOINT}.less_keys={{value}}`',
    'evaluation.best_metric': f'`{_CHECKPOINT}.save_best`, where a metric is named with its prefix',
    'evaluation.out_dir': f'`{_CHECKPOINT}.out_dir={{value}}`',
    'evaluation.file_client_args': f'`{_CHECKPOINT}.backend_args`',
    'evaluation.gpu_collect': f"`collect_device='gpu'` of {_METRIC}",
    'evaluation.save_image': "`custom_hooks = [dict(type='BasicVisualizationHook', …)]`",
    'evaluation.save_path': 'the `visualizer`',
    'evaluation.sample_kwargs': f'`sample_model` of {_METRIC}',
    'evaluation.target_domain': f'`fake_key` and `real_key` of {_METRIC}',
    'evaluation.metric_options': f'arguments of {_METRIC}',
    'evaluation.options': f'arguments of {_METRIC}',
    'evaluation.jsonfile_prefix': f'`outfile_prefix={{value}}` of {_METRIC}',
    'evaluation.res_folder': f'`outfile_prefix` of {_METRIC}',
    'evaluation.iou_thr': f'`iou_thrs` of {_METRIC}',
    'evaluation.iou_thrs': f'`iou_thrs={{value}}` of {_METRIC}',
    **{
        f'evaluation.{name}': f'`{name}={{value}}` of {_METRIC}'
        for name in (
            'classwise',
            'proposal_nums',
            'metric_items',
            'format_only',
            'topk',
            'thr',
            'metric_dict',
            'key_score',
            'average_mode',
        )
    },
    **dict.fromkeys(
        (
            f'evaluation.{name}'
            for name in (
                'pre_eval',
                'tmpdir',
                'broadcast_bn_buffer',
                'priority',
                'test_fn',
                'dist',
                'pipeline',
                'save_best_ckpt',
                'key_indicator',
                'logger',
                'show',
                'rle_score',
                'recall_threshold',
                'efficient_test',
            )
        ),
        '',
    ),
}


def removed_fields(context: Context, table: Fields) -> Iterator[Diagnostic]:
    """Yield a diagnostic for each field of a 0.x config that a table speaks of.

    In a mixed config the section itself is reported, and that is enough: nothing in it has an effect.
    """
    if context.era != '0.x':
        return
    for key, target in table.items():
        if key.partition('.')[0] not in context:
            continue
        item = context.find(key)
        if item is not None and item.origin is not None:
            yield _diagnostic(context, item, target)


_MAX_MEMO = 3_000
_memo: dict[tuple[str, int], tuple[Origin, Diagnostic]] = {}


def _diagnostic(context: Context, item: Item, target: str) -> Diagnostic:
    """Make the diagnostic of a field once for all configs that inherit it."""
    assert item.origin is not None
    place = item.key, id(item.origin)
    known = _memo.get(place)
    if known is None:
        if len(_memo) >= _MAX_MEMO:
            _memo.clear()
        known = _memo[place] = item.origin, context.report(item, _message(item, target))
    return known[1]


def _message(item: Item, target: str) -> str:
    if not target:
        return f'`{item.key}` has no counterpart in 1.x; remove it'
    return f'`{item.key}` became {target.replace("{value}", shown(item.value, item.origin, 60))}'
