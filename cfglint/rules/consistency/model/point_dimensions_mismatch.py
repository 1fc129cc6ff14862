"""How many numbers a point has that a pipeline loads, against what the model encodes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from cfglint.catalog.data_facts import data_facts
from cfglint.diagnostics import Advice
from cfglint.language.numbers import are_ints, is_int
from cfglint.rules.cause import report_between
from cfglint.rules.reading.chains import chains
from cfglint.rules.reading.loaders import is_new, loaders
from cfglint.rules.reading.official import package_of
from cfglint.rules.reading.parts import literal_default
from cfglint.rules.rule import rule
from cfglint.sections.table import LOADERS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cfglint.diagnostics import Diagnostic
    from cfglint.rules.context import Context
    from cfglint.rules.reading.chains import Chain
    from cfglint.rules.reading.items import Item

_LOADERS: Final = ('LoadPointsFromFile', 'LoadPointsFromMultiSweeps')
_PLACES: Final = ('model.voxel_encoder', 'model.pts_voxel_encoder')


@rule(
    scope='entry', raises='RuntimeError: mat1 and mat2 shapes cannot be multiplied', reads=('model', *LOADERS),
    words=('voxel_encoder', 'pts_voxel_encoder'), yields_to=('invalid-transform-argument',),
)  # fmt: skip
def point_dimensions_mismatch(context: Context) -> Iterator[Diagnostic]:
    """Points with more or fewer numbers (`use_dim`) than the `in_channels` of the encoder of mmdet3d.

    A point of a LiDAR has three coordinates and, with `use_dim=4`, its intensity; what the last loader keeps is what the voxel
    encoder gets, in training and in validation. Without `use_dim`, `LoadPointsFromFile` keeps three.

    Sources: `mmdet3d/datasets/transforms/loading.py`, `mmdet3d/models/voxel_encoders/pillar_encoder.py`, `voxel_encoder.py`.

    ```py title="bad"
    default_scope = 'mmdet3d'
    model = dict(type='VoxelNet', voxel_encoder=dict(type='PillarFeatureNet', in_channels=4))
    train_dataloader = dict(
        dataset=dict(
            type='KittiDataset',
            pipeline=[
                dict(type='LoadPointsFromFile', coord_type='LIDAR', load_dim=4, use_dim=3),
                dict(type='Pack3DDetInputs', keys=['points'])
            ]))
    ```

    ```py title="good"
    default_scope = 'mmdet3d'
    model = dict(type='VoxelNet', voxel_encoder=dict(type='PillarFeatureNet', in_channels=4))
    train_dataloader = dict(
        dataset=dict(
            type='KittiDataset',
            pipeline=[
                dict(type='LoadPointsFromFile', coord_type='LIDAR', load_dim=4, use_dim=4),
                dict(type='Pack3DDetInputs', keys=['points'])
            ]))
    ```
    """
    encoder = next((item for place in _PLACES if (item := context.find(place)) is not None), None)
    if encoder is None or not isinstance(encoder.value, dict) or package_of(context, encoder) != 'mmdet3d':
        return
    if encoder.type_name not in data_facts('mmdet3d').point_encoders:
        return
    item, seen = encoder.get('in_channels'), set[int]()
    channels = literal_default(context, encoder, 'in_channels') if item is None else item.value
    for loader in loaders(context) if is_int(channels) else ():
        for chain in chains(context, loader):
            loading, count = _loaded(context, chain)
            if loading is None or count in (None, channels) or not is_new(loading, seen):
                continue
            used = loading.get('use_dim') or loading
            message = f'points are loaded with {count} numbers, but `{encoder.type_name}` encodes {channels}'
            advice = Advice(f'load {channels}, or make `in_channels` of `{encoder.key}` {count}')
            yield report_between(context, used, (item or encoder.get('type'),), message, advice=advice)


def _loaded(context: Context, chain: Chain) -> tuple[Item | None, int | None]:
    """Return what loads the points last, and how many numbers it keeps; None where other transforms may change that."""
    steps = [each for each in chain.steps if each.type_name in _LOADERS]
    if not steps or not chain.is_whole or any(each.type_name == 'IndoorPatchPointSample' for each in chain.steps):
        return None, None
    last = steps[-1]
    item = last.get('use_dim')
    used: Any = literal_default(context, last, 'use_dim') if item is None else item.value
    count = used if is_int(used) else len(used) if isinstance(used, (list, tuple)) and are_ints(used) else None
    if count is None or not isinstance(last.value.get('shift_height', False), bool):
        return None, None
    return last, count + last.value.get('shift_height', False)
