"""Arguments of mmcv's transforms."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from cfglint.diagnostics import Diagnostic
from cfglint.rules.facts.data import datasets, default_scope, is_new, loaders, remembered, stock, transforms
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
    found = [
        each for loader in loaders(context) for each in remembered(context, 'transforms', loader, lambda item: _below(item, scope))
    ]
    augmentation = context.root.get('tta_pipeline')
    if augmentation is not None:
        found += remembered(context, 'transforms', augmentation, lambda item: _faults(item, scope))
    for transform, argument, message in found:
        if is_new(transform, seen):
            item = transform.get(argument) if argument else None
            yield context.report(transform if item is None else item, message, at='key' if item is None else 'value')


def _below(loader: Item, scope: str) -> Iterator[tuple[Item, str, str]]:
    for dataset in datasets(loader):
        yield from _faults(dataset.get('pipeline'), scope)


def _faults(pipeline: Item | None, scope: str) -> Iterator[tuple[Item, str, str]]:
    for transform in transforms(pipeline):
        known = stock(transform.value, scope)
        if known is None or known.package not in PACKAGES or known.name in OTHERS.get(known.package, ()):
            continue
        for argument, message in FAULTS[known.name](transform.value) if known.name in FAULTS else ():
            yield transform, argument, message
