"""Which library of 0.x a config belongs to, and what became of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cfglint.rules.context import type_name
from cfglint.rules.deprecated.tables import LIBRARY_OF

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cfglint.language.config import Config

SUCCESSORS = {
    'mmdet': 'mmdet', 'mmseg': 'mmseg', 'mmcls': 'mmpretrain', 'mmselfsup': 'mmpretrain', 'mmpose': 'mmpose',
    'mmaction': 'mmaction', 'mmocr': 'mmocr', 'mmedit': 'mmagic', 'mmgen': 'mmagic', 'mmrotate': 'mmrotate',
    'mmtrack': 'mmtrack', 'mmflow': 'mmflow', 'mmdet3d': 'mmdet3d',
}  # fmt: skip
"""The scope of each library of 0.x in 1.x."""

_FIELDS = {
    'img_dir': 'mmseg',
    'ann_dir': 'mmseg',
    'data_cfg': 'mmpose',
    'dataset_info': 'mmpose',
    'data_source': 'mmselfsup',
}
"""Arguments of datasets that only one library of 0.x had."""
_SHARED = {'CityscapesDataset': 'mmdet', 'CustomDataset': 'mmdet', 'DeepFashionDataset': 'mmdet'}
"""Datasets of two libraries, and the one that takes ``img_prefix``."""
_KEYS = {
    'optimizers': 'mmedit',
    'visual_config': 'mmedit',
    'data_cfg': 'mmpose',
    'channel_cfg': 'mmpose',
    'dataset_info': 'mmpose',
}


def scope_of(config: Config) -> str | None:
    """Return the `default_scope` of a 1.x config."""
    scope = config.table.get('default_scope')
    return scope if isinstance(scope, str) else None


def library_of(config: Config) -> str | None:
    """Return the library of 0.x whose parts a config names, None if it names none or parts of several."""
    table = config.table
    for values in (_datasets(table.get('data')), [table.get('dataset_type')], [table.get('model')]):
        found = {library for value in values if (library := _library_of_part(value)) is not None}
        if found:
            return found.pop() if len(found) == 1 else None
    return next((library for key, library in _KEYS.items() if key in table), None)


def _library_of_part(value: Any) -> str | None:
    name = _named(value) or ''
    if name in LIBRARY_OF:
        return LIBRARY_OF[name]
    if not isinstance(value, dict):
        return None
    by_field = next((library for field, library in _FIELDS.items() if field in value), None)
    return by_field or (_SHARED.get(name) if 'img_prefix' in value else None)


def _named(value: Any) -> str | None:
    name = value.get('type') if isinstance(value, dict) else value
    # A part that is taken from another library says nothing about this config.
    return None if isinstance(name, str) and '.' in name else type_name(name)


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
