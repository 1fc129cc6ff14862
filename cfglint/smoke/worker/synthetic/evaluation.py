"""Annotation files for evaluators that read their own."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from ..blame import walk
from .plan import LENGTH, PHOTO, Plan
from .records import objects

if TYPE_CHECKING:
    from ..overrides import Changes
    from .canvas import Canvas


def annotate(table: dict[str, Any], classes: Any, plan: Plan, canvas: Canvas, changes: Changes) -> None:
    """Give every metric with an `ann_file` a COCO file of the made-up validation data, with the dataset's classes."""
    named = isinstance(classes, (list, tuple))
    names = [str(name) for name in classes] if named else [f'class {n}' for n in range(plan.class_count(None))]
    for path, metric in list(walk(dict.get(table, 'val_evaluator'), 'val_evaluator')):
        if isinstance(metric.get('ann_file'), str):
            changes.set(metric, 'ann_file', coco_file(canvas, names), path + '.ann_file', '--synthetic')


def coco_file(canvas: Canvas, names: list[str]) -> str:
    """The same boxes that the records have."""
    images: list[dict[str, Any]] = []
    annotations: list[dict[str, Any]] = []
    for index in range(LENGTH):
        images.append({'id': index, 'height': PHOTO[0], 'width': PHOTO[1], 'file_name': f'{index}.jpg'})
        for item in objects(index, len(names), PHOTO):
            left, top, right, bottom = item['bbox']
            annotations.append({
                'id': len(annotations) + 1, 'image_id': index, 'category_id': item['bbox_label'], 'iscrowd': 0,
                'bbox': [left, top, right - left, bottom - top], 'area': (right - left) * (bottom - top),
                'segmentation': item['mask'],
            })  # fmt: skip
    categories = [{'id': label, 'name': name} for label, name in enumerate(names)]
    path = canvas.path('annotations.json')
    with open(path, 'w', encoding='utf-8') as stream:
        json.dump({'images': images, 'annotations': annotations, 'categories': categories}, stream)
    return path
