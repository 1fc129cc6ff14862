"""Assigners that make targets of a number of classes of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cfglint.diagnostics import Advice
from cfglint.language.numbers import is_int
from cfglint.rules.cause import report_between
from cfglint.rules.reading.parts import facts_of, holding
from cfglint.rules.rule import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cfglint.diagnostics import Diagnostic
    from cfglint.rules.context import Context
    from cfglint.rules.reading.items import Item

WORDS: Final = frozenset({'head_module'})


@rule(scope='entry', reads=('model',), words=WORDS)
def assigner_classes_mismatch(context: Context) -> Iterator[Diagnostic]:
    """An assigner in `train_cfg` that makes targets of other classes than the head predicts.

    mmyolo's assigners (of YOLOv6, YOLOv8, PPYOLOE, RTMDet) have a `num_classes` of their own, from which they make the
    targets of the classification loss. A config that changes `head_module.num_classes` has to change it, too: the first
    loss compares tensors of different widths.

    Source: `mmyolo/models/task_modules/assigners/`, `assigned_scores` and `num_classes`.

    ```py title="bad"
    default_scope = 'mmyolo'
    model = dict(
        type='YOLODetector',
        bbox_head=dict(type='YOLOv8Head', head_module=dict(type='YOLOv8HeadModule', num_classes=1, in_channels=[256])),
        train_cfg=dict(assigner=dict(type='BatchTaskAlignedAssigner', num_classes=80)))
    ```

    ```py title="good"
    default_scope = 'mmyolo'
    model = dict(
        type='YOLODetector',
        bbox_head=dict(type='YOLOv8Head', head_module=dict(type='YOLOv8HeadModule', num_classes=1, in_channels=[256])),
        train_cfg=dict(assigner=dict(type='BatchTaskAlignedAssigner', num_classes=1)))
    ```
    """
    for head in holding(context, context.section('model'), WORDS):
        module, owner = head.get('head_module'), head.parent
        count = None if module is None else module.get('num_classes')
        settings = None if owner is None else owner.get('train_cfg')
        if count is None or not is_int(count.value) or settings is None:
            continue
        for name in facts_of(context, head).assigners:
            yield from _judge(context, settings.get(name), count)


def _judge(context: Context, assigner: Item | None, count: Item) -> Iterator[Diagnostic]:
    own = None if assigner is None else assigner.get('num_classes')
    if assigner is None or own is None or not is_int(own.value) or own.value == count.value:
        return
    if facts_of(context, assigner).assigners:
        advice = Advice(
            'give the assigner the classes of the head:', f'{assigner.name}=dict(num_classes={count.value})'
        )
        message = f'`{own.key}` is {own.value}, but `{count.key}` is {count.value}'
        raises = 'RuntimeError: The size of tensor a must match the size of tensor b'
        yield report_between(context, own, (count,), message, raises=raises, advice=advice)
