"""Pipelines that do not pack what they load."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from cfglint.diagnostics import Advice
from cfglint.rules.cause import report_between
from cfglint.rules.reading.loaders import Section, is_new, is_wrapper, loaders
from cfglint.rules.reading.lookup import installation_of
from cfglint.rules.rule import rule
from cfglint.sections.table import LOADERS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cfglint.diagnostics import Diagnostic
    from cfglint.rules.context import Context
    from cfglint.rules.reading.items import Item


@rule(scope='entry', raises="KeyError: 'inputs'", reads=LOADERS)
def unpacked_pipeline(context: Context) -> Iterator[Diagnostic]:
    """A pipeline without a `Pack…Inputs` at its end.

    Since MMEngine, models take `inputs` and `data_samples`, which a last transform makes of all that the others have loaded:
    `PackDetInputs` of mmdet, `PackSegInputs` of mmseg and so on. Without it, the first batch fails with
    `KeyError: 'inputs'`. Nothing is said of pipelines with transforms of one's own, nor of datasets of one's own.

    ```py title="bad"
    default_scope = 'mmdet'
    train_dataloader = dict(
        dataset=dict(type='CocoDataset', pipeline=[dict(type='LoadImageFromFile'), dict(type='LoadAnnotations', with_bbox=True)]))
    ```

    ```py title="good"
    default_scope = 'mmdet'
    train_dataloader = dict(
        dataset=dict(
            type='CocoDataset',
            pipeline=[
                dict(type='LoadImageFromFile'), dict(type='LoadAnnotations', with_bbox=True), dict(type='PackDetInputs')]))
    ```
    """

    def unpacked(loader: Section) -> Iterator[Item]:
        if not any(type(word) is str and word.startswith('Pack') for word in loader.words):
            yield from _unpacked(context, loader)

    seen: set[int] = set()
    message = 'nothing packs the inputs of the model at the end of this pipeline'
    for loader in loaders(context):
        # A wrapper may have what packs in a pipeline of its own.
        outer = tuple(dataset.get('pipeline') for dataset in loader.datasets if is_wrapper(dataset))
        for pipeline in loader.find('unpacked', unpacked):
            if is_new(pipeline, seen):
                advice = _packing(loader.scope)
                yield report_between(context, pipeline, outer, message, raises="KeyError: 'inputs'", advice=advice)


PACKERS: Final = {
    'mmdet': 'PackDetInputs',
    'mmseg': 'PackSegInputs',
    'mmpretrain': 'PackInputs',
    'mmpose': 'PackPoseInputs',
    'mmaction': 'PackActionInputs',
    'mmagic': 'PackInputs',
    'mmdet3d': 'Pack3DDetInputs',
    'mmrotate': 'PackDetInputs',
    'mmyolo': 'PackDetInputs',
}
"""Scope → the transform that packs what its models take; mmocr and others have several."""


def _packing(scope: str) -> Advice:
    name = PACKERS.get(scope)
    if name is None:
        return Advice('end it with the `Pack…Inputs` of the library')
    kind = f'mmdet.{name}' if scope in ('mmrotate', 'mmyolo') else name
    return Advice(f'end the list with `dict(type={kind!r})`')


def _unpacked(context: Context, loader: Section) -> Iterator[Item]:
    """Yield the pipelines of a dataloader of which all is known: datasets, transforms, and how batches are made."""
    if 'collate_fn' in loader.words or not loader.plain_transforms:
        return
    if not all(_is_stock(context, each, 'TRANSFORMS', loader.scope) for each in loader.plain_transforms):
        return
    for dataset in loader.leaves:
        pipeline = dataset.get('pipeline')
        if pipeline is not None and pipeline.value and _is_stock(context, dataset.value, 'DATASETS', loader.scope):
            yield pipeline


def _is_stock(context: Context, value: dict[Any, Any], registry: str, scope: str) -> bool:
    kind = value.get('type')
    found = installation_of(context).find(kind, registry, scope) if isinstance(kind, str) else None
    return found is not None and found.kind == 'class' and found.library not in ('', 'mmengine')
