"""Codecs of mmpose 1.x: how keypoints become targets, and predictions become keypoints (POSE-15, POSE-25)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cfglint.migrate.change import Computed, Dict, Kept, List, Tree
from cfglint.migrate.items import Item
from cfglint.migrate.mapping.old import innermost

if TYPE_CHECKING:
    from cfglint.migrate.mapping.old import Old

COMBINED = 'combined'
_TARGETS = ('TopDownGenerateTarget', 'BottomUpGenerateTarget')
_DEFAULT_BLUR = 11
_ORDER = (0, 1, 2, 3, 4, 5, 6, 11, 12, 7, 8, 9, 10, 13, 14, 15, 16)
"""In which 0.x grouped the 17 keypoints of COCO."""


def data_cfg(old: Old) -> Item:
    """Return the settings of the data that a config trains with."""
    for stage in ('train', 'val', 'test'):
        dataset = innermost(old, stage)
        if dataset is not None and (found := dataset.get('data_cfg')) is not None and found.is_dict:
            return found
    return old.get('data_cfg') or Item({})


def size(old: Old, name: str) -> Tree:
    """Return `image_size` or `heatmap_size` as (width, height)."""
    item = data_cfg(old).get(name)
    if item is None:
        return Computed(None)
    if isinstance(item.value, int):
        return Computed((item.value, item.value), item)
    if item.is_list and len(item.value) == 1:
        return Computed((item.value[0], item.value[0]), item)
    return Computed(tuple(item.value), item) if isinstance(item.value, list) else Kept(item)


def target_step(old: Old) -> Item:
    """Return the step that makes targets while training."""
    dataset = innermost(old, 'train')
    steps = (None if dataset is None else dataset.get('pipeline')) or old.get('train_pipeline')
    found = [] if steps is None else [step for step in steps.entries() if step.type in _TARGETS]
    return found[0] if found else Item({})


def encoder(old: Old, step: Item) -> Tree:
    """Return the codec that makes targets as a step of 0.x did; several where there are several sizes."""
    kind = step.plain('encoding', 'MSRA')
    name = 'kernel' if kind == 'Megvii' else 'sigma'
    given = step.get(name)
    if given is not None and given.is_list and not (name == 'kernel' and isinstance(given.value[0], int)):
        return List(tuple(_heatmap(old, step, {name: Kept(each)}) for each in given.entries()))
    return _heatmap(old, step, {} if given is None else {name: Kept(given)})


def _heatmap(old: Old, step: Item, width: dict[str, Tree]) -> Tree:
    sizes = {'input_size': size(old, 'image_size'), 'heatmap_size': size(old, 'heatmap_size')}
    kind = step.plain('encoding', 'MSRA')
    if kind == 'Megvii':
        return Dict({'type': Computed('MegviiHeatmap'), **sizes, 'kernel_size': _kernel(width.get('kernel'))})
    sigma = width.get('sigma', Computed(2))
    if kind == 'UDP':
        fields: dict[str, Tree] = {'type': Computed('UDPHeatmap'), **sizes, 'sigma': sigma}
        if str(step.plain('target_type')).lower() == 'combinedtarget':
            fields['heatmap_type'] = Computed(COMBINED)
            if (factor := step.get('valid_radius_factor')) is not None:
                fields['radius_factor'] = Kept(factor)
        return Dict(fields)
    fields = {'type': Computed('MSRAHeatmap'), **sizes, 'sigma': sigma}
    if step.plain('unbiased_encoding', False):
        fields['unbiased'] = Computed(True)
    return Dict(fields)


def _kernel(given: Tree | None) -> Tree:
    """Return the width of a kernel: 0.x wrote both sides."""
    if isinstance(given, Kept) and given.item.is_list:
        return Kept(given.item.entries()[0])
    return Computed(_DEFAULT_BLUR) if given is None else given


def decoder(old: Old, settings: Item) -> Tree:
    """Return the codec that finds keypoints as `test_cfg` of 0.x said."""
    step = target_step(old)
    tree = encoder(old, step)
    if isinstance(tree, List):
        tree = tree.items[-1]
    assert isinstance(tree, Dict)
    blur = settings.plain('modulate_kernel', _DEFAULT_BLUR)
    fields = dict(tree.items)
    match step.plain('encoding', 'MSRA'):
        case 'Megvii':
            fields['kernel_size'] = Computed(blur)
        case 'UDP':
            if blur != _DEFAULT_BLUR:
                fields['blur_kernel_size'] = Computed(blur)
        case _:
            fields.pop('unbiased', None)
            if settings.plain('post_process') == 'unbiased':
                fields['unbiased'] = Computed(True)
                if blur != _DEFAULT_BLUR:
                    fields['blur_kernel_size'] = Computed(blur)
    return Dict(fields)


def associative(old: Old, settings: Item, *, is_decoder: bool = False) -> Tree:
    """Return the codec of associative embeddings, with how the model of 0.x grouped keypoints."""
    step = target_step(old)
    scaled = is_decoder and settings.plain('project2image', False)
    fields: dict[str, Tree] = {
        'type': Computed('AssociativeEmbedding'),
        'input_size': size(old, 'image_size'),
        'heatmap_size': size(old, 'image_size' if scaled else 'heatmap_size'),
        'sigma': Computed(step.plain('sigma', 2)),
    }
    if step.plain('use_udp', False) or settings.plain('use_udp', False):
        fields['use_udp'] = Computed(True)
    else:
        fields['decode_center_shift'] = Computed(0.5)
    joints = settings.plain('num_joints', data_cfg(old).plain('num_joints', 17))
    fields['decode_keypoint_order'] = Computed(list(_ORDER if joints == len(_ORDER) else range(joints)))
    people = settings.plain('max_num_people', 30)
    given: dict[str, Any] = {
        'decode_nms_kernel': settings.plain('nms_kernel', 5),
        'decode_keypoint_thr': settings.plain('detection_threshold', 0.1),
        'decode_tag_thr': float(settings.plain('tag_threshold', 1.0)),
        'decode_topk': people,
    }
    defaults = {'decode_nms_kernel': 5, 'decode_keypoint_thr': 0.1, 'decode_tag_thr': 1.0, 'decode_topk': 30}
    fields.update({name: Computed(value) for name, value in given.items() if value != defaults[name]})
    fields['decode_max_instances'] = Computed(people)
    return Dict(fields)
