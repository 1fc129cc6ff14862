"""Masks that a metric asks for, or a head is trained on, and that nobody provides."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from cfglint.diagnostics import Advice
from cfglint.rules.cause import report_between
from cfglint.rules.reading.loaders import Section, evaluators, is_new, loaders, transforms
from cfglint.rules.reading.types import class_name, type_name
from cfglint.rules.rule import rule
from cfglint.sections.table import EVALUATORS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cfglint.diagnostics import Diagnostic
    from cfglint.rules.context import Context
    from cfglint.rules.reading.items import Item

BOX_ONLY: Final = frozenset({
    'FasterRCNN', 'CascadeRCNN', 'MaskRCNN', 'RetinaNet', 'FCOS', 'ATSS', 'GFL', 'SingleStageDetector', 'YOLOV3',
    'YOLOX', 'YOLOF',
    'DETR', 'DeformableDETR', 'ConditionalDETR', 'DABDETR', 'DINO', 'VFNet', 'TOOD', 'PAA', 'FSAF', 'FOVEA',
    'AutoAssign',
    'CenterNet', 'CornerNet', 'RepPointsDetector', 'DDOD', 'GridRCNN', 'SparseRCNN', 'NASFCOS', 'LAD',
})  # fmt: skip
"""mmdet's detectors that predict masks only with a mask head."""


@rule(scope='entry', raises='segm is not in results', reads=('model', *EVALUATORS), words=('CocoMetric', 'LVISMetric'))
def segm_without_masks(context: Context) -> Iterator[Diagnostic]:
    """A metric of masks (`segm`) for a detector that has no mask head.

    The first evaluation runs to its end and fails with `KeyError: 'segm is not in results'`.

    ```py title="bad"
    default_scope = 'mmdet'
    model = dict(type='RetinaNet', bbox_head=dict(type='RetinaHead', num_classes=80))
    val_evaluator = dict(type='CocoMetric', metric=['bbox', 'segm'])
    ```

    ```py title="good"
    default_scope = 'mmdet'
    model = dict(type='RetinaNet', bbox_head=dict(type='RetinaHead', num_classes=80))
    val_evaluator = dict(type='CocoMetric', metric='bbox')
    ```
    """
    asked = [item for evaluator in evaluators(context) for item in evaluator.find('segm', _asks_for_masks)]
    model = context.section('model') if asked else None
    if model is None or not isinstance(model.value, dict):
        return
    known = class_name(model.value, context.given_scope)
    if known is None or known.package != 'mmdet' or known.name not in BOX_ONLY or _has_masks(model.value):
        return
    seen: set[int] = set()
    for item in asked:
        if is_new(item, seen):
            message = f'`{known.name}` has no mask head, which `segm` needs'
            others, advice = (model.get('type') or model,), Advice('evaluate boxes only:', "metric='bbox'")
            raises = "KeyError: 'segm is not in results'"
            yield report_between(context, item, others, message, raises=raises, advice=advice)


def _asks_for_masks(evaluator: Section) -> Iterator[Item]:
    for metric in evaluator.metrics:
        asked = metric.get('metric')
        if asked is None or metric.type_name not in ('CocoMetric', 'LVISMetric'):
            continue
        if asked.value == 'segm' or (isinstance(asked.value, (list, tuple)) and 'segm' in asked.value):
            yield asked


def _has_masks(value: Any) -> bool:
    """Tell whether some part of a model is about masks, by its key or by its class."""
    if isinstance(value, dict):
        kind = type_name(value.get('type')) or ''
        if any(word in kind for word in ('Mask', 'Inst', 'SOLO', 'YOLACT')) and kind != 'MaskRCNN':
            return True
        parts = ((key, item) for key, item in value.items() if key not in ('train_cfg', 'test_cfg'))
        return any(('mask' in str(key) and item is not None) or _has_masks(item) for key, item in parts)
    return isinstance(value, (list, tuple)) and any(_has_masks(item) for item in value)


@rule(scope='entry', raises='masks', reads=('model', 'train_dataloader'), words=('mask_head',))
def masks_not_loaded(context: Context) -> Iterator[Diagnostic]:
    """A mask head that is trained on a pipeline which does not load masks.

    `LoadAnnotations` of mmdet loads masks only with `with_mask=True`. The first batch fails with
    `AttributeError: 'InstanceData' object has no attribute 'masks'`.

    ```py title="bad"
    default_scope = 'mmdet'
    model = dict(
        type='MaskRCNN',
        roi_head=dict(type='StandardRoIHead', mask_head=dict(type='FCNMaskHead', num_classes=80)))
    train_dataloader = dict(
        dataset=dict(
            type='CocoDataset',
            pipeline=[dict(type='LoadAnnotations', with_bbox=True), dict(type='PackDetInputs')]))
    ```

    ```py title="good"
    default_scope = 'mmdet'
    model = dict(
        type='MaskRCNN',
        roi_head=dict(type='StandardRoIHead', mask_head=dict(type='FCNMaskHead', num_classes=80)))
    train_dataloader = dict(
        dataset=dict(
            type='CocoDataset',
            pipeline=[dict(type='LoadAnnotations', with_bbox=True, with_mask=True), dict(type='PackDetInputs')]))
    ```
    """
    head = context.find('model.roi_head.mask_head')
    if head is None or not isinstance(head.value, dict) or 'type' not in head.value:
        return
    for loader in loaders(context, 'train_dataloader'):
        for loading in loader.find('no masks', _without_masks):
            message = f'`{head.key}` learns from masks, which this does not load'
            raises = "AttributeError: 'InstanceData' object has no attribute 'masks'"
            advice = Advice('load them:', 'with_mask=True')
            yield report_between(context, loading, (head,), message, raises=raises, advice=advice)


def _without_masks(loader: Section) -> Iterator[Item]:
    for leaf in loader.leaves if 'LoadAnnotations' in loader.words else ():
        pipeline = transforms(leaf.get('pipeline'))
        loading = [each for each in pipeline if class_name(each.value, loader.scope) == ('mmdet', 'LoadAnnotations')]
        if len(loading) == 1 and loading[0].value.get('with_mask', False) is False:
            yield loading[0]
