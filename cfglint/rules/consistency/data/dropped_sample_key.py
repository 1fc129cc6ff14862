"""What a packed sample lacks that the model or a metric looks for in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from cfglint.catalog.data_facts import data_facts
from cfglint.diagnostics import Advice
from cfglint.rules.cause import report_between
from cfglint.rules.reading.chains import chains
from cfglint.rules.reading.items import item_below
from cfglint.rules.reading.loaders import evaluators, is_new, loaders
from cfglint.rules.reading.lookup import is_stock
from cfglint.rules.reading.parts import derives, each_of, literal_default
from cfglint.rules.reading.types import class_name
from cfglint.rules.rule import rule
from cfglint.sections.table import EVALUATORS as EVALUATOR_SECTIONS
from cfglint.sections.table import LOADERS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cfglint.catalog.data_facts import DataFacts, Kept
    from cfglint.diagnostics import Diagnostic
    from cfglint.rules.context import Context
    from cfglint.rules.reading.chains import Chain
    from cfglint.rules.reading.items import Item
    from cfglint.rules.reading.loaders import Section

SCALE: Final = 'scale_factor'


@rule(scope='entry', reads=('model', *LOADERS, *EVALUATOR_SECTIONS), yields_to=('joined-strings',))
def dropped_sample_key(context: Context) -> Iterator[Diagnostic]:
    """A packed sample without what the model or a metric looks for in it: `meta_keys` without `scale_factor`.

    `PackDetInputs` and its kin keep of a sample what `keys` and `meta_keys` name, no more. A detector scales its boxes back by
    `scale_factor`, which only a transform that resizes puts there; a pose model by `input_center` and `input_scale`;
    models of mmdet3d learn from the boxes and labels in `keys`.

    Sources: `assert img_meta.get('scale_factor') is not None` of `mmdet/models/dense_heads/base_dense_head.py`,
    `mmdet/models/roi_heads/bbox_heads/bbox_head.py`; `mmpose/models/pose_estimators/topdown.py`,
    `mmdet3d/datasets/transforms/formating.py`, `mmpretrain/evaluation/metrics/voc_multi_label.py`.

    ```py title="bad"
    default_scope = 'mmdet'
    model = dict(type='RetinaNet', bbox_head=dict(type='RetinaHead'))
    val_dataloader = dict(
        dataset=dict(
            type='CocoDataset',
            pipeline=[
                dict(type='LoadImageFromFile'),
                dict(type='Resize', scale=(1333, 800), keep_ratio=True),
                dict(type='PackDetInputs', meta_keys=('img_id', 'img_path', 'ori_shape', 'img_shape'))
            ]))
    val_evaluator = dict(type='CocoMetric', ann_file='val.json')
    val_cfg = dict()
    ```

    ```py title="good"
    default_scope = 'mmdet'
    model = dict(type='RetinaNet', bbox_head=dict(type='RetinaHead'))
    val_dataloader = dict(
        dataset=dict(
            type='CocoDataset',
            pipeline=[
                dict(type='LoadImageFromFile'),
                dict(type='Resize', scale=(1333, 800), keep_ratio=True),
                dict(type='PackDetInputs', meta_keys=('img_id', 'img_path', 'ori_shape', 'img_shape', 'scale_factor'))
            ]))
    val_evaluator = dict(type='CocoMetric', ann_file='val.json')
    val_cfg = dict()
    ```
    """
    seen: set[int] = set()
    for loader in loaders(context):
        for chain in chains(context, loader):
            packer = chain.steps[-1] if chain.is_whole and chain.steps else None
            needs = () if packer is None else _facts(context, packer).kept.get(packer.type_name or '', ())
            for need in needs:
                asking = _asking(context, loader, chain, need)
                if packer is not None and asking is not None:
                    found = _missing(context, chain, packer, need, asking)
                    if found is not None and is_new(packer, seen):
                        yield found


def _asking(context: Context, loader: Section, chain: Chain, need: Kept) -> Item | None:
    """Return what looks for something in the samples of a dataloader, None if nothing does."""
    stage = loader.item.key.partition('_')[0]
    if stage not in need.stages or (need.step and not any(each.type_name == need.step for each in chain.steps)):
        return None
    if need.metric:
        return next((each for each in _metrics(context, stage) if _reads(context, each, need)), None)
    model = context.section('model')
    places = [model] if not need.parts else [None if model is None else item_below(model, each) for each in need.parts]
    parts = [part for place in places for part in each_of(place)]
    fits = (part for part in parts if is_stock(context, part) and part.type_name not in need.exempt)
    return next((part for part in fits if derives(context, part, need.classes)), None)


def _metrics(context: Context, stage: str) -> Iterator[Item]:
    for evaluator in evaluators(context):
        if evaluator.item.key.partition('_')[0] == stage:
            yield from evaluator.metrics


def _reads(context: Context, metric: Item, need: Kept) -> bool:
    given = metric.value if isinstance(metric.value, dict) else {}
    is_other = metric.type_name != need.metric or given.get('format_only', False) is not False
    return not is_other and (not need.unless or given.get(need.unless) is None) and is_stock(context, metric)


def _missing(context: Context, chain: Chain, packer: Item, need: Kept, asking: Item) -> Diagnostic | None:
    item = packer.get(need.argument)
    names = need.defaults if item is None else item.value
    if item is None and not names:
        return None
    if not isinstance(names, (list, tuple)) or not all(isinstance(each, str) for each in names):
        return None
    parts: dict[str, Any] = {'raises': need.error} if need.error else {'ignored': True}
    lacks = [key for key in need.keys if key not in names]
    if lacks and not need.metric and not need.step and _drops(context, packer, need, lacks):
        return None
    if lacks and need.unless:
        message = f'`{asking.type_name}` has no `{need.unless}`, and `{packer.type_name}` drops `{lacks[0]}`'
        advice = Advice(f'add `{need.unless}`, the file that the dataset reads')
        return report_between(context, asking.get('type') or asking, (item,), message, advice=advice, **parts)
    around = (asking.get('type'), None if item is None else packer.get('type'))
    if lacks:
        message = f'`{packer.type_name}` drops `{lacks[0]}`, which `{asking.type_name}` needs'
        advice = Advice('keep it, too:', f'{need.argument}={_with(names, lacks)!r}')
        return report_between(context, item or packer, around, message, advice=advice, **parts)
    if SCALE in need.keys and all(each.type_name in _facts(context, each).unscaled for each in chain.steps):
        message = f'no transform resizes the picture and sets `scale_factor`, which `{asking.type_name}` needs'
        advice = Advice(
            'put in front, after what loads the picture', "dict(type='Resize', scale=(1333, 800), keep_ratio=True)"
        )
        return report_between(context, packer, around, message, advice=advice, **parts)
    return None


def _drops(context: Context, packer: Item, need: Kept, keys: list[str]) -> bool:
    """Tell whether a packer keeps some keys of itself in no case: models of its release do not look for them."""
    known = literal_default(context, packer, need.argument)
    return isinstance(known, (list, tuple)) and not set(keys) <= set(known)


def _with(names: list[str] | tuple[str, ...], lacks: list[str]) -> list[str] | tuple[str, ...]:
    return [*names, *lacks] if isinstance(names, list) else (*names, *lacks)


def _facts(context: Context, item: Item) -> DataFacts:
    known = class_name(item.value, context.given_scope)
    return data_facts('' if known is None else known.package)
