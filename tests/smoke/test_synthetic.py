"""`--synthetic`: made-up data that goes through the config's own datasets and pipelines."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import cv2
import numpy
import pytest

from cfglint.smoke.results import Result, Status
from cfglint.smoke.worker.synthetic.canvas import IGNORED, Canvas, draw_labels
from cfglint.smoke.worker.synthetic.evaluation import coco_file, people_file
from cfglint.smoke.worker.synthetic.plan import LENGTH, PHOTO, Plan
from cfglint.smoke.worker.synthetic.records import OBJECTS, Records, label_of, objects, proposals
from cfglint.smoke.worker.synthetic.tasks import FRAMES, LINE, PEOPLE, records_for
from tests.smoke.conftest import run_batch

PICTURES = """
train_dataloader['dataset'] = dict(type='Pictures', pipeline=[dict(type='LoadPicture'), dict(type='Pack'{extra})])
"""
CONFIGS = {
    'pictures': PICTURES.format(extra='') + "model['classes'] = 3\n",
    'head_too_small': PICTURES.format(extra=''),
    'wrapped': PICTURES.format(extra='')
    + "model['classes'] = 3\n"
    + "train_dataloader['dataset'] = dict(type='RepeatDataset', times=2, dataset=train_dataloader['dataset'])\n",
    'unknown_key': PICTURES.format(extra=", key='keypoints'"),
    'pipeline_fault': PICTURES.format(extra=', size=(1, 1)'),
    'untyped': PICTURES.format(extra='') + "train_dataloader['dataset']['pipeline'].append(dict(size=3))\n",
    'unknown_argument': PICTURES.format(extra='') + "train_dataloader['dataset']['colour'] = True\n",
    'scanned': "train_dataloader['dataset'] = dict(type='Scanned', data_root='data/scans', "
    "pipeline=[dict(type='LoadScan'), dict(type='Pack')])\n",
}

TASK = """
train_dataloader['dataset'] = dict(
    {dataset}, pipeline=[dict(type='{load}'), dict(type='Pack', key='{key}')])
"""
TASKS = {
    'topdown': TASK.format(dataset="type='People'", load='LoadImage', key='target'),
    'bottomup': TASK.format(dataset="type='People', data_mode='bottomup'", load='LoadImage', key='target'),
    'odd_people': TASK.format(dataset="type='OddPeople'", load='LoadImage', key='target'),
    'video': TASK.format(dataset="type='Actions'", load='LoadClip', key='label'),
    'frames': TASK.format(dataset="type='Actions', frames=True, start_index=1", load='LoadClip', key='label'),
}
TASKS['tracks'] = TASK.format(dataset="type='Tracks'", load='LoadImage', key='target')
TASKS['lifted'] = TASK.format(dataset="type='Lifted', camera_param_file='cameras.pkl'", load='Copied', key='target')
TASKS['persons'] = TASK.format(dataset="type='Persons'", load='LoadImage', key='gt_label')
TASKS['hands'] = TASK.format(dataset="type='Hands'", load='LoadImage', key='target')
TASKS['proposals'] = TASK.format(dataset="type='Proposed'", load='LoadImage', key='target')
CONFIGS.update(TASKS)
CONFIGS['eager'] = TASK.format(dataset="type='Eager'", load='LoadImage', key='gt_label')
CONFIGS['asserting'] = TASK.format(dataset="type='Asserting'", load='LoadImage', key='gt_label')
CONFIGS['eager_named'] = TASK.format(dataset="type='Eager', ann_file='a.npy'", load='LoadImage', key='gt_label')


@pytest.fixture(scope='module')
def results(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Result]:
    return run_batch(tmp_path_factory.mktemp('synthetic'), CONFIGS, synthetic=True)


def test_a_config_runs_without_its_dataset(results: dict[str, Result]) -> None:
    for name in ('pictures', 'wrapped', 'scanned'):
        assert results[name].status is Status.OK, results[name].failure
    assert results['pictures'].details['synthetic'] == ['Pictures']
    assert results['wrapped'].details['samples'] == 2 * LENGTH


def test_without_it_the_missing_files_are_named_and_the_option_suggested(tmp_path: Path) -> None:
    failure = run_batch(tmp_path, {'config': CONFIGS['pictures']})['config'].failure
    assert failure is not None
    assert (failure.stage, failure.key) == ('dataset', 'train_dataloader.dataset')
    assert 'pictures.json' in failure.message
    assert failure.remedy is not None and '--synthetic' in failure.remedy


def test_the_last_class_shows_whether_the_head_is_large_enough(results: dict[str, Result]) -> None:
    failure = results['head_too_small'].failure
    assert failure is not None
    assert failure.stage == 'forward' and 'out of bounds' in failure.message


def test_what_cannot_be_made_up_is_said_and_is_no_failure(results: dict[str, Result]) -> None:
    result = results['unknown_key']
    assert result.status is Status.UNSUPPORTED
    assert result.reason is not None
    assert (
        'cannot synthesise data for Pictures' in result.reason
        and 'keypoints' in result.reason
        and '--data-root' in result.reason
    )


@pytest.mark.parametrize('name', TASKS)
def test_other_tasks_have_their_own_samples(results: dict[str, Result], name: str) -> None:
    assert results[name].status is Status.OK, results[name].failure or results[name].reason


@pytest.mark.parametrize('name', ['eager', 'eager_named', 'asserting'])
def test_a_dataset_that_reads_in_its_own_way_is_said_to_be_out_of_reach(results: dict[str, Result], name: str) -> None:
    assert results[name].status is Status.UNSUPPORTED, results[name].failure
    assert 'cannot synthesise data for' in (results[name].reason or '')
    assert '--data-root' in (results[name].reason or '')


def test_faults_of_the_pipeline_and_of_the_dataset_are_still_found(results: dict[str, Result]) -> None:
    pipeline, argument = results['pipeline_fault'].failure, results['unknown_argument'].failure
    assert pipeline is not None and (pipeline.stage, pipeline.key) == (
        'dataset',
        'train_dataloader.dataset.pipeline[1]',
    )
    assert argument is not None and (argument.stage, argument.key) == ('dataset', 'train_dataloader.dataset.colour')
    untyped = results['untyped'].failure
    assert untyped is not None and (untyped.stage, untyped.key) == ('registry', 'train_dataloader.dataset.pipeline[2]')


VALIDATED = (
    CONFIGS['pictures']
    + """
