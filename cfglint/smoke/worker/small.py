"""`--small`: the sizes of images, shrunk alike in the pipelines, the preprocessor and the model, where they agree."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Iterator

from .blame import walk

if TYPE_CHECKING:
    from .overrides import Changes

FACTORS = (8, 4, 2)
SMALLEST = 64
"""Pixels. No image gets smaller than this."""
STRIDES = (32, 16)
"""What the sizes that are given exactly stay a multiple of, if they were; the second where nothing else fits."""
LEAST = 32
"""Pixels. What is less is no size of an image."""
EXACT = ('size', 'crop_size', 'crop_sizes', 'img_scale', 'input_size', 'gt_patch_size', 'img_shape', 'image_size')
ROUGH = ('scale', 'scales', 'random_size_range')
"""Arguments of transforms that may give the longest and shortest sides only: what they make is padded or cropped."""
DERIVED = ('heatmap_size', 'border')
"""Arguments that are a fraction of a size."""
OF_MODELS = ('img_size', 'image_size', 'input_size', 'input_resolution', 'img_scale', 'crop_size', 'heatmap_size',
             'out_shape')  # fmt: skip
FEATURES = ('in_featuremap_size',)
"""Arguments of models that give the size of a feature map, a fraction of the image, which may be a few pixels."""
PIPELINES = ('train_dataloader', 'val_dataloader')
Place = 'tuple[dict[str, Any], str, str]'


def shrink(table: dict[str, Any], changes: Changes) -> dict[str, Any]:
    """Shrink the sizes of a config; returns the `factor`, or why it was `left_alone`."""
    places = list(_places(table))
    exact = {number for part, key, _ in places if key in EXACT or _is_exact(part, key) for number in numbers(part[key])}
    rough = {number for part, key, _ in places if key in ROUGH for number in numbers(part[key])}
    if not exact | rough:
        return {'factor': None, 'left_alone': 'the pipelines give no sizes'}
    of_model = list(_places_of_model(table))
    for part, key, path in of_model:
        strangers = set(numbers(part[key])) - exact - {n for p, k, _ in places if k in DERIVED for n in numbers(p[k])}
        if strangers:
            return {'factor': None, 'left_alone': f'`{path}` is {part[key]}, which is no size of the pipelines'}
    bound = {number for part, key, _ in of_model for number in numbers(part[key])}
    features = list(_features(table))
    inner = {number for part, key, _ in features for number in part[key]}
    tries = [(factor, stride) for stride in STRIDES for factor in FACTORS]
    tries = [(factor, stride) for factor, stride in tries if not any(number % factor for number in inner)]
    factor = next((factor for factor, stride in tries if _fits(factor, stride, exact, rough, bound)), None)
    if factor is None:
        return {'factor': None, 'left_alone': f'no smaller sizes fit: {", ".join(map(str, sorted(exact | rough)))}'}
    done: set[tuple[int, str]] = set()
    for part, key, path in [*places, *of_model, *features]:
        if (id(part), key) not in done:
            done.add((id(part), key))
            changes.set(part, key, _divided(part[key], factor), path, '--small')
    return {'factor': factor, 'left_alone': None}


def _places(table: dict[str, Any]) -> Iterator[Any]:
    """Where pipelines and the preprocessor give sizes: the dict, the key, and the path."""
    model = dict.get(table, 'model')
    preprocessor = dict.get(model, 'data_preprocessor') if isinstance(model, dict) else None
    parts = [(name, dict.get(table, name)) for name in PIPELINES]
    for name, root in [*parts, ('model.data_preprocessor', preprocessor), ('', _only(table, 'data_preprocessor'))]:
        for path, part in walk(root, name):
            for key in (*EXACT, *ROUGH, *DERIVED):
                if numbers(dict.get(part, key)):
                    yield part, key, f'{path}.{key}'


def _only(table: dict[str, Any], key: str) -> dict[str, Any]:
    return {key: dict.get(table, key)} if key in table else {}


def _places_of_model(table: dict[str, Any]) -> Iterator[Any]:
    for path, part in walk(dict.get(table, 'model'), 'model'):
        if not path.startswith(('model.data_preprocessor', 'model.test_cfg')):
            for key in OF_MODELS:
                if numbers(dict.get(part, key)):
                    yield part, key, f'{path}.{key}'


def _features(table: dict[str, Any]) -> Iterator[Any]:
    for path, part in walk(dict.get(table, 'model'), 'model'):
        for key in FEATURES:
            value = dict.get(part, key)
            if isinstance(value, (list, tuple)) and value and all(isinstance(number, int) for number in value):
                yield part, key, f'{path}.{key}'


def _is_exact(part: dict[str, Any], key: str) -> bool:
    """Whether a `scale` is the size of the image, and not a limit for its sides."""
    return key == 'scale' and not dict.get(part, 'keep_ratio') and 'edge' not in part


def numbers(value: Any) -> list[int]:
    """The sizes in pixels in a value: all of its numbers, if all are whole and large enough to be one."""
    if isinstance(value, int) and not isinstance(value, bool):
        return [abs(value)] if abs(value) >= LEAST else []
    if isinstance(value, (list, tuple)):
        found = [number for item in value for number in numbers(item)]
        return found if _is_whole(value) else []
    return []


def _is_whole(value: Any) -> bool:
    if isinstance(value, (list, tuple)):
        return all(_is_whole(item) for item in value)
    return isinstance(value, int) and not isinstance(value, bool) and abs(value) >= LEAST


def _fits(factor: int, stride: int, exact: set[int], rough: set[int], bound: set[int]) -> bool:
    smallest = min(number for number in (exact - bound) | rough or exact)
    if smallest / factor < SMALLEST or any(number % (8 * factor) for number in bound):
        return False
    return all(number % (factor * stride) == 0 for number in exact if number % stride == 0 and number >= SMALLEST)


def _divided(value: Any, factor: int) -> Any:
    if isinstance(value, (list, tuple)):
        return type(value)(_divided(item, factor) for item in value)
    return round(value / factor)
