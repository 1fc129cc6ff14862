"""Point clouds: where their files lie, what makes voxels, and views of a test (mmdet3d)."""

from __future__ import annotations

from posixpath import isabs, normpath, relpath
from typing import TYPE_CHECKING, Any

from cfglint.migrate.change import Computed, Dict, Kept, Tree, merged
from cfglint.sections.terms import quoted

if TYPE_CHECKING:
    from cfglint.migrate.items import Item
    from cfglint.migrate.mapping.old import Old

_PATHS = ('ann_file', 'info_path')


def dataset(item: Item, fields: dict[str, Tree]) -> dict[str, Tree]:
    """Paths are below `data_root` now, which 0.x did not put before them; the split is part of the folder."""
    for name in _PATHS:
        path = item.get(name)
        if path is not None and name in fields and (below := _below(item.plain('data_root'), path.value)):
            fields[name] = Computed(below, path)
    split, prefix = item.get('split'), item.get('pts_prefix')
    if split is not None and isinstance(split.value, str):
        folder = 'velodyne' if prefix is None else prefix.value
        fields['data_prefix'] = Dict({'pts': Computed(f'{split.value}/{folder}', prefix)})
        fields.pop('split', None)
    return fields


def _below(root: Any, path: Any) -> str | None:
    """Return a path as seen from a root; none where it is the same there, or lies elsewhere for certain."""
    if not isinstance(root, str) or not isinstance(path, str) or not root or '://' in root + path:
        return None
    if isabs(root) != isabs(path):
        return None
    seen = relpath(normpath(path), normpath(root))
    return seen if seen != '.' and (not isabs(path) or not seen.startswith('..')) else None


_PACKED = (
    'points', 'img', 'gt_bboxes_3d', 'gt_labels_3d', 'attr_labels', 'depths', 'centers_2d', 'gt_bboxes', 'gt_bboxes_labels',
    'gt_seg_map', 'pts_instance_mask', 'pts_semantic_mask', 'gt_semantic_seg',
)  # fmt: skip


def not_packed(kind: str, keys: Any) -> tuple[str, ...]:
    """Return the question about results that the packer of 1.x refuses: `Collect3D` took whatever a project made."""
    if kind.rpartition('.')[2] != 'Pack3DDetInputs' or not isinstance(keys, (list, tuple)):
        return ()
    others = [each for each in keys if isinstance(each, str) and each not in _PACKED]
    return (f'`{kind}` cannot pack {quoted(others)}: a subclass of it has to',) if others else ()


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
