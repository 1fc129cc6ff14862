"""Test-time augmentation: several scales and flips are a pipeline and a model of their own (PIPE-07, SYN-22)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cfglint.language.numbers import as_float
from cfglint.migrate.change import Change, Computed, Dict, Kept, List, Tree
from cfglint.migrate.items import Item
from cfglint.migrate.mapping.old import innermost
from cfglint.migrate.mapping.pipelines import loading_of_annotations, packer, steps_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cfglint.migrate.mapping.old import Old

_FLIPS = ('RandomFlip', 'RRandomFlip')
_RESIZING = ('Resize', 'RResize')


def tta(old: Old) -> Iterator[Change]:
    """`tta_model` and `tta_pipeline`, where a test pipeline has several scales or flips."""
    dataset = innermost(old, 'test')
    pipeline = old.get('test_pipeline') if dataset is None else dataset.get('pipeline')
    steps = [] if pipeline is None else pipeline.entries()
    index = next((i for i, step in enumerate(steps) if step.type == 'MultiScaleFlipAug'), None)
    if index is None or old.library.tta_model is None:
        return
    scales, flips = _scales(steps[index]), _flips(steps[index])
    if len(scales) < 2 and len(flips) < 2:
        return
    before = steps_of(old, steps[:index])
    augmented = Dict(
        {'type': Computed('TestTimeAug'), 'transforms': List(tuple(_transforms(old, steps[index], scales, flips)))}
    )
    writes: dict[str, Tree] = {'tta_pipeline': List((*before, augmented))}
    if 'model' in old:
        writes['tta_model'] = Dict({'type': Computed(old.library.tta_model), **_settings(old)})
    yield Change((), writes)


def _transforms(old: Old, step: Item, scales: list[dict[str, Any]], flips: list[dict[str, Any]]) -> Iterator[Tree]:
    inner = step.get('transforms')
    for each in [] if inner is None else inner.entries():
        if each.type in _RESIZING:
            keep = each.plain('keep_ratio', True)
            yield Computed([{'type': each.type, **scale, 'keep_ratio': keep} for scale in scales])
            if flips:
                yield Computed([{'type': 'RandomFlip', **flip} for flip in flips])
            yield from (List((one,)) for one in loading_of_annotations(old))
        elif old.library.role(each.type) == 'packs':
            yield List((packer(old, each),))
        elif each.type not in _FLIPS:
            yield from (List((one,)) for one in steps_of(old, [each]))


def _scales(step: Item) -> list[dict[str, Any]]:
    scale, ratios, factor = step.plain('img_scale'), step.plain('img_ratios'), step.plain('scale_factor')
    several = isinstance(scale, list) and bool(scale) and isinstance(scale[0], (list, tuple))
    scales = list(scale) if several else [scale] if scale is not None else []
    ratios = [ratios] if isinstance(ratios, (int, float)) else ratios
    if ratios and scales:
        return [{'scale': tuple(int(side * ratio) for side in one)} for one in scales for ratio in ratios]
    factors = ratios or factor
    if factors:
        return [
            {'scale_factor': as_float(each)} for each in (factors if isinstance(factors, (list, tuple)) else [factors])
        ]
    return [{'scale': tuple(one) if isinstance(one, list) else one} for one in scales]


def _flips(step: Item) -> list[dict[str, Any]]:
    if not step.plain('flip', False):
        return []
    given = step.plain('flip_direction', 'horizontal')
    directions = given if isinstance(given, (list, tuple)) else [given]
    return [{'prob': 0.0, 'direction': directions[0]}, *({'prob': 1.0, 'direction': each} for each in directions)]


def _settings(old: Old) -> dict[str, Tree]:
    """Merged detections are filtered as those of one picture are."""
    if old.library.library != 'mmdet':
        return {}
    model = old.get('model') or Item({})
    test = model.get('test_cfg') or Item({})
    part = test.get('rcnn') or test
    fields: dict[str, Tree] = {
        name: Kept(each) for name in ('nms', 'max_per_img') if (each := part.get(name)) is not None
    }
    return {'tta_cfg': Dict(fields)} if fields else {}
