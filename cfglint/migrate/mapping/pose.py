"""Models of mmpose: heads, codecs, and how they are tested (POSE-01 to POSE-07, POSE-25)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cfglint.migrate.change import Computed, Dict, Kept, List, Tree
from cfglint.migrate.items import Item
from cfglint.migrate.mapping import codecs
from cfglint.migrate.mapping.transforms import component, kept

if TYPE_CHECKING:
    from cfglint.migrate.mapping.old import Old

_HEADS = {
    'TopdownHeatmapSimpleHead': 'HeatmapHead',
    'TopDownSimpleHead': 'HeatmapHead',
    'TopdownHeatmapMultiStageHead': 'CPMHead',
    'ViPNASHeatmapSimpleHead': 'ViPNASHead',
    'TopdownHeatmapMSMUHead': 'MSPNHead',
    'DeepposeRegressionHead': 'RegressionHead',
    'AESimpleHead': 'AssociativeEmbeddingHead',
}
_NO_HEAD = 'mmpose 1.x has no such head; write one that does the same'


def top_down(old: Old, model: Item, fields: dict[str, Tree]) -> dict[str, Tree]:
    """`TopDown` is `TopdownPoseEstimator`; its head decodes what it predicts by a codec."""
    fields['type'] = Computed('TopdownPoseEstimator', model.get('type'))
    head = model.get('keypoint_head')
    if head is None or not head.is_dict:
        return fields
    new = _head(old, head, model.get('test_cfg') or Item({}))
    found = {'head' if name == 'keypoint_head' else name: tree for name, tree in fields.items()}
    found['head'] = new
    neck = _neck(head, model)
    if neck is not None and model.get('neck') is None:
        found['neck'] = neck
    if (settings := model.get('test_cfg')) is not None and settings.is_dict:
        found['test_cfg'] = _testing(head, settings)
    return found


def bottom_up(old: Old, model: Item, fields: dict[str, Tree]) -> dict[str, Tree]:
    """`AssociativeEmbedding` is `BottomupPoseEstimator` with a head and a codec of that name."""
    fields['type'] = Computed('BottomupPoseEstimator', model.get('type'))
    head = model.get('keypoint_head')
    if head is None or not head.is_dict:
        return fields
    settings = model.get('test_cfg') or Item({})
    found = {'head' if name == 'keypoint_head' else name: tree for name, tree in fields.items()}
    found['head'] = _associative_head(old, head, settings)
    found['test_cfg'] = Dict(
        {
            'multiscale_test': Computed(len(settings.plain('scale_factor', [1])) > 1),
            **kept(settings, 'flip_test'),
            'shift_heatmap': Computed(bool(settings.plain('shift_heatmap', False))),
            'restore_heatmap_size': Computed(bool(settings.plain('project2image', False))),
            'align_corners': Computed(bool(settings.plain('align_corners', False))),
        },
        model.get('test_cfg'),
    )
    return found


def _head(old: Old, head: Item, settings: Item) -> Tree:
    name = _HEADS.get(head.type)
    if name is None:
        return Dict({key: Kept(each) for key, each in head.fields().items()}, head, (_NO_HEAD,))
    if name == 'RegressionHead':
        return _regression(old, head)
    if name == 'MSPNHead':
        return _multi_unit(old, head, settings)
    fields: dict[str, Tree] = {'type': Computed(name, head.get('type'))}
    fields.update(kept(head, 'in_channels', 'out_channels', 'num_stages'))
    if head.plain('input_transform') == 'resize_concat':
        fields['in_channels'] = Computed(sum(head.plain('in_channels')), head.get('in_channels'))
    fields.update(_deconvolutions(head, by_default=name != 'CPMHead'))
    fields.update(_last_layers(head))
    fields.update(_loss(old, head))
    fields['decoder'] = codecs.decoder(old, settings)
    is_odd = head.plain('input_transform') == 'multiple_select'
    return Dict(fields, head, ('write a neck that selects these features',) if is_odd else ())


def _deconvolutions(head: Item, *, by_default: bool) -> dict[str, Tree]:
    """The layers of deconvolutions; `by_default` tells whether the new head has them unless it is told not to."""
    if head.plain('num_deconv_layers', 3) == 0:
        return {'deconv_out_channels': Computed(None), 'deconv_kernel_sizes': Computed(None)} if by_default else {}
    names = {
        'num_deconv_filters': 'deconv_out_channels',
        'num_deconv_kernels': 'deconv_kernel_sizes',
        'num_deconv_groups': 'deconv_num_groups',
    }
    found: dict[str, Tree] = {new: Kept(each) for name, new in names.items() if (each := head.get(name)) is not None}
    if not by_default:
        found.setdefault('deconv_out_channels', Computed((256, 256, 256)))
        found.setdefault('deconv_kernel_sizes', Computed((4, 4, 4)))
    return found


def _last_layers(head: Item) -> dict[str, Tree]:
    extra = head.get('extra')
    if extra is None or not extra.is_dict:
        return {}
    found: dict[str, Tree] = {}
    if count := extra.plain('num_conv_layers', 0):
        filters = head.plain('num_deconv_filters', (256,))
        channels = head.plain('in_channels') if head.plain('num_deconv_layers', 3) == 0 else filters[-1]
        if head.plain('input_transform') == 'resize_concat' and isinstance(channels, list):
            channels = sum(channels)
        found['conv_out_channels'] = Computed((channels,) * count)
        kernels = extra.get('num_conv_kernels')
        found['conv_kernel_sizes'] = Computed((1,) * count) if kernels is None else Kept(kernels)
    kernel = extra.plain('final_conv_kernel', 1)
    if kernel == 0:
        found['final_layer'] = Computed(None)
    elif kernel != 1:
        found['final_layer'] = Computed({'kernel_size': kernel, 'padding': kernel // 2})
    return found


def _loss(old: Old, head: Item) -> dict[str, Tree]:
    loss = head.get('loss_keypoint')
    if loss is None:
        return {}
    if loss.is_list:
        return {'loss': List(tuple(_one_loss(old, each) for each in loss.entries()), loss)}
    return {'loss': _one_loss(old, loss)}


def _one_loss(old: Old, loss: Item) -> Tree:
    return component(loss, old.library.components.get(loss.type))


def _regression(old: Old, head: Item) -> Tree:
    """A head that predicts deviations as well is `RLEHead` (POSE-04)."""
    name = 'RLEHead' if head.plain('out_sigma', False) else 'RegressionHead'
    return Dict(
        {
            'type': Computed(name, head.get('type')),
            **kept(head, 'in_channels', 'num_joints'),
            **_loss(old, head),
            'decoder': Dict({'type': Computed('RegressionLabel'), 'input_size': codecs.size(old, 'image_size')}),
        },
        head,
    )


def _multi_unit(old: Old, head: Item, settings: Item) -> Tree:
    """Each unit learns from the target of its own level (POSE-03)."""
    units, stages = head.plain('num_units', 4), head.plain('num_stages', 4)
    return Dict(
        {
            'type': Computed('MSPNHead', head.get('type')),
            **kept(
                head, 'out_shape', 'unit_channels', 'out_channels', 'num_stages', 'num_units', 'use_prm', 'norm_cfg'
            ),
            'level_indices': Computed(list(range(units)) * stages),
            **_loss(old, head),
            'decoder': codecs.decoder(old, settings),
        },
        head,
    )


def _associative_head(old: Old, head: Item, settings: Item) -> Tree:
    loss = head.get('loss_keypoint') or Item({})
    factors = {name: loss.plain(name) or [None] for name in ('push_loss_factor', 'pull_loss_factor')}
    push, pull = factors['push_loss_factor'][0], factors['pull_loss_factor'][0]
    is_plain = head.type == 'AESimpleHead' and loss.plain('with_ae_loss') == [True] and push is not None and pull
    if not is_plain or loss.plain('ae_loss_type') != 'exp':
        return Dict({key: Kept(each) for key, each in head.fields().items()}, head, (_NO_HEAD,))
    heatmaps = (loss.plain('heatmaps_loss_factor') or [1.0])[0]
    keypoint: dict[str, Any] = {'type': 'KeypointMSELoss', 'use_target_weight': True}
    if heatmaps != 1:
        keypoint['loss_weight'] = heatmaps
    # both divide by the number of pairs; only 0.x halved what it pushes away
    tag: dict[str, Any] = {'type': 'AssociativeEmbeddingLoss', 'loss_weight': pull}
    if push != pull:
        tag['push_loss_factor'] = 0.5 * push / pull
    fields: dict[str, Tree] = {'type': Computed('AssociativeEmbeddingHead', head.get('type'))}
    fields.update(kept(head, 'in_channels'))
    if (joints := head.get('num_joints')) is not None:
        fields['num_keypoints'] = Kept(joints)
    if (each := head.get('tag_per_joint')) is not None:
        fields['tag_per_keypoint'] = Kept(each)
    fields.update(_deconvolutions(head, by_default=True))
    fields.update(_last_layers(head))
    fields.update({'keypoint_loss': Computed(keypoint), 'tag_loss': Computed(tag)})
    fields['decoder'] = codecs.associative(old, settings, is_decoder=True)
    return Dict(fields, head)


def _neck(head: Item, model: Item) -> Tree | None:
    """What selects and joins features stood in the head."""
    backbone = model.get('backbone') or Item({})
    index = head.plain('in_index', 0)
    if head.plain('input_transform') == 'resize_concat':
        fields: dict[str, Any] = {'type': 'FeatureMapProcessor', 'concat': True}
        if list(index) != list(range(len(head.plain('in_channels')))):
            fields['select_index'] = tuple(index)
        if head.plain('align_corners', False):
            fields['align_corners'] = True
        return Computed(fields)
    outputs = backbone.plain('out_indices')
    several = isinstance(outputs, (list, tuple)) and len(outputs) > 1
    if isinstance(index, int) and head.plain('input_transform') is None and (index or several):
        return Computed({'type': 'FeatureMapProcessor', 'select_index': index})
    return None


def _testing(head: Item, settings: Item) -> Tree:
    """What is left of `test_cfg`: flips; the codec knows the rest (POSE-25)."""
    fields: dict[str, Tree] = kept(settings, 'flip_test')
    if head.type == 'DeepposeRegressionHead':
        shift = settings.get('regression_flip_shift')
        fields['shift_coords'] = Computed(False) if shift is None else Kept(shift)
        return Dict(fields, settings)
    combined = settings.plain('target_type') in ('CombinedTarget', codecs.COMBINED)
    fields['flip_mode'] = Computed('udp_combined' if combined else 'heatmap')
    fields.update(kept(settings, 'shift_heatmap'))
    return Dict(fields, settings)
