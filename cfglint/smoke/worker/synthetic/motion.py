"""Motion capture, for datasets that lift poses to three dimensions: they read all of their files while they are built."""

from __future__ import annotations

import os
import pickle
from typing import Any

import numpy

from .plan import LENGTH

PERSON, CAMERA = 'S1', '54138969'
SIDE = 1000
"""Pixels, of the frames."""
MERGED = 64
"""How many samples there are at least where frames are merged into long ones."""


def reads_motion(base: Any) -> bool:
    return hasattr(base, '_load_ann_file') and hasattr(base, 'get_sequence_indices')


def load_motion(leaf: dict[str, Any], joints: int) -> dict[str, Any]:
    """Return what the annotation file would hold, and write the files that go with it."""
    count = max(LENGTH, MERGED * int(leaf.get('multiple_target_step') or leaf.get('multiple_target') or 1))
    random = numpy.random.RandomState(0)
    seen = numpy.ones((count, joints, 1), dtype=numpy.float32)
    flat = numpy.concatenate([random.uniform(0.2, 0.8, (count, joints, 2)) * SIDE, seen], -1).astype(numpy.float32)
    space = random.uniform((-1, -1, 3), (1, 1, 5), (count, joints, 3))
    optics = {'w': SIDE, 'h': SIDE, 'f': numpy.full((2, 1), 1.15 * SIDE), 'c': numpy.full((2, 1), SIDE / 2)}
    files = {
        'camera_param_file': pickle.dumps({(PERSON, CAMERA): optics}),
        'factor_file': numpy.full(count, 4, dtype=numpy.float32),
        'keypoint_2d_det_file': flat,
    }
    for key, content in files.items():
        if leaf.get(key):
            _write(os.path.join(leaf['data_root'], leaf[key]), content)
    names = [f'{PERSON}_Walking.{CAMERA}_{number:06d}.jpg' for number in range(1, count + 1)]
    return {
        'imgname': numpy.array(names), 'part': flat, 'S': numpy.concatenate([space, seen], -1).astype(numpy.float32),
        'center': numpy.full((count, 2), SIDE / 2), 'scale': numpy.full(count, SIDE / 200),
    }  # fmt: skip


def _write(path: str, content: Any) -> None:
    with open(path, 'wb') as stream:
        if isinstance(content, bytes):
            stream.write(content)
        else:
            numpy.save(stream, content)
