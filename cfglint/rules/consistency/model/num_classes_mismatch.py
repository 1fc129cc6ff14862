"""The number of classes of heads against that of datasets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from cfglint.catalog.model_facts import model_facts
from cfglint.diagnostics import Advice, Diagnostic, Severity
from cfglint.language.values import is_known
from cfglint.rules.cause import report_between
from cfglint.rules.reading.heads import Path, parts_of
from cfglint.rules.reading.items import item_at
from cfglint.rules.reading.loaders import Section, is_wrapper, loaders
from cfglint.rules.reading.own_datasets import OwnDataset, copied_dataset, own_dataset
from cfglint.rules.reading.parts import default_of
from cfglint.rules.reading.types import class_name, type_name
from cfglint.rules.rule import rule
from cfglint.sections.table import LOADERS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cfglint.rules.context import Context
    from cfglint.rules.reading.items import Item

LIBRARIES: Final = frozenset({'mmdet', 'mmseg', 'mmpretrain', 'mmyolo', 'mmrotate', 'mmdet3d', 'mmcls'})
"""Where every head predicts one output for each class of the dataset."""
_MOST_SHOWN: Final = 80


@rule(scope='entry', severity=Severity.WARNING, reads=('model', *LOADERS), words=('num_classes',))
def num_classes_mismatch(context: Context) -> Iterator[Diagnostic]:
    """A head that predicts another number of classes than the dataset has.

    The dataset has the classes of `metainfo`, or those that it is known for (80 for `CocoDataset`) where the config
    gives none. Each head is compared, also a `mask_head` or an `auxiliary_head`, which are easily forgotten. MMEngine
    does not compare them; with mmdet's `NumClassCheckHook` it stops with `does not matches the length of classes`.
    Without it, labels are out of range (a CUDA assertion, or `index out of range`), or metrics are wrong in silence.

    ```py title="bad"
    default_scope = 'mmdet'
    model = dict(type='RetinaNet', bbox_head=dict(type='RetinaHead', num_classes=80))
    train_dataloader = dict(dataset=dict(type='CocoDataset', metainfo=dict(classes=('can', 'bottle'))))
    val_dataloader = test_dataloader = None
    ```

    One class more, for points or pixels that count nowhere, is a convention of lidar segmentation: it needs an
    `ignore_index` of that very number. The RoI heads of a panoptic model predict things only.

    ```py title="good"
    default_scope = 'mmdet'
    model = dict(type='RetinaNet', bbox_head=dict(type='RetinaHead', num_classes=2))
    train_dataloader = dict(dataset=dict(type='CocoDataset', metainfo=dict(classes=('can', 'bottle'))))
    val_dataloader = test_dataloader = None
    ```
    """
    model = context.section('model')
    if model is None or not isinstance(model.value, dict) or 'language_model' in model.value:
        return  # what a text names is predicted, not classes
    heads = parts_of(context, model.value).heads
    panoptic = _is_panoptic(model.value)
    reported: set[Path] = set()
    learnt: dict[Path, Item] = {}
    apart: set[str] = set()
    for loader in loaders(context) if heads else ():
        for classes, count in loader.find('class counts', lambda section: _agreed(_counts(context, section))):
            for path, predicted in heads:
                head = item_at(model, path)
                if predicted == count and loader.item.key == 'train_dataloader':
                    learnt[path] = classes
                if predicted == count or path in reported or (panoptic and classes.name != 'thing_classes'):
                    continue
                if predicted == count + 1 and (_ignores(head.parent, count) or _ignores(_dataset_of(classes), count)):
                    continue
                reported.add(path)
                if path not in learnt:
                    yield _diagnostic(context, head, classes, count)
                elif classes.key not in apart:
                    apart.add(classes.key)
                    yield _report_apart(context, head, classes, count, learnt[path])


def _is_panoptic(model: dict[Any, Any]) -> bool:
    """Tell whether a model tells things from stuff: its heads predict a part of the classes each."""
    parts = [part for part in model.values() if isinstance(part, dict)]
    return any('num_things_classes' in part or 'num_stuff_classes' in part for part in parts)


def _ignores(owner: Item | None, label: int) -> bool:
    """Tell whether a head, its loss or a dataset ignores a label."""
    if owner is None or not isinstance(owner.value, dict):
        return False
    losses = (value for value in owner.value.values() if isinstance(value, dict))
    return any(part.get('ignore_index') == label for part in (owner.value, *losses))


def _dataset_of(classes: Item) -> Item | None:
    """Return the dataset whose classes are given, in `metainfo` or by its type."""
    inner = classes.parent
    return inner.parent if inner is not None and inner.name == 'metainfo' else inner


def _agreed(counts: Iterator[tuple[Item, int]]) -> list[tuple[Item, int]]:
    """Return the counts of a dataloader whose datasets agree: of mixed ones, a text or the model says what is predicted."""
    found = list(counts)
    several = {count for classes, count in found if classes.name != 'thing_classes'}
    return [] if len(several) > 1 else found


def _counts(context: Context, loader: Section) -> Iterator[tuple[Item, int]]:
    """Yield where a dataloader says how many classes there are."""
    for leaf in loader.leaves:
        if _is_misplaced(context, loader, leaf):
            continue
        metainfo = leaf.get('metainfo')
        classes = leaf.get('classes') if metainfo is None else metainfo.get('classes') or leaf.get('classes')
        if classes is not None:
            names = classes.value
            if isinstance(names, (list, tuple)) and all(isinstance(name, str) for name in names):
                yield classes, len(names)
            things = None if metainfo is None else metainfo.get('thing_classes')
            if things is not None and isinstance(things.value, (list, tuple)):
                yield things, len(things.value)
        elif metainfo is None or (
            isinstance(metainfo.value, dict) and is_known(metainfo.value) and 'CLASSES' not in metainfo.value
        ):  # what is written in capitals is another rule's
            kind, count = leaf.get('type'), _by_itself(context, leaf, loader.scope)
            if kind is not None and count is not None:
                yield kind, count


def _by_itself(context: Context, leaf: Item, scope: str) -> int | None:
    """Return how many classes a dataset has where the config names none, None if that is not known."""
    known = class_name(leaf.value, scope)
    if known is None or known.package not in LIBRARIES:
        return None if known is None else _own_count(context, leaf, scope)
    switch = model_facts(known.package).class_switches.get(known.name, '')
    if leaf.value.get(switch, False) is not False:
        return None
    count = _count_of(known.package, known.name)
    # Of one that is not counted by itself, models may take some classes only: pedestrians alone in MOT.
    copied = None if count is None else copied_dataset(context, leaf, scope)
    if copied is not None and (switch or (count := _names_of(copied)) is None):
        return None
    return count if count is not None else _own_count(context, leaf, scope)


def _count_of(package: str, name: str) -> int | None:
    """Return how many classes a dataset of a library has by itself."""
    return model_facts(package).dataset_classes.get(name)


def _count_at(path: str) -> int | None:
    """Return how many classes the dataset at a dotted path has by itself."""
    package = path.partition('.')[0]
    return _count_of(package, path.rpartition('.')[2]) if package in LIBRARIES else None


def _own_count(context: Context, leaf: Item, scope: str) -> int | None:
    """Return how many classes a dataset of the user's own has, None if that is not known."""
    own = own_dataset(context, leaf, scope)
    package = '' if own is None else own.base.partition('.')[0]
    if own is None or package not in LIBRARIES or own.may_change:
        return None
    if own.metainfo is None:
        if any(each.assigned('CLASSES') is not None for each in own.classes):
            return None
        inherited = own.lineage[own.lineage.index(own.base) :]
        return next(filter(None, map(_count_at, inherited)), None)
    return _names_of(own)


