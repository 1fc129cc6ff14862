"""Annotation files for evaluators that read their own."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from ..blame import walk
from .plan import LENGTH, PHOTO, Plan
from .records import objects
from .tasks import PEOPLE, person

if TYPE_CHECKING:
    from ..overrides import Changes
    from .canvas import Canvas

WHOLE_BODY = {'keypoints': 17, 'foot_kpts': 6, 'face_kpts': 68, 'lefthand_kpts': 21, 'righthand_kpts': 21}
"""The joints of COCO's whole bodies, in their order."""


def annotate(
    table: dict[str, Any], classes: Any, joints: int | None, plan: Plan, canvas: Canvas, changes: Changes
) -> None:
    """Give every metric with an `ann_file` a COCO file of the made-up validation data: of boxes, or of people with joints."""
    named = isinstance(classes, (list, tuple))
    names = [str(name) for name in classes] if named else [f'class {n}' for n in range(plan.class_count(None))]
    for path, metric in list(walk(dict.get(table, 'val_evaluator'), 'val_evaluator')):
        if isinstance(metric.get('ann_file'), str):
            file = people_file(canvas, joints) if joints else coco_file(canvas, names)
            changes.set(metric, 'ann_file', file, path + '.ann_file', '--synthetic')


def coco_file(canvas: Canvas, names: list[str]) -> str:
    """The same boxes that the records have."""
    annotations: list[dict[str, Any]] = []
    for index in range(LENGTH):
        for item in objects(index, len(names), PHOTO):
            left, top, right, bottom = item['bbox']
            annotations.append({
                'id': len(annotations) + 1, 'image_id': index, 'category_id': item['bbox_label'], 'iscrowd': 0,
                'bbox': [left, top, right - left, bottom - top], 'area': (right - left) * (bottom - top),
                'segmentation': item['mask'],
            })  # fmt: skip
    return _write(canvas, annotations, [{'id': label, 'name': name} for label, name in enumerate(names)])


def people_file(canvas: Canvas, joints: int) -> str:
    """The same people that the records have."""
    annotations = [
        _in_parts(person(box, index, index * PEOPLE + number, joints))
        for index in range(LENGTH)
        for number, box in enumerate(objects(index, 1, PHOTO)[:PEOPLE])
    ]
    return _write(canvas, annotations, [{'id': 1, 'name': 'person'}])


def _in_parts(annotation: dict[str, Any]) -> dict[str, Any]:
    """A whole body has joints of its own for the feet, the face and the hands."""
    points = annotation['keypoints']
    if len(points) != 3 * sum(WHOLE_BODY.values()):
        return annotation
    start, parts = 0, {}
    for name, count in WHOLE_BODY.items():
        parts[name] = points[3 * start : 3 * (start + count)]
        start += count
    seen = {name.replace('kpts', 'valid'): True for name in parts}
    return {**annotation, **seen, **parts}


def _write(canvas: Canvas, annotations: list[dict[str, Any]], categories: list[dict[str, Any]]) -> str:
    size = {'height': PHOTO[0], 'width': PHOTO[1]}
    images = [{'id': index, 'file_name': f'{index}.jpg', **size} for index in range(LENGTH)]
    path = canvas.path('annotations.json')
    with open(path, 'w', encoding='utf-8') as stream:
        json.dump({'images': images, 'annotations': annotations, 'categories': categories}, stream)
    return path
