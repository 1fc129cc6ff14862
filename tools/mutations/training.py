"""Faults of weights, of the optimizer and of the schedule."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from cfglint.language.numbers import is_int, is_number
from cfglint.sections.table import LOADERS
from tools.mutations.mutation import Kind, Mutation, Subject, add, append, dicts, named, remove, replace_value

if TYPE_CHECKING:
    import random
    from collections.abc import Iterator

_OTHERS = {'50': '101', '101': '50', '18': '50', '34': '18', '152': '101'}
_OTHER_WORDS = {
    'swin_tiny': 'swin_base', 'swin_small': 'swin_tiny', 'swin_base': 'swin_tiny', 'mit_b0': 'mit_b2', 'mit_b1': 'mit_b0', 'mit_b2': 'mit_b4',
    'mit_b3': 'mit_b0', 'mit_b4': 'mit_b1', 'mit_b5': 'mit_b0', 'hrnetv2_w18': 'hrnetv2_w40', 'hrnetv2_w32': 'hrnetv2_w18',
    'hrnetv2_w48': 'hrnetv2_w32', 'hrnet_w32': 'hrnet_w48', 'hrnet_w48': 'hrnet_w32', 'convnext-tiny': 'convnext-base',
    'convnext-small': 'convnext-base', 'convnext-base': 'convnext-tiny', 'regnetx_3.2gf': 'regnetx_800mf',
}  # fmt: skip


def other_weights(subject: Subject, chance: random.Random) -> Iterator[Mutation]:
    """The weights are those of another network than the backbone."""
    context = subject.context
    backbone = context.find('model.backbone')
    init = None if backbone is None else backbone.get('init_cfg')
    weights = None if init is None else init.get('checkpoint') if isinstance(init.value, dict) else None
    if backbone is None or weights is None or not isinstance(weights.value, str):
        return
    depth = backbone.get('depth')
    found = re.search(r'(resnet|resnext|resnest|res2net)(50|101|18|34|152)(?!\d)', weights.value)
    keys = ('model.backbone.depth', 'model.backbone.arch', 'model.backbone.embed_dims', weights.key)
    if found is not None and depth is not None and str(depth.value) == found[2]:
        other = _OTHERS[found[2]]
        for item, text in ((weights, repr(weights.value.replace(found[0], found[1] + other))), (depth, other)):
            mutation = replace_value(item, text, text, *keys)
            if mutation is not None:
                yield mutation
    for word, other in _OTHER_WORDS.items():
        if word in weights.value:
            mutation = replace_value(weights, repr(weights.value.replace(word, other)), other, *keys)
            if mutation is not None:
                yield mutation


def lost_prefix(subject: Subject, chance: random.Random) -> Iterator[Mutation]:
    """A whole model is loaded into the backbone without the prefix of its names."""
    context = subject.context
    backbone = context.find('model.backbone')
    init = None if backbone is None else backbone.get('init_cfg')
    weights = None if init is None or not isinstance(init.value, dict) else init.get('checkpoint')
    if backbone is None or init is None or weights is None or not isinstance(weights.value, str):
        return
    prefix = init.get('prefix')
    whole = ('mmclassification', 'mmdetection', 'mmsegmentation', 'mmpretrain', 'mmpose', 'mmselfsup', 'mmrazor')
    if (
        prefix is not None
        and prefix.value in ('backbone', 'backbone.')
        and any(f'openmmlab.com/{each}/' in weights.value for each in whole)
    ):
        mutation = remove(prefix, weights.key)
        if mutation is not None:
            yield mutation
    if prefix is None and named(backbone) in ('ResNet', 'HRNet', 'ResNetV1c', 'CSPNeXt', 'ConvNeXt', 'MobileNetV2'):
        for text in (
            'work_dirs/pre/epoch_100.pth',
            'work_dirs/pre/best_coco_bbox_mAP_epoch_9.pth',
            'work_dirs/pre/iter_80000.pth',
        ):
            mutation = replace_value(weights, repr(text), text)
            if mutation is not None:
                yield mutation


_LOADS = {
    'mmdet': 'https://download.openmmlab.com/mmdetection/v2.0/faster_rcnn/faster_rcnn_r{}_fpn_1x_coco/faster_rcnn_r{}_fpn_1x_coco_20200130-047c8118.pth',
    'mmseg': 'https://download.openmmlab.com/mmsegmentation/v0.5/pspnet/pspnet_r{}-d8_512x1024_40k_cityscapes/pspnet_r{}-d8_512x1024_40k_cityscapes_20200605_003338-2966598c.pth',
    'mmpose': 'https://download.openmmlab.com/mmpose/top_down/resnet/res{}_coco_256x192-ec54d7f3_20200709.pth',
}


def other_model(subject: Subject, chance: random.Random) -> Iterator[Mutation]:
    """The run starts from a model of another depth or family."""
    context = subject.context
    backbone = context.find('model.backbone')
    depth = None if backbone is None else backbone.get('depth')
    if backbone is None or context.scope not in _LOADS or context.value('load_from') is not None:
        return
    if named(backbone) in ('ResNet', 'ResNetV1c') and depth is not None and depth.value in (18, 34, 50, 101, 152):
        other = _OTHERS[str(depth.value)]
    elif named(backbone) in (
        'SwinTransformer',
        'HRNet',
        'ConvNeXt',
        'MobileNetV2',
        'MixVisionTransformer',
        'ResNeXt',
        'CSPDarknet',
    ):
        other = '50'
    else:
        return
    url = _LOADS[context.scope].replace('{}', other)
    yield append(
        context.config.source,
        f'load_from = {url!r}',
        f'{named(backbone)} from {url[-60:]}',
        'load_from',
        'model.backbone.depth',
    )


def lost_decay(subject: Subject, chance: random.Random) -> Iterator[Mutation]:
    """A setting for all norm layers or biases does not reach what a custom key takes, or a longer key takes over."""
    context = subject.context
    wrapper = context.find('optim_wrapper')
    if (
        wrapper is None
        or not isinstance(wrapper.value, dict)
        or 'constructor' in wrapper.value
        or not isinstance(context.value('model.backbone'), dict)
    ):
        return
    decay = context.value('optim_wrapper.optimizer.weight_decay')
    if not is_number(decay) or decay <= 0 or 'paramwise_cfg' in wrapper.value or 'type' not in wrapper.value:
        return
    base = 'optim_wrapper.paramwise_cfg'
    keys = (
        f'{base}.norm_decay_mult',
        f'{base}.bias_decay_mult',
        f'{base}.custom_keys',
        f'{base}.custom_keys.backbone',
        base,
        f'{base}.custom_keys.norm',
    )
    keys = (*keys, f'{base}.custom_keys.backbone.norm')
    for text in (
        "norm_decay_mult=0.0, custom_keys={'backbone': dict(lr_mult=0.1)}",
        "bias_decay_mult=0.0, custom_keys={'backbone': dict(lr_mult=0.1)}",
        "custom_keys={'backbone': dict(lr_mult=0.1), 'norm': dict(decay_mult=0.0)}",
        "custom_keys={'backbone': dict(lr_mult=0.1), 'backbone.norm': dict(decay_mult=0.0)}",
    ):
        mutation = add(wrapper, f'paramwise_cfg=dict({text})', *keys)
        if mutation is not None:
            yield mutation


def rising_rate(subject: Subject, chance: random.Random) -> Iterator[Mutation]:
    """The lowest rate of a schedule is above what a part of the model starts with."""
    context = subject.context
    lr = context.value('optim_wrapper.optimizer.lr')
    for schedule in dicts(context.root.get('param_scheduler')):
        item = schedule.get('eta_min')
        if named(schedule) not in ('CosineAnnealingLR', 'PolyLR') or item is None or not is_number(lr):
            continue
        multiplied = [
            each
            for each in dicts(context.find('optim_wrapper.paramwise_cfg.custom_keys'))
            if is_number(each.value.get('lr_mult'))
        ]
        low = [each for each in multiplied if 0 < each.value['lr_mult'] < 0.9]
        if low and 'constructor' not in context.value('optim_wrapper'):
            keys = tuple(f'{each.key}.lr_mult' for each in low)
            mutation = replace_value(item, repr(lr * 0.95), 'nearly lr', *keys)
            if mutation is not None:
                yield mutation


def impossible_schedule(subject: Subject, chance: random.Random) -> Iterator[Mutation]:
    """A scheduler ends before it begins, or its numbers are for another unit than the loop's."""
    context = subject.context
    for schedule in dicts(context.root.get('param_scheduler')):
        begin, end = schedule.get('begin'), schedule.get('end')
        if begin is not None and end is not None and is_int(end.value) and is_int(begin.value):
            mutation = replace_value(begin, str(end.value + 1), 'begin beyond end', end.key, schedule.key)
            if mutation is not None:
                yield mutation
            mutation = replace_value(end, str(max(0, begin.value - 1)), 'end before begin', begin.key, schedule.key)
            if mutation is not None and begin.value > 1:
                yield mutation


def idle_workers(subject: Subject, chance: random.Random) -> Iterator[Mutation]:
    """Workers are kept that are not there."""
    for name in LOADERS:
        workers = subject.context.find(f'{name}.num_workers')
        if workers is not None and subject.context.value(f'{name}.persistent_workers') is True:
            keys = tuple(f'{each}.persistent_workers' for each in LOADERS)  # they may well be one and the same
            mutation = replace_value(workers, '0', 'no workers', *keys)
            if mutation is not None:
                yield mutation


KINDS: dict[str, Kind] = {
    'other-weights': other_weights,
    'lost-prefix': lost_prefix,
    'other-model': other_model,
    'lost-decay': lost_decay,
    'rising-rate': rising_rate,
    'impossible-schedule': impossible_schedule,
    'idle-workers': idle_workers,
}
