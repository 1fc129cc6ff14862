"""Files that look like data: images, label maps, mattes, folders of frames."""

from __future__ import annotations

import os
from typing import Any, Tuple

import numpy

IGNORED = 255
VARIANTS = 4
Size = Tuple[int, int]
"""Height and width."""


def _cv2() -> Any:
    try:
        import cv2
    except ImportError as error:
        raise ImportError('synthetic data needs opencv-python, which mmengine-lite does not install') from error
    return cv2


def draw(size: Size, seed: int, channels: int = 3) -> Any:
    """An image with large shapes and some noise, so that no crop of it is flat."""
    random = numpy.random.RandomState(seed)
    height, width = size
    rows, columns = numpy.mgrid[0:height, 0:width]
    planes = []
    for _ in range(channels):
        waves = numpy.sin(rows / random.uniform(9, 40) + random.uniform(0, 6)) * numpy.cos(
            columns / random.uniform(9, 40)
        )
        planes.append(120 + 80 * waves + random.randint(-25, 25, size))
    return numpy.clip(numpy.stack(planes, -1), 1, 254).astype(numpy.uint8)


def draw_matte(size: Size) -> Any:
    """Opaque in the middle, transparent at the border, and something in between."""
    height, width = size
    rows, columns = numpy.mgrid[0:height, 0:width]
    distance = numpy.hypot((rows - height / 2) / (height / 2), (columns - width / 2) / (width / 2))
    return numpy.clip((0.8 - distance) / 0.4 * 255, 0, 255).astype(numpy.uint8)


def draw_labels(size: Size, labels: list[int], seed: int) -> Any:
    """A map of blocks, the last label in every second one, with ignored pixels scattered everywhere."""
    random = numpy.random.RandomState(seed)
    block = 32
    grid = random.choice(labels, (size[0] // block + 1, size[1] // block + 1))
    grid[::2] = labels[-1]
    full = numpy.kron(grid, numpy.ones((block, block), dtype=numpy.int64))[: size[0], : size[1]]
    full[random.rand(*size) < 1 / 16] = IGNORED
    return full.astype(numpy.uint8)


class Canvas:
    """Writes files below one folder, each kind only once."""

    def __init__(self, folder: str) -> None:
        self.folder = folder
        self._made: dict[Any, str] = {}

    def path(self, name: str) -> str:
        path = os.path.join(self.folder, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        return path

    def _write(self, name: str, image: Any) -> str:
        path = self.path(name)
        if name not in self._made:
            _cv2().imwrite(path, image)
            self._made[name] = path
        return path

    def image(self, size: Size, variant: int = 0, suffix: str = '.png') -> str:
        name = f'images/{size[0]}x{size[1]}-{variant}{suffix}'
        return self._made.get(name) or self._write(name, draw(size, variant))

    def matte(self, size: Size) -> str:
        return self._write(f'mattes/{size[0]}x{size[1]}.png', draw_matte(size))

    def trimap(self, size: Size) -> str:
        matte = draw_matte(size)
        trimap = numpy.where(matte == 255, 255, numpy.where(matte == 0, 0, 128)).astype(numpy.uint8)
        return self._write(f'trimaps/{size[0]}x{size[1]}.png', trimap)

    def mask(self, size: Size) -> str:
        return self._write(f'masks/{size[0]}x{size[1]}.png', (draw_matte(size) > 127).astype(numpy.uint8) * 255)

    def depth(self, size: Size) -> str:
        return self._write(f'depths/{size[0]}x{size[1]}.png', draw(size, 0, 1)[..., 0].astype(numpy.uint16) * 20 + 500)

    def labels(self, size: Size, labels: list[int], variant: int) -> str:
        name = f'labels/{labels[0]}-{labels[-1]}-{size[0]}x{size[1]}-{variant}.png'
        return self._made.get(name) or self._write(name, draw_labels(size, labels, variant))

    def frames(self, root: str, clip: str, template: str, count: int, size: Size, start: int = 0) -> str:
        """A clip of `count` frames, all links to a few images; returns the folder that the clip is in."""
        folder = os.path.join(self.folder, root)
        for index in range(start, start + count):
            name = os.path.join(folder, clip, template.format(index))
            os.makedirs(os.path.dirname(name), exist_ok=True)
            if not os.path.exists(name):
                os.link(self.image(size, index % VARIANTS), name)
        return folder

    def video(self, size: Size, count: int) -> str:
        """A video of `count` frames, in a format that OpenCV, PyAV and decord read."""
        cv2, path = _cv2(), self.path(f'videos/{size[0]}x{size[1]}-{count}.mp4')
        if path not in self._made:
            writer = cv2.VideoWriter(path, cv2.VideoWriter_fourcc(*'mp4v'), 25, (size[1], size[0]))
            pictures = [draw(size, variant) for variant in range(VARIANTS)]
            for index in range(count):
                writer.write(pictures[index % VARIANTS])
            writer.release()
            self._made[path] = path
        return path

    def segments(self, size: Size, boxes: list[Any], variant: int) -> str:
        """A map of segments: 1 everywhere, and 2, 3… in the boxes. A number is written as a colour, red first."""
        numbers = numpy.ones(size, dtype=numpy.uint8)
        for number, (left, top, right, bottom) in enumerate(boxes, 2):
            numbers[int(top) : int(bottom), int(left) : int(right)] = number
        red_last = numpy.stack([numpy.zeros_like(numbers), numpy.zeros_like(numbers), numbers], -1)
        return self._write(f'segments/{size[0]}x{size[1]}-{variant}.png', red_last)

    def fill(self, folder: str, size: Size, count: int = 16, suffix: str = '.png', image: str | None = None) -> None:
        """Put `count` images into a folder."""
        os.makedirs(folder, exist_ok=True)
        for index in range(count):
            name = os.path.join(folder, f'{index:05d}{suffix}')
            if not os.path.exists(name):
                os.link(image or self.image(size, index % VARIANTS, suffix), name)
