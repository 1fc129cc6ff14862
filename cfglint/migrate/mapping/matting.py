"""Matting: what pipelines of mmedit did to images and trimaps, and the model and its preprocessor do in mmagic."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cfglint.migrate.change import Computed, Dict, Kept, Tree, merged
from cfglint.migrate.mapping.preprocessors import steps_of

if TYPE_CHECKING:
    from cfglint.migrate.items import Item
    from cfglint.migrate.mapping.old import Old

PREPROCESSOR = 'MattorPreprocessor'
_DIVISOR = 32


def model(old: Old, fields: dict[str, Tree]) -> dict[str, Tree]:
    """The preprocessor scales trimaps unless a step has, and the model pads what it tests on."""
    steps = list(steps_of(old))
    if any(step.type == 'FormatTrimap' for step in steps):
        as_is = Dict({'proc_trimap': Computed('as_is')})
        fields = {**fields, 'data_preprocessor': merged(fields.get('data_preprocessor', Dict({})), as_is)}
    resizing = _resizing(steps)
    return {**fields, 'test_cfg': merged(fields.get('test_cfg', Dict({})), resizing)} if resizing else fields


def _resizing(steps: list[Item]) -> Tree | None:
    """Return how the model makes sizes multiples; none if nothing in the pipelines did."""
    pad = next((step for step in steps if step.type == 'Pad'), None)
    if pad is not None:
        return _settings('pad', pad.get('mode'), 'constant', pad.get('ds_factor'))
    resize = next((step for step in steps if step.type == 'Resize' and 'size_factor' in step), None)
    if resize is not None:
        return _settings('interp', resize.get('interpolation'), 'bilinear', resize.get('size_factor'))
    return None


def _settings(method: str, mode: Item | None, default: str, divisor: Item | None) -> Tree:
    return Dict(
        {
            'resize_method': Computed(method),
            'resize_mode': Computed(default) if mode is None else Kept(mode),
            'size_divisor': Computed(_DIVISOR) if divisor is None else Kept(divisor),
        }
    )


def dataset(item: Item, fields: dict[str, Tree]) -> dict[str, Tree]:
    """Images are looked for in `data_root`, and the list of them, too."""
    prefix, listed = item.get('data_prefix'), item.get('ann_file')
    if prefix is None or not isinstance(prefix.value, str):
        return fields
    found = {'data_root' if name == 'data_prefix' else name: each for name, each in fields.items()}
    root = prefix.value.rstrip('/') + '/'
    if listed is not None and isinstance(listed.value, str) and listed.value.startswith(root):
        found['ann_file'] = Computed(listed.value[len(root) :], listed)
    return found
