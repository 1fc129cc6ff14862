"""Records for tasks whose samples are more than an image and its labels: poses, persons, videos, texts, panoptic maps…

What a dataset wants is seen from its own methods and metainfo, and from the transforms that read its records.
"""

from __future__ import annotations

from typing import Any, Callable

import numpy

from .canvas import VARIANTS, Canvas
from .plan import LENGTH, PHOTO, Plan
from .records import OBJECTS, Records, label_of, objects

PEOPLE = 2
PERSONS = 64
VIDEOS = 64
MEASURES = {'head_size': numpy.full((1, 1), 50.0), 'box_size': 100.0}
"""Pixels, by which some metrics divide the distances between joints."""
VIDEO = (256, 340)
FRAMES = 96
JOINTS = {'coco': (17, 2), 'openpose': (18, 2), 'nturgb+d': (25, 3)}
"""Of the skeleton layouts that graph models know: number of joints, and dimensions."""
HANDS = ('right', 'left', 'interacting')
CAPTURE, LENS = '0', 'front'
CAMERA = {'campos': {LENS: (0, 0, 0)}, 'camrot': {LENS: numpy.eye(3)},
          'focal': {LENS: (PHOTO[1], PHOTO[1])}, 'princpt': {LENS: (PHOTO[1] / 2, PHOTO[0] / 2)}}  # fmt: skip
"""It looks along the third axis."""
LINE = (48, 160)
WORDS = ('stop', 'exit', 'open', 'cafe', '2024', 'sale')


def records_for(plan: Plan, canvas: Canvas, dataset: Any) -> list[dict[str, Any]]:
    """All records of one dataset."""
    for fits, make in TASKS:
        if fits(plan, dataset):
            return make(plan, canvas, dataset)
    return Records(plan, canvas, dataset).all()


def _has_poses(plan: Plan, dataset: Any) -> bool:
    return hasattr(dataset, '_get_topdown_data_infos') and 'num_keypoints' in getattr(dataset, '_metainfo', {})


def poses(plan: Plan, canvas: Canvas, dataset: Any) -> list[dict[str, Any]]:
    """People as a COCO file describes them, parsed and grouped by the dataset's own methods."""
    # Datasets of one format each build on a general one, which groups what they parse, and parses plain COCO.
    base: Any = next(kind for kind in reversed(type(dataset).__mro__) if '_get_topdown_data_infos' in vars(kind))
    instances, images = [], []
    for index in range(LENGTH):
        path = canvas.image(PHOTO, index % VARIANTS, '.jpg')
        image = {'img_id': index, 'img_path': path, 'height': PHOTO[0], 'width': PHOTO[1]}
        images.append(image)
        for number, box in enumerate(objects(index, 1, PHOTO)[:PEOPLE]):
            raw = person(box, index, index * PEOPLE + number, dataset._metainfo['num_keypoints'])
            parsed = base.parse_data_info(dataset, {'raw_ann_info': raw, 'raw_img_info': image})
            instances.append({**parsed, **MEASURES})
    if getattr(dataset, 'data_mode', 'topdown') == 'topdown':
        return list(dataset._get_topdown_data_infos(instances))
    return list(dataset._get_bottomup_data_infos(instances, images))


def person(item: dict[str, Any], image: int, number: int, joints: int) -> dict[str, Any]:
    """An annotation with joints everywhere in the box, every eighth of them out of sight."""
    random = numpy.random.RandomState(number)
    left, top, right, bottom = item['bbox']
    points = numpy.stack([random.uniform(left, right, joints), random.uniform(top, bottom, joints)], -1)
    seen = numpy.where(numpy.arange(joints) % 8 == 7, 0, 2)
    return {
        'id': number, 'image_id': image, 'category_id': 1, 'iscrowd': 0, 'segmentation': item['mask'],
        'bbox': [left, top, right - left, bottom - top], 'area': (right - left) * (bottom - top),
        'keypoints': numpy.concatenate([points, seen[:, None]], -1).reshape(-1).tolist(),
        'num_keypoints': int((seen > 0).sum()),
    }  # fmt: skip


def _has_hands(plan: Plan, dataset: Any) -> bool:
    return hasattr(dataset, 'encode_handtype') and hasattr(dataset, 'camera_param_file')


