"""`evaluation.metric`: the evaluators (EVL-06, EVL-07, EVL-17, EVL-30 to EVL-55)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cfglint.migrate.change import Change, Computed, Dict, Kept, List, Todo, Tree
from cfglint.migrate.items import Item
from cfglint.migrate.mapping import edit, pose_data, track
from cfglint.migrate.mapping.gans import evaluator, is_generative
from cfglint.migrate.mapping.old import innermost

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cfglint.catalog.library_facts import Metric
    from cfglint.migrate.mapping.old import Old

_NOT_OF_THE_METRIC = frozenset({
    'interval', 'start', 'by_epoch', 'dynamic_intervals', 'metric', 'metrics', 'type', 'save_best', 'rule', 'greater_keys',
    'less_keys', 'out_dir', 'file_client_args', 'gpu_collect', 'tmpdir', 'broadcast_bn_buffer', 'priority', 'test_fn',
    'dist', 'pre_eval', 'pipeline', 'key_indicator', 'logger', 'show', 'rle_score', 'recall_threshold', 'efficient_test',
    'save_best_ckpt', 'best_metric', 'save_image', 'save_path', 'sample_kwargs', 'target_domain', 'res_folder',
    'metric_options', 'options',
})  # fmt: skip
"""Arguments of `evaluation` that are of no use to a metric, or that other concerns read."""


def metric_names(old: Old) -> list[str]:
    """Return what `evaluation` measures."""
    evaluation = old.get('evaluation')
    if evaluation is None:
        return []
    wanted = evaluation.plain('metric', evaluation.plain('metrics'))
    values = [wanted] if isinstance(wanted, str) else wanted if isinstance(wanted, (list, tuple)) else []
    return [value for value in values if isinstance(value, str)]


def metric_of(old: Old, stage: str, names: list[str]) -> Metric | None:
    """Return the metric of a stage: by its dataset, or by the name of what is measured."""
    return old.library.metric(_measured(old, stage), names)


def _measured(old: Old, stage: str) -> str:
    """Return the type of the dataset of a stage."""
    dataset = innermost(old, stage)
    kind = dataset.type if dataset is not None else old.plain('dataset_type', '')
    return kind if isinstance(kind, str) else ''


def evaluators(old: Old) -> Iterator[Change]:
    """`val_evaluator` and `test_evaluator`."""
    evaluation = old.get('evaluation')
    if evaluation is not None and not evaluation.is_dict:
        nothing = Computed(None)
        yield Change(
            ('evaluation',),
            {'val_dataloader': nothing, 'val_cfg': nothing, 'val_evaluator': nothing} if old.is_complete else {},
        )
        evaluation = None
    if evaluation is None:
        yield from _by_default(old)
        return
    stages = [stage for stage in ('val', 'test') if old.has_data(stage)]
    if is_generative(old):
        tree = evaluator(old, evaluation)
        yield Change(('evaluation',), {f'{stage}_evaluator': tree for stage in stages})
        return
    found = {stage: _evaluator(old, stage, evaluation) for stage in stages}
    trees = {f'{stage}_evaluator': tree for stage, tree in found.items() if tree is not None}
    if len(trees) < len(found):
        reason = 'write the metrics of this evaluation as `val_evaluator` and `test_evaluator`'
        yield Change(('evaluation',), {'evaluation': Todo(reason, evaluation)}, ())
    else:
        yield Change(('evaluation',), trees)


def _by_default(old: Old) -> Iterator[Change]:
    """0.x measured what the dataset measures by default where `evaluation` does not say (SYN-05)."""
    data = old.get('data')
    if data is None or not old.is_complete:
        return
    for stage in ('val', 'test'):
        dataset = data.get(stage)
        if dataset is None or dataset.value is None:
            continue
        if stage == 'val' and not old.validates:
            if 'evaluation' not in old:
                yield Change((), {'val_dataloader': Computed(None)})
            continue
        tree = _evaluator(old, stage, Item({}))
        if tree is None:
            reason = f'write `{stage}_evaluator`: what 0.x measured by default is not known'
            yield Change((), {f'{stage}_dataloader': Dict({}, None, (reason,))})
        else:
            yield Change((), {f'{stage}_evaluator': tree})


def _evaluator(old: Old, stage: str, evaluation: Item) -> Tree | None:
    if old.library.library == 'mmedit':
        return edit.evaluator(old, evaluation)
    names = metric_names(old)
    dataset = innermost(old, stage) or innermost(old, 'val')
    metrics: list[Tree] = []
    for group in old.library.groups(_measured(old, stage), names):
        metric = metric_of(old, stage, group)
        if metric is None:
            return None
        metrics.append(_metric(old, metric, group, dataset, evaluation))
    return metrics[0] if len(metrics) == 1 else List(tuple(metrics))


def _metric(old: Old, metric: Metric, names: list[str], dataset: Item | None, evaluation: Item) -> Tree:
    fields: dict[str, Tree] = {'type': Computed(metric.type)}
    for argument, place in metric.dataset.items():
        found = None if dataset is None else _looked_up(dataset, place)
        if found is not None:
            fields[argument] = Kept(found)
    if metric.names is not None:
        fields.update(_names(metric, names, evaluation))
    options = evaluation.get('metric_options') or Item({})
    if metric.options is not None and options.value:
        fields[metric.options], options = Kept(options), Item({})
    for source in (options, evaluation):
        for name, item in source.fields().items():
            if name in metric.defaults and metric.defaults[name] == item.value:
                continue
            if source is evaluation and name in _NOT_OF_THE_METRIC:
                continue
            target = metric.arguments.get(name, name if source is evaluation else None)
            if target:
                fields[target] = Kept(item)
            elif target is None:
                fields[name] = Todo(f'`{metric.type}` has no argument `{name}`', item)
    if dataset is not None and old.library.library == 'mmpose' and metric.dataset:
        fields.update(pose_data.coco_metric(old, dataset, evaluation))
    if dataset is not None and old.library.library == 'mmtrack':
        fields.update(track.metric(metric.type, dataset))
    for name, value in metric.fixed.items():
        fields.setdefault(name, Computed(value))
    if evaluation.plain('gpu_collect'):
        fields['collect_device'] = Computed('gpu')
    return Dict(fields)


def _names(metric: Metric, names: list[str], evaluation: Item) -> dict[str, Tree]:
    assert metric.names is not None
    item = evaluation.get('metric') or evaluation.get('metrics')
    values = [metric.renamed.get(name, name) for name in names]
    if not values:
        return {} if metric.default is None else {metric.names: Computed(metric.default)}
    if item is not None and values == names and names == metric_value(item):
        if isinstance(item.value, str) and metric.as_list:
            return {metric.names: List((Kept(item),))}
        if item.is_list and metric.as_tuple:
            return {metric.names: List(tuple(map(Kept, item.entries())), is_tuple=True)}
        return {metric.names: Kept(item)}
    return {metric.names: Computed(values if metric.as_list or len(values) > 1 else values[0], item)}


def metric_value(item: Item) -> list[str]:
    """Return the names in a value of `metric`."""
    return [item.value] if isinstance(item.value, str) else list(item.value)


def _looked_up(dataset: Item, source: str) -> Item | None:
    item: Item | None = dataset
    for name in source.split('.'):
        item = None if item is None else item.get(name)
    return item if item is None or item.value is not None else None
