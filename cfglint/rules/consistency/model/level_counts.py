"""Lists that have an item for each level of features, or for each stage of a cascade."""

from __future__ import annotations

import ast
from itertools import chain, islice
from typing import TYPE_CHECKING, Any, Final

from cfglint.diagnostics import Advice
from cfglint.language.numbers import is_int
from cfglint.rules.cause import report_between
from cfglint.rules.facts.channels import outputs_of
from cfglint.rules.reading.items import item_below
from cfglint.rules.reading.parts import default_of, derives, each_of, facts_of, holding, inherited
from cfglint.rules.reading.types import class_name
from cfglint.rules.reading.words import words_in
from cfglint.rules.rule import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cfglint.diagnostics import Diagnostic
    from cfglint.rules.context import Context
    from cfglint.rules.reading.items import Item

HEADS: Final = ('bbox_head', 'rpn_head', 'mask_head')
LISTS: Final = (
    'strides',
    'featmap_strides',
    'regress_ranges',
    'base_sizes',
    'obj_level_weights',
    'num_grids',
    'scale_ranges',
)
KEEPING_NECKS: Final = frozenset({'BFP', 'DyHead'})
"""Necks that put out as many levels as they get."""
_FORWARD: Final = frozenset({'forward'})
_STAGES: Final = frozenset({'num_stages'})
STAGED: Final = {
    'mmdet.models.roi_heads.cascade_roi_head.CascadeRoIHead': (
        'bbox_roi_extractor', 'bbox_head', 'mask_roi_extractor', 'mask_head',
    ),
    'mmseg.models.segmentors.cascade_encoder_decoder.CascadeEncoderDecoder': ('decode_head',),
}  # fmt: skip
"""Class with `num_stages` → its arguments that have an item for each."""
_STAGES_OF_HEADS: Final = frozenset({'stage_loss_weights'}.union(*STAGED.values()))


@rule(scope='entry', raises='AssertionError', reads=('model',), words=LISTS)
def level_count_mismatch(context: Context) -> Iterator[Diagnostic]:
    """A dense head with priors for more or fewer levels than the neck puts out.

    There is a stride for each level of features that the head gets, and so with sizes of anchors, ranges of regression and
    weights of levels, and grids of SOLO: the first batch fails with an `AssertionError`, or levels are passed over. The extractors of RoI heads may take fewer levels than
    the neck puts out. A head of one's own that has another `forward` may take fewer, too.

    Sources: `grid_priors` of `mmdet/models/task_modules/prior_generators/`, `FPN` of `mmdet/models/necks/fpn.py`, `loss_by_feat`
    of `mmdet/models/dense_heads/fcos_head.py`, `forward` of the head modules of mmyolo.

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
    model = context.section('model')
    if model is None or not isinstance(model.value, dict) or words_in(context, model.value).isdisjoint(LISTS):
        return
    for neck, levels in _levels(context, model):
        for head in (each for name in HEADS for each in each_of(model.get(name))):
            paths = chain.from_iterable(inherited(context, head, lambda facts: facts.level_lists, _FORWARD))
            by_default_last = sorted(paths, key=lambda path: item_below(head, path) is None)
            wrong = chain.from_iterable(_judge(context, neck, levels, head, path) for path in by_default_last)
            yield from islice(wrong, 1)  # it may well be the neck that is wrong


def _judge(context: Context, neck: Item, levels: int, head: Item, path: str) -> Iterator[Diagnostic]:
    listed = item_below(head, path)
    if listed is None:
        count, place = _default_length(context, head, path), head.get('type')
        words = f'`{path}` of `{head.type_name}` has {_levels_of(count)} by default'
    else:
        count, place = len(listed.value) if isinstance(listed.value, (list, tuple)) else None, listed
        words = f'`{listed.key}` has {_levels_of(count)}'
    if count is None or count == levels or place is None:
        return
    outs = neck.get('num_outs')
    advice = Advice('give one for each level')
    if outs is not None:
        advice = Advice(f'give one for each level, or write in `{neck.key}`', f'num_outs={count}')
    message, others = f'{words}, but the neck puts out {levels}', (outs or neck.get('type'),)
    key = f'{head.key}.{path}'
    if count < levels and derives(context, head, facts_of(context, head).cut_levels):
        yield report_between(context, place, others, message, key=key, ignored=True, advice=advice)
    else:
        yield report_between(context, place, others, message, key=key, raises='AssertionError', advice=advice)


def _levels_of(count: int | None) -> str:
    return '1 level' if count == 1 else f'{count} levels'


def _default_length(context: Context, head: Item, name: str) -> int | None:
    """Return how many items an argument has that is not given, None where that is not written out."""
    default = None if '.' in name else default_of(context, head, name)
    try:
        node = None if default is None else ast.parse(default, mode='eval').body
    except (SyntaxError, ValueError):
        return None
    return len(node.elts) if isinstance(node, (ast.Tuple, ast.List)) else None


def _levels(context: Context, model: Item) -> Iterator[tuple[Item, int]]:
    """Yield the neck that decides how many levels there are, if that is certain."""
    necks = list(each_of(model.get('neck')))
    if not necks:
        return
    scope = context.given_scope
    first, *rest = [(each, class_name(each.value, scope)) for each in necks]
    if first[1] is None or any(known is None or known.name not in KEEPING_NECKS for _, known in rest):
        return
    found = outputs_of(first[0].value, first[1].name)
    if found is None or not derives(context, first[0], ('mmengine.model.base_module.BaseModule',)):
        found = _outputs(context, first[0])
    if found is not None:
        yield first[0], found


def _outputs(context: Context, neck: Item) -> int | None:
    """Return how many levels a neck puts out, as the facts of its library say."""
    for argument in inherited(context, neck, lambda facts: facts.neck_levels):
        given = neck.value.get(argument)
        return len(given) if isinstance(given, (list, tuple)) else given if is_int(given) else None
    return None


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
    for roi_head in holding(context, context.section('model'), _STAGES, _is_staged):
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
