"""Images that are tensors before they are packed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cfglint.diagnostics import Advice
from cfglint.rules.reading.loaders import Section, is_new, loaders, transforms
from cfglint.rules.reading.types import type_name
from cfglint.rules.rule import rule
from cfglint.sections.table import LOADERS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from cfglint.diagnostics import Diagnostic
    from cfglint.rules.context import Context
    from cfglint.rules.reading.items import Item

MAKE_TENSORS: Final = frozenset({'ImageToTensor', 'ToTensor'})
NO_ARRAY: Final = "AttributeError: 'Tensor' object has no attribute 'flags'"
PACK_ARRAYS: Final = {
    'PackDetInputs': NO_ARRAY,
    'PackSegInputs': NO_ARRAY,
    'PackTextDetInputs': NO_ARRAY,
    'PackTextRecogInputs': NO_ARRAY,
    'PackKIEInputs': NO_ARRAY,
    'Pack3DDetInputs': NO_ARRAY,
    'PackPoseInputs': 'AssertionError',
}
"""What packs arrays only, with what it says of a tensor. mmpretrain's and mmagic's `PackInputs` take both."""


@rule(scope='entry', raises="'Tensor' object has no attribute 'flags'", reads=LOADERS, words=MAKE_TENSORS)
def tensor_before_packing(context: Context) -> Iterator[Diagnostic]:
    """A transform that makes a tensor of the image, before one that packs arrays.

    In 0.x, `ImageToTensor` stood before `Collect` in test pipelines. `PackDetInputs` and its kind, which replaced
    `Collect`, make the tensor themselves and fail at the first image that is one.

    ```py title="bad"
    test_dataloader = dict(
        dataset=dict(
            type='ToyDataset',
            pipeline=[dict(type='LoadImageFromFile'), dict(type='ImageToTensor', keys=['img']), dict(type='PackDetInputs')]))
    test_cfg = dict()
    test_evaluator = dict(type='ToyMetric')
    ```

    ```py title="good"
    test_dataloader = dict(
        dataset=dict(type='ToyDataset', pipeline=[dict(type='LoadImageFromFile'), dict(type='PackDetInputs')]))
    test_cfg = dict()
    test_evaluator = dict(type='ToyMetric')
    ```
    """
    seen: set[int] = set()
    for early, packer in [pair for loader in loaders(context) for pair in loader.find('early tensors', _early)]:
        if is_new(early, seen):
            name, maker = str(type_name(packer.value['type'])), type_name(early.value['type'])
            message = f'`{maker}` makes a tensor of the image, but `{name}` takes only arrays'
            advice = Advice(f'remove `{maker}`: `{name}` makes the tensor itself')
            place = (context.related(packer, 'packed here'),)
            yield context.report(early, message, raises=PACK_ARRAYS[name], advice=advice, related=place)


def _early(loader: Section) -> Iterator[tuple[Item, Item]]:
    if not MAKE_TENSORS.isdisjoint(loader.words) and not PACK_ARRAYS.keys().isdisjoint(loader.words):
        for dataset in loader.datasets:
            yield from _pairs(transforms(dataset.get('pipeline')))


def _pairs(pipeline: Iterable[Item]) -> Iterator[tuple[Item, Item]]:
    """Yield what makes a tensor of the image, with the next transform that packs arrays."""
    early: list[Item] = []
    for transform in pipeline:
        kind, keys = transform.type_name, transform.value.get('keys')
        if kind in MAKE_TENSORS and isinstance(keys, (list, tuple)) and 'img' in keys:
            early.append(transform)
        elif kind in PACK_ARRAYS:
            yield from ((each, transform) for each in early)
            early.clear()
