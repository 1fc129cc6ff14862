"""Voxels and ranges of points that are told to several parts of a model of mmdet3d."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from cfglint.diagnostics import Advice, Severity
from cfglint.language.numbers import is_number
from cfglint.rules.cause import report_between
from cfglint.rules.reading.loaders import is_new, loaders
from cfglint.rules.reading.official import package_of
from cfglint.rules.rule import rule
from cfglint.sections.table import LOADERS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cfglint.diagnostics import Diagnostic
    from cfglint.rules.context import Context
    from cfglint.rules.reading.items import Item

PARTS: Final = (
    'voxel_encoder', 'pts_voxel_encoder', 'points_encoder', 'backbone', 'bbox_head.bbox_coder', 'pts_bbox_head.bbox_coder',
    'train_cfg.pts', 'test_cfg.pts', 'train_cfg', 'test_cfg',
)  # fmt: skip
FIELDS: Final = {
    'voxel_size': 'voxel_size', 'point_cloud_range': 'point_cloud_range', 'pc_range': 'point_cloud_range',
    'grid_shape': 'grid_shape', 'grid_size': 'grid_shape',
}  # fmt: skip
"""Argument of a part → that of the voxel layer which it repeats, or the first numbers of it."""
FILTERS: Final = frozenset({'PointsRangeFilter', 'ObjectRangeFilter'})
"""Transforms that keep what lies in a range: what is outside of the voxels is lost, or a target that no voxel sees."""


@rule(scope='entry', severity=Severity.WARNING, reads=('model', *LOADERS), words=('voxel_layer',))
def voxel_settings_mismatch(context: Context) -> Iterator[Diagnostic]:
    """A `voxel_size`, a grid or a range of points in mmdet3d that is not that of the preprocessor's voxels.

    The voxel encoder computes the centers of pillars, the heads their targets and the coder its boxes from the same numbers
    as the voxel layer of the `data_preprocessor`, and the pipelines cut off what is out of range. Where only one of them was
    changed, boxes are shifted, scaled or missing, and nothing fails. Where all others agree, it is told of the voxel layer.

    Source: `mmdet3d/models/voxel_encoders/pillar_encoder.py`, `self.vx`, `self.x_offset`;
    `mmdet3d/models/backbones/cylinder3d.py`, `SparseConvTensor(…, self.grid_size, …)`; `ObjectRangeFilter`;
    `mmdet3d/models/task_modules/coders/centerpoint_bbox_coders.py`, `decode`.

    ```py title="bad"
    default_scope = 'mmdet3d'
    model = dict(
        type='VoxelNet',
        data_preprocessor=dict(
            type='Det3DDataPreprocessor',
            voxel_layer=dict(point_cloud_range=[0, -40, -3, 70.4, 40, 1], voxel_size=[0.1, 0.1, 4])),
        voxel_encoder=dict(type='PillarFeatureNet', voxel_size=[0.2, 0.2, 4]))
    ```

    ```py title="good"
    default_scope = 'mmdet3d'
    model = dict(
        type='VoxelNet',
        data_preprocessor=dict(
            type='Det3DDataPreprocessor',
            voxel_layer=dict(point_cloud_range=[0, -40, -3, 70.4, 40, 1], voxel_size=[0.1, 0.1, 4])),
        voxel_encoder=dict(type='PillarFeatureNet', voxel_size=[0.1, 0.1, 4]))
    ```
    """
    layer, model = context.find('model.data_preprocessor.voxel_layer'), context.section('model')
    if layer is None or model is None or not isinstance(layer.value, dict) or package_of(context, model) != 'mmdet3d':
        return
    wrong: dict[str, list[Item]] = {}
    agrees: set[str] = set()
    for own in _repeated(context):
        other = layer.get(FIELDS[own.name])
        if other is not None and _differs(own.value, other.value):
            wrong.setdefault(other.name, []).append(own)
        elif other is not None:
            agrees.add(other.name)
    for name, items in wrong.items():
        other = layer.get(name)
        if other is None:
            continue
        if len(items) > 2 and name not in agrees and len({tuple(each.value)[:2] for each in items}) == 1:
            yield _report_layer(context, other, items)
        else:
            yield from (_report(context, own, other) for own in items)


def _repeated(context: Context) -> Iterator[Item]:
    """Yield what the parts of the model and the pipelines repeat of the voxel layer."""
    for path in PARTS:
        part = context.find(f'model.{path}')
        if part is not None and isinstance(part.value, dict):
            yield from (own for name in FIELDS if (own := part.get(name)) is not None)
    seen: set[int] = set()
    for loader in loaders(context):
        for transform in loader.transforms if not FILTERS.isdisjoint(loader.words) else ():
            own = transform.get('point_cloud_range')
            is_filter = transform.type_name in FILTERS
            if is_filter and own is not None and is_new(own, seen) and package_of(context, transform) == 'mmdet3d':
                yield own


def _report(context: Context, own: Item, other: Item) -> Diagnostic:
    right = list(other.value)[: len(own.value)]
    message = f'`{own.key}` is {list(own.value)}, but the voxel layer has {list(other.value)}'
    above = 'dict' if own.parent is None or own.parent.name.isdigit() else f'{own.parent.name}=dict'
    return report_between(context, own, (other,), message, advice=Advice('write', f'{above}({own.name}={right})'))


def _report_layer(context: Context, layer: Item, others: list[Item]) -> Diagnostic:
    right = max((list(each.value) for each in others), key=len)
    message = f'`{layer.name}` of the voxel layer is {list(layer.value)}, but all other parts have {right}'
    code = f'voxel_layer=dict({layer.name}={right})' if len(right) == len(layer.value) else None
    return report_between(context, layer, tuple(others), message, advice=Advice('let all have the same:', code))


def _differs(own: Any, other: Any) -> bool:
    for each in (own, other):
        if not isinstance(each, (list, tuple)) or not all(is_number(number) for number in each):
            return False
    if not 2 <= len(own) <= len(other):
        return False
    return any(abs(first - second) > 1e-6 for first, second in zip(own, other, strict=False))
