"""Lists of mmdet3d that have an item for each class."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from cfglint.diagnostics import Advice
from cfglint.language.numbers import is_int
from cfglint.rules.cause import report_between
from cfglint.rules.reading.loaders import loaders
from cfglint.rules.reading.parts import derives, holding, literal_default
from cfglint.rules.rule import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cfglint.diagnostics import Diagnostic
    from cfglint.rules.context import Context
    from cfglint.rules.reading.items import Item

ANCHOR_HEAD: Final = ('mmdet3d.models.dense_heads.anchor3d_head.Anchor3DHead',)
CENTER_HEAD: Final = ('mmdet3d.models.dense_heads.centerpoint_head.CenterHead',)
ROI_HEADS: Final = {
    'PartAggregationROIHead': 'mmdet3d.models.roi_heads.part_aggregation_roi_head.PartAggregationROIHead',
    'PVRCNNRoiHead': 'mmdet3d.models.roi_heads.pv_rcnn_roi_head.PVRCNNRoiHead',
    'PointRCNNRoIHead': 'mmdet3d.models.roi_heads.point_rcnn_roi_head.PointRCNNRoIHead',
}
"""Heads that match the boxes of each class by an assigner of its own, if `train_cfg.rcnn.assigner` is a list."""
GENERATORS: Final = frozenset({
    'Anchor3DRangeGenerator', 'AlignedAnchor3DRangeGenerator', 'AlignedAnchor3DRangeGeneratorPerCls'
})  # fmt: skip


@rule(scope='entry', raises='AssertionError', reads=('model',), words=GENERATORS | ROI_HEADS.keys())
def anchor_count_mismatch(context: Context) -> Iterator[Diagnostic]:
    """Anchors of mmdet3d with other numbers of ranges, sizes or assigners.

    There is a range for each size (or one for all), and where `train_cfg.assigner` is a list, an assigner for each size:
    both are asserted. With `assign_per_class=True`, and in the RoI heads, a class without an assigner is never learnt.

    Sources: `mmdet3d/models/task_modules/anchor/anchor_3d_generator.py`, `mmdet3d/models/dense_heads/train_mixins.py`,
    `mmdet3d/models/roi_heads/part_aggregation_roi_head.py`.

    ```py title="bad"
    default_scope = 'mmdet3d'
    model = dict(
        type='VoxelNet',
        bbox_head=dict(
            type='Anchor3DHead',
            num_classes=2,
            anchor_generator=dict(
                type='Anchor3DRangeGenerator',
                ranges=[[0, -40.0, -0.6, 70.4, 40.0, -0.6]] * 3,
                sizes=[[0.8, 0.6, 1.73], [1.76, 0.6, 1.73]])))
    ```

    ```py title="good"
    default_scope = 'mmdet3d'
    model = dict(
        type='VoxelNet',
        bbox_head=dict(
            type='Anchor3DHead',
            num_classes=2,
            anchor_generator=dict(
                type='Anchor3DRangeGenerator',
                ranges=[[0, -40.0, -0.6, 70.4, 40.0, -0.6]] * 2,
                sizes=[[0.8, 0.6, 1.73], [1.76, 0.6, 1.73]])))
    ```
    """
    for head in holding(context, context.section('model'), frozenset({'anchor_generator'})):
        generator = head.get('anchor_generator')
        sizes = None if generator is None else generator.get('sizes')
        if generator is None or sizes is None or not isinstance(sizes.value, list):
            continue
        if str(generator.value.get('type')).rpartition('.')[2] in GENERATORS and derives(context, head, ANCHOR_HEAD):
            yield from _of_ranges(context, generator, sizes)
            yield from _of_assigners(context, head, sizes)
    yield from _of_roi_head(context)


def _of_ranges(context: Context, generator: Item, sizes: Item) -> Iterator[Diagnostic]:
    ranges = generator.get('ranges')
    if ranges is None or not isinstance(ranges.value, list) or generator.value.get('size_per_range', True) is not True:
        return
    if len(ranges.value) not in (1, len(sizes.value)):
        message = f'`{ranges.key}` has {len(ranges.value)} ranges for {len(sizes.value)} sizes'
        advice = Advice('give one range for all sizes, or one for each')
        yield report_between(context, ranges, (sizes,), message, raises='AssertionError', advice=advice)


def _of_assigners(context: Context, head: Item, sizes: Item) -> Iterator[Diagnostic]:
    assigners, count = _assigners(head), head.get('num_classes')
    if assigners is None or not isinstance(assigners.value, list):
        return
    number = len(assigners.value)
    if number != len(sizes.value):
        message = f'`{assigners.key}` has {number} assigners for {len(sizes.value)} sizes of anchors'
        advice = Advice('give an assigner for each size')
        yield report_between(context, assigners, (sizes,), message, raises='AssertionError', advice=advice)
        return
    by_class = head.value.get('assign_per_class') is True and count is not None and is_int(count.value)
    if by_class and count is not None and number < count.value:
        yield _unlearnt(context, assigners, count.value, count)


def _of_roi_head(context: Context) -> Iterator[Diagnostic]:
    """Tell of a list of assigners for regions: the first is for boxes of the first class, and so on."""
    head, assigners = context.find('model.roi_head'), context.find('model.train_cfg.rcnn.assigner')
    if head is None or assigners is None or not isinstance(assigners.value, list):
        return
    if not derives(context, head, tuple(ROI_HEADS.values())):
        return
    given = head.get('num_classes')
    count = literal_default(context, head, 'num_classes') if given is None else given.value
    if is_int(count) and len(assigners.value) < count:
        yield _unlearnt(context, assigners, count, given or head.get('type'))


def _unlearnt(context: Context, assigners: Item, count: int, other: Item | None) -> Diagnostic:
    message = f'`{assigners.key}` has {len(assigners.value)} assigners for {count} classes: the rest is never learnt'
    advice = Advice('give an assigner for each class')
    return report_between(context, assigners, (other,), message, ignored=True, advice=advice)


def _assigners(head: Item) -> Item | None:
    """Return the assigners of a head, which stand in the `train_cfg` beside it (`pts` or `rpn` of it)."""
    settings = None if head.parent is None else head.parent.get('train_cfg')
    part = {'pts_bbox_head': 'pts', 'rpn_head': 'rpn'}.get(head.name)
    settings = settings if settings is None or part is None else settings.get(part)
    return None if settings is None else settings.get('assigner')


@rule(scope='entry', ignored=True, reads=('model', 'train_dataloader'), words=('tasks',))
def task_classes_mismatch(context: Context) -> Iterator[Diagnostic]:
    """The tasks of a CenterPoint head with other classes than the dataset has, or in another order.

    A class is told by its number: the first of the first task is label 0 of the dataset, and so on through all tasks,
    whatever the names. In another order boxes are learnt and told under wrong names.

    Source: `get_targets_single` of `mmdet3d/models/dense_heads/centerpoint_head.py`.

    ```py title="bad"
    default_scope = 'mmdet3d'
    model = dict(
        type='CenterPoint',
        pts_bbox_head=dict(
            type='CenterHead',
            tasks=[dict(num_class=1, class_names=['car']), dict(num_class=1, class_names=['truck'])]))
    train_dataloader = dict(dataset=dict(type='NuScenesDataset', metainfo=dict(classes=['truck', 'car'])))
    ```

    ```py title="good"
    default_scope = 'mmdet3d'
    model = dict(
        type='CenterPoint',
        pts_bbox_head=dict(
            type='CenterHead',
            tasks=[dict(num_class=1, class_names=['car']), dict(num_class=1, class_names=['truck'])]))
    train_dataloader = dict(dataset=dict(type='NuScenesDataset', metainfo=dict(classes=['car', 'truck'])))
    ```
    """
    for head in holding(context, context.section('model'), frozenset({'tasks'})):
        tasks = head.get('tasks')
        names = None if tasks is None else _names(tasks.value)
        if tasks is None or names is None or not derives(context, head, CENTER_HEAD):
            continue
        for loader in loaders(context, 'train_dataloader'):
            for leaf in loader.leaves:
                metainfo = leaf.get('metainfo')
                classes = None if metainfo is None else metainfo.get('classes')
                if classes is not None and _are_texts(classes.value) and list(classes.value) != names:
                    same = sorted(classes.value) == sorted(names)
                    how = 'the classes in another order' if same else 'other classes'
                    message = f'`{tasks.key}` has {how} than `{classes.key}`'
                    advice = Advice('name the same classes in the same order')
                    yield report_between(context, tasks, (classes,), message, advice=advice)
                    return


def _names(tasks: Any) -> list[str] | None:
    """Return the classes of all tasks, None if they are not known."""
    if not isinstance(tasks, (list, tuple)) or not all(isinstance(task, dict) for task in tasks):
        return None
    named = [task.get('class_names') for task in tasks]
    return [name for names in named for name in names] if all(map(_are_texts, named)) else None


def _are_texts(names: Any) -> bool:
    return isinstance(names, (list, tuple)) and all(isinstance(name, str) for name in names)
