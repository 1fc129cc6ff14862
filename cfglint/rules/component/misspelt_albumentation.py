"""Misspelt transforms of Albumentations, and misspelt arguments of them."""

from __future__ import annotations

from functools import cache
from itertools import islice
from typing import TYPE_CHECKING, Final

from cfglint.catalog.store import read_json
from cfglint.catalog.suggest import nearest
from cfglint.diagnostics import Advice, Applicability, Severity
from cfglint.rules.reading.loaders import is_foreign
from cfglint.rules.reading.parts import component_of, each_of, holding
from cfglint.rules.rule import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cfglint.diagnostics import Diagnostic
    from cfglint.rules.context import Context
    from cfglint.rules.reading.items import Item

_TRANSFORMS: Final = frozenset({'transforms'})
_COMPARED: Final = 200
"""How many transforms, and arguments of one, are compared with those that there are."""


@rule(severity=Severity.WARNING, fixable=True, words=('transforms',))
def misspelt_albumentation(context: Context) -> Iterator[Diagnostic]:
    """A transform of Albumentations, or an argument of one, that no release knows, but nearly.

    `Albu` of mmdet and `Albumentation` of mmpose build their `transforms` from the package of that name, not from a registry.
    A transform that it does not have is an `AttributeError` when the dataset is built. An argument that a transform does not
    take is a `TypeError` in releases of 1.x; those of 2.x warn and ignore it. What they take was read from 1.3.1 and 2.0.8
    (`tools/build_albumentations.py`).

    ```py title="bad"
    default_scope = 'mmdet'
    train_pipeline = [dict(type='Albu', transforms=[dict(type='MedianBlur', blur_limt=3, p=0.1)])]
    train_dataloader = dict(dataset=dict(type='CocoDataset', pipeline=train_pipeline))
    ```

    ```py title="good"
    default_scope = 'mmdet'
    train_pipeline = [dict(type='Albu', transforms=[dict(type='MedianBlur', blur_limit=3, p=0.1)])]
    train_dataloader = dict(dataset=dict(type='CocoDataset', pipeline=train_pipeline))
    ```
    """
    for name in context.config.table:
        for owner in holding(context, context.section(name), _TRANSFORMS, is_foreign):
            found = component_of(context, owner)
            if found is not None and found.library:
                yield from _judge(context, owner)


@cache
def _taken() -> dict[str, list[str]]:
    """Return transform → the arguments that a release takes."""
    found: dict[str, list[str]] = read_json('albumentations.json')
    return found


def _judge(context: Context, owner: Item) -> Iterator[Diagnostic]:
    """Judge the transforms inside of another one."""
    for transform in islice(each_of(owner.get('transforms')), _COMPARED):
        kind = transform.get('type')
        taken = None if kind is None or not isinstance(kind.value, str) else _taken().get(kind.value)
        if kind is not None and taken is None and isinstance(kind.value, str):
            near = nearest(kind.value, _taken(), 1)
            if near:
                message = f'Albumentations has no `{kind.value:.40}`'
                fix = context.replace_value(kind, repr(near[0]), f'Rename to `{near[0]}`')
                yield context.report(kind, message, at='value', fix=fix, advice=Advice('write', repr(near[0])))
        for item in islice(transform.items(), _COMPARED) if taken is not None else ():
            near = [] if item.name in ('type', *(taken or ())) else nearest(item.name, taken or (), 1)
            if near and near[0] not in transform.value:
                message = f'`{transform.type_name}` of Albumentations does not take `{item.name:.40}`'
                fix = context.replace_key(item, near[0], f'Rename to `{near[0]}`', Applicability.UNSAFE)
                yield context.report(item, message, misspelt=near[0], fix=fix, advice=Advice('write', near[0]))
        if transform.get('transforms') is not None:
            yield from _judge(context, transform)
