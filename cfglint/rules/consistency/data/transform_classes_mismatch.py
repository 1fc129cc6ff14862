"""Classes that are named to a transform and to its dataset."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cfglint.catalog.data_facts import data_facts
from cfglint.diagnostics import Advice
from cfglint.rules.cause import report_between
from cfglint.rules.reading.items import item_below
from cfglint.rules.reading.loaders import is_new, loaders, transforms
from cfglint.rules.reading.lookup import is_stock
from cfglint.rules.rule import rule
from cfglint.sections.table import LOADERS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cfglint.diagnostics import Diagnostic
    from cfglint.rules.context import Context
    from cfglint.rules.reading.items import Item


@rule(scope='entry', ignored=True, reads=LOADERS)
def transform_classes_mismatch(context: Context) -> Iterator[Diagnostic]:
    """A transform of mmdet3d that is told other classes than its dataset, or in another order.

    `ObjectSample` pastes objects under the numbers that their classes have in its own `db_sampler.classes`, and
    `ObjectNameFilter` keeps as many labels as it is told classes: both go by numbers. Where the dataset numbers its classes in
    another way, objects are learnt under wrong names, or thrown away.

    Sources: `mmdet3d/datasets/transforms/dbsampler.py`, `cat2label`; `ObjectNameFilter` of
    `mmdet3d/datasets/transforms/transforms_3d.py`.

    ```py title="bad"
    default_scope = 'mmdet3d'
    train_dataloader = dict(
        dataset=dict(
            type='KittiDataset',
            ann_file='a.pkl',
            metainfo=dict(classes=['Pedestrian', 'Cyclist', 'Car']),
            pipeline=[dict(type='ObjectNameFilter', classes=['Car'])]))
    ```

    ```py title="good"
    default_scope = 'mmdet3d'
    train_dataloader = dict(
        dataset=dict(
            type='KittiDataset',
            ann_file='a.pkl',
            metainfo=dict(classes=['Pedestrian', 'Cyclist', 'Car']),
            pipeline=[dict(type='ObjectNameFilter', classes=['Pedestrian', 'Cyclist', 'Car'])]))
    ```
    """
    facts, seen = data_facts(context.given_scope).classes_arguments, set[int]()
    for loader in loaders(context) if facts else ():
        for dataset in loader.leaves if not facts.keys().isdisjoint(loader.words) else ():
            classes = item_below(dataset, 'metainfo.classes')
            for transform in () if classes is None else transforms(dataset.get('pipeline')):
                own = item_below(transform, facts.get(transform.type_name or '', ''))
                if classes is not None and own is not None and is_new(own, seen):
                    yield from _judge(context, transform, own, classes)


def _judge(context: Context, transform: Item, own: Item, classes: Item) -> Iterator[Diagnostic]:
    if not (_are_texts(own.value) and _are_texts(classes.value)) or list(own.value) == list(classes.value):
        return
    if is_stock(context, transform):
        how = 'in another order than' if sorted(own.value) == sorted(classes.value) else 'not'
        message = f'the classes of `{transform.type_name}` are {how} those of `{classes.key}`'
        advice = Advice('name the same classes in the same order:', f'classes={list(classes.value)!r}')
        yield report_between(context, own, (classes,), message, advice=advice)


def _are_texts(names: Any) -> bool:
    return isinstance(names, (list, tuple)) and all(isinstance(name, str) for name in names)
