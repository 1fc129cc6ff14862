"""Trackers: what mmdet 3.x took over from mmtrack."""

from cfglint.language.loader import Loader
from cfglint.language.source import SourceFile
from cfglint.migrate.old_library import library_of
from tests.migrate.kit import mapped, value


def test_a_model_for_reidentification_alone_is_the_model() -> None:
    text = """
TRAIN_REID = True
model = dict(reid=dict(type='BaseReID', backbone=dict(type='ResNet', depth=50), head=dict(
    type='LinearReIDHead', loss=dict(type='CrossEntropyLoss'), loss_pairwise=dict(type='TripletLoss'))))
pipeline = [dict(type='Normalize', mean=[1], std=[2], to_rgb=True), dict(type='VideoCollect', keys=['img']),
            dict(type='ReIDFormatBundle')]
data = dict(train=dict(type='ReIDDataset', pipeline=pipeline))
"""
    found = mapped(text, 'mmtrack').value()
    assert found['model'] == {
        'type': 'BaseReID',
        'backbone': {'type': 'ResNet', 'depth': 50},
        'head': {
            'type': 'LinearReIDHead',
            'loss_cls': {'type': 'CrossEntropyLoss'},
            'loss_triplet': {'type': 'TripletLoss'},
        },
        'data_preprocessor': {'type': 'ReIDDataPreprocessor', 'mean': [1], 'std': [2], 'to_rgb': True},
    }
    assert found['pipeline'] == [{'type': 'PackReIDInputs'}] and 'TRAIN_REID' not in found


def test_the_tracker_knows_how_things_move() -> None:
    text = "model = dict(type='ByteTrack', motion=dict(type='KalmanFilter'), tracker=dict(type='ByteTracker'))"
    assert value(text, 'mmtrack')['model'] == {
        'type': 'ByteTrack',
        'tracker': {'type': 'ByteTracker', 'motion': {'type': 'KalmanFilter'}},
    }


def test_a_detector_alone_is_the_model() -> None:
    text = "USE_MMDET = True\nmodel = dict(detector=dict(type='FasterRCNN'))\n"
    assert value(text, 'mmtrack')['model'] == {'type': 'FasterRCNN'}


def test_what_only_a_script_reads_tells_the_library() -> None:
    text = "USE_MMDET = True\ndata = dict(train=dict(type='CocoDataset', img_prefix='a'))\n"
    config = Loader().load('/nowhere/config.py', SourceFile('/nowhere/config.py', text))
    assert library_of(config) == 'mmtrack'


def test_boxes_and_tracks_are_two_metrics() -> None:
    text = """
model = dict(type='ByteTrack')
data = dict(val=dict(type='MOTChallengeDataset', ann_file='a.json'))
evaluation = dict(metric=['bbox', 'track'])
"""
    metrics = mapped(text, 'mmtrack').value()['val_evaluator']
    assert [each['type'] for each in metrics] == ['CocoVideoMetric', 'MOTChallengeMetric']


def test_a_detector_that_is_trained_alone_learns_from_pictures() -> None:
    text = """
model = dict(type='ByteTrack', detector=dict(type='YOLOX', input_size=(800, 1440), random_size_range=(18, 32)),
             tracker=dict(type='ByteTracker'))
pipeline = [dict(type='DefaultFormatBundle'), dict(type='Collect', keys=['img'])]
data = dict(train=dict(type='CocoDataset', pipeline=pipeline))
"""
    found = mapped(text, 'mmtrack').value()
    assert found['model']['detector'] == {'type': 'YOLOX'} and found['pipeline'] == [{'type': 'PackDetInputs'}]
    preprocessor = found['model']['data_preprocessor']
    assert preprocessor['type'] == 'TrackDataPreprocessor' and preprocessor['use_det_processor']
    assert preprocessor['batch_augments'][0]['random_size_range'] == (576, 1024)


def test_the_metric_fills_gaps_in_tracks() -> None:
    text = """
model = dict(type='ByteTrack')
data = dict(val=dict(type='MOTChallengeDataset', interpolate_tracks_cfg=dict(min_num_frames=5), ref_img_sampler=None))
evaluation = dict(metric='track')
"""
    found = value(text, 'mmtrack')
    step = {'type': 'InterpolateTracklets', 'min_num_frames': 5}
    assert found['val_evaluator']['postprocess_tracklet_cfg'] == [step]
    assert found['val_dataloader']['dataset'].keys().isdisjoint({'interpolate_tracks_cfg', 'ref_img_sampler'})
