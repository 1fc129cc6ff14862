"""What a dataset's pipeline and the model want of a sample, read from the config."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Iterator

from ..blame import type_name, walk

if TYPE_CHECKING:
    from .canvas import Size

PHOTO: Size = (480, 640)
RESTORED = 256
LENGTH = 1024
# Where models say how large their images are, in the order of trust.
MODEL_SIZES = ('out_size', 'output_scale', 'out_scale', 'in_size', 'input_scale', 'in_scale', 'img_size', 'resolution')
RESIZING = (
    'Resize',
    'Crop',
    'RandomResizedCrop',
    'CenterCropLongEdge',
    'RandomCropLongEdge',
    'FixedCrop',
    'NumpyPad',
    'RandomResize',
)
CROP_ARGUMENTS = ('gt_patch_size', 'crop_size', 'crop_sizes', 'lq_patch_size', 'patch_size')
MATTING = ('alpha', 'trimap')


def transforms(pipeline: Any) -> Iterator[dict[str, Any]]:
    """Every transform of a pipeline, also those inside of other transforms."""
    for item in pipeline if isinstance(pipeline, (list, tuple)) else ():
        for _, table in walk(item):
            if 'type' in table:
                yield table


def _numbers(value: Any) -> list[int]:
    if isinstance(value, bool):
        return []
    if isinstance(value, (int, float)):
        return [int(value)]
    return [number for item in value for number in _numbers(item)] if isinstance(value, (list, tuple)) else []


class Plan:
    """The wishes of one dataset: which images it loads, how large, of how many classes."""

    def __init__(self, leaf: dict[str, Any], pipelines: list[Any], model: Any) -> None:
        self.leaf = leaf
        self.transforms = [table for pipeline in pipelines for table in transforms(pipeline)]
        self.names = [type_name(table.get('type')) for table in self.transforms]
        self.model = model if isinstance(model, dict) else {}

    def loaded_keys(self) -> list[str]:
        """The names of the images that the pipeline loads from files."""
        found: list[str] = []
        for table, name in zip(self.transforms, self.names):
            if (name.startswith('Load') and 'Image' in name) or name.endswith('FromFile'):
                keys = table.get('key', table.get('keys', 'img'))
                found += [keys] if isinstance(keys, str) else list(keys)
        return list(dict.fromkeys(found))

    def loads(self) -> bool:
        return any(name.startswith('Load') for name in self.names)

    def find(self, *names: str) -> dict[str, Any] | None:
        """The first transform of one of these types."""
        return next((table for table, name in zip(self.transforms, self.names) if name in names), None)

    def values(self, *names: str) -> list[str]:
        """The texts that arguments of these names have, anywhere in the pipeline and in the model."""
        tables = [*self.transforms, *(table for _, table in walk(self.model))]
        return [str(table[name]) for table in tables for name in names if isinstance(table.get(name), str)]

    def scale(self) -> int:
        """How many times larger the target is than the input."""
        for table in self.transforms:
            values = table.get('dictionary')
            if isinstance(values, dict) and isinstance(values.get('scale'), (int, float)):
                return int(values['scale'])
        return self._model_number(('upscale_factor', 'upscale', 'scale_factor')) or 1

    def _model_number(self, names: tuple[str, ...]) -> int | None:
        for part in ('generator', 'discriminator', 'backbone'):
            for name in names:
                value = self.model.get(part, {}).get(name) if isinstance(self.model.get(part), dict) else None
                if isinstance(value, int) and not isinstance(value, bool):
                    return value
        return None

    def _crop(self) -> int:
        numbers = [
            number for table in self.transforms for name in CROP_ARGUMENTS for number in _numbers(table.get(name))
        ]
        return max(numbers, default=0)

    def size(self, key: str) -> Size:
        """The size of one of the loaded images."""
        keys = self.loaded_keys()
        if any(name in keys for name in MATTING):
            side = max(RESTORED, self._crop())
            return (_rounded(side * 1.25, 32), _rounded(side * 1.25, 32))
        if 'gt' not in keys:
            return PHOTO if key == 'img' else (RESTORED, RESTORED)
        resized = any(part in name for name in self.names for part in RESIZING)
        if keys == ['gt'] and not resized:
            side = self._model_number(MODEL_SIZES) or RESTORED
            return (side, side)
        wanted = self._model_number(('out_size',) if key != 'img' else ('in_size',))
        if (
            wanted and not resized and self._model_number(('out_size',))
        ):  # the files are of the sizes that the model takes
            return (wanted, wanted)
        scale = self.scale()
        side = _rounded(max(RESTORED, self._crop() * 1.25), 16 * scale)
        return (side, side) if key != 'img' else (side // scale, side // scale)

    def class_count(self, classes: Any) -> int:
        """From the dataset's own classes, else from the model's head."""
        if classes:
            return len(classes)
        counts = [table['num_classes'] for _, table in walk(self.model) if isinstance(table.get('num_classes'), int)]
        return max(counts, default=2)


def _rounded(value: float, step: int) -> int:
    return int(math.ceil(value / step) * step)
