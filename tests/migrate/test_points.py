"""Point clouds: where their files lie, what makes voxels, and views of a test."""

import pytest

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


@pytest.mark.parametrize(('root', 'path', 'expected'), [
    ('./data/kitti/', 'data/kitti/val.pkl', 'val.pkl'),
    ('data/kitti', './data/kitti/infos/val.pkl', 'infos/val.pkl'),
    ('data/kitti', 'data/infos/val.pkl', '../infos/val.pkl'),
    ('data/kitti', '/data/kitti/val.pkl', '/data/kitti/val.pkl'),
    ('s3://data/kitti', 's3://data/kitti/val.pkl', 's3://data/kitti/val.pkl'),
])  # fmt: skip
def test_paths_are_seen_from_the_root(root: str, path: str, expected: str) -> None:
    text = CONFIG.replace("data_root = 'data/kitti/'", f'data_root = {root!r}')
    text = text.replace("data_root + 'infos_val.pkl'", repr(path))
    assert value(text, 'mmdet3d')['val_dataloader']['dataset']['ann_file'] == expected


def test_boxes_of_pictures_have_other_names_than_those_of_points() -> None:
    text = CONFIG.replace("keys=['points']", "keys=['gt_labels', 'centers2d', 'gt_labels_3d']")
    packer = value(text, 'mmdet3d')['test_pipeline'][-1]
    assert packer['keys'] == ['gt_bboxes_labels', 'centers_2d', 'gt_labels_3d']


def test_results_of_ones_own_are_packed_by_nothing() -> None:
    text = CONFIG.replace("keys=['points']", "keys=['points', 'own_inputs', 'own_depth']")
    reason = '`Pack3DDetInputs` cannot pack `own_inputs`, `own_depth`: a subclass of it has to'
    assert {each for _, each in mapped(text, 'mmdet3d').todos()} == {reason}


@pytest.mark.parametrize(('folder', 'expected'), [
    ("plugin = True\nplugin_dir = 'projects/own_plugin/'\n", {'imports': ['projects.own_plugin'], 'allow_failed_imports': False}),
    ("plugin = True\nplugin_dir = './projects/own_plugin/'\n", {'imports': ['projects.own_plugin'], 'allow_failed_imports': False}),
    ("plugin = False\nplugin_dir = 'projects/own_plugin/'\n", None),
    ("plugin = True\nplugin_dir = '../own-plugin/'\n", None),
])  # fmt: skip
def test_what_the_training_script_imports(folder: str, expected: dict[str, object] | None) -> None:
    found = value(CONFIG + folder, 'mmdet3d')
    assert found.get('custom_imports') == expected and ('plugin_dir' in found) == (expected is None)
