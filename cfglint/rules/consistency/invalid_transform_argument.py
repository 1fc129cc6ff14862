"""Arguments of mmcv's transforms."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from cfglint.diagnostics import Diagnostic
from cfglint.rules.facts.data import datasets, default_scope, is_new, loaders, stock, transforms
from cfglint.rules.facts.transforms import FAULTS, OTHERS
from cfglint.rules.rule import rule

if TYPE_CHECKING:
    from cfglint.rules.context import Context, Item

PACKAGES: Final = frozenset({
    '', 'mmengine', 'mmcv', 'mmdet', 'mmseg', 'mmpretrain', 'mmpose', 'mmaction', 'mmagic', 'mmocr', 'mmyolo', 'mmrotate', 'mmdet3d',
})  # fmt: skip


@rule(scope='entry', raises='probs must be float')
def invalid_transform_argument(context: Context) -> Iterator[Diagnostic]:
    """A value that a transform of mmcv refuses, when it is built or at the first sample.

    Several take tuples but no lists (`scale`, `crop_size`), floats but no integers (`prob`), or one argument but not
    another. mmcv's own words stand in each message.

    ```py title="bad"
    train_dataloader = dict(dataset=dict(type='ToyDataset', pipeline=[dict(type='RandomFlip', prob=1)]))
    ```

    ```py title="good"
    train_dataloader = dict(dataset=dict(type='ToyDataset', pipeline=[dict(type='RandomFlip', prob=1.0)]))
    ```
    """
    scope = default_scope(context)
    seen: set[int] = set()
    for pipeline in _pipelines(context):
        found = context.shared(('transforms', scope), pipeline.value, lambda: list(_faults(pipeline, scope)))  # noqa: B023
        for key, argument, message in found:
            transform = context.find(f'{pipeline.key}.{key}')
            if transform is None or not is_new(transform, seen):
                continue
            item = transform.get(argument) if argument else None
            yield context.report(transform if item is None else item, message, at='key' if item is None else 'value')


def _pipelines(context: Context) -> Iterator[Item]:
    for loader in loaders(context):
        for dataset in datasets(loader):
            pipeline = dataset.get('pipeline')
            if pipeline is not None:
                yield pipeline
    pipeline = context.root.get('tta_pipeline')
    if pipeline is not None:
        yield pipeline


def _faults(pipeline: Item, scope: str) -> Iterator[tuple[str, str, str]]:
    for transform in transforms(pipeline):
        known = stock(transform.value, scope)
        if known is None or known.package not in PACKAGES or known.name in OTHERS.get(known.package, ()):
            continue
        for argument, message in FAULTS[known.name](transform.value) if known.name in FAULTS else ():
            yield transform.key[len(pipeline.key) + 1 :], argument, message
