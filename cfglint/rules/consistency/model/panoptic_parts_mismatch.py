"""The parts of a panoptic model against each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cfglint.diagnostics import Advice
from cfglint.language.numbers import is_int
from cfglint.rules.cause import report_between
from cfglint.rules.reading.parts import each_of, facts_of
from cfglint.rules.reading.words import words_in
from cfglint.rules.rule import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cfglint.catalog.model_facts import Panoptic
    from cfglint.diagnostics import Diagnostic
    from cfglint.rules.context import Context
    from cfglint.rules.reading.items import Item

RULED = frozenset({'bbox_head', 'mask_head'})
"""Heads of RoIs that predict things only."""


@rule(scope='entry', ignored=True, reads=('model',), words=('panoptic_fusion_head',))
def panoptic_parts_mismatch(context: Context) -> Iterator[Diagnostic]:
    """Parts of a panoptic model that count things or stuff differently.

    The fusion head cuts up what the panoptic or semantic head has predicted by its own `num_things_classes` and
    `num_stuff_classes` (80 and 53, if they are not given). If they differ, masks and labels belong to other queries and
    classes, without a message. The RoI heads of a Panoptic FPN have to predict as many classes as there are things.

    Sources: `instance_postprocess` of `mmdet/models/seg_heads/panoptic_fusion_heads/maskformer_fusion_head.py`, and
    `simple_test` of `heuristic_fusion_head.py` beside it.

    ```py title="bad"
    default_scope = 'mmdet'
    model = dict(
        type='MaskFormer',
        panoptic_head=dict(type='MaskFormerHead', num_things_classes=2, num_stuff_classes=0),
        panoptic_fusion_head=dict(type='MaskFormerFusionHead', num_things_classes=80, num_stuff_classes=53))
    ```

    ```py title="good"
    default_scope = 'mmdet'
    model = dict(
        type='MaskFormer',
        panoptic_head=dict(type='MaskFormerHead', num_things_classes=2, num_stuff_classes=0),
        panoptic_fusion_head=dict(type='MaskFormerFusionHead', num_things_classes=2, num_stuff_classes=0))
    ```
    """
    model = context.section('model')
    if model is None or 'panoptic_fusion_head' not in words_in(context, model.value):
        return
    for owner in _owners(model):
        fusion = owner.get('panoptic_fusion_head')
        panoptic = None if fusion is None else facts_of(context, fusion).panoptic
        if fusion is not None and panoptic is not None:
            yield from _judge(context, owner, fusion, panoptic)


def _owners(model: Item) -> Iterator[Item]:
    """Yield the model, and the one inside of a wrapper (semi-supervised training, distillation)."""
    for name in (None, 'detector', 'architecture'):
        owner = model if name is None else model.get(name)
        if (
            owner is not None
            and isinstance(owner.value, dict)
            and isinstance(owner.value.get('panoptic_fusion_head'), dict)
        ):
            yield owner


def _judge(context: Context, owner: Item, fusion: Item, panoptic: Panoptic) -> Iterator[Diagnostic]:
    heads = [head for name in panoptic.heads for head in each_of(owner.get(name)) if facts_of(context, head).panoptic]
    for head in heads:
        wrong = [name for name in panoptic.defaults if _differ(head, fusion, name, panoptic)]
        if wrong:
            yield _diagnostic(context, head, fusion, wrong, panoptic)
            return
    roi_head = owner.get('roi_head')
    if roi_head is None or not isinstance(roi_head.value, dict):
        return
    things = fusion.value.get('num_things_classes', panoptic.defaults['num_things_classes'])
    for head in (each for name in sorted(RULED) for each in each_of(roi_head.get(name))):
        count = head.get('num_classes')
        if count is not None and is_int(count.value) and is_int(things) and count.value != things:
            given = fusion.get('num_things_classes')
            message = f'`{count.key}` is {count.value}, but the fusion head has {things} things'
            advice = Advice('write', f'num_classes={things}')
            yield report_between(context, count, (given or fusion,), message, advice=advice)


def _differ(head: Item, fusion: Item, name: str, panoptic: Panoptic) -> bool:
    default = panoptic.defaults[name]
    one, other = head.value.get(name, default), fusion.value.get(name, default)
    return is_int(one) and is_int(other) and one != other


def _diagnostic(context: Context, head: Item, fusion: Item, wrong: list[str], panoptic: Panoptic) -> Diagnostic:
    name = wrong[0]
    item = fusion.get(name) or fusion
    number, other = (part.value.get(name, panoptic.defaults[name]) for part in (fusion, head))
    message = f'`{fusion.key}.{name}` is {number}, but that of `{head.name}` is {other}'
    arguments = ', '.join(f'{each}={head.value.get(each, panoptic.defaults[each])}' for each in wrong)
    advice = Advice('count alike:', f'{fusion.name}=dict({arguments})')
    return report_between(context, item, (head.get(name) or head,), message, key=f'{fusion.key}.{name}', advice=advice)
