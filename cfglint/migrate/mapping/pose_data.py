"""Data of mmpose: transforms, datasets, and what metrics take from them (POSE-10 to POSE-24)."""

from __future__ import annotations

from posixpath import dirname
from typing import TYPE_CHECKING, Any

from cfglint.language.numbers import as_float
from cfglint.language.values import Table
from cfglint.migrate.change import Computed, Dict, Kept, List, Tree
from cfglint.migrate.items import Item
from cfglint.migrate.mapping import codecs, dekr
from cfglint.migrate.mapping.transforms import kept

if TYPE_CHECKING:
    from collections.abc import Callable

    from cfglint.migrate.mapping.old import Old


def steps(old: Old, given: list[Item]) -> list[Item]:
    """Return the steps of a pipeline with what one transform of 1.x does together: shifts, scales and rotations."""
    shift = next((step for step in given if step.type == _SHIFT), None)
    if shift is None or not any(step.type == _ROTATION for step in given):
        return given
    found = []
    for step in given:
        if step.type == _ROTATION:
            found.append(_with(step, _SHIFT, shift))
        elif step.type != _SHIFT:
            found.append(step)
    return found


def _with(step: Item, name: str, other: Item) -> Item:
    fields = {**step.fields(), name: other}
    origins = {key: each.origin for key, each in fields.items() if each.origin is not None}
    return Item(Table({key: each.value for key, each in fields.items()}, origins), step.origin)


_SHIFT, _ROTATION = 'TopDownRandomShiftBboxCenter', 'TopDownGetRandomScaleRotation'


def _new(step: Item, name: str, **fields: Tree) -> list[Tree]:
    return [Dict({'type': Computed(name, step.get('type')), **fields}, step)]


def _box_transform(old: Old, step: Item) -> list[Tree]:
    """0.x clips what it draws at twice the deviation, 1.x draws between the bounds (POSE-12)."""
    shift = step.plain(_SHIFT) if step.type == _ROTATION else step.value
    fields: dict[str, Any] = {'shift_prob': 0.0}
    if isinstance(shift, dict):
        fields = {'shift_factor': shift.get('shift_factor', 0.16), 'shift_prob': shift.get('prob', 0.3)}
    if step.type == _ROTATION:
        scale, rotation = step.plain('scale_factor', 0.5), step.plain('rot_factor', 40)
        fields['scale_factor'] = (round(1 - scale, 6), round(1 + scale, 6))
        fields['rotate_factor'] = 2 * rotation
        fields['rotate_prob'] = step.plain('rot_prob', 0.6)
    else:
        fields.update(scale_prob=0.0, rotate_prob=0.0)
    defaults = {
        'shift_factor': 0.16, 'shift_prob': 0.3, 'scale_factor': (0.5, 1.5), 'rotate_factor': 80, 'rotate_prob': 0.6,
    }  # fmt: skip
    changed = {name: Computed(value) for name, value in fields.items() if defaults.get(name) != value}
    return _new(step, 'RandomBBoxTransform', **changed)


def _flip(old: Old, step: Item) -> list[Tree]:
    prob = step.get('flip_prob')
    given: Tree = Computed(0.5) if prob is None else Kept(prob)
    if prob is not None and isinstance(prob.value, int):
        given = Computed(as_float(prob.value), prob)
    return _new(step, 'RandomFlip', prob=given, direction=Computed('horizontal'))


def _half_body(old: Old, step: Item) -> list[Tree]:
    """0.x needs more than so many keypoints, 1.x so many (POSE-13)."""
    count = step.plain('num_joints_half_body', 8) + 1
    fields: dict[str, Tree] = {} if count == 9 else {'min_total_keypoints': Computed(count)}
    if (prob := step.get('prob_half_body')) is not None:
        fields['prob'] = Kept(prob)
    return _new(step, 'RandomHalfBody', **fields)


def _affine(old: Old, step: Item) -> list[Tree]:
    return _new(step, 'TopdownAffine', input_size=codecs.size(old, 'image_size'), **kept(step, 'use_udp'))


def _target(old: Old, step: Item) -> list[Tree]:
    encoder = codecs.encoder(old, step)
    several: dict[str, Tree] = {'multilevel': Computed(True)} if isinstance(encoder, List) else {}
    return _new(step, 'GenerateTarget', **several, encoder=encoder)


def _regression_target(old: Old, step: Item) -> list[Tree]:
    label = Dict({'type': Computed('RegressionLabel'), 'input_size': codecs.size(old, 'image_size')})
    return _new(step, 'GenerateTarget', encoder=label)


