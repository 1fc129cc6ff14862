"""Dicts that have no `type` in lists of what is built, wherever the list stands."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from cfglint.diagnostics import Advice
from cfglint.language.values import Array, Lazy, Row, Table, Unknown
from cfglint.rules.reading.items import Item, item_at
from cfglint.rules.reading.loaders import is_new
from cfglint.rules.reading.lookup import Use, resolve
from cfglint.rules.rule import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cfglint.diagnostics import Diagnostic
    from cfglint.rules.context import Context

LISTS: Final = frozenset({
    'transforms', 'pre_transform', 'policies', 'datasets', 'metrics', 'augments', 'batch_augments', 'vis_backends',
    'val_evaluator', 'test_evaluator',
})  # fmt: skip
"""Keys of lists of which each item is built, beside those that are called a pipeline."""
PIPELINE: Final = re.compile(r'(?:^|_)pipeline(?!s)')
WORDS: Final = (*sorted(LISTS), 'pipeline')


@rule(scope='file', era='all', raises='must contain the key "type"')
def typeless_item(context: Context) -> Iterator[Diagnostic]:
    """A dict without `type` in a list of transforms, datasets, metrics or augmentations.

    They are built one by one, and what a dict without `type` is nobody can tell: MMEngine fails with
    ``KeyError: `cfg` or `default_args` must contain the key "type"``. A list replaces that of a base, so that each has to be
    whole where it is written. Told where another item of the list has a type, and no class of the user's own gets the list.

    ```py title="bad"
    train_pipeline = [dict(type='LoadImageFromFile'), dict(scale=(1333, 800), keep_ratio=True)]
    train_dataloader = dict(dataset=dict(type='ToyDataset', pipeline=train_pipeline))
    ```

    ```py title="good"
    train_pipeline = [dict(type='LoadImageFromFile'), dict(type='Resize', scale=(1333, 800), keep_ratio=True)]
    train_dataloader = dict(dataset=dict(type='ToyDataset', pipeline=train_pipeline))
    ```
    """
    config = context.config
    if not any(word in config.source.text for word in WORDS):
        return
    seen: set[int] = set()
    top = Item('', config.own, None, None)
    for path in _paths('', config.own):
        item = item_at(top, path)
        if item.origin is None or item.origin.source is not config.source or not is_new(item, seen):
            continue
        if not _is_own(context, item):
            raises = 'KeyError: `cfg` or `default_args` must contain the key "type"'
            advice = Advice('name what it is: add `type`')
            yield context.report(item, f'`{item.key}` has no `type`', at='value', raises=raises, advice=advice)


def _paths(name: str, value: Table | Array | Row) -> list[tuple[Any, ...]]:
    """Return the ways to the dicts without `type` in the lists of transforms below a value that stands at a key."""
    found: list[tuple[Any, ...]] = []
    _collect(name, value, (), found, set())
    return found


def _collect(
    name: str,
    value: Table | Array | Row,
    way: tuple[Any, ...],
    found: list[tuple[Any, ...]],
    seen: set[tuple[str, int]],
) -> None:
    if (name, id(value)) in seen:
        return  # several keys of one name share it
    seen.add((name, id(value)))
    if isinstance(value, Table):
        for key, each in value.items():
            if isinstance(each, (Table, Array, Row)):
                _collect(str(key), each, (*way, key), found, seen)
        return
    builds = (name in LISTS or PIPELINE.search(name) is not None) and any(map(_has_type, value))
    for index, each in enumerate(value):
        if not isinstance(each, (Table, Array, Row)):
            continue
        if builds and isinstance(each, Table) and _lacks_type(each):
            found.append((*way, index))
        _collect(name, each, (*way, index), found, seen)


def _has_type(value: Any) -> bool:
    return isinstance(value, Table) and 'type' in value


def _lacks_type(value: Table) -> bool:
    return 'type' not in value and not any(isinstance(key, Unknown) for key in value)


def _is_own(context: Context, item: Item) -> bool:
    """Tell whether a class of the user's own gets the list, and may do something else with it."""
    owner = item.parent
    while owner is not None and not (isinstance(owner.value, Table) and 'type' in owner.value):
        owner = owner.parent
    kind = None if owner is None else owner.get('type')
    if owner is None or kind is None or not isinstance(kind.value, (str, Lazy)):
        return False
    found = resolve(context, Use(owner, kind, None, context.scope, owner.name))
    return found is not None and (not found.component.library or context.libraries.own.holds(found.component.module))