def hands(plan: Plan, canvas: Canvas, dataset: Any) -> list[dict[str, Any]]:
    """Hands in space, seen by one camera, parsed and grouped by the dataset's own methods.

    Source of the formats of cameras, joints and annotations: mmpose's `InterHand3DDataset`.
    """
    joints = dataset._metainfo['num_keypoints']
    frames = {str(index): {'world_coord': _hand(index, joints)} for index in range(LENGTH)}
    dataset.cameras, dataset.joints = {CAPTURE: CAMERA}, {CAPTURE: frames}
    found = []
    for index in range(LENGTH):
        path = canvas.image(PHOTO, index % VARIANTS, '.jpg')
        image = {'img_id': index, 'img_path': path, 'height': PHOTO[0], 'width': PHOTO[1], 'capture': CAPTURE,
                 'camera': LENS, 'frame_idx': index}  # fmt: skip
        raw = {**person(objects(index, 1, PHOTO)[0], index, index, joints), 'joint_valid': [1] * joints,
               'hand_type': HANDS[index % len(HANDS)], 'hand_type_valid': 1}  # fmt: skip
        found.append(dataset.parse_data_info({'raw_ann_info': raw, 'raw_img_info': image}))
    return list(dataset._get_topdown_data_infos(found))


def _hand(index: int, joints: int) -> Any:
    """Points a meter before the camera, in millimeters, that it sees in the whole picture."""
    return numpy.random.RandomState(index).uniform((-300, -220, 900), (300, 220, 1100), (joints, 3))


def _has_clips(plan: Plan, dataset: Any) -> bool:
    return hasattr(dataset, 'modality') and hasattr(dataset, 'start_index')


def clips(plan: Plan, canvas: Canvas, dataset: Any) -> list[dict[str, Any]]:
    """Actions: a video, its frames, or the skeletons in it, and a label."""
    classes = getattr(dataset, 'num_classes', None) or plan.class_count(None)
    source = _skeletons(plan) if dataset.modality == 'Pose' else _footage(canvas, dataset)
    multi = bool(getattr(dataset, 'multi_class', False))
    labels = [label_of(index, classes) for index in range(LENGTH)]
    return [{**source, 'label': [label] if multi else label} for label in labels]


def _footage(canvas: Canvas, dataset: Any) -> dict[str, Any]:
    template = getattr(dataset, 'filename_tmpl', None)
    if template is None:
        return {'filename': canvas.video(VIDEO, FRAMES)}
    # Optical flow has two images for each frame, and names them by their directions.
    templates = [template.replace('{}', axis, 1) for axis in ('x', 'y')] if dataset.modality == 'Flow' else [template]
    folder = ''
    for name in templates:
        folder = canvas.frames('footage', 'clip', name, FRAMES, VIDEO, dataset.start_index)
    return {'frame_dir': folder + '/clip', 'total_frames': FRAMES}


def _skeletons(plan: Plan) -> dict[str, Any]:
    joints, dimensions = next((JOINTS[name] for name in plan.values('layout', 'dataset') if name in JOINTS), (17, 2))
    random = numpy.random.RandomState(0)
    points = random.uniform(0, PHOTO[0], (PEOPLE, FRAMES, joints, dimensions)).astype(numpy.float32)
    scores = random.uniform(0.5, 1, (PEOPLE, FRAMES, joints)).astype(numpy.float32)
    return {'frame_dir': 'clip', 'total_frames': FRAMES, 'img_shape': PHOTO, 'original_shape': PHOTO,
            'keypoint': points, **({'keypoint_score': scores} if dimensions == 2 else {})}  # fmt: skip


def _has_texts(plan: Plan, dataset: Any) -> bool:
    return plan.find('LoadOCRAnnotations') is not None


def texts(plan: Plan, canvas: Canvas, dataset: Any) -> list[dict[str, Any]]:
    """A photo with words in it, or, for recognition, the picture of a single word."""
    loader = plan.find('LoadOCRAnnotations') or {}
    whole = any(loader.get(name) for name in ('with_bbox', 'with_polygon'))
    size, count = (PHOTO, OBJECTS) if whole else (LINE, 1)
    found = []
    for index in range(LENGTH):
        path = canvas.image(size, index % VARIANTS, '.jpg')
        words = [
            {**item, 'bbox_label': 0, 'polygon': item['mask'][0], 'ignore': False, 'text': WORDS[number % len(WORDS)]}
            for number, item in enumerate(objects(index, 1, size)[:count], index)
        ]
        found.append({'img_path': path, 'height': size[0], 'width': size[1], 'sample_idx': index, 'instances': words})
    return found


