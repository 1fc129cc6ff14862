"""Which library of 0.x a config is of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cfglint.catalog.library_index import marks
from cfglint.language.values import Lazy

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cfglint.language.config import Config

_SHARED = {'CityscapesDataset': 'mmdet', 'CustomDataset': 'mmdet', 'DeepFashionDataset': 'mmdet'}
"""Datasets of two libraries, and the one that takes ``img_prefix``."""


def library_of(config: Config) -> str | None:
    """Return the library of 0.x whose parts a config names, None if it names none or parts of several."""
    table = config.table
    for key, owner in marks('script_marks').items():
        if key in table:
            return owner
    for values in (_datasets(table.get('data')), [table.get('dataset_type')], [table.get('model')]):
        found = {library for value in values if (library := _library_of_part(value)) is not None}
        if found:
            return found.pop() if len(found) == 1 else None
    return next((library for key, library in marks('key_marks').items() if key in table), None)


def _library_of_part(value: Any) -> str | None:
    name = _named(value) or ''
    if name in marks():
        return marks()[name]
    if not isinstance(value, dict):
        return None
    by_field = next((library for field, library in marks('dataset_marks').items() if field in value), None)
    return by_field or (_SHARED.get(name) if 'img_prefix' in value else None)


def _named(value: Any) -> str | None:
    name = value.get('type') if isinstance(value, dict) else value
    # A part that is taken from another library says nothing about this config.
    if isinstance(name, Lazy):
        return name.name.rpartition('.')[2]
    return name if isinstance(name, str) and '.' not in name else None


def _datasets(data: Any) -> Iterator[Any]:
    """Yield the datasets in ``data``, those inside of wrappers too."""
    if isinstance(data, dict):
        for stage in ('train', 'val', 'test'):
            yield from _unwrapped(data.get(stage), 3)


def _unwrapped(value: Any, depth: int) -> Iterator[Any]:
    if isinstance(value, (list, tuple)):
        for item in value[:4]:
            yield from _unwrapped(item, depth)
    elif isinstance(value, dict):
        inner = [value[name] for name in ('dataset', 'datasets') if name in value]
        for item in inner if depth else ():
            yield from _unwrapped(item, depth - 1)
        if not inner:
            yield value
