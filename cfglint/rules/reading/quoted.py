"""Strings that are names of variables of the config."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from cfglint.sections.table import READ_KEYS

if TYPE_CHECKING:
    from cfglint.rules.context import Context
    from cfglint.rules.reading.items import Item

TEXTS: Final = frozenset({'type', 'data_root', 'ann_file', 'img_suffix', 'seg_map_suffix', 'work_dir'})
"""Arguments that take a string, which is hardly ever the name of a variable."""
FILES: Final = frozenset({'checkpoint', 'load_from', 'from_file'})
"""Arguments that take the name of a file, which has a suffix."""
OBJECTS: Final = frozenset({
    'pipeline', 'dataset', 'datasets', 'metainfo', 'data_prefix', 'transforms', 'sampler', 'img_scale', 'scale', 'size',
    'crop_size', 'batch_size', 'num_workers', 'num_classes', 'max_epochs', 'max_iters', 'optimizer', 'backbone', 'neck',
    'head', 'bbox_head', 'roi_head', 'decode_head', 'norm_cfg', 'act_cfg', 'conv_cfg', 'train_cfg', 'test_cfg',
    'mean', 'std', 'lr', 'interval', 'codec', 'encoder', 'decoder', 'file_client_args', 'backend_args', 'voxel_size',
    'point_cloud_range', 'class_names', 'anchors', 'strides', 'classes',
})  # fmt: skip
"""Arguments that take a dict, a list or a number, and no string that would name one."""
NAMES: Final = frozenset({
    'name', 'names', 'key', 'keys', 'field', 'fields', 'monitor', 'metric', 'metrics', 'save_best', 'prefix', 'data_src', 'method_name',
    'layer', 'param_name', 'mode', 'exp_name', 'experiment_name', 'project', 'description', 'text', 'desc', 'task', 'task_name',
})  # fmt: skip
"""Arguments that take names of other things, which a variable may be called after."""


def is_quoted(name: str, text: str, value: Any) -> bool:
    """Tell whether a string is the name of a variable by mistake.

    Args:
        name: The argument that gets the string; a number for an item of a list.
        text: The string.
        value: The value of the variable that has that name.
    """
    if value == text or name in NAMES:
        return False
    if name == text:
        return True
    if text in READ_KEYS:
        return False
    if name in FILES:
        return isinstance(value, str) and '.' in value and '.' not in text
    if name in TEXTS:
        return isinstance(value, str) and '_' in text
    if isinstance(value, str):
        return False
    return name in OBJECTS or ('_' in text and not name.isdigit())


_QUOTED = re.compile(r"""(?=(['"])([^'"\n]+)\1(?!\s*:))""")


def stands_in_quotes(context: Context, name: str) -> bool:
    """Tell whether a file has the name of a variable in quotes, as a value: somebody took it for the variable."""
    return name in context.once('words in quotes', lambda: _words_in_quotes(context.config.source.text))


def _words_in_quotes(text: str) -> frozenset[str]:
    return frozenset(match[2] for match in _QUOTED.finditer(text))


def is_quoted_variable(context: Context, item: Item) -> bool:
    """Tell whether a value of the config is the name of a variable of the file that writes it."""
    if item.origin is None or item.origin.source is not context.config.source:
        return False
    own = context.config.own
    return item.value in own and is_quoted(item.name, item.value, own[item.value])
