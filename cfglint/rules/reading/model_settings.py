"""Which of `train_cfg` and `test_cfg` at the top level are settings of the model, as in 0.x, and no loops."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cfglint.language.values import Table, Unknown
from cfglint.rules.reading.items import Item

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cfglint.rules.context import Context

_LOOP = frozenset({
    'type', 'by_epoch', 'max_epochs', 'max_iters', 'val_interval', 'val_begin', 'dynamic_intervals', 'fp16', '_delete_',
})  # fmt: skip
SETTINGS = frozenset({
    'assigner', 'sampler', 'allowed_border', 'pos_weight', 'debug', 'rpn', 'rpn_proposal', 'rcnn', 'sampler_num',
    'min_overlaps', 'score_thr', 'nms', 'nms_pre', 'nms_post', 'max_num', 'max_per_img', 'min_bbox_size', 'iou_thr',
    'nms_thr', 'mask_thr_binary', 'mask_thr', 'top_k', 'max_per_class', 'nms_across_levels', 'max_out', 'nms_cfg',
    'local_maximum_kernel', 'topk', 'mode', 'crop_size', 'stride', 'augments', 'mixup', 'cutmix', 'average_clips',
    'max_testing_views', 'feature_extraction', 'blending', 'aux_info', 'fcn_test', 'flip_test', 'post_process',
    'shift_heatmap', 'modulate_kernel', 'use_udp', 'unbiased_decoding', 'num_joints', 'metrics', 'crop_border',
    'convert_to', 'metric_average_mode', 'fix_iter', 'disc_steps', 'disc_init_steps', 'gen_steps',
    'batch_accumulation_steps', 'use_ema', 'train_backbone', 'start_iter', 'direction', 'buffer_size', 'noise_size',
    'lr_g', 'lr_d', 'g_lr_base', 'd_lr_base', 'optimizer_cfg', 'tsa_iter', 'pretrain', 'param_scheduler',
    'delay_iter',
})  # fmt: skip
"""What models of 0.x took from ``train_cfg`` and ``test_cfg``; no loop of MMEngine has a field of these names."""
SECTIONS = ('train_cfg', 'test_cfg')
_OWN_LOOPS = ('EpochBasedTrainLoop', 'IterBasedTrainLoop', 'TestLoop')


def is_model_setting(context: Context, name: str) -> bool:
    """Tell whether a section is told of as settings of a model: then it is no loop, and nothing else is said of it."""
    return name in SECTIONS and bool(model_settings(context, name))


def model_settings(context: Context, name: str) -> list[Item]:
    """Return what the files of a config say of such a section, where it holds settings of the model."""
    return context.once(f'model settings in {name}', lambda: list(_find(context, name)))


def _find(context: Context, name: str) -> Iterator[Item]:
    if name not in context:
        return
    for config in context.lineage if context.style != 'lazy' else [context.config]:
        if name in config.own and _is_settings(config.own[name], context, name):
            yield Item(name, config.own[name], config.own.origins.get(name), context.root)


def _is_settings(value: object, context: Context, name: str) -> bool:
    if isinstance(value, Unknown):
        return False
    if context.era == '0.x':
        return True
    if not isinstance(value, Table) or not _LOOP.isdisjoint(value) or value.keys().isdisjoint(SETTINGS):
        return False
    resolved = context.value(name)
    # A loop of a library may well take more than MMEngine's own.
    return not isinstance(resolved, dict) or resolved.get('type', 'TestLoop') in _OWN_LOOPS
