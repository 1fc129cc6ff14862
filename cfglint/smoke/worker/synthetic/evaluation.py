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


def annotate(table: dict[str, Any], leaf: dict[str, Any], plan: Plan, canvas: Canvas, changes: Changes) -> None:
    """Give every metric with an `ann_file` a COCO file of the made-up validation data."""
    for path, metric in list(walk(dict.get(table, 'val_evaluator'), 'val_evaluator')):
        if isinstance(metric.get('ann_file'), str):
            meta = leaf.get('metainfo') or {}
            count = plan.class_count(meta.get('classes'))
            changes.set(metric, 'ann_file', coco_file(canvas, count), path + '.ann_file', '--synthetic')


def coco_file(canvas: Canvas, classes: int) -> str:
    """The same boxes that the records have."""
    images: list[dict[str, Any]] = []
    annotations: list[dict[str, Any]] = []
    for index in range(LENGTH):
        images.append({'id': index, 'height': PHOTO[0], 'width': PHOTO[1], 'file_name': f'{index}.jpg'})
        for item in objects(index, classes, PHOTO):
            left, top, right, bottom = item['bbox']
            annotations.append({
                'id': len(annotations) + 1, 'image_id': index, 'category_id': item['bbox_label'], 'iscrowd': 0,
                'bbox': [left, top, right - left, bottom - top], 'area': (right - left) * (bottom - top),
                'segmentation': item['mask'],
            })  # fmt: skip
    categories = [{'id': label, 'name': f'class {label}'} for label in range(classes)]
    path = canvas.path('annotations.json')
    with open(path, 'w', encoding='utf-8') as stream:
        json.dump({'images': images, 'annotations': annotations, 'categories': categories}, stream)
    return path