val_dataloader = dict(
    batch_size=2, dataset=dict(type='Pictures', pipeline=[dict(type='LoadPicture'), dict(type='Pack')]),
    sampler=dict(type='DefaultSampler', shuffle=False), collate_fn=dict(type='default_collate'))
val_cfg = dict(type='ValLoop')
val_evaluator = dict(type='OfFile', ann_file='people.json')
"""
)


def test_annotations_of_an_unknown_format_are_out_of_reach_a_wrong_argument_is_a_fault(tmp_path: Path) -> None:
    configs = {'format': VALIDATED, 'wrong': VALIDATED + "val_evaluator['measure'] = 'size'\n"}
    results = run_batch(tmp_path, configs, synthetic=True, val=True)
    assert results['format'].status is Status.UNSUPPORTED, results['format'].failure
    assert "`val_evaluator` wants 'people'" in (results['format'].reason or '')
    failure = results['wrong'].failure
    assert failure is not None and failure.key == 'val_evaluator' and 'should be share' in failure.message


def test_a_dataset_elsewhere_that_finds_no_files_is_out_of_reach(tmp_path: Path) -> None:
    hook = "custom_hooks = [dict(type='Browsing', dataset=dict(type='Eager', data_root='data/own'))]\n"
    result = run_batch(tmp_path, {'config': hook}, synthetic=True)['config']
    assert result.status is Status.UNSUPPORTED, result.failure
    assert '`custom_hooks[0].dataset` stopped at' in (result.reason or '')


def test_data_root_moves_every_dataset(tmp_path: Path) -> None:
    (tmp_path / 'elsewhere').mkdir()
    failure = run_batch(tmp_path, {'config': CONFIGS['pictures']}, data_root=str(tmp_path / 'elsewhere'))[
        'config'
    ].failure
    assert failure is not None and str(tmp_path / 'elsewhere' / 'pictures.json') in failure.message


def test_labels_are_mostly_the_last_class_but_not_only() -> None:
    counts = Counter(label_of(index, 10) for index in range(LENGTH))
    assert set(counts) == set(range(10))
    assert counts[9] > 0.8 * LENGTH


def test_label_maps_have_ignored_pixels_everywhere() -> None:
    labels = draw_labels((128, 160), [1, 2, 3], 0)
    assert set(numpy.unique(labels)) == {1, 2, 3, IGNORED}
    for row in range(0, 128, 32):
        for column in range(0, 160, 32):
            assert (labels[row : row + 32, column : column + 32] == IGNORED).any()


def test_boxes_are_large_and_inside() -> None:
    for item in objects(7, 80, PHOTO):
        left, top, right, bottom = item['bbox']
        assert 0 <= left < right <= PHOTO[1] and 0 <= top < bottom <= PHOTO[0]
        assert right - left > 0.1 * PHOTO[1] and bottom - top > 0.1 * PHOTO[0]


def test_proposals_lie_around_the_objects_the_best_first() -> None:
    items = objects(3, 80, PHOTO)
    found = proposals(3, items)
    truth = numpy.array([item['bbox'] for item in items])
    centers = (found['bboxes'][:, None, :2] + found['bboxes'][:, None, 2:]) / 2
    inside = (centers > truth[:, :2]).all(-1) & (centers < truth[:, 2:]).all(-1)
    assert inside.any(axis=1).all() and inside.any(axis=0).all()
    assert (found['bboxes'][:, 2:] > found['bboxes'][:, :2]).all() and found['bboxes'].min() >= 0
    assert (numpy.diff(found['scores']) <= 0).all()


class MNIST:
    def __init__(self) -> None:
        self._metainfo = {'classes': list('0123456789')}


class Clips:
    def __init__(self) -> None:
        self._metainfo: dict[str, Any] = {}
        self.num_input_frames = 15


LOAD = {'type': 'LoadImageFromFile'}
TARGET, MATTE = {**LOAD, 'key': 'gt'}, {**LOAD, 'key': 'alpha'}
PAIR = [{**LOAD, 'key': 'img'}, TARGET]


@pytest.mark.parametrize(
    ('pipeline', 'model', 'sizes'),
    [
        ([LOAD], {}, {'img': PHOTO}),
        # Super-resolution: the target is `scale` times larger, and holds the crop.
        (
            [*PAIR, {'type': 'PairedRandomCrop', 'gt_patch_size': 96}],
            {'generator': {'upscale_factor': 4}},
            {'img': (64, 64), 'gt': (256, 256)},
        ),
        (
            [*PAIR, {'type': 'SetValues', 'dictionary': {'scale': 3}},
             {'type': 'PairedRandomCrop', 'gt_patch_size': 400}],
            {},
            {'img': (176, 176), 'gt': (528, 528)},
        ),
        # A GAN without any resizing needs images of the model's own size.
        ([TARGET, {'type': 'Flip', 'keys': ['gt']}], {'generator': {'out_size': 1024}}, {'gt': (1024, 1024)}),
        ([TARGET, {'type': 'Resize', 'scale': (64, 64)}], {'generator': {'out_size': 64}}, {'gt': (256, 256)}),
        # A restorer that builds on a GAN takes files of the sizes that it names.
        (PAIR, {'generator': {'in_size': 32, 'out_size': 256}}, {'img': (32, 32), 'gt': (256, 256)}),
        # Matting: a trimap has to leave an unknown region in every crop.
        ([MATTE, {'type': 'CropAroundUnknown', 'crop_sizes': [320, 640]}], {}, {'alpha': (800, 800)}),
    ],
)  # fmt: skip
def test_images_have_the_sizes_that_pipeline_and_model_want(pipeline: Any, model: Any, sizes: dict[str, Any]) -> None:
    plan = Plan({}, [pipeline], model)
    assert {key: plan.size(key) for key in sizes} == sizes


def test_a_pipeline_that_loads_nothing_gets_the_pixels(tmp_path: Path) -> None:
    records = Records(Plan({}, [[{'type': 'PackInputs'}]], {}), Canvas(str(tmp_path)), MNIST()).all()
    assert len(records) == LENGTH
    assert records[0]['img'].shape == (28, 28)


def test_frames_are_there_for_every_index(tmp_path: Path) -> None:
    pipeline = [{'type': 'GenerateSegmentIndices', 'interval_list': [2]}, *PAIR]
    record = Records(Plan({}, [pipeline], {}), Canvas(str(tmp_path)), Clips()).all()[0]
    assert record['key'] == '000' and record['sequence_length'] == 31
    assert len(list((Path(record['gt_path']) / '000').iterdir())) == 31


class Skeletons:
    def __init__(self, multi_class: bool = False) -> None:
        self.modality, self.start_index, self.multi_class, self.num_classes = 'Pose', 0, multi_class, 60


@pytest.mark.parametrize(
    ('layout', 'shape', 'scored'),
    [('nturgb+d', (25, 3), False), ('coco', (17, 2), True), ('openpose', (18, 2), True), (None, (17, 2), True)],
)
def test_skeletons_have_the_joints_of_the_models_graph(
    tmp_path: Path, layout: str | None, shape: tuple[int, int], scored: bool
) -> None:
    model = {'backbone': {'graph_cfg': {'layout': layout}}} if layout else {}
    record = records_for(Plan({}, [[]], model), Canvas(str(tmp_path)), Skeletons())[1]
    assert record['keypoint'].shape == (PEOPLE, record['total_frames'], *shape)
    assert ('keypoint_score' in record) is scored
    assert record['label'] == 59
    assert records_for(Plan({}, [[]], model), Canvas(str(tmp_path)), Skeletons(multi_class=True))[1]['label'] == [59]


class Flow:
    modality, start_index, filename_tmpl = 'Flow', 1, '{}_{:05d}.jpg'


def test_optical_flow_has_two_images_a_frame(tmp_path: Path) -> None:
    record = records_for(Plan({}, [[]], {}), Canvas(str(tmp_path)), Flow())[0]
    names = {path.name for path in Path(record['frame_dir']).iterdir()}
    assert names == {f'{axis}_{number:05d}.jpg' for axis in 'xy' for number in range(1, FRAMES + 1)}


@pytest.mark.parametrize(('loader', 'words', 'size'), [({'with_polygon': True}, OBJECTS, PHOTO), ({}, 1, LINE)])
def test_texts_are_many_in_a_photo_or_one_in_a_line(
    tmp_path: Path, loader: dict[str, Any], words: int, size: tuple[int, int]
) -> None:
    plan = Plan({}, [[{'type': 'LoadOCRAnnotations', 'with_text': True, **loader}]], {})
    record = records_for(plan, Canvas(str(tmp_path)), object())[0]
    assert (record['height'], record['width']) == size
    assert len(record['instances']) == words
    for instance in record['instances']:
        assert len(instance['polygon']) == 8 and instance['text']


class Panoptic:
    _metainfo = {'classes': 'abcde', 'thing_classes': 'abc', 'stuff_classes': 'de'}


def test_a_panoptic_map_has_the_segments_that_the_record_lists(tmp_path: Path) -> None:
    plan = Plan({}, [[{'type': 'LoadPanopticAnnotations'}]], {})
    record = records_for(plan, Canvas(str(tmp_path)), Panoptic())[0]
    numbers = cv2.imread(record['seg_map_path'])[..., ::-1].astype(int) @ [1, 256, 65536]
    assert set(numpy.unique(numbers)) <= {segment['id'] for segment in record['segments_info']}
    assert numbers[0, 0] == 1
    background, *things = record['segments_info']
    assert background == {'id': 1, 'category': 4, 'is_thing': False}
    assert [thing['category'] for thing in things] == [item['bbox_label'] for item in record['instances']]


def test_annotation_files_have_the_names_of_the_classes(tmp_path: Path) -> None:
    path = coco_file(Canvas(str(tmp_path)), ['cat', 'dog'])
    written = json.loads(Path(path).read_text(encoding='utf-8'))
    assert [each['name'] for each in written['categories']] == ['cat', 'dog']
    assert {each['category_id'] for each in written['annotations']} == {0, 1}


def test_annotations_of_people_have_all_parts_of_a_whole_body(tmp_path: Path) -> None:
    whole = json.loads(Path(people_file(Canvas(str(tmp_path / 'whole')), 133)).read_text(encoding='utf-8'))
    annotation = whole['annotations'][0]
    assert [len(annotation[name]) for name in ('keypoints', 'foot_kpts', 'face_kpts')] == [3 * 17, 3 * 6, 3 * 68]
    assert annotation['face_valid'] is True
    plain = json.loads(Path(people_file(Canvas(str(tmp_path / 'plain')), 17)).read_text(encoding='utf-8'))
    assert len(plain['annotations']) == PEOPLE * LENGTH
    assert len(plain['annotations'][0]['keypoints']) == 3 * 17 and 'foot_kpts' not in plain['annotations'][0]
