"""The type of the boxes that a pipeline makes, against what the model compares them with."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from cfglint.catalog.data_facts import data_facts
from cfglint.diagnostics import Advice
from cfglint.rules.cause import report_between
from cfglint.rules.reading.chains import chains
from cfglint.rules.reading.loaders import is_new, loaders
from cfglint.rules.reading.lookup import is_stock
from cfglint.rules.reading.parts import holding
from cfglint.rules.rule import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cfglint.diagnostics import Diagnostic
    from cfglint.rules.context import Context
    from cfglint.rules.reading.chains import Chain
    from cfglint.rules.reading.items import Item

_BOXES: Final = 'gt_bboxes'
_CALCULATOR: Final = frozenset({'iou_calculator'})
_ORDINARY: Final = 'hbox'


@rule(scope='entry', raises='AssertionError', reads=('model', 'train_dataloader'), words=('iou_calculator',))
def box_type_mismatch(context: Context) -> Iterator[Diagnostic]:
    """A pipeline of mmrotate that hands the model boxes of another type than its `iou_calculator` compares.

    DOTA's annotations are quadrangles: `LoadAnnotations` with `box_type='qbox'` loads them as such, and `ConvertBoxType` with
    `box_type_mapping=dict(gt_bboxes='rbox')` makes rotated boxes of them, which nearly all models need. Without `box_type`, the
    boxes are horizontal. `RBboxOverlaps2D` demands five numbers a box (`assert bboxes1.size(-1) in [0, 5, 6]`).

    Source: `mmrotate/models/task_modules/assigners/rotate_iou2d_calculator.py`.

    ```py title="bad"
    default_scope = 'mmrotate'
    model = dict(
        type='mmdet.RetinaNet',
        train_cfg=dict(assigner=dict(type='mmdet.MaxIoUAssigner', iou_calculator=dict(type='RBboxOverlaps2D'))))
    train_dataloader = dict(
        dataset=dict(
            type='DOTADataset',
            pipeline=[
                dict(type='mmdet.LoadImageFromFile'),
                dict(type='mmdet.LoadAnnotations', with_bbox=True, box_type='qbox'),
                dict(type='mmdet.PackDetInputs')
            ]))
    ```

    ```py title="good"
    default_scope = 'mmrotate'
    model = dict(
        type='mmdet.RetinaNet',
        train_cfg=dict(assigner=dict(type='mmdet.MaxIoUAssigner', iou_calculator=dict(type='RBboxOverlaps2D'))))
    train_dataloader = dict(
        dataset=dict(
            type='DOTADataset',
            pipeline=[
                dict(type='mmdet.LoadImageFromFile'),
                dict(type='mmdet.LoadAnnotations', with_bbox=True, box_type='qbox'),
                dict(type='ConvertBoxType', box_type_mapping=dict(gt_bboxes='rbox')),
                dict(type='mmdet.PackDetInputs')
            ]))
    ```
    """
    calculator = next(_calculators(context), None)
    wanted = None if calculator is None else data_facts('mmrotate').overlaps[calculator.type_name or '']
    seen: set[int] = set()
    for loader in loaders(context, 'train_dataloader') if wanted is not None else ():
        for chain in chains(context, loader):
            maker, given = _made(chain)
            if maker is None or given in (None, wanted) or calculator is None or not is_new(maker, seen):
                continue
            message = f'`{calculator.type_name}` compares boxes of type `{wanted}`, but these are `{given}`'
            if maker.type_name == 'ConvertBoxType':
                advice = Advice('write', f"box_type_mapping=dict({_BOXES}='{wanted}')")
            else:
                advice = Advice(
                    f"put `dict(type='ConvertBoxType', box_type_mapping=dict({_BOXES}='{wanted}'))` after it"
                )
            yield report_between(context, maker, (calculator.get('type'),), message, advice=advice)


def _calculators(context: Context) -> Iterator[Item]:
    """Yield what compares boxes in training, if all that do want the same type."""
    facts = data_facts('mmrotate').overlaps
    model = context.section('model')
    found: list[Item] = []
    if model is None or not isinstance(model.value, dict):
        return
    for part in holding(context, model, _CALCULATOR):
        item = part.get('iou_calculator')
        if item is not None and isinstance(item.value, dict) and item.type_name in facts and is_stock(context, item):
            found.append(item)
    if len({facts[each.type_name or ''] for each in found}) == 1:
        yield found[0]


def _made(chain: Chain) -> tuple[Item | None, Any]:
    """Return the transform that decides of which type the boxes are in the end, and the type; None where it is not known."""
    maker: Item | None = None
    kind: Any = None
    for step in chain.steps:
        if step.type_name == 'LoadAnnotations' and step.value.get('with_bbox', True) is True:
            maker, kind = step, step.value.get('box_type', _ORDINARY)
        elif step.type_name == 'ConvertMask2BoxType':
            maker, kind = step, step.value.get('box_type')
        elif step.type_name == 'ConvertBoxType':
            mapping = step.value.get('box_type_mapping')
            if not isinstance(mapping, dict):
                return None, None
            if _BOXES in mapping:
                maker, kind = step, mapping[_BOXES]
    known = chain.is_whole and isinstance(kind, str)
    return (maker, kind) if known else (None, None)
