"""What datasets of mmpose give: whose boxes, and of one person or of all in a picture."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cfglint.catalog.data_facts import data_facts
from cfglint.diagnostics import Advice, Severity
from cfglint.rules.cause import report_between
from cfglint.rules.reading.loaders import is_new, loaders
from cfglint.rules.reading.lookup import is_stock
from cfglint.rules.reading.parts import literal_default
from cfglint.rules.rule import rule
from cfglint.sections.table import LOADERS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cfglint.diagnostics import Diagnostic
    from cfglint.rules.context import Context
    from cfglint.rules.reading.items import Item


@rule(severity=Severity.WARNING, reads=LOADERS, words=('bbox_file',))
def stale_bbox_file(context: Context) -> Iterator[Diagnostic]:
    """A `bbox_file` of the base beside annotations of one's own.

    The official top-down configs of MMPose evaluate on boxes that a detector has found in COCO's pictures. A child that names
    other annotations keeps this file: its boxes are of other pictures, whose numbers the annotations do not have.

    Source: `mmpose/datasets/datasets/base/base_coco_style_dataset.py`, `_load_detection_results`.

    ```py title="bad/base.py"
    default_scope = 'mmpose'
    val_dataloader = dict(
        dataset=dict(type='CocoDataset', data_root='data/coco/', ann_file='val.json', bbox_file='data/coco/boxes.json'))
    ```

    ```py title="bad/config.py"
    _base_ = 'base.py'
    val_dataloader = dict(dataset=dict(data_root='data/own/', ann_file='own.json'))
    ```

    ```py title="good/base.py"
    default_scope = 'mmpose'
    val_dataloader = dict(
        dataset=dict(type='CocoDataset', data_root='data/coco/', ann_file='val.json', bbox_file='data/coco/boxes.json'))
    ```

    ```py title="good/config.py"
    _base_ = 'base.py'
    val_dataloader = dict(dataset=dict(data_root='data/own/', ann_file='own.json', bbox_file=None))
    ```
    """
    seen: set[int] = set()
    for loader in loaders(context):
        for dataset in loader.leaves:
            boxes, annotations, root = (dataset.get(name) for name in ('bbox_file', 'ann_file', 'data_root'))
            if (
                boxes is None
                or annotations is None
                or root is None
                or not isinstance(boxes.value, str)
                or not boxes.value
            ):
                continue
            if (
                not _is_replaced_after(annotations, boxes)
                or not _is_replaced_after(root, boxes)
                or not is_new(boxes, seen)
            ):
                continue
            message = f"`bbox_file` is the base's, `{boxes.value[-40:]}`, but the annotations are others"
            advice = Advice('evaluate on the annotated boxes:', 'bbox_file=None')
            yield report_between(context, boxes, (annotations,), message, advice=advice)


def _is_replaced_after(item: Item, kept: Item) -> bool:
    """Tell whether a file that does not write `kept` replaces another value of an item."""
    if item.origin is None or kept.origin is None or item.origin.overrides is None:
        return False
    return item.origin.replaced != item.value and item.origin.source is not kept.origin.source


@rule(scope='entry', raises='AttributeError', reads=('model', *LOADERS))
def data_mode_mismatch(context: Context) -> Iterator[Diagnostic]:
    """A dataset of mmpose that gives one person a sample for a model of whole pictures, or the other way round.

    With `data_mode='topdown'` a sample is one person, with `'bottomup'` a picture with all in it.
    `TopdownPoseEstimator` needs the first, `BottomupPoseEstimator` the second.

    Source: `mmpose/datasets/datasets/base/base_coco_style_dataset.py`.

    ```py title="bad"
    default_scope = 'mmpose'
    model = dict(type='TopdownPoseEstimator')
    train_dataloader = dict(dataset=dict(type='CocoDataset', data_mode='bottomup', ann_file='train.json'))
    ```

    ```py title="good"
    default_scope = 'mmpose'
    model = dict(type='TopdownPoseEstimator')
    train_dataloader = dict(dataset=dict(type='CocoDataset', data_mode='topdown', ann_file='train.json'))
    ```
    """
    model, seen = context.section('model'), set[int]()
    wanted = None if model is None else data_facts(context.given_scope).data_modes.get(model.type_name or '')
    if model is None or wanted is None or not is_stock(context, model):
        return
    for loader in loaders(context):
        for dataset in loader.leaves:
            mode = dataset.get('data_mode')
            given = literal_default(context, dataset, 'data_mode') if mode is None else mode.value
            place = dataset.get('type') if mode is None else mode
            known = isinstance(given, str) and given in ('topdown', 'bottomup')
            if known and given != wanted and place is not None and is_stock(context, dataset) and is_new(place, seen):
                message = f'`{model.type_name}` needs samples with `data_mode={wanted!r}`, these are {given!r}'
                advice = Advice('write', f'data_mode={wanted!r}')
                yield report_between(context, place, (model.get('type'),), message, advice=advice)
