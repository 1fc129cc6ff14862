"""Lists that have an item for each level of features, or for each stage of a cascade."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from cfglint.diagnostics import Advice
from cfglint.rules.cause import report_between
from cfglint.rules.facts.channels import outputs_of
from cfglint.rules.reading.loaders import default_scope, is_int, stock
from cfglint.rules.reading.parts import derives, each_of, holding
from cfglint.rules.reading.words import words_in
from cfglint.rules.rule import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cfglint.diagnostics import Diagnostic
    from cfglint.rules.context import Context
    from cfglint.rules.reading.items import Item

HEADS: Final = ('bbox_head', 'rpn_head')
ANCHOR_HEADS: Final = (
    'mmdet.models.dense_heads.anchor_head.AnchorHead',
    'mmdet.models.dense_heads.anchor_free_head.AnchorFreeHead',
)
KEEPING_NECKS: Final = frozenset({'BFP', 'DyHead'})
"""Necks that put out as many levels as they get."""
_STAGES: Final = frozenset({'num_stages'})
STAGED: Final = {
    'mmdet.models.roi_heads.cascade_roi_head.CascadeRoIHead': (
        'bbox_roi_extractor', 'bbox_head', 'mask_roi_extractor', 'mask_head',
    ),
    'mmseg.models.segmentors.cascade_encoder_decoder.CascadeEncoderDecoder': ('decode_head',),
}  # fmt: skip
"""Class with `num_stages` → its arguments that have an item for each."""
_STAGES_OF_HEADS: Final = frozenset({'stage_loss_weights'}.union(*STAGED.values()))


@rule(scope='entry', raises='AssertionError', reads=('model',), words=('strides',))
def level_count_mismatch(context: Context) -> Iterator[Diagnostic]:
    """A dense head with priors for more or fewer levels than the neck puts out.

    There is a stride for each level of features that the head gets: the first batch fails with an `AssertionError`.
    The extractors of RoI heads may take fewer levels than the neck puts out.

    Sources: `grid_priors` of `mmdet/models/task_modules/prior_generators/`, `FPN` of `mmdet/models/necks/fpn.py`.

    ```py title="bad"
    default_scope = 'mmdet'
    model = dict(
        type='RetinaNet',
        neck=dict(type='FPN', in_channels=[256, 512, 1024, 2048], out_channels=256, num_outs=4),
        bbox_head=dict(
            type='RetinaHead',
            num_classes=80,
            in_channels=256,
            anchor_generator=dict(
                type='AnchorGenerator', scales=[8], ratios=[0.5, 1.0, 2.0], strides=[8, 16, 32, 64, 128])))
    ```

    ```py title="good"
    default_scope = 'mmdet'
    model = dict(
        type='RetinaNet',
        neck=dict(type='FPN', in_channels=[256, 512, 1024, 2048], out_channels=256, num_outs=5),
        bbox_head=dict(
            type='RetinaHead',
            num_classes=80,
            in_channels=256,
            anchor_generator=dict(
                type='AnchorGenerator', scales=[8], ratios=[0.5, 1.0, 2.0], strides=[8, 16, 32, 64, 128])))
    ```
    """
    model = context.root.get('model')
    if model is None or not isinstance(model.value, dict) or 'strides' not in words_in(context, model.value):
        return
    for neck, levels in _levels(context, model):
        for head in (each for name in HEADS for each in each_of(model.get(name))):
            for strides in _strides(head):
                if len(strides.value) != levels and derives(context, head, ANCHOR_HEADS):
                    message = f'`{strides.key}` has {len(strides.value)} levels, but the neck puts out {levels}'
                    outs = neck.get('num_outs') or neck.get('type')
                    advice = Advice('give as many strides as levels')
                    if neck.get('num_outs') is not None:
                        text = f'give as many strides as levels, or write in `{neck.key}`'
                        advice = Advice(text, f'num_outs={len(strides.value)}')
                    raises = 'AssertionError'
                    yield report_between(context, strides, (outs,), message, raises=raises, advice=advice)


def _levels(context: Context, model: Item) -> Iterator[tuple[Item, int]]:
    """Yield the neck that decides how many levels there are, if that is certain."""
    necks = list(each_of(model.get('neck')))
    if not necks:
        return
    scope = default_scope(context)
    first, *rest = [(each, stock(each.value, scope)) for each in necks]
    if first[1] is None or any(known is None or known.name not in KEEPING_NECKS for _, known in rest):
        return
    found = outputs_of(first[0].value, first[1].name)
    if found is not None and derives(context, first[0], ('mmengine.model.base_module.BaseModule',)):
        yield first[0], found


def _strides(head: Item) -> Iterator[Item]:
    generator = head.get('anchor_generator')
    owners = (head,) if generator is None else (generator,)
    for owner in owners:
        strides = owner.get('strides')
        if strides is not None and isinstance(strides.value, (list, tuple)):
            yield strides


@rule(scope='entry', raises='AssertionError', reads=('model',), words=('num_stages',))
def stage_count_mismatch(context: Context) -> Iterator[Diagnostic]:
    """A cascade whose lists have not an item for each of its stages.

    `bbox_head`, `mask_head` and their extractors may be one dict for all stages, or a list with one for each: mmdet asserts
    that there are `num_stages`, and so does mmseg of the `decode_head` of a `CascadeEncoderDecoder`. There have to be at
    least as many `stage_loss_weights`, and settings in `train_cfg.rcnn`.

    Sources: `mmdet/models/roi_heads/cascade_roi_head.py`, `mmseg/models/segmentors/cascade_encoder_decoder.py`.

    ```py title="bad"
    default_scope = 'mmdet'
    model = dict(
        type='CascadeRCNN',
        roi_head=dict(
            type='CascadeRoIHead',
            num_stages=2,
            stage_loss_weights=[1, 0.5, 0.25],
            bbox_head=[dict(type='Shared2FCBBoxHead', num_classes=3)] * 3))
    ```

    ```py title="good"
    default_scope = 'mmdet'
    model = dict(
        type='CascadeRCNN',
        roi_head=dict(
            type='CascadeRoIHead',
            num_stages=3,
            stage_loss_weights=[1, 0.5, 0.25],
            bbox_head=[dict(type='Shared2FCBBoxHead', num_classes=3)] * 3))
    ```
    """
    for roi_head in holding(context, context.root.get('model'), _STAGES, _is_staged):
        stages = roi_head.get('num_stages')
        if stages is None or not is_int(stages.value):
            continue
        names = next((each for base, each in STAGED.items() if derives(context, roi_head, (base,))), ())
        for name in names:
            item = roi_head.get(name)
            if item is not None and isinstance(item.value, list) and len(item.value) != stages.value:
                message = f'`{item.key}` has {len(item.value)} items, but there are {stages.value} stages'
                raises = 'AssertionError'
                advice = Advice('give an item for each stage, or write', f'num_stages={len(item.value)}')
                yield report_between(context, item, (stages,), message, raises=raises, advice=advice)
        for item in (roi_head.get('stage_loss_weights'), _settings(roi_head)) if names else ():
            if item is not None and isinstance(item.value, (list, tuple)) and len(item.value) < stages.value:
                message = f'`{item.key}` has {len(item.value)} items, but there are {stages.value} stages'
                raises, advice = 'IndexError: list index out of range', Advice('give an item for each stage')
                yield report_between(context, item, (stages,), message, raises=raises, advice=advice)


def _is_staged(part: dict[Any, Any]) -> bool:
    """Tell whether a part may be a cascade: most backbones have stages, too, but no RoI heads."""
    return not _STAGES_OF_HEADS.isdisjoint(part)


def _settings(roi_head: Item) -> Item | None:
    """Return the training settings of a RoI head, which stand beside it."""
    beside = None if roi_head.parent is None else roi_head.parent.get('train_cfg')
    return None if beside is None else beside.get('rcnn')
