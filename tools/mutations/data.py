"""Faults of pipelines, wrappers, hooks and evaluators, and of what mmpose and mmaction2 say about keypoints."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cfglint.language.errors import ConfigError
from cfglint.language.numbers import is_int
from cfglint.rules.reading.loaders import loaders
from tools.mutations.mutation import Kind, Mutation, Subject, add, append, dicts, named, replace_value, wrap

if TYPE_CHECKING:
    import random
    from collections.abc import Iterator

    from cfglint.language.source import SourceFile


_MIXING = {
    'mmdet': ("dict(type='Mosaic', img_scale=(640, 640))", "dict(type='MixUp', img_scale=(640, 640))", "dict(type='CopyPaste', max_num_pasted=100)"),
    'mmseg': ("dict(type='RandomMosaic', prob=0.5, img_scale=(640, 640))",),
}  # fmt: skip
_WRAPPERS = {
    "dict(type='RepeatDataset', times=2, dataset=": ')',
    "dict(type='ConcatDataset', datasets=[": '])',
    "dict(type='ClassBalancedDataset', oversample_thr=0.001, dataset=": ')',
}


def mixing(subject: Subject, chance: random.Random) -> Iterator[Mutation]:
    """A transform that mixes pictures stands where nobody gives it others."""
    context = subject.context
    for loader in loaders(context, 'train_dataloader'):
        for leaf in loader.datasets:
            pipeline = leaf.get('pipeline')
            if named(leaf) in ('MultiImageMixDataset', '') or pipeline is None or context.scope not in _MIXING:
                continue
            if not isinstance(pipeline.value, list) or len(pipeline.value) < 3:
                continue
            target = pipeline.get(2)
            if target is None or target.origin is None or not isinstance(target.value, dict):
                continue
            span = target.origin.source.span(target.origin.value)
            text = chance.choice(_MIXING[context.scope])
            if chance.random() < 0.4:
                text = f"dict(type='RandomApply', transforms=[{text}], prob=0.5)"
            yield Mutation(
                target.origin.source, span.start, span.start, f'{text}, ', (target.key, f'{target.key}.transforms.0'), f'{target.key}: {text}'
            )  # fmt: skip


def unreached_switch(subject: Subject, chance: random.Random) -> Iterator[Mutation]:
    """The outermost dataset is a wrapper that the hook of the run cannot change."""
    context = subject.context
    hooks = [each for each in dicts(context.root.get('custom_hooks')) if named(each).endswith('SwitchHook')]
    dataset = context.find('train_dataloader.dataset')
    if dataset is None or not hooks or any('new_train_dataset' in each.value for each in hooks):
        return
    if not any(named(each).startswith(('YOLOX', 'Pipeline')) for each in hooks):
        return
    if named(dataset) in ('RepeatDataset', 'ConcatDataset', 'ClassBalancedDataset'):
        return
    before, after = chance.choice(list(_WRAPPERS.items()))
    if 'Concat' in before and any(named(each) == 'YOLOXModeSwitchHook' for each in hooks):
        return  # that of mmdet hands it on
    keys = ('custom_hooks', *(each.key for each in hooks), 'train_dataloader.dataset.type')
    mutation = wrap(dataset, before, after, f'in {before[5:30]}', *keys)
    if mutation is not None:
        yield mutation


_FORMATTING = {
    'mmdet': ('CocoMetric', 'LVISMetric', 'CityScapesMetric', 'CocoPanopticMetric'),
    'mmpose': ('CocoMetric', 'CocoWholeBodyMetric'),
    'mmrotate': ('DOTAMetric',),
    'mmdet3d': ('KittiMetric', 'NuScenesMetric', 'WaymoMetric', 'LyftMetric'),
    'mmseg': ('IoUMetric',),
    'mmyolo': ('mmdet.CocoMetric', 'CocoMetric'),
}
_PATHS = ('outfile_prefix', 'submission_prefix', 'jsonfile_prefix', 'result_prefix', 'output_dir')


def format_only(subject: Subject, chance: random.Random) -> Iterator[Mutation]:
    """A metric writes its results, to nowhere, or where the best checkpoint is looked for."""
    context = subject.context
    best = context.find('default_hooks.checkpoint.save_best')
    for name in ('val_evaluator', 'test_evaluator'):
        for metric in dicts(context.root.get(name)):
            if named(metric) not in _FORMATTING.get(context.scope, ()) or 'format_only' in metric.value:
                continue
            key = f'{metric.key}.format_only'
            if not any(metric.value.get(each) for each in _PATHS):
                mutation = add(metric, 'format_only=True', key)
            elif named(metric) == 'CocoMetric' and best is not None and best.value and name == 'val_evaluator':
                mutation = add(metric, "format_only=True, outfile_prefix='work_dirs/a'", key, best.key)
            else:
                continue
            if mutation is not None:
                yield mutation


def metric_names(subject: Subject, chance: random.Random) -> Iterator[Mutation]:
    """Prefixes of an evaluator are not as many as its datasets; the best is looked for under another name."""
    context = subject.context
    for name in ('val_evaluator', 'test_evaluator'):
        prefixes = context.find(f'{name}.dataset_prefixes')
        if prefixes is not None and isinstance(prefixes.value, list) and len(prefixes.value) > 1:
            mutation = replace_value(prefixes, str(prefixes.value[:-1]), 'one fewer')
            if mutation is not None:
                yield mutation
    best = context.find('default_hooks.checkpoint.save_best')
    if best is not None and isinstance(best.value, str) and '/' in best.value and best.value != 'auto':
        prefix, _, name = best.value.partition('/')
        for wrong in (name, f'{prefix}x/{name}', f'{prefix}/{name}_x'):
            mutation = replace_value(best, repr(wrong), wrong)
            if mutation is not None:
                yield mutation


def twin_backends(subject: Subject, chance: random.Random) -> Iterator[Mutation]:
    """Two backends of one type have no names."""
    item = subject.context.find('visualizer.vis_backends')
    if (
        item is not None
        and isinstance(item.value, list)
        and len(item.value) == 1
        and named(item.get(0)) == 'LocalVisBackend'
    ):
        text = "[dict(type='LocalVisBackend'), dict(type='LocalVisBackend', save_dir='b')]"
        mutation = replace_value(item, text, 'twins', 'visualizer', f'{item.key}.1', f'{item.key}.0')
        if mutation is not None:
            yield mutation


def coarse_stopping(subject: Subject, chance: random.Random) -> Iterator[Mutation]:
    """Training stops early by a metric from 0 to 1 with the default `min_delta`."""
    context = subject.context
    hooks = context.find('custom_hooks')
    if context.value('val_cfg') is None or context.value('train_cfg') is None:
        return
    named_metrics = {
        'mmdet': ('CocoMetric', 'coco/bbox_mAP'), 'mmpose': ('CocoMetric', 'coco/AP'), 'mmocr': ('HmeanIOUMetric', 'icdar/hmean'),
        'mmrotate': ('DOTAMetric', 'dota/mAP'), 'mmyolo': ('CocoMetric', 'coco/bbox_mAP'), 'mmaction': ('AccMetric', 'acc/top1'),
    }  # fmt: skip
    kind, monitor = named_metrics.get(context.scope, ('', ''))
    metrics = [each for each in dicts(context.root.get('val_evaluator')) if named(each) == kind]
    if (
        not kind
        or len(metrics) != 1
        or 'prefix' in metrics[0].value
        or metrics[0].value.get('metric', 'bbox') not in ('bbox', 'mAP')
    ):
        return
    text = f"dict(type='EarlyStoppingHook', monitor='{monitor}', patience=5)"
    if hooks is None:
        keys = ('custom_hooks.0', 'custom_hooks.0.monitor', 'custom_hooks.0.min_delta')
        yield append(context.config.source, f'custom_hooks = [{text}]', f'EarlyStoppingHook by {monitor}', *keys)


_KEYPOINTS = ('out_channels', 'num_joints', 'num_keypoints')


def keypoint_counts(subject: Subject, chance: random.Random) -> Iterator[Mutation]:
    """The head predicts another number of keypoints; a codec or its heatmaps have another size."""
    context = subject.context
    head = context.find('model.head')
    if context.scope != 'mmpose' or head is None:
        return
    for name in _KEYPOINTS:
        item = head.get(name)
        if item is not None and is_int(item.value) and named(head) not in ('VisPredictHead',):
            mutation = replace_value(item, str(item.value + 1), f'{item.value} + 1')
            if mutation is not None:
                yield mutation


def heatmap_sizes(subject: Subject, chance: random.Random) -> Iterator[Mutation]:
    """The heatmaps of a codec are not those of the head."""
    context = subject.context
    head, neck = context.find('model.head'), context.value('model.neck')
    decoder = None if head is None else head.get('decoder')
    if context.scope != 'mmpose' or decoder is None or neck is not None or not isinstance(decoder.value, dict):
        return
    size, image = decoder.get('heatmap_size'), decoder.get('input_size')
    keys = ('model.head', 'model.head.deconv_out_channels', 'model.head.decoder.heatmap_size', 'model.head.decoder')
    if named(head) == 'HeatmapHead' and size is not None and image is not None:
        for text in (str(tuple(each * 2 for each in size.value)), str(tuple(size.value)[::-1])):
            if size.value[0] == size.value[1] and '*' not in text and text == str(tuple(size.value)):
                continue
            mutation = replace_value(size, text, text, *keys)
            if mutation is not None:
                yield mutation
        deconvolved = head.get('deconv_out_channels')
        if deconvolved is not None:
            text = 'None' if deconvolved.value is not None else '(256, 256)'
            other = head.get('deconv_kernel_sizes')
            mutation = replace_value(deconvolved, text, text, *keys)
            if mutation is not None and (other is None or text == 'None'):
                yield mutation
    feature = None if head is None else head.get('in_featuremap_size')
    if feature is not None and named(head) in ('SimCCHead', 'RTMCCHead'):
        text = str((feature.value[0] * 2, feature.value[1] * 2))
        mutation = replace_value(feature, text, text, *keys)
        if mutation is not None:
            yield mutation


def target_levels(subject: Subject, chance: random.Random) -> Iterator[Mutation]:
    """Targets are made for several levels, but the head has one, or the other way round."""
    context = subject.context
    if named(context.find('model.head')) not in ('HeatmapHead', 'CPMHead', 'ViPNASHead', 'MSPNHead'):
        return
    for loader in loaders(context, 'train_dataloader'):
        for transform in loader.transforms:
            if named(transform) != 'GenerateTarget':
                continue
            given = transform.get('multilevel')
            key = f'{transform.key}.multilevel'
            mutation = (
                add(transform, 'multilevel=True', key)
                if given is None
                else replace_value(given, str(not given.value), 'turned')
            )
            if mutation is not None and transform.origin is not None:
                yield mutation


def metainfo_files(subject: Subject, chance: random.Random) -> Iterator[Mutation]:
    """A file of keypoints contradicts itself: sigmas, weights, swaps or links."""
    context = subject.context
    if context.scope != 'mmpose':
        return
    for loader in loaders(context, 'train_dataloader'):
        for leaf in loader.leaves:
            place = leaf.get('metainfo')
            file = place.value.get('from_file') if place is not None and isinstance(place.value, dict) else None
            path = next((f'{root}/{file}' for root in context.libraries.roots if file), None)
            if place is None or path is None:
                continue
            try:
                source: SourceFile = context.read(path)
            except ConfigError:
                continue
            key = f'{place.key}.from_file'
            for word, wrong in (
                (', 0.0', ', 0.01, 0.0'),
                ("swap='right_", "swap='rigth_"),
                ("link=('left_", "link=('lef_"),
            ):
                at = source.text.find(word)
                if at >= 0:
                    yield Mutation(source, at, at + len(word), wrong, (key, place.key), f'{file}: {wrong}')


_LAYOUTS = ('coco', 'nturgb+d', 'openpose')


def skeletons(subject: Subject, chance: random.Random) -> Iterator[Mutation]:
    """The graph of a network is for another skeleton than the pipelines make."""
    context = subject.context
    layout = context.find('model.backbone.graph_cfg.layout')
    if layout is not None and layout.value in _LAYOUTS:
        wrong = chance.choice([each for each in _LAYOUTS if each != layout.value])
        mutation = replace_value(layout, repr(wrong), wrong, 'model.backbone.graph_cfg')
        if mutation is not None:
            yield mutation
    for loader in loaders(context):
        for transform in loader.transforms:
            item = transform.get('dataset')
            if (
                named(transform) in ('GenSkeFeat', 'JointToBone')
                and item is not None
                and item.value in _LAYOUTS
                and layout is not None
            ):
                wrong = chance.choice([each for each in _LAYOUTS if each != item.value])
                mutation = replace_value(item, repr(wrong), wrong, layout.key, transform.key)
                if mutation is not None:
                    yield mutation


def forwarded(subject: Subject, chance: random.Random) -> Iterator[Mutation]:
    """An argument that is handed on to what does not take it."""
    backbone = subject.context.find('model.backbone')
    if backbone is None or named(backbone) not in ('STGCN', 'AAGCN', 'STGCNPP'):
        return
    for text in ('gcn_adaptiv=True', 'tcn_typo=1', 'strategy="spatial"', 'edge_importance_weighting=True'):
        name = text.partition('=')[0]
        mutation = add(backbone, text, f'{backbone.key}.{name}')
        if mutation is not None:
            yield mutation
    graph = backbone.get('graph_cfg')
    kind = None if graph is None else graph.get('layout') or graph.get('mode')
    if kind is not None and kind.origin is not None and graph is not None:
        at = kind.origin.source.span(kind.origin.value).end
        for name in ('strategy', 'max_hops'):
            yield Mutation(
                kind.origin.source, at, at, f', {name}=1', (f'{graph.key}.{name}', graph.key), f'graph_cfg.{name}'
            )


_VOXELS = ('voxel_size', 'point_cloud_range', 'pc_range', 'sparse_shape', 'output_shape', 'grid_size')


def voxels(subject: Subject, chance: random.Random) -> Iterator[Mutation]:
    """Voxels, ranges and grids of mmdet3d no longer fit each other."""
    context = subject.context
    model = context.root.get('model')
    if context.scope != 'mmdet3d' or model is None or context.find('model.data_preprocessor.voxel_layer') is None:
        return
    items = [item for part in dicts(model) for item in part.items() if item.name in _VOXELS]
    keys = tuple(item.key for item in items)
    alone = len({item.name.replace('pc_range', 'point_cloud_range') for item in items}) == len(items)
    for item in items:
        if alone and 'voxel_layer' in item.key:
            continue  # nothing contradicts it
        if not isinstance(item.value, (list, tuple)) or item.origin is None or len(item.value) < 2:
            continue
        values = list(item.value)
        if item.name in ('sparse_shape', 'output_shape', 'grid_size'):
            values[-2 if item.name != 'grid_size' else 0] += 64
        elif item.name == 'voxel_size':
            values[0] = values[0] * 2
        else:
            values[0] = values[0] - 8
        mutation = replace_value(item, str(values), f'{list(item.value)} → {values}', *keys)
        if mutation is not None:
            yield mutation


def boxes_3d(subject: Subject, chance: random.Random) -> Iterator[Mutation]:
    """Anchors, assigners or tasks of mmdet3d are not those of the classes."""
    context = subject.context
    model = context.root.get('model')
    if context.scope != 'mmdet3d' or model is None:
        return
    for part in dicts(model):
        for name in ('sizes', 'ranges', 'assigner', 'tasks'):
            item = part.get(name)
            if item is None or not isinstance(item.value, list) or len(item.value) < 2 or item.origin is None:
                continue
            source = item.origin.source
            first, second = item.get(0), item.get(1)
            if first is None or second is None or first.origin is None or second.origin is None:
                continue
            keys = tuple(each.key for each in dicts(model) if each.name in ('anchor_generator', 'train_cfg', 'pts'))
            keys = tuple(f'{key}.{end}' for key in keys for end in ('sizes', 'ranges', 'assigner'))
            one, two = source.span(first.origin.value), source.span(second.origin.value)
            if name == 'tasks':
                if named(part) != 'CenterHead' or (
                    context.value('train_dataloader.dataset.metainfo') is None
                    and 'CBGS' not in str(context.value('train_dataloader.dataset.type'))
                ):
                    continue
                text = source.text[two.start : two.end] + ', ' + source.text[one.start : one.end]
                yield Mutation(source, one.start, two.end, text, (item.key,), 'tasks in another order')
            elif name == 'tasks' or len(part.value.get('ranges', ())) in (0, len(part.value.get('sizes', ()))):
                yield Mutation(source, one.start, two.start, '', (item.key, *keys), f'{item.key}: one fewer')


KINDS: dict[str, Kind] = {
    'mixing': mixing,
    'unreached-switch': unreached_switch,
    'format-only': format_only,
    'metric-names': metric_names,
    'twin-backends': twin_backends,
    'coarse-stopping': coarse_stopping,
    'keypoint-counts': keypoint_counts,
    'heatmap-sizes': heatmap_sizes,
    'target-levels': target_levels,
    'metainfo-files': metainfo_files,
    'skeletons': skeletons,
    'forwarded': forwarded,
    'voxels': voxels,
    'boxes-3d': boxes_3d,
}
