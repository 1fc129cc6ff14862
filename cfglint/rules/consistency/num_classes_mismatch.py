"""The number of classes of heads against that of datasets."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final, NamedTuple

from cfglint.diagnostics import Diagnostic, Severity
from cfglint.rules.context import type_name
from cfglint.rules.facts.data import default_scope, is_int, leaves, loaders, stock
from cfglint.rules.facts.place import report_between
from cfglint.rules.rule import rule
from cfglint.rules.facts.stock import CLASSES

if TYPE_CHECKING:
    from cfglint.rules.context import Context, Item

SLOTS: Final = frozenset({'bbox_head', 'mask_head', 'decode_head', 'auxiliary_head', 'head', 'cls_head', 'head_module'})
"""Where the libraries keep what predicts the classes of the dataset."""
OTHER_CLASSES: Final = frozenset({'STDCHead'})
"""Heads that predict something else than the classes of the dataset, such as edges."""
LIBRARIES: Final = frozenset({'mmdet', 'mmseg', 'mmpretrain', 'mmyolo', 'mmrotate', 'mmdet3d', 'mmcls'})
"""Where every head predicts one output for each class of the dataset."""


class Head(NamedTuple):
    """A head of the model: its place below the model, and how many classes it predicts."""

    path: tuple[str | int, ...]
    count: int
    slot: str


@rule(scope='entry', severity=Severity.WARNING)
def num_classes_mismatch(context: Context) -> Iterator[Diagnostic]:
    """A head that predicts another number of classes than the dataset has.

    The dataset has the classes of `metainfo`, or those that it is known for (80 for `CocoDataset`) where the config gives
    none. Each head is compared, also a `mask_head` or an `auxiliary_head`, which are easily forgotten. MMEngine does
    not compare them; with mmdet's `NumClassCheckHook` it stops with `does not matches the length of classes`. Without
    it, labels are out of range (a CUDA assertion, or `index out of range`), or metrics are wrong in silence.

    ```py title="bad"
    default_scope = 'mmdet'
    model = dict(type='RetinaNet', bbox_head=dict(type='RetinaHead', num_classes=80))
    train_dataloader = dict(dataset=dict(type='CocoDataset', metainfo=dict(classes=('can', 'bottle'))))
    val_dataloader = test_dataloader = None
    ```

    ```py title="good"
    default_scope = 'mmdet'
    model = dict(type='RetinaNet', bbox_head=dict(type='RetinaHead', num_classes=2))
    train_dataloader = dict(dataset=dict(type='CocoDataset', metainfo=dict(classes=('can', 'bottle'))))
    val_dataloader = test_dataloader = None
    ```
    """
    model = context.root.get('model')
    if model is None or not isinstance(model.value, dict) or 'language_model' in model.value:
        return  # what a text names is predicted, not classes
    heads = context.shared('heads', model.value, lambda: list(_heads(model)))
    reported: set[tuple[str | int, ...]] = set()
    for loader in loaders(context) if heads else ():
        scope = default_scope(context)
        counts = context.shared(('class counts', scope), loader.value, lambda: _counts(loader, scope))  # noqa: B023
        for path, count in counts:
            for head in heads:
                if head.count != count and head.path not in reported:
                    reported.add(head.path)
                    yield _diagnostic(context, model, head, _below(loader, path), count)


def _heads(item: Item, slot: str = '') -> Iterator[Head]:
    """Yield what predicts classes, `model` being the root of paths."""
    count = item.value.get('num_classes') if isinstance(item.value, dict) else None
    if is_int(count) and slot in SLOTS and type_name(item.value.get('type')) not in OTHER_CLASSES:
        yield Head((), count, slot)
    if not isinstance(item.value, (dict, list, tuple)):
        return
    for child in item.items():
        if isinstance(child.value, (dict, list, tuple)) and child.name != 'reid':  # it tells objects apart, not classes
            part: str | int = child.name if isinstance(item.value, dict) else int(child.name)
            inner = slot if isinstance(part, int) else part
            for head in _heads(child, inner):
                yield head._replace(path=(part, *head.path))


def _counts(loader: Item, scope: str) -> list[tuple[tuple[str | int, ...], int]]:
    """Return where a dataloader says how many classes there are, below the dataloader."""
    found = []
    for leaf in leaves(loader):
        path = tuple(int(part) if part.isdigit() else part for part in leaf.key[len(loader.key) + 1 :].split('.'))
        count = _given(leaf)
        if count is not None:
            found.append(((*path, 'metainfo', 'classes'), count))
        elif leaf.get('metainfo') is None:
            known = stock(leaf.value, scope)
            if known is not None and known.name in CLASSES.get(known.package, ()) and known.package in LIBRARIES:
                found.append(((*path, 'type'), CLASSES[known.package][known.name]))
    return found


def _given(dataset: Item) -> int | None:
    metainfo = dataset.get('metainfo')
    classes = None if metainfo is None else metainfo.get('classes')
    if classes is None or not isinstance(classes.value, (list, tuple)):
        return None
    return len(classes.value) if all(isinstance(name, str) for name in classes.value) else None


def _below(item: Item, path: tuple[str | int, ...]) -> Item:
    for part in path:
        found = item.get(part)
        assert found is not None
        item = found
    return item


def _diagnostic(context: Context, model: Item, head: Head, classes: Item, count: int) -> Diagnostic:
    place = _below(model, (*head.path, 'num_classes'))
    if classes.name == 'classes':
        words = f'`{classes.key}` names {count}'
    else:
        words = f'`{classes.value}` has {count} by itself, as `{classes.key.removesuffix("type")}metainfo` gives no others'
    return report_between(context, place, (classes,), f'`{place.key}` is {head.count}, but {words}')
