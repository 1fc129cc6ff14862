"""The annotations of made-up samples: every key that the transforms of the known libraries look for."""

from __future__ import annotations

import os
from typing import Any

import numpy

from .canvas import VARIANTS, Canvas, Size, draw
from .plan import LENGTH, PHOTO, Plan

OBJECTS = 6
TINY = 32
PROPOSED = 16
"""Boxes for each object."""
FILES = ('ann_file', 'proposal_file', 'split', 'camera_param_file', 'factor_file', 'keypoint_2d_det_file', 'joint_file')
FRAME_SAMPLERS = ('GenerateSegmentIndices', 'GenerateFrameIndices', 'GenerateFrameIndiceswithPadding')


def label_of(index: int, count: int) -> int:
    """The last class nearly always: only that one tells whether the head is large enough."""
    return (index // 8) % count if index % 8 == 0 else count - 1


def objects(index: int, count: int, size: Size) -> list[dict[str, Any]]:
    """Boxes with polygons, large enough to survive a random crop."""
    random = numpy.random.RandomState(index)
    height, width = size
    found = []
    for number in range(OBJECTS):
        w, h = random.uniform(0.2, 0.5, 2) * (width, height)
        x, y = random.uniform(0, 1, 2) * (width - w, height - h)
        corners = [x, y, x + w, y, x + w, y + h, x, y + h]
        found.append({
            'bbox': [float(value) for value in (x, y, x + w, y + h)],
            'bbox_label': label_of(index * OBJECTS + number, count),
            'ignore_flag': 0,
            'mask': [[float(value) for value in corners]],
        })  # fmt: skip
    return found


def proposals(index: int, instances: list[dict[str, Any]]) -> dict[str, Any]:
    """What a first stage would have found: boxes around the objects, the better ones first."""
    random = numpy.random.RandomState(index)
    boxes = numpy.array([item['bbox'] for item in instances]).repeat(PROPOSED, axis=0)
    scores = numpy.sort(random.uniform(0, 1, len(boxes)))[::-1]
    sides = numpy.tile(boxes[:, 2:] - boxes[:, :2], 2)
    moved = boxes + random.uniform(-0.2, 0.2, boxes.shape) * sides
    return {'bboxes': numpy.maximum(moved, 0).astype(numpy.float32), 'scores': scores.astype(numpy.float32)}


class Records:
    """Makes the records of one dataset."""

    def __init__(self, plan: Plan, canvas: Canvas, dataset: Any) -> None:
        self.plan = plan
        self.canvas = canvas
        self.dataset = dataset
        self.classes = plan.class_count(getattr(dataset, '_metainfo', {}).get('classes'))
        self.multi_label = any(kind.__name__ == 'MultiLabelDataset' for kind in type(dataset).__mro__)
        self.keys = plan.loaded_keys()
        self.photo = plan.size('img') if 'img' in self.keys else PHOTO

    def all(self) -> list[dict[str, Any]]:
        shared = [self._shared(variant) for variant in range(VARIANTS)]
        return [{**shared[index % VARIANTS], **self._own(index)} for index in range(LENGTH)]

    def _shared(self, variant: int) -> dict[str, Any]:
        """What many samples have in common: the files."""
        photo = self.canvas.image(self.photo, variant, '.jpg' if self.photo == PHOTO else '.png')
        reduce = bool(getattr(self.dataset, 'reduce_zero_label', False))
        # With `reduce_zero_label`, 0 is the background and the first class is 1.
        labels = list(range(int(reduce), min(self.classes, 250) + int(reduce)))
        record: dict[str, Any] = {
            'img_path': photo,
            'filename': photo,
            'height': self.photo[0],
            'width': self.photo[1],
            'seg_map_path': self.canvas.labels(self.photo, labels, variant),
            'label_map': getattr(self.dataset, 'label_map', None),
            'reduce_zero_label': reduce,
            'seg_fields': [],
            'key': '000/00000008',
        }
        if self.plan.find('LoadDepthAnnotation'):
            record['depth_map_path'] = self.canvas.depth(self.photo)
        for key in self.keys:
            record[f'{key}_path'] = self._file(key, variant)
        record.update(self._clip(variant))
        if not self.plan.loads():
            record.update(self._pixels(variant))
        return record

    def _file(self, key: str, variant: int) -> str:
        size = self.plan.size(key)
        if key in ('alpha', 'trimap', 'mask'):
            make = {'alpha': self.canvas.matte, 'trimap': self.canvas.trimap, 'mask': self.canvas.mask}[key]
            return make(size)
        if key == 'pair':
            return self.canvas.image((size[0], 2 * size[0]), variant)
        return self.canvas.image(size, variant, '.jpg' if size == PHOTO else '.png')

    def _clip(self, variant: int) -> dict[str, Any]:
        """Frames: a list of files where the dataset names them, else a folder that the pipeline picks from."""
        lists = getattr(self.dataset, 'load_frames_list', None)
        if lists:
            found: dict[str, Any] = {'sequence_length': None}
            for key, names in lists.items():
                found[f'{key}_path'] = [self._file(key, variant)] * len(names)
                found['num_input_frames' if key == 'img' else 'num_output_frames'] = len(names)
            return found
        sampler = self.plan.find(*FRAME_SAMPLERS)
        if sampler is None:
            return {}
        wanted = getattr(self.dataset, 'num_input_frames', None) or 5
        count = max(wanted * max(sampler.get('interval_list') or [1]) + 1, 17)
        template = sampler.get('filename_tmpl', '{:08d}.png')
        template = template if template.endswith('.png') else template + '.png'
        found = {'sequence_length': count, 'num_input_frames': getattr(self.dataset, 'num_input_frames', None)}
        found['num_output_frames'] = getattr(self.dataset, 'num_output_frames', None)
        found['key'] = '000' if 'Segment' in str(sampler['type']) else '000/00000008'
        for key in ('img', 'gt'):
            start = int(sampler.get('start_idx', 0))
            found[f'{key}_path'] = self.canvas.frames(
                f'clips/{key}', '000', template, count, self.plan.size(key), start
            )
        return found

    def _pixels(self, variant: int) -> dict[str, Any]:
        """For pipelines that load nothing, the image itself, as the datasets of tiny images hand it out."""
        grey = 'MNIST' in type(self.dataset).__name__
        image = draw((28, 28), variant, 1)[..., 0] if grey else draw((TINY, TINY), variant)
        return {'img': image, 'gt': image, 'gt_channel_order': 'RGB', 'img_channel_order': 'RGB'}

    def _own(self, index: int) -> dict[str, Any]:
        label = label_of(index, self.classes)
        return {
            'img_id': index,
            'sample_idx': index,
            'gt_label': sorted({0, label}) if self.multi_label else label,
            'gt_label_difficult': [],
            'instances': objects(index, self.classes, self.photo),
        }


def prepare_folders(leaf: dict[str, Any], root: str) -> None:
    """Some datasets look for their files when they are built: give them empty ones."""
    os.makedirs(root, exist_ok=True)
    prefixes = leaf.get('data_prefix')
    for prefix in prefixes.values() if isinstance(prefixes, dict) else [prefixes]:
        if isinstance(prefix, str):
            os.makedirs(os.path.join(root, relative(prefix)), exist_ok=True)
    for name in named_files(leaf):
        path = os.path.join(root, relative(leaf[name]))
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, 'a', encoding='utf-8'):
            pass


def named_files(leaf: dict[str, Any]) -> list[str]:
    """The arguments of a dataset that name files of annotations."""
    named = [name for name in FILES if isinstance(leaf.get(name), str) and leaf[name]]
    return [name for name in named if name != 'split' or os.path.splitext(leaf[name])[1]]


def relative(path: str) -> str:
    """`path` without anything that leads out of the folder it is joined to."""
    return os.path.join('.', *[part for part in path.replace('\\', '/').split('/') if part not in ('', '.', '..', '~')])
