"""Strings that are names of variables of the config."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cfglint.sections.table import READ_KEYS

if TYPE_CHECKING:
    from cfglint.rules.context import Context, Item

TEXTS: Final = frozenset({'type', 'data_root', 'ann_file'})
"""Arguments that take a string, which is hardly ever the name of a variable."""
OBJECTS: Final = frozenset({
    'pipeline', 'dataset', 'datasets', 'metainfo', 'data_prefix', 'transforms', 'sampler', 'img_scale', 'scale', 'size',
    'crop_size', 'batch_size', 'num_workers', 'num_classes', 'max_epochs', 'max_iters', 'optimizer', 'backbone', 'neck',
    'head', 'bbox_head', 'roi_head', 'decode_head', 'norm_cfg', 'act_cfg', 'conv_cfg', 'train_cfg', 'test_cfg',
    'mean', 'std', 'lr', 'interval', 'codec', 'encoder', 'decoder', 'file_client_args', 'backend_args', 'voxel_size',
    'point_cloud_range', 'class_names', 'anchors', 'strides', 'classes',
})  # fmt: skip
"""Arguments that take a dict, a list or a number, and no string that would name one."""


def is_quoted_variable(context: Context, item: Item) -> bool:
    """Tell whether a string is the name of a variable of the file, where its value is meant."""
    value = context.value(item.value)
    if item.origin is None or item.origin.source is not context.config.source or item.value in READ_KEYS:
        return False
    if item.name in TEXTS:
        return isinstance(value, str) and value != item.value and ('_' in item.value)
    return item.name in OBJECTS and value is not None and not isinstance(value, str)
