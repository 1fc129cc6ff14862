"""Point clouds: where their files lie, what makes voxels, and views of a test (mmdet3d)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cfglint.migrate.change import Computed, Dict, Kept, Tree, merged

if TYPE_CHECKING:
    from cfglint.migrate.items import Item
    from cfglint.migrate.mapping.old import Old

_PATHS = ('ann_file', 'info_path')


def dataset(item: Item, fields: dict[str, Tree]) -> dict[str, Tree]:
    """Paths are below `data_root` now, which 0.x did not put before them; the split is part of the folder."""
    root = item.plain('data_root')
    for name in _PATHS:
        path = item.get(name)
        below = path is not None and isinstance(root, str) and isinstance(path.value, str) and path.value != root
        if path is not None and below and name in fields and path.value.startswith(root):
            fields[name] = Computed(path.value[len(root) :].lstrip('/'), path)
    split, prefix = item.get('split'), item.get('pts_prefix')
    if split is not None and isinstance(split.value, str):
        folder = 'velodyne' if prefix is None else prefix.value
        fields['data_prefix'] = Dict({'pts': Computed(f'{split.value}/{folder}', prefix)})
        fields.pop('split', None)
    return fields


_VOXELS = ('voxel_layer', 'pts_voxel_layer')
_DYNAMIC = ('DynamicVoxelNet', 'DynamicMVXFasterRCNN')


def model(old: Old, item: Item, fields: dict[str, Tree]) -> dict[str, Tree]:
    """The data preprocessor makes voxels."""
    for name in _VOXELS:
        layer = item.get(name)
        if layer is None:
            continue
        fields.pop(name, None)
        made: dict[str, Tree] = {'voxel': Computed(True), 'voxel_layer': Kept(layer)}
        if item.type in _DYNAMIC:
            made['voxel_type'] = Computed('dynamic')
        typed = Dict({'type': Computed(old.library.preprocessor.type)})
        fields['data_preprocessor'] = merged(merged(typed, fields.get('data_preprocessor', Dict({}))), Dict(made))
    return fields
