"""Transforms that mix pictures, where nobody gives them the others."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from cfglint.diagnostics import Advice
from cfglint.language.values import Lazy
from cfglint.rules.cause import report_between
from cfglint.rules.reading.loaders import loaders, transforms
from cfglint.rules.reading.official import data_facts_of, package_of
from cfglint.rules.reading.types import type_name
from cfglint.rules.rule import rule
from cfglint.sections.table import LOADERS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cfglint.diagnostics import Diagnostic
    from cfglint.rules.context import Context
    from cfglint.rules.reading.items import Item

MIXING: Final = frozenset({'Mosaic', 'MixUp', 'CopyPaste', 'RandomMosaic'})
"""Names of which the libraries' facts tell more."""


@rule(scope='entry', reads=LOADERS, words=MIXING)
def mixing_outside_wrapper(context: Context) -> Iterator[Diagnostic]:
    """A transform that mixes several pictures, outside of the pipeline of `MultiImageMixDataset`.

    `Mosaic`, `MixUp` and `CopyPaste` of mmdet and `RandomMosaic` of mmseg take the other pictures from `mix_results`,
    which `MultiImageMixDataset` puts there for each transform that stands directly in its own pipeline. In the pipeline of
    any other dataset, or inside of another transform (`RandomApply`), they raise `AssertionError` at the first sample.
    `CachedMosaic` and `CachedMixUp` of mmdet and all of mmyolo's keep or load the pictures themselves.

    Source: `mmdet/datasets/transforms/transforms.py` and `mmseg/datasets/transforms/transforms.py`, `assert 'mix_results'
    in results`; `mmdet/datasets/dataset_wrappers.py`, `MultiImageMixDataset.__getitem__`.

    ```py title="bad"
    default_scope = 'mmdet'
    train_dataloader = dict(
        batch_size=2,
        num_workers=2,
        sampler=dict(type='DefaultSampler', shuffle=True),
        dataset=dict(
            type='CocoDataset',
            ann_file='train.json',
            pipeline=[
                dict(type='LoadImageFromFile'),
                dict(type='LoadAnnotations', with_bbox=True),
                dict(type='Mosaic', img_scale=(640, 640)),
                dict(type='PackDetInputs'),
            ]))
    ```

    ```py title="good"
    default_scope = 'mmdet'
    train_dataloader = dict(
        batch_size=2,
        num_workers=2,
        sampler=dict(type='DefaultSampler', shuffle=True),
        dataset=dict(
            type='MultiImageMixDataset',
            dataset=dict(
                type='CocoDataset',
                ann_file='train.json',
                pipeline=[dict(type='LoadImageFromFile'), dict(type='LoadAnnotations', with_bbox=True)]),
            pipeline=[dict(type='Mosaic', img_scale=(640, 640)), dict(type='PackDetInputs')]))
    ```
    """
    for loader in loaders(context):
        if MIXING.isdisjoint(loader.words):
            continue
        for dataset in loader.datasets:
            pipeline = dataset.get('pipeline')
            if pipeline is not None and isinstance(pipeline.value, (list, tuple)):
                yield from _of_pipeline(context, dataset, pipeline)


def _of_pipeline(context: Context, dataset: Item, pipeline: Item) -> Iterator[Diagnostic]:
    for each in transforms(pipeline):
        kind = each.value.get('type')
        if not isinstance(kind, (str, Lazy)) or type_name(kind) not in MIXING:
            continue
        facts, owner = data_facts_of(context, each), dataset.value.get('type')
        if type_name(kind) not in facts.mixing_transforms or not isinstance(owner, (str, Lazy)):
            continue
        direct = each.parent is not None and each.parent.key == pipeline.key
        wraps = type_name(owner) == facts.mixing_wrapper
        known = package_of(context, dataset) is not None
        if known and not (wraps and direct):
            where = 'inside of another transform' if wraps else f'in the pipeline of `{type_name(owner)}`'
            message = f'`{type_name(kind)}` {where} gets no other pictures to mix'
            code = f'pipeline=[dict(type={str(getattr(kind, "name", kind))!r})]'
            text = f'put it directly into the pipeline of a `{facts.mixing_wrapper}` around the dataset'
            related = (dataset.get('type'),)
            raises = "AssertionError (`assert 'mix_results' in results`)"
            parts: dict[str, Any] = {'raises': raises, 'advice': Advice(text, code), 'explains': (dataset,)}
            yield report_between(context, each, related, message, **parts)
            return
