"""Faults between the parts of a model: numbers of classes, levels, stages and channels that no longer agree."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cfglint.language.numbers import is_int
from cfglint.rules.reading.heads import parts_of
from cfglint.rules.reading.items import item_at
from cfglint.rules.reading.loaders import loaders
from cfglint.sections.table import EVALUATORS
from tools.mutations.mutation import Kind, Mutation, Subject, add, dicts, named, replace_value

if TYPE_CHECKING:
    import random
    from collections.abc import Iterator

    from cfglint.rules.reading.items import Item

LIBRARIES = ('mmdet', 'mmseg', 'mmpretrain', 'mmyolo', 'mmrotate', 'mmdet3d')
"""Whose datasets know their classes."""


def other_classes(subject: Subject, chance: random.Random) -> Iterator[Mutation]:
    """A head predicts other classes than the dataset has, or the dataset has got other ones."""
    context = subject.context
    model = context.root.get('model')
    if context.scope not in LIBRARIES or model is None or not isinstance(model.value, dict):
        return
    heads = [item_at(model, path) for path, _ in parts_of(context, model.value).heads]
    told = [leaf for loader in loaders(context, 'train_dataloader') for leaf in loader.leaves if named(leaf)]
    if not told or not heads or 'language_model' in model.value:
        return
    if any('num_things_classes' in each.value for each in dicts(model)):
        return
    for head in heads:
        wrong = head.value + chance.choice((-1, 2, 7)) if head.value > 1 else 5
        mutation = replace_value(head, str(wrong), f'{head.value} → {wrong}')
        if mutation is not None:
            yield mutation
    if len({each.value for each in heads}) == 1 and heads[0].value > 3 and len(told) == 1:
        keys = tuple(each.key for each in heads)
        leaf = told[0]
        classes = leaf.get('metainfo')
        if classes is None:
            mutation = add(leaf, "metainfo=dict(classes=('ape', 'bee', 'cow'))", *keys)
            if mutation is not None and mutation.source.path == context.path:
                yield mutation
        elif classes.get('classes') is not None:
            names = "('ape', 'bee', 'cow')"
            mutation = replace_value(classes.get('classes'), names, 'three classes', *keys)
            if mutation is not None:
                yield mutation


_OF_CLASSES = ('num_things_classes', 'num_stuff_classes')


def inner_classes(subject: Subject, chance: random.Random) -> Iterator[Mutation]:
    """A part counts classes of its own: an assigner, a fusion head, a loss, a preprocessor that mixes labels."""
    model = subject.context.root.get('model')
    for part in dicts(model):
        for item in part.items():
            is_own = (
                (item.name == 'num_classes' and ('assigner' in part.key or part.name.startswith('loss')))
                or (item.name in _OF_CLASSES and 'panoptic' in part.key)
                or (item.name == 'num_classes' and part.name == 'data_preprocessor')
            )
            if is_own and is_int(item.value) and item.value > 1:
                if part.name == 'data_preprocessor' and not _mixes(subject):
                    continue
                if part.name.startswith('loss') and named(part) not in ('LabelSmoothLoss', 'SeesawLoss', 'EQLV2Loss'):
                    continue
                wrong = item.value - 1 if chance.random() < 0.5 else item.value + 3
                mutation = replace_value(item, str(wrong), f'{item.value} → {wrong}', *_beside(model, item))
                if mutation is not None:
                    yield mutation


def _beside(model: Item | None, item: Item) -> list[str]:
    """Return the keys of the numbers that are to be the same."""
    return [f'{each.key}.{item.name}' for each in dicts(model) if item.name in each.value]


def _mixes(subject: Subject) -> bool:
    return bool(subject.context.value('model.train_cfg.augments')) or bool(
        subject.context.value('data_preprocessor.to_onehot')
    )


def class_weights(subject: Subject, chance: random.Random) -> Iterator[Mutation]:
    """A loss has a weight too few or too many."""
    for loss in dicts(subject.context.root.get('model')):
        head = loss.parent
        count = None if head is None or not isinstance(head.value, dict) else head.value.get('num_classes')
        weights = loss.get('class_weight')
        if weights is not None and isinstance(weights.value, (list, tuple)) and len(weights.value) > 2:
            if all(isinstance(each, (int, float)) for each in weights.value):
                for text in (str(list(weights.value[:-1])), str([*weights.value, 1.0, 1.0])):
                    mutation = replace_value(weights, text, f'{text.count(",") + 1} weights')
                    if mutation is not None:
                        yield mutation
        elif weights is None and is_int(count) and named(loss) == 'CrossEntropyLoss' and count > 2:
            if loss.value.get('use_sigmoid') or loss.name not in ('loss', 'loss_cls', 'loss_decode'):
                continue
            mutation = add(loss, f'class_weight={[1.0] * min(count - 1, 30)}', f'{loss.key}.class_weight')
            if mutation is not None:
                yield mutation


def levels(subject: Subject, chance: random.Random) -> Iterator[Mutation]:
    """Strides or outputs of a neck are one too few or too many; a cascade has another number of stages."""
    context = subject.context
    model = context.root.get('model')
    if model is None or not isinstance(model.value, dict):
        return
    outs = context.find('model.neck.num_outs')
    strides = [
        each
        for name in ('rpn_head', 'bbox_head')
        for owner in (context.find(f'model.{name}.anchor_generator'), context.find(f'model.{name}'))
        if owner is not None and (each := owner.get('strides')) is not None and isinstance(each.value, list)
    ]
    keys = tuple(each.key for each in strides)
    if outs is not None and is_int(outs.value) and strides and named(context.find('model.neck')) in _NECKS:
        wrong = outs.value - 1 if chance.random() < 0.5 else outs.value + 1
        mutation = replace_value(outs, str(wrong), f'{outs.value} → {wrong}', *keys)
        if mutation is not None:
            yield mutation
        for each in strides:
            mutation = replace_value(each, str(each.value[:-1]), 'a stride fewer', outs.key)
            if mutation is not None:
                yield mutation
    for roi_head in dicts(model):
        stages = roi_head.get('num_stages')
        lists = [each for each in roi_head.items() if isinstance(each.value, list) and each.name != 'init_cfg']
        if stages is None or 'Cascade' not in named(roi_head) or not lists:
            continue
        mutation = replace_value(stages, str(stages.value + 1), 'a stage more', *(each.key for each in lists))
        if mutation is not None:
            yield mutation
        weights = roi_head.get('stage_loss_weights')
        if weights is not None:
            mutation = replace_value(weights, str(list(weights.value)[:-1]), 'a weight fewer')
            if mutation is not None:
                yield mutation


_NECKS = ('FPN', 'PAFPN', 'NASFPN', 'ChannelMapper', 'FPG', 'FPN_CARAFE')


def channels(subject: Subject, chance: random.Random) -> Iterator[Mutation]:
    """The backbone, the neck or a head has other channels, or another depth."""
    context = subject.context
    backbone, neck, head = (context.find(f'model.{name}') for name in ('backbone', 'neck', 'bbox_head'))
    decode = context.find('model.decode_head')
    if backbone is None or context.scope not in ('mmdet', 'mmseg', 'mmpretrain', 'mmrotate'):
        return
    if named(backbone) not in ('ResNet', 'ResNetV1c', 'SwinTransformer', 'ResNeXt'):
        return
    depth = backbone.get('depth')
    keys = ('model.neck.in_channels', 'model.decode_head.in_channels', 'model.head.in_channels')
    if (
        depth is not None
        and depth.value in (50, 101, 152)
        and named(backbone) == 'ResNet'
        and (neck is None or named(neck) == 'FPN')
    ):
        mutation = replace_value(depth, '18', 'shallow', *keys)
        if mutation is not None and (neck is not None or decode is not None):
            yield mutation
    given = None if neck is None or named(neck) != 'FPN' else neck.get('in_channels')
    if given is not None and isinstance(given.value, list):
        mutation = replace_value(given, str([*given.value[:-1], given.value[-1] * 2]), 'doubled')
        if mutation is not None:
            yield mutation
    out = None if neck is None or named(neck) != 'FPN' else neck.get('out_channels')
    if out is not None and head is not None and head.get('in_channels') is not None:
        mutation = replace_value(out, str(out.value // 2), 'halved', 'model.bbox_head.in_channels')
        if mutation is not None:
            yield mutation


def image_channels(subject: Subject, chance: random.Random) -> Iterator[Mutation]:
    """The backbone takes pictures of four bands, or the preprocessor subtracts the mean of four."""
    context = subject.context
    backbone = context.find('model.backbone')
    if context.scope not in ('mmseg', 'mmpretrain') or backbone is None:
        return
    preprocessor = context.find('model.data_preprocessor') or context.find('data_preprocessor')
    mean = None if preprocessor is None else preprocessor.get('mean')
    if mean is None or not isinstance(mean.value, list) or len(mean.value) != 3:
        return
    if named(context.find('model')) not in ('EncoderDecoder', 'CascadeEncoderDecoder', 'ImageClassifier'):
        return
    keys = (mean.key, 'model.data_preprocessor.mean', 'data_preprocessor.mean', 'model.backbone.in_channels')
    given = backbone.get('in_channels')
    if given is not None and given.value == 3:
        mutation = replace_value(given, '4', '3 → 4', *keys)
    elif named(backbone) in ('ResNet', 'ResNetV1c', 'SwinTransformer', 'ConvNeXt', 'MixVisionTransformer'):
        mutation = add(backbone, 'in_channels=4', *keys)
    else:
        mutation = None
    if mutation is not None:
        yield mutation
    both = preprocessor.get('std')
    if both is not None:
        mutation = replace_value(mean, '[1.0, 2.0, 3.0, 4.0]', 'four means', *keys, both.key)
        if mutation is not None:
            yield mutation


def single_output(subject: Subject, chance: random.Random) -> Iterator[Mutation]:
    """A segmentor has one output with a softmax, a classifier one class."""
    context = subject.context
    if context.scope == 'mmseg':
        for name in ('decode_head', 'auxiliary_head'):
            head = context.find(f'model.{name}')
            loss = None if head is None else head.get('loss_decode')
            if (
                loss is None
                or named(loss) != 'CrossEntropyLoss'
                or loss.value.get('use_sigmoid')
                or 'out_channels' in head.value
            ):
                continue
            mutation = add(head, 'out_channels=1', f'{head.key}.out_channels')
            if mutation is not None:
                yield mutation
    if context.scope in ('mmpretrain', 'mmaction'):
        for name in ('head', 'cls_head'):
            count = context.find(f'model.{name}.num_classes')
            loss = context.value(f'model.{name}.{"loss" if name == "head" else "loss_cls"}.type', 'CrossEntropyLoss')
            if count is not None and loss in ('CrossEntropyLoss', 'LabelSmoothLoss'):
                mutation = replace_value(count, '1', 'one class')
                if mutation is not None:
                    yield mutation


def top_k(subject: Subject, chance: random.Random) -> Iterator[Mutation]:
    """The k best of fewer classes are asked for."""
    context = subject.context
    head = context.find('model.head') if context.scope == 'mmpretrain' else context.find('model.roi_head.bbox_head')
    count = None if head is None else head.get('num_classes')
    if count is None or not is_int(count.value):
        return
    if context.scope == 'mmpretrain':
        for name in ('val_evaluator', 'test_evaluator'):
            for metric in dicts(context.root.get(name)):
                if named(metric) == 'Accuracy':
                    item = metric.get('topk')
                    text = f'(1, {count.value + 1})'
                    mutation = (
                        replace_value(item, text, text)
                        if item is not None
                        else add(metric, f'topk={text}', f'{metric.key}.topk')
                    )
                    if mutation is not None:
                        yield mutation
    if context.scope == 'mmaction' and named(head) == 'BBoxHeadAVA':
        item = head.get('topk')
        mutation = (
            replace_value(count, '4', 'four classes', f'{head.key}.topk', head.key)
            if item is None
            else replace_value(item, f'(3, {count.value})', 'as many', f'{head.key}.topk')
        )
        if mutation is not None:
            yield mutation


def action_counts(subject: Subject, chance: random.Random) -> Iterator[Mutation]:
    """A head, dataset or metric for actions counts other classes; a network for poses gets other heatmaps."""
    context = subject.context
    if context.scope != 'mmaction':
        return
    heads = [each for each in dicts(context.root.get('model')) if named(each) == 'BBoxHeadAVA']
    keys = [f'{each.key}.num_classes' for each in heads] + [f'{name}.num_classes' for name in EVALUATORS]
    places = [*heads, *(leaf for loader in loaders(context, 'train_dataloader') for leaf in loader.leaves)]
    for place in places if heads else ():
        count = place.get('num_classes')
        if count is not None and is_int(count.value):
            mutation = replace_value(count, str(count.value - 1), f'{count.value} - 1', *keys)
            if mutation is not None:
                yield mutation
    backbone = context.find('model.backbone')
    for loader in loaders(context, 'train_dataloader') if backbone is not None else ():
        makers = [each for each in loader.transforms if named(each) == 'GeneratePoseTarget']
        channels = backbone.get('in_channels') if backbone is not None else None
        if makers and channels is not None and is_int(channels.value):
            key = f'{makers[0].key}.with_limb'
            mutation = replace_value(channels, '3', f'{channels.value} → 3', key, f'{makers[0].key}.type')
            if mutation is not None:
                yield mutation


def bev_channels(subject: Subject, chance: random.Random) -> Iterator[Mutation]:
    """The network for the bird's eye view of mmdet3d takes other channels than the encoder before it makes."""
    context = subject.context
    for branch in ('', 'pts_'):
        encoder, backbone = context.find(f'model.{branch}middle_encoder'), context.find(f'model.{branch}backbone')
        if context.scope != 'mmdet3d' or encoder is None or backbone is None or named(backbone) != 'SECOND':
            continue
        taken, shape = backbone.get('in_channels'), encoder.get('sparse_shape')
        if taken is not None and is_int(taken.value):
            mutation = replace_value(taken, str(taken.value + 64), f'{taken.value} + 64', encoder.key)
            if mutation is not None:
                yield mutation
        if shape is not None and named(encoder) in ('SparseEncoder', 'SparseUNet'):
            text = str([shape.value[0] + 20, *shape.value[1:]])
            mutation = replace_value(shape, text, 'height + 20', f'{backbone.key}.in_channels')
            if mutation is not None:
                yield mutation


KINDS: dict[str, Kind] = {
    'other-classes': other_classes,
    'inner-classes': inner_classes,
    'class-weights': class_weights,
    'levels': levels,
    'channels': channels,
    'image-channels': image_channels,
    'single-output': single_output,
    'top-k': top_k,
    'action-counts': action_counts,
    'bev-channels': bev_channels,
}
