"""Voxels and ranges of points that are told to several parts of a model of mmdet3d."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from cfglint.diagnostics import Advice, Severity
from cfglint.rules.facts.data import is_number
from cfglint.rules.facts.official import package_of
from cfglint.rules.facts.place import report_between
from cfglint.rules.rule import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cfglint.diagnostics import Diagnostic
    from cfglint.rules.context import Context, Item

PARTS: Final = (
    'voxel_encoder', 'pts_voxel_encoder', 'bbox_head.bbox_coder', 'pts_bbox_head.bbox_coder', 'train_cfg.pts',
    'test_cfg.pts', 'train_cfg', 'test_cfg',
)  # fmt: skip
FIELDS: Final = {'voxel_size': 'voxel_size', 'point_cloud_range': 'point_cloud_range', 'pc_range': 'point_cloud_range'}
"""Argument of a part → that of the voxel layer which it repeats, or the first numbers of it."""


@rule(scope='entry', severity=Severity.WARNING, reads=('model',), words=('voxel_layer',))
def voxel_settings_mismatch(context: Context) -> Iterator[Diagnostic]:
    """A `voxel_size` or a range of points in mmdet3d that is not that of the preprocessor's voxels.

    The voxel encoder computes the centers of pillars, the heads their targets and the coder its boxes from the same numbers
    as the voxel layer of the `data_preprocessor`. Where only one of them was changed, boxes are shifted and scaled, and
    nothing fails.

    Source: `mmdet3d/models/voxel_encoders/pillar_encoder.py`, `self.vx`, `self.x_offset`;
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
    layer, model = context.find('model.data_preprocessor.voxel_layer'), context.root.get('model')
    if layer is None or model is None or not isinstance(layer.value, dict) or package_of(context, model) != 'mmdet3d':
        return
    for path in PARTS:
        part = context.find(f'model.{path}')
        for name, source in FIELDS.items() if part is not None and isinstance(part.value, dict) else ():
            own, other = None if part is None else part.get(name), layer.get(source)
            if own is not None and other is not None and _differs(own.value, other.value):
                yield _report(context, own, other)


def _report(context: Context, own: Item, other: Item) -> Diagnostic:
    right = list(other.value)[: len(own.value)]
    message = f'`{own.key}` is {list(own.value)}, but the voxel layer has {list(other.value)}'
    above = 'dict' if own.parent is None else f'{own.parent.name}=dict'
    return report_between(context, own, (other,), message, advice=Advice('write', f'{above}({own.name}={right})'))


def _differs(own: Any, other: Any) -> bool:
    for each in (own, other):
        if not isinstance(each, (list, tuple)) or not all(is_number(number) for number in each):
            return False
    if not 2 <= len(own) <= len(other):
        return False
    return any(abs(first - second) > 1e-6 for first, second in zip(own, other, strict=False))
