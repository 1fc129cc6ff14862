"""The things and the stuff of panoptic heads against the classes of datasets."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from cfglint.catalog.model_facts import model_facts
from cfglint.diagnostics import Advice, Severity
from cfglint.language.numbers import is_int
from cfglint.language.values import is_known
from cfglint.rules.cause import report_between
from cfglint.rules.reading.loaders import Section, loaders
from cfglint.rules.reading.parts import each_of, facts_of
from cfglint.rules.reading.types import class_name
from cfglint.rules.reading.words import words_in
from cfglint.rules.rule import rule
from cfglint.sections.table import LOADERS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cfglint.catalog.model_facts import Panoptic
    from cfglint.diagnostics import Diagnostic
    from cfglint.rules.context import Context
    from cfglint.rules.reading.items import Item


class _Classes(NamedTuple):
    place: Item
    number: int


@rule(scope='entry', severity=Severity.WARNING, reads=('model', *LOADERS), words=('panoptic_head',))
def panoptic_classes_mismatch(context: Context) -> Iterator[Diagnostic]:
    """A panoptic head whose things and stuff are not as many as the classes of the dataset.

    `num_things_classes` and `num_stuff_classes` (80 and 53, if they are not given) add up to the classes that the head
    predicts. A MaskFormer that is trained on instances alone has no stuff. MMEngine does not compare them with the dataset:
    labels are out of range, or outputs are never learnt.

    Source: `mmdet/models/dense_heads/maskformer_head.py`.

    ```py title="bad"
    default_scope = 'mmdet'
    model = dict(
        type='MaskFormer', panoptic_head=dict(type='MaskFormerHead', num_things_classes=80, num_stuff_classes=0))
    train_dataloader = dict(dataset=dict(type='CocoDataset', metainfo=dict(classes=('can', 'bottle'))))
    val_dataloader = test_dataloader = None
    ```

    ```py title="good"
    default_scope = 'mmdet'
    model = dict(
        type='MaskFormer', panoptic_head=dict(type='MaskFormerHead', num_things_classes=2, num_stuff_classes=0))
    train_dataloader = dict(dataset=dict(type='CocoDataset', metainfo=dict(classes=('can', 'bottle'))))
    val_dataloader = test_dataloader = None
    ```
    """
    model = context.section('model')
    if model is None or not isinstance(model.value, dict) or 'panoptic_head' not in words_in(context, model.value):
        return
    for head in each_of(model.get('panoptic_head')):
        facts = facts_of(context, head).panoptic
        total = None if facts is None else _total(head, facts)
        if facts is None or total is None:
            continue
        for loader in loaders(context):
            wrong = next((each for each in loader.find('all classes', _classes) if each.number != total), None)
            if wrong is not None:
                things, stuff = (head.get(name) for name in facts.defaults)
                item = things or stuff or head
                names = ' + '.join(f'`{name}`' for name in facts.defaults)
                message = f'{names} is {total}, but `{wrong.place.key}` has {wrong.number} classes'
                advice = Advice('let the two together be as many as the classes of the dataset')
                yield report_between(context, item, (wrong.place, stuff), message, advice=advice)
                return


def _total(head: Item, facts: Panoptic) -> int | None:
    counts = [head.value.get(name, default) for name, default in facts.defaults.items()]
    return sum(counts) if all(map(is_int, counts)) else None


def _classes(loader: Section) -> Iterator[_Classes]:
    """Yield how many classes the datasets of a dataloader have."""
    for leaf in loader.leaves:
        metainfo, known, kind = leaf.get('metainfo'), class_name(leaf.value, loader.scope), leaf.get('type')
        if len(loader.datasets) != len(loader.leaves) and any('metainfo' in each.value for each in loader.datasets):
            return
        classes = None if metainfo is None else metainfo.get('classes')
        if classes is not None:
            if isinstance(classes.value, (list, tuple)) and is_known(classes.value):
                yield _Classes(classes, len(classes.value))
        elif metainfo is None and known is not None and kind is not None and known.package == 'mmdet':
            count = model_facts('mmdet').dataset_classes.get(known.name)
            if count is not None:
                yield _Classes(kind, count)