def _names_of(own: OwnDataset) -> int | None:
    names = None if own.may_change else own.known_field('classes')
    return len(names) if isinstance(names, (list, tuple)) else None


def _is_misplaced(context: Context, loader: Section, leaf: Item) -> bool:
    """Tell whether the classes are given where the dataset does not look for them: other rules tell of that."""
    metainfo = leaf.value.get('metainfo')
    takes_classes = 'classes' in leaf.value and default_of(context, leaf, 'classes') is not None
    if ('classes' in leaf.value and not takes_classes) or (isinstance(metainfo, dict) and 'CLASSES' in metainfo):
        return True
    return any('metainfo' in dataset.value for dataset in loader.datasets if is_wrapper(dataset))


def _diagnostic(context: Context, head: Item, classes: Item, count: int) -> Diagnostic:
    if classes.name != 'type':
        words, instead = f'`{classes.key}` names {count}', 'write'
    else:
        words, instead = (
            f'`{type_name(classes.value)}` of `{classes.key.partition(".")[0]}` has {count} by itself',
            'name others in its `metainfo`, or write',
        )
    message, advice = f'`{head.key}` is {head.value}, but {words}', Advice(instead, f'{head.name}={count}')
    return report_between(context, head, (classes,), message, advice=advice)


def _report_apart(context: Context, head: Item, classes: Item, count: int, learnt: Item) -> Diagnostic:
    """Report data of another stage that has other classes than those of training, which the head predicts."""
    section, dataset = classes.key.partition('.')[0], _dataset_of(classes)
    message = f'`{section}` has {count} classes, but the training data has {head.value}, as `{head.key}` says'
    code = f'metainfo=dict(classes={learnt.value!r})'
    advice = Advice(f'name the same classes, those of `{learnt.key}`')
    if dataset is not None and learnt.name == 'classes' and len(code) <= _MOST_SHOWN:
        advice = Advice(f'name the same classes in `{dataset.key}`:', code)
    return report_between(context, classes, (learnt,), message, about=head, advice=advice)
