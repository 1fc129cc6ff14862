"""Point clouds: where their files lie, what makes voxels, and views of a test."""

from tests.migrate.kit import mapped, value

CONFIG = """
data_root = 'data/kitti/'
files = dict(backend='disk')
test_pipeline = [
    dict(type='LoadPointsFromFile', coord_type='LIDAR', load_dim=4, use_dim=4, file_client_args=files),
    dict(type='MultiScaleFlipAug3D', img_scale=(1333, 800), pts_scale_ratio=1, flip=False, transforms=[
        dict(type='RandomFlip3D'),
        dict(type='DefaultFormatBundle3D', class_names=['Car'], with_label=False),
        dict(type='Collect3D', keys=['points'])])]
model = dict(type='VoxelNet', voxel_layer=dict(max_num_points=5), voxel_encoder=dict(type='HardSimpleVFE'))
data = dict(samples_per_gpu=6, workers_per_gpu=4, val=dict(
    type='KittiDataset', data_root=data_root, ann_file=data_root + 'infos_val.pkl', split='training',
    pts_prefix='velodyne_reduced', pipeline=test_pipeline, classes=['Car'], test_mode=True, box_type_3d='LiDAR'))
runner = dict(type='EpochBasedRunner', max_epochs=9)
evaluation = dict(interval=1, pipeline=test_pipeline)
"""


def test_files() -> None:
    found = value(CONFIG, 'mmdet3d')
    dataset = found['val_dataloader']['dataset']
    assert (dataset['ann_file'], dataset['data_prefix']) == ('infos_val.pkl', {'pts': 'training/velodyne_reduced'})
    assert dataset['metainfo'] == {'classes': ['Car']} and 'split' not in dataset
    assert found['val_evaluator'] == {'type': 'KittiMetric', 'ann_file': 'data/kitti/infos_val.pkl', 'metric': 'bbox'}


def test_views_are_packed_afterwards() -> None:
    assert value(CONFIG, 'mmdet3d')['test_pipeline'] == [
        {'type': 'LoadPointsFromFile', 'coord_type': 'LIDAR', 'load_dim': 4, 'use_dim': 4},
        {
            'type': 'MultiScaleFlipAug3D',
            'img_scale': (1333, 800),
            'pts_scale_ratio': 1,
            'flip': False,
            'transforms': [{'type': 'RandomFlip3D'}],
        },
        {'type': 'Pack3DDetInputs', 'keys': ['points']},
    ]


def test_voxels() -> None:
    assert value(CONFIG, 'mmdet3d')['model'] == {
        'type': 'VoxelNet',
        'voxel_encoder': {'type': 'HardSimpleVFE'},
        'data_preprocessor': {
            'type': 'Det3DDataPreprocessor',
            'voxel': True,
            'voxel_layer': {'max_num_points': 5},
        },
    }


def test_another_backend_stays() -> None:
    text = CONFIG.replace("backend='disk'", "backend='petrel'")
    step = value(text, 'mmdet3d')['test_pipeline'][0]
    assert step['backend_args'] == {'backend': 'petrel'} and 'file_client_args' not in step
    assert mapped(text, 'mmdet3d').todos() == []
