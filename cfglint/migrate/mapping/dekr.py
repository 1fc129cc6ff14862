"""Disentangled keypoint regression (DEKR): the head of mmpose 1.x encodes centers and displacements by one codec."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cfglint.migrate.change import Computed, Dict, Kept, Todo, Tree
from cfglint.migrate.items import Item
from cfglint.migrate.mapping import codecs
from cfglint.migrate.mapping.old import innermost
from cfglint.migrate.mapping.transforms import component, kept

if TYPE_CHECKING:
    from collections.abc import Callable

    from cfglint.migrate.mapping.old import Old

MODEL = 'DisentangledKeypointRegressor'
_TARGET, _AREA, _SCALES = 'BottomUpGenerateHeatmapTarget', 'GetKeypointCenterArea', 'BottomUpGetImgSize'


def model(old: Old, item: Item, fields: dict[str, Tree]) -> dict[str, Tree]:
    """`DisentangledKeypointRegressor` is `BottomupPoseEstimator` with a `DEKRHead`."""
    fields['type'] = Computed('BottomupPoseEstimator', item.get('type'))
    head, settings = item.get('keypoint_head'), item.get('test_cfg') or Item({})
    if head is None or not head.is_dict:
        return fields
    found = {'head' if name == 'keypoint_head' else name: tree for name, tree in fields.items()}
    if head.plain('input_transform') == 'resize_concat' and 'neck' not in item:
        found['neck'] = Computed({'type': 'FeatureMapProcessor', 'concat': True})
    found['head'] = _head(old, head, settings)
    found['test_cfg'] = _testing(old, settings)
    return found


def _head(old: Old, head: Item, settings: Item) -> Tree:
    channels = head.get('in_channels')
    fields: dict[str, Tree] = {'type': Computed('DEKRHead', head.get('type'))}
    if channels is not None:
        fields['in_channels'] = Computed(sum(channels.value), channels) if channels.is_list else Kept(channels)
    names = {
        'num_joints': 'num_keypoints',
        'num_heatmap_filters': 'num_heatmap_filters',
        'num_offset_filters_per_joint': 'num_displacement_filters_per_keypoint',
    }
    fields.update({new: Kept(each) for name, new in names.items() if (each := head.get(name)) is not None})
    for name, new in (('heatmap_loss', 'heatmap_loss'), ('offset_loss', 'displacement_loss')):
        if (loss := head.get(name)) is not None:
            fields[new] = component(loss, old.library.components.get(loss.type))
    fields['decoder'] = codec(old, settings)
    if (rescoring := settings.get('rescore_cfg')) is not None and rescoring.is_dict:
        fields['rescore_cfg'] = _rescoring(rescoring)
    return Dict(fields, head)


def _rescoring(item: Item) -> Tree:
    fields: dict[str, Tree] = {name: Kept(each) for name, each in item.fields().items() if name != 'pretrained'}
    if (weights := item.get('pretrained')) is not None and weights.value:
        fields['init_cfg'] = Dict({'type': Computed('Pretrained'), 'checkpoint': Kept(weights)})
    return Dict(fields, item)


def _testing(old: Old, settings: Item) -> Tree:
    scales = _step(old, 'val', _SCALES).plain('test_scale_factor', [1])
    fields: dict[str, Tree] = {'multiscale_test': Computed(isinstance(scales, list) and len(scales) > 1)}
    fields.update(kept(settings, 'flip_test'))
    if settings.plain('use_nms', False):
        fields.update(kept(settings, 'nms_dist_thr', 'nms_joints_thr', 'max_num_people'))
    fields.update({'shift_heatmap': Computed(True), **kept(settings, 'align_corners')})
    decrease = settings.get('multi_scale_score_decrease')
    if decrease is not None and decrease.value != 1:
        fields['multi_scale_score_decrease'] = Todo('the scores of all scales count alike now', decrease)
    return Dict(fields, settings)


def codec(old: Old, settings: Item | None = None) -> Tree:
    """Return the codec: what several steps of 0.x made, and how its `test_cfg`, if given, found people in it."""
    target, area = _step(old, 'train', _TARGET), _step(old, 'train', _AREA).plain('minimal_area', 32)
    sigma = target.get('sigma')
    fields: dict[str, Tree] = {
        'type': Computed('SPR'),
        'input_size': codecs.size(old, 'image_size'),
        'heatmap_size': codecs.size(old, 'heatmap_size'),
    }
    if sigma is not None and sigma.is_list:
        fields['sigma'] = Computed(tuple(reversed(sigma.value)), sigma)  # that of centers comes first
    fields['minimal_diagonal_length'] = Computed(round(area**0.5, 6))
    fields['generate_keypoint_heatmaps'] = Computed(True)
    if (weight := target.plain('bg_weight', 1.0)) != _WEIGHT:
        fields['background_weight'] = Computed(weight)
    names = {
        'max_pool_kernel': 'decode_nms_kernel',
        'max_num_people': 'decode_max_instances',
        'keypoint_threshold': 'decode_thr',
    }
    given = {} if settings is None else settings.fields()
    fields.update({new: Kept(given[name]) for name, new in names.items() if name in given})
    return Dict(fields)


_WEIGHT = 0.1
"""Of the background, by default."""


def _step(old: Old, stage: str, kind: str) -> Item:
    dataset = innermost(old, stage)
    steps = (None if dataset is None else dataset.get('pipeline')) or old.get(f'{stage}_pipeline')
    found = [] if steps is None else [step for step in steps.entries() if step.type == kind]
    return found[0] if found else Item({})


def _target(old: Old, step: Item) -> list[Tree]:
    generate = Dict({'type': Computed('GenerateTarget', step.get('type')), 'encoder': codec(old)}, step)
    return [generate, Computed({'type': 'BottomupGetHeatmapMask'})]


def _gone(old: Old, step: Item) -> list[Tree]:
    return []


TRANSFORMS: dict[tuple[str, str], Callable[[Old, Item], list[Tree]]] = {
    ('mmpose', _TARGET): _target,
    ('mmpose', 'BottomUpGenerateOffsetTarget'): _gone,
    ('mmpose', _AREA): _gone,
}