def _bottom_up_affine(old: Old, step: Item) -> list[Tree]:
    """0.x shifts by a share of 200 pixels a unit of scale (POSE-18)."""
    fields: dict[str, Tree] = {'input_size': codecs.size(old, 'image_size')}
    fields['shift_factor'] = Computed(step.plain('trans_factor', 40) / 200)
    fields.update(kept(step, 'scale_factor', 'scale_type'))
    if (rotation := step.get('rot_factor')) is not None:
        fields['rotate_factor'] = Kept(rotation)
    if step.plain('use_udp', False):
        fields['transform_mode'] = Computed('affine_udp')
    return _new(step, 'BottomupRandomAffine', **fields)


def _bottom_up_target(old: Old, step: Item) -> list[Tree]:
    model = old.get('model')
    settings = None if model is None else model.get('test_cfg')
    encoder = codecs.associative(old, settings or Item({}))
    return [*_new(step, 'GenerateTarget', encoder=encoder), Computed({'type': 'BottomupGetHeatmapMask'})]


def _bottom_up_resize(old: Old, step: Item) -> list[Tree]:
    scales = [each for each in step.plain('test_scale_factor', [1]) if each != 1]
    fields: dict[str, Tree] = {'input_size': codecs.size(old, 'image_size')}
    if scales:
        fields['aug_scales'] = Computed(scales)
    fields['size_factor'] = Computed(step.plain('base_length', 64))
    fields['resize_mode'] = Computed('expand')
    fields.update(kept(step, 'use_udp'))
    return _new(step, 'BottomupResize', **fields)


def _gone(old: Old, step: Item) -> list[Tree]:
    return []


TRANSFORMS: dict[tuple[str, str], Callable[[Old, Item], list[Tree]]] = {
    ('mmpose', _ROTATION): _box_transform,
    ('mmpose', _SHIFT): _box_transform,
    ('mmpose', 'TopDownRandomFlip'): _flip,
    ('mmpose', 'TopDownHalfBodyTransform'): _half_body,
    ('mmpose', 'TopDownAffine'): _affine,
    ('mmpose', 'TopDownGenerateTarget'): _target,
    ('mmpose', 'TopDownGenerateTargetRegression'): _regression_target,
    ('mmpose', 'BottomUpRandomFlip'): _flip,
    ('mmpose', 'BottomUpRandomAffine'): _bottom_up_affine,
    ('mmpose', 'BottomUpGenerateTarget'): _bottom_up_target,
    ('mmpose', 'BottomUpGetImgSize'): _bottom_up_resize,
    ('mmpose', 'BottomUpResizeAlign'): _gone,
}


def dataset(item: Item, stage: str) -> dict[str, Tree]:
    """Return the arguments of a dataset that stood in `data_cfg`; 0.x did not read its channels (POSE-22)."""
    settings = item.get('data_cfg') or Item({})
    fields: dict[str, Tree] = {'data_mode': Computed('bottomup' if item.type.startswith('BottomUp') else 'topdown')}
    if stage != 'train' and not settings.plain('use_gt_bbox', True) and settings.plain('bbox_file'):
        found = settings.get('bbox_file')
        assert found is not None
        fields['bbox_file'] = Kept(found)
        if settings.plain('det_bbox_thr', 0.0):
            fields['filter_cfg'] = Computed({'bbox_score_thr': settings.plain('det_bbox_thr')})
    path = item.plain('ann_file')
    if item.type == 'TopDownMpiiDataset' and stage != 'train' and isinstance(path, str):
        fields['headbox_file'] = Computed(f'{dirname(path)}/mpii_gt_val.mat')
    return fields


def coco_metric(old: Old, dataset: Item, evaluation: Item) -> dict[str, Tree]:
    """Return the arguments of a metric that stood in `data_cfg` (POSE-24)."""
    settings = dataset.get('data_cfg') or Item({})
    is_bottom_up = dataset.type.startswith('BottomUp')
    fields: dict[str, Tree] = {}
    model = old.get('model')
    if is_bottom_up:
        by_keypoint = model is not None and model.type == dekr.MODEL
        fields['score_mode'] = Computed('keypoint' if by_keypoint else 'bbox')
    elif evaluation.plain('rle_score', False):
        fields['score_mode'] = Computed('bbox_rle')
    if not settings.plain('use_nms', not is_bottom_up):
        fields['nms_mode'] = Computed('none')
        return fields
    if settings.plain('soft_nms', False):
        fields['nms_mode'] = Computed('soft_oks_nms')
    for name, new, default in (('oks_thr', 'nms_thr', 0.9), ('vis_thr', 'keypoint_score_thr', 0.2)):
        given = settings.get(name)
        if given is not None and given.value != default:
            fields[new] = Kept(given)
    return fields
