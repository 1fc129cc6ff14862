"""Numbers of a point against the encoder of mmdet3d, and what is right or not known."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.kit.complete import complete
from tests.kit.repo import diagnose

CONFIG = """
default_scope = 'mmdet3d'
model = dict(type='VoxelNet', voxel_encoder=dict(type='%s'))
%s_dataloader = dict(dataset=dict(type='KittiDataset', pipeline=[%s, dict(type='Pack3DDetInputs', keys=['points'])]))
"""
FILE = "dict(type='LoadPointsFromFile', coord_type='LIDAR', load_dim=5%s)"
SWEEPS = "dict(type='LoadPointsFromMultiSweeps', sweeps_num=10%s)"


@pytest.mark.parametrize(
    ('encoder', 'steps', 'is_right'),
    [
        ('PillarFeatureNet', FILE % ', use_dim=4', True),
        ('PillarFeatureNet', FILE % ', use_dim=[0, 1, 2, 4]', True),
        ('PillarFeatureNet', FILE % ', use_dim=5', False),
        ('PillarFeatureNet', FILE % '', False),
        ('PillarFeatureNet', FILE % ', use_dim=3, shift_height=True', True),
        ('PillarFeatureNet', FILE % ', use_dim=5' + ', ' + SWEEPS % '', True),
        ('PillarFeatureNet', FILE % ', use_dim=4' + ', ' + SWEEPS % ', use_dim=[0, 1, 2, 3, 4]', False),
        ("HardVFE', in_channels='4", FILE % ', use_dim=3', True),
        ("HardVFE', in_channels=5, voxel_size='", FILE % ', use_dim=5', True),
        ('HardSimpleVFE', FILE % ', use_dim=5', True),
        ('MyEncoder', FILE % ', use_dim=5', True),
        ('PillarFeatureNet', FILE % ', use_dim=3' + ", dict(type='MyPainting')", True),
        ('PillarFeatureNet', FILE % ', use_dim=input()', True),
    ],
)
@pytest.mark.parametrize('split', ['train', 'val'])
def test_points_are_those_of_the_encoder(encoder: str, steps: str, split: str, is_right: bool, tmp_path: Path) -> None:
    found = diagnose(tmp_path, complete(CONFIG % (encoder, split, steps)))
    assert ([each for each in found if each.rule == 'point-dimensions-mismatch'] == []) is is_right