def _has_panoptic_maps(plan: Plan, dataset: Any) -> bool:
    return plan.find('LoadPanopticAnnotations') is not None


def panoptic(plan: Plan, canvas: Canvas, dataset: Any) -> list[dict[str, Any]]:
    """Things in front of one stuff, in a map whose colours are the numbers of the segments."""
    meta = getattr(dataset, '_metainfo', {})
    things = len(meta.get('thing_classes') or ()) or plan.class_count(meta.get('classes'))
    last = things + len(meta.get('stuff_classes') or ()) - 1
    shared = []
    for variant in range(VARIANTS):
        items = objects(variant, things, PHOTO)
        segments = [{'id': 1, 'category': max(last, things - 1), 'is_thing': last < things}]
        segments += [
            {'id': number, 'category': item['bbox_label'], 'is_thing': True} for number, item in enumerate(items, 2)
        ]
        shared.append({
            'img_path': canvas.image(PHOTO, variant, '.jpg'), 'height': PHOTO[0], 'width': PHOTO[1],
            'seg_map_path': canvas.segments(PHOTO, [item['bbox'] for item in items], variant),
            'instances': items, 'segments_info': segments,
        })  # fmt: skip
    return [{**shared[index % VARIANTS], 'img_id': index, 'sample_idx': index} for index in range(LENGTH)]


def _has_identities(plan: Plan, dataset: Any) -> bool:
    return hasattr(dataset, 'triplet_sampling') and hasattr(dataset, '_parse_ann_info')


def identities(plan: Plan, canvas: Canvas, dataset: Any) -> list[dict[str, Any]]:
    """People to be known again. The dataset samples those of one person by the index that it makes of all."""
    found = [
        {'img_path': canvas.image(PHOTO, index % VARIANTS, '.jpg'), 'img_prefix': dataset.data_prefix,
         'gt_label': numpy.array(index % PERSONS, dtype=numpy.int64)}
        for index in range(LENGTH)
    ]  # fmt: skip
    dataset._parse_ann_info(found)
    return found


def _has_tracks(plan: Plan, dataset: Any) -> bool:
    return hasattr(dataset, 'get_len_per_video') and hasattr(dataset, 'parse_data_info')


def tracks(plan: Plan, canvas: Canvas, dataset: Any) -> list[dict[str, Any]]:
    """Videos with the same objects in all of their frames, parsed by the dataset's own method."""
    length = LENGTH // VIDEOS
    return [
        {'video_id': video, 'video_length': length,
         'images': [dataset.parse_data_info(_frame(canvas, video, number, len(dataset.cat_ids))) for number in range(length)]}
        for video in range(VIDEOS)
    ]  # fmt: skip


def _frame(canvas: Canvas, video: int, number: int, classes: int) -> dict[str, Any]:
    """What a COCO file for tracking says of one frame."""
    path = canvas.image(PHOTO, number % VARIANTS, '.jpg')
    image = {'img_id': video * LENGTH + number, 'video_id': video, 'frame_id': number, 'file_name': path,
             'height': PHOTO[0], 'width': PHOTO[1]}  # fmt: skip
    tracked = []
    for instance, item in enumerate(objects(video, classes, PHOTO), 1):
        left, top, right, bottom = item['bbox']
        tracked.append({
            'bbox': [left, top, right - left, bottom - top], 'area': (right - left) * (bottom - top),
            'category_id': item['bbox_label'], 'instance_id': instance, 'segmentation': item['mask'], 'iscrowd': 0,
            'visibility': 1.0, 'mot_conf': 1.0,
        })  # fmt: skip
    return {'raw_img_info': image, 'raw_ann_info': tracked}


Fits = Callable[[Plan, Any], bool]
Make = Callable[[Plan, Canvas, Any], 'list[dict[str, Any]]']
TASKS: tuple[tuple[Fits, Make], ...] = (
    (_has_hands, hands),
    (_has_poses, poses),
    (_has_identities, identities),
    (_has_clips, clips),
    (_has_tracks, tracks),
    (_has_texts, texts),
    (_has_panoptic_maps, panoptic),
)
