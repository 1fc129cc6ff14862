"""Arguments of mmcv's transforms."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Literal

from cfglint.rules.cause import report_between, unset
from cfglint.rules.component.arguments import OF_ARGUMENTS
from cfglint.rules.facts.transforms import FAULTS, OTHERS, Fault
from cfglint.rules.reading.loaders import Section, is_new, loaders, transforms
from cfglint.rules.reading.types import class_name
from cfglint.rules.rule import rule

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from cfglint.diagnostics import Diagnostic
    from cfglint.rules.context import Context
    from cfglint.rules.reading.items import Item

PACKAGES: Final = frozenset({
    '', 'mmengine', 'mmcv', 'mmdet', 'mmseg', 'mmpretrain', 'mmpose', 'mmaction', 'mmagic', 'mmocr', 'mmyolo',
    'mmrotate', 'mmdet3d',
})  # fmt: skip


@rule(scope='entry', raises='probs must be float', yields_to=OF_ARGUMENTS)
def invalid_transform_argument(context: Context) -> Iterator[Diagnostic]:
    """A value that a transform of mmcv or mmdet3d refuses, when it is built or at the first sample.

    Several take tuples but no lists (`scale`, `crop_size`), floats but no integers (`prob`), or one argument but not
    another; columns of points have to be among those that are loaded. The library's own words stand in each message.

    ```py title="bad"
    train_dataloader = dict(dataset=dict(type='ToyDataset', pipeline=[dict(type='RandomFlip', prob=1)]))
    ```

    ```py title="good"
    train_dataloader = dict(dataset=dict(type='ToyDataset', pipeline=[dict(type='RandomFlip', prob=1.0)]))
    ```
    """
    found = [fault for loader in loaders(context) for fault in loader.find('transforms', _faults)]
    augmentation = context.section('tta_pipeline')
    if augmentation is not None:
        scope = context.given_scope
        found += context.shared(
            ('tta', scope), augmentation.value, lambda: list(_faults_of(transforms(augmentation), scope))
        )
    seen: set[int] = set()
    for transform, fault in found:
        if is_new(transform, seen):
            item = transform.get(fault.argument) if fault.argument else None
            at: Literal['key', 'value'] = 'key' if item is None else 'value'
            yield report_between(
                context,
                item or transform,
                unset(context, 'default_scope'),
                fault.message,
                at=at,
                raises=fault.raises,
                advice=fault.advice,
            )


def _faults(loader: Section) -> Iterator[tuple[Item, Fault]]:
    # Most pipelines are right: their items are not even made.
    if any(_refused(each, loader.scope) for each in loader.plain_transforms):
        yield from _faults_of(loader.transforms, loader.scope)


def _faults_of(items: Iterable[Item], scope: str) -> Iterator[tuple[Item, Fault]]:
    """Yield the transforms that refuse an argument, with what they refuse."""
    for transform in items:
        yield from ((transform, fault) for fault in _refused(transform.value, scope))


def _refused(transform: dict[Any, Any], scope: str) -> list[Fault]:
    known = class_name(transform, scope)
    if known is None or known.name not in FAULTS or known.package not in PACKAGES:
        return []
    return [] if known.name in OTHERS.get(known.package, ()) else list(FAULTS[known.name](transform))
