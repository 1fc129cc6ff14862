"""The grid of voxels that mmdet3d's preprocessor makes against the grids that the model is built for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from cfglint.diagnostics import Advice
from cfglint.language.numbers import is_int, is_number
from cfglint.rules.cause import report_between
from cfglint.rules.reading.official import package_of
from cfglint.rules.rule import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cfglint.diagnostics import Diagnostic
    from cfglint.rules.context import Context
    from cfglint.rules.reading.items import Item

ENCODERS: Final = ('middle_encoder', 'pts_middle_encoder')
SETTINGS: Final = ('model.train_cfg.pts', 'model.train_cfg')
SHAPES: Final = {
    'SparseEncoder': 'sparse_shape', 'SparseEncoderSASSD': 'sparse_shape', 'SparseUNet': 'sparse_shape',
    'PointPillarsScatter': 'output_shape',
}  # fmt: skip
"""Encoder → its argument that gives the grid as (z, y, x), or as (y, x)."""


@rule(scope='entry', reads=('model',), words=('voxel_layer',))
def voxel_grid_mismatch(context: Context) -> Iterator[Diagnostic]:
    """A `sparse_shape`, `output_shape` or `grid_size` of mmdet3d that is not what the range and the voxels give.

    The preprocessor divides `point_cloud_range` by `voxel_size`, which gives the numbers of voxels along x, y and z. The
    encoder in the middle is told the same grid as (z, y, x) or (y, x), and CenterPoint's `train_cfg` as (x, y, z). With
    others, voxels lie outside of the tensors: a crash in the sparse convolutions, or targets at the wrong places.
    A grid that is larger in z is common (41 for 40) and left alone.

    Source: `mmdet3d/models/middle_encoders/`, `SparseConvTensor(…, self.sparse_shape, …)`; `PointPillarsScatter`, `nx` and
    `ny`; `mmdet3d/models/dense_heads/centerpoint_head.py`, `train_cfg['grid_size']`.

    ```py title="bad"
    default_scope = 'mmdet3d'
    model = dict(
        type='VoxelNet',
        data_preprocessor=dict(
            type='Det3DDataPreprocessor',
            voxel_layer=dict(point_cloud_range=[0, -40, -3, 70.4, 40, 1], voxel_size=[0.1, 0.1, 0.1])),
        middle_encoder=dict(type='SparseEncoder', in_channels=4, sparse_shape=[41, 1600, 1408]))
    ```

    ```py title="good"
    default_scope = 'mmdet3d'
    model = dict(
        type='VoxelNet',
        data_preprocessor=dict(
            type='Det3DDataPreprocessor',
            voxel_layer=dict(point_cloud_range=[0, -40, -3, 70.4, 40, 1], voxel_size=[0.05, 0.05, 0.1])),
        middle_encoder=dict(type='SparseEncoder', in_channels=4, sparse_shape=[41, 1600, 1408]))
    ```
    """
    layer = context.find('model.data_preprocessor.voxel_layer')
    grid = None if layer is None or not isinstance(layer.value, dict) else _grid(layer.value)
    if layer is None or grid is None:
        return
    others = (layer.get('voxel_size'), layer.get('point_cloud_range'))
    for name in ENCODERS:
        encoder = context.find(f'model.{name}')
        argument = SHAPES.get(encoder.type_name or '') if encoder else None
        shape = None if encoder is None or argument is None else encoder.get(argument)
        if encoder is None or shape is None or not _is_shape(shape.value) or package_of(context, encoder) != 'mmdet3d':
            continue
        if tuple(shape.value[-2:]) != (grid[1], grid[0]) or (len(shape.value) == 3 and shape.value[0] < grid[2]):
            right = (
                [max(shape.value[0], grid[2] + 1), grid[1], grid[0]] if len(shape.value) == 3 else [grid[1], grid[0]]
            )
            if len(shape.value) == 3 and (grid[2] <= shape.value[0] <= grid[2] + 1):
                right[0] = shape.value[0]
            elif len(shape.value) == 3:
                right[0] = grid[2] + 1
            yield _report(context, shape, right, others)
    size = next((each for path in SETTINGS if (each := context.find(f'{path}.grid_size')) is not None), None)
    if size is not None and _is_shape(size.value) and len(size.value) == 3 and tuple(size.value[:2]) != grid[:2]:
        yield _report(context, size, [*grid[:2], size.value[2]], others)


def _report(context: Context, shape: Item, right: list[int], others: tuple[Item | None, ...]) -> Diagnostic:
    message = f'`{shape.name}` is {list(shape.value)}, but the range and size of the voxels give {right}'
    above = '' if shape.parent is None else shape.parent.name
    advice = Advice('write', f'{above}=dict({shape.name}={right})')
    return report_between(context, shape, others, message, advice=advice)


def _grid(layer: dict[Any, Any]) -> tuple[int, int, int] | None:
    """Return the numbers of voxels along x, y and z, rounded as mmdet3d does; None where they are not known."""
    area, size = layer.get('point_cloud_range'), layer.get('voxel_size')
    if not isinstance(area, (list, tuple)) or not isinstance(size, (list, tuple)) or len(area) != 6 or len(size) != 3:
        return None
    if not all(is_number(each) for each in (*area, *size)) or not all(each > 0 for each in size):
        return None
    exact = [(area[i + 3] - area[i]) / size[i] for i in range(3)]
    if any(each < 1 or each > 1e6 for each in exact):
        return None
    return round(exact[0]), round(exact[1]), round(exact[2])


def _is_shape(value: Any) -> bool:
    return isinstance(value, (list, tuple)) and len(value) in (2, 3) and all(is_int(each) for each in value)
