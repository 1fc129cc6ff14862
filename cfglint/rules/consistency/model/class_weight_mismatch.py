"""The number of class weights of a loss against the outputs of its head."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cfglint.diagnostics import Advice, Severity
from cfglint.language.numbers import is_int, is_number
from cfglint.rules.cause import report_between
from cfglint.rules.reading.parts import default_of, each_of, facts_of, holding
from cfglint.rules.rule import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cfglint.catalog.model_facts import WeightedLoss
    from cfglint.diagnostics import Diagnostic
    from cfglint.rules.context import Context
    from cfglint.rules.reading.items import Item

WORDS: Final = frozenset({'class_weight'})


@rule(scope='entry', reads=('model',), words=WORDS)
def class_weight_mismatch(context: Context) -> Iterator[Diagnostic]:
    """A loss with more or fewer class weights than its head has outputs.

    There is one weight an output. mmseg's decode heads, and heads of classifiers, have one output a class; those of
    Mask2Former and of RoI heads have one more, for "no object"; dense heads have one more unless `use_sigmoid=True`.
    PyTorch stops in the first loss (`weight tensor should be defined either for all … classes`), or an index is out of
    range. mmseg's losses with `use_sigmoid=True` take no list at all: PyTorch spreads it over the columns of the picture.
    `DETRHead` makes the list itself, of one number.

    Sources: `cls_embed` of `mmdet/models/dense_heads/mask2former_head.py`, `cls_out_channels` of `anchor_head.py`,
    `fc_cls` of `mmdet/models/roi_heads/bbox_heads/bbox_head.py`, `mmseg/models/losses/cross_entropy_loss.py`.

    ```py title="bad"
    default_scope = 'mmpretrain'
    model = dict(
        type='ImageClassifier',
        head=dict(
            type='LinearClsHead',
            in_channels=512,
            num_classes=3,
            loss=dict(type='CrossEntropyLoss', class_weight=[1.0, 2.0])))
    ```

    ```py title="good"
    default_scope = 'mmpretrain'
    model = dict(
        type='ImageClassifier',
        head=dict(
            type='LinearClsHead',
            in_channels=512,
            num_classes=3,
            loss=dict(type='CrossEntropyLoss', class_weight=[1.0, 2.0, 0.5])))
    ```
    """
    for loss in holding(context, context.section('model'), WORDS):
        head = _head_of(loss)
        weights = loss.value['class_weight']
        if head is None or not isinstance(weights, (list, tuple)) or not all(map(is_number, weights)):
            continue
        for facts in facts_of(context, head).weighted_losses:
            is_head = head.type_name in facts.heads or not facts.heads
            if is_head and loss.type_name in facts.losses:
                yield from _judge(context, head, loss, facts)
                break


def _head_of(loss: Item) -> Item | None:
    """Return what holds a loss, alone or in a list of losses."""
    head = loss.parent
    if head is not None and isinstance(head.value, (list, tuple)):
        head = head.parent
    return head if head is not None and isinstance(head.value, dict) else None


def _judge(context: Context, head: Item, loss: Item, facts: WeightedLoss) -> Iterator[Diagnostic]:
    kind, item = loss.type_name, loss.get('class_weight')
    if not any(loss.value is each.value for name in facts.parts for each in each_of(head.get(name))):
        return
    if facts.refused and item is not None:
        message = f'`{head.type_name}` takes one `class_weight` for all classes, no list'
        yield context.report(item, message, raises=facts.refused, advice=Advice('write', 'class_weight=1.0'))
        return
    counts = [_count(context, head, name) for name in facts.classes]
    if item is None or not all(is_int(count) for count in counts):
        return
    sigmoid = loss.value.get('use_sigmoid', False)
    if not isinstance(sigmoid, bool):
        return
    if sigmoid and facts.sigmoid_refused:
        if len(item.value) > 1:
            yield report_between(
                context,
                item,
                (loss.get('use_sigmoid'),),
                f'`{kind}` takes no list of class weights with `use_sigmoid=True`: it is spread over columns',
                raises='RuntimeError: The size of tensor a must match the size of tensor b',
                advice=Advice('remove `class_weight`, or write', 'use_sigmoid=False'),
            )
        return
    classes = sum(count for count in counts if count is not None)
    outputs = classes + (facts.background == 'always' or (facts.background == 'softmax' and not sigmoid))
    if len(item.value) != outputs:
        yield _diagnostic(context, item, head, facts, classes, outputs)


def _count(context: Context, head: Item, name: str) -> int | None:
    if name in head.value:
        return head.value[name]
    default = default_of(context, head, name)
    return int(default) if default is not None and default.isdecimal() else None


def _diagnostic(
    context: Context, item: Item, head: Item, facts: WeightedLoss, classes: int, outputs: int
) -> Diagnostic:
    extra = ', with "no object"' if outputs > classes else ''
    message = f'`{item.key}` has {len(item.value)} weights, but the head has {outputs} outputs{extra}'
    advice = None
    if outputs > classes and len(item.value) == classes:
        shown = ', '.join(map(repr, item.value)) if len(item.value) <= 10 else '...'
        advice = Advice('add a weight for "no object":', f'class_weight=[{shown}, 0.1]') if shown != '...' else None
    elif len(set(item.value[:-1])) == 1 or len(set(item.value)) == 1:
        first, last = item.value[0], item.value[-1]
        text = f'[{first!r}] * {outputs}' if first == last else f'[{first!r}] * {outputs - 1} + [{last!r}]'
        advice = Advice('give a weight for each output:', f'class_weight={text}')
    others = tuple(head.get(name) for name in facts.classes)
    if len(item.value) > outputs and facts.error.startswith('IndexError'):  # those that are left over are not looked at
        return report_between(context, item, others, message, severity=Severity.WARNING, advice=advice)
    return report_between(context, item, others, message, raises=facts.error, advice=advice)
